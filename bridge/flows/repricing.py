"""Whether a delivery would change many prices much (decisions 18).

A slipped decimal point in a whole list costs more than a night of waiting:
what the delivery would make of the prices is reckoned before it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import pricing
from bridge.flows.articleprices import of_articles
from bridge.flows.bodies import amounts_in
from bridge.flows.priced import PRICE
from bridge.flows.priced import SALE
from bridge.ledger import offers
from bridge.ledger import touches
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.joining import Known
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

    Place = tuple[str, int]
    Stated = Mapping[tuple[str, str], Decimal]

DOCUMENTS = frozenset({"PriceEntry", "CustomerPrice"})
LOT = 2_000  # articles looked at together
SHOWN = 5  # changes a person sees as examples


@dataclass(frozen=True)
class Change:
    """A price that would be another."""

    sku: str
    marketplace: str
    old: Decimal
    new: Decimal

    def shown(self) -> dict[str, str]:
        """As ``hold`` keeps it."""
        return {
            "sku": self.sku,
            "marketplace": self.marketplace,
            "currency": MARKETPLACES[self.marketplace].currency,
            "old": str(self.old),
            "new": str(self.new),
        }


def repriced(parts: Parts, tx: Transaction) -> dict[str, Any] | None:
    """Why a person must see the touched prices first, or nothing.

    Most files touch too few articles to be looked at any closer.
    """
    amazon = parts.settings.amazon
    total = offers.with_price(tx, parts.side)
    share = amazon.confirm_above_share
    least = max(Decimal(amazon.confirm_at_least), total * share)
    if offers.touched(tx, parts.side, parts.mandant) < least:
        return None
    found: list[Change] = []
    changed = 0
    for lot in list(touches.all_touched(tx, parts.mandant, LOT)):
        more = list(_changes(parts, tx, lot))
        changed += len({(one.sku, one.marketplace) for one in more})
        found += more[: SHOWN - len(found)]
    if changed < amazon.confirm_at_least:
        return None
    if Decimal(changed) / total <= share:
        return None
    return {
        "code": "intake.reprices",
        "changed": str(changed),
        "total": str(total),
        "share": f"{Decimal(100 * changed) / total:.0f}",
        "percent": str(amazon.confirm_price_change),
        "examples": [one.shown() for one in found],
    }


def _changes(
    parts: Parts, tx: Transaction, lot: Sequence[Place]
) -> Iterator[Change]:
    """The prices of a lot that would change much."""
    known = of_articles(tx, parts.book, parts.settings, lot)
    named = {one.sku: one for one in known.values()}
    for market in parts.settings.amazon.marketplaces:
        stated = offers.desired(tx, parts.side, market, "price", sorted(named))
        for sku, body in sorted(stated.items()):
            new = _would_be(parts, market, named[sku])
            yield from _compared(parts, (sku, market), amounts_in(body), new)


def _would_be(parts: Parts, market: str, article: Known) -> Stated:
    made = pricing.offers(
        parts.settings,
        market,
        article.prices,
        tax_rate=article.tax_rate,
        now=parts.clock.now(),
        customer_prices=article.customer_prices,
    )
    return {
        (one.audience, one.kind): one.amount.gross
        for one in made.reasons
        if one.kind in {PRICE, SALE}
    }


def _compared(
    parts: Parts, name: tuple[str, str], old: Stated, new: Stated
) -> Iterator[Change]:
    """A sale is compared with the one before, else with the price.

    That a sale ends, or a price comes or goes, is no change of it.
    """
    allowed = Decimal(parts.settings.amazon.confirm_price_change) / 100
    for (audience, kind), amount in new.items():
        before = old.get((audience, kind), old.get((audience, PRICE)))
        if before is not None and abs(amount - before) > before * allowed:
            yield Change(*name, before, amount)
