"""Why an offer costs what it costs, reckoned when somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import pricing
from bridge.flows.articleprices import of_articles
from bridge.flows.joining import Known
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.config.settings import Settings
    from bridge.ledger.engine import Transaction
    from bridge.mapping.book import Book


def known_of(
    tx: Transaction, book: Book, settings: Settings, place: tuple[str, int]
) -> Known:
    """What decides the prices of one article."""
    return of_articles(tx, book, settings, [place]).get(place, Known())


def why_prices(
    settings: Settings, marketplace: str, article: Known, now: datetime
) -> list[dict[str, Any]]:
    """Every amount of the offers with its list, and what was added to it.

    Args:
        settings: Those of the account.
        marketplace: Country code.
        article: As ``known_of`` found it.
        now: Decides which sale is the active one.
    """
    made = pricing.offers(
        settings,
        marketplace,
        article.prices,
        tax_rate=article.tax_rate,
        now=now,
        customer_prices=article.customer_prices,
    )
    currency = MARKETPLACES[marketplace].currency
    return [reason.shown(currency) for reason in made.reasons]
