"""Only prices changed: all else of a listing is as it was stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from bridge.flows import shelf
from bridge.flows.articleprices import of_articles
from bridge.flows.shop import Cause
from bridge.flows.shop import as_json
from bridge.flows.shop import state
from bridge.ledger import offers
from bridge.ledger.listings import Tagged
from bridge.model.coding import code
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.errors import Finding
    from bridge.flows.joining import Known
    from bridge.flows.shop import Rows
    from bridge.flows.shop import Shop
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Listed
    from bridge.ledger.touches import Touched

READS = frozenset({"prices", "list_price", "currency"})
ABOUT = "price"  # the field of what is found about prices


def retag(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> list[Touched]:
    """State the prices of articles whose documents are else as they were.

    Returns:
        What must be composed as a whole after all: it is not complete yet,
        in every marketplace, or has a price no longer.
    """
    if not lot or not shop.mapping.reads("price") <= READS:
        return list(lot)
    parts = shop.parts
    places = [(item.article, item.variant) for item in lot]
    names = [article for article, _ in places]
    listed: dict[tuple[str, int], list[Listed]] = {}
    for row in offers.of_articles(tx, parts.side, parts.mandant, names):
        listed.setdefault((row.article, row.variant), []).append(row)
    articles = of_articles(tx, parts.book, parts.settings, places)
    rest = []
    for item, place in zip(lot, places, strict=True):
        known, own = articles.get(place), listed.get(place, [])
        if (
            known is None
            or not _is_complete(shop, own)
            or not all(_retag(shop, row, known, item, rows) for row in own)
        ):
            rest.append(item)
    return rest


def _is_complete(shop: Shop, listings: Sequence[Listed]) -> bool:
    """Whether an article is at sale wherever it shall be."""
    there = {row.marketplace for row in listings if row.ready and row.sellable}
    return there >= shop.contexts.keys()


def _retag(
    shop: Shop, row: Listed, known: Known, item: Touched, rows: Rows
) -> bool:
    """State the price of one listing; whether it has one."""
    market = row.marketplace
    priced = shelf.priced(shop, market, known)
    joined = {
        "sku": row.sku,
        "article": row.article,
        "currency": MARKETPLACES[market].currency,
        "prices": code(priced.offers) or None,
        "list_price": priced.list_price,
    }
    found: list[Finding] = list(priced.findings)
    cause = Cause(market, "price", item.delivery_id)
    if not state(shop, cause, joined, rows, found):
        return False
    rows.tagged.append(_tagged(shop, row, found, priced.boundary))
    return True


def _tagged(
    shop: Shop, row: Listed, found: list[Finding], boundary: datetime | None
) -> Tagged:
    """What was said of prices is replaced; the rest stands."""
    before = orjson.loads(row.said or "[]") or []
    kept = [item for item in before if item["field"] != ABOUT]
    new = [as_json(item) for item in found]
    said = orjson.dumps(kept + [one for one in new if one not in kept])
    place = (*shop.side, row.marketplace, row.sku)
    return Tagged(boundary, said.decode(), *place)
