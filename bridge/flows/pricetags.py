"""Only prices changed: all else of a listing is as it was stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from bridge.flows import shelf as shelves
from bridge.flows.shop import Cause
from bridge.flows.shop import as_json
from bridge.flows.shop import state
from bridge.ledger import offers
from bridge.ledger.offers import Tagged
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
KINDS = ("Article", "PriceEntry", "Variant")
ABOUT = "price"  # the field of what is found about prices


def retag(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> list[Touched]:
    """State the prices of articles whose documents are else as they were.

    Returns:
        What must be composed as a whole after all: it is not complete yet,
        or has a price no longer.
    """
    if not lot or not shop.mapping.reads("price") <= READS:
        return list(lot)
    parts = shop.parts
    places = [(item.article, item.variant) for item in lot]
    names = [article for article, _ in places]
    listed: dict[tuple[str, int], list[Listed]] = {}
    for row in offers.of_articles(tx, parts.side, parts.mandant, names):
        listed.setdefault((row.article, row.variant), []).append(row)
    shelf = shelves.open_prices(parts, tx, places, KINDS)
    rest = []
    for item, place in zip(lot, places, strict=True):
        known, own = shelf.article(place), listed.get(place, [])
        complete = bool(own) and all(row.ready and row.sellable for row in own)
        if (
            not complete
            or known is None
            or shelf.is_parent(place)
            or not all(_retag(shop, row, known, item, rows) for row in own)
        ):
            rest.append(item)
    return rest


def _retag(
    shop: Shop, row: Listed, known: Known, item: Touched, rows: Rows
) -> bool:
    """State the price of one listing; whether it has one."""
    market = row.marketplace
    priced = shelves.priced(shop, market, known)
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
