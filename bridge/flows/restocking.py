"""Only the stock changed: the listing's own row says all that is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from bridge.flows.shop import as_json
from bridge.flows.shop import pieces_of
from bridge.flows.shop import state_stock
from bridge.flows.shop import stocked
from bridge.flows.stocking import Quantity
from bridge.flows.stockroom import stockroom
from bridge.ledger import offers
from bridge.ledger.reservations import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.errors import Finding
    from bridge.flows.shop import Rows
    from bridge.flows.shop import Shop
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Listed
    from bridge.ledger.touches import Touched

#: Findings that are about the stock alone.
ABOUT_STOCK = frozenset(
    {
        *("offers.negative_stock", "offers.other_unit"),
        *("offers.too_much_stock", "offers.bundle_circle"),
        *("offers.no_component", "offers.past_restock"),
        "offers.not_in_warehouse",
    }
)
INCOMPLETE = "offers.incomplete"


def restock(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> None:
    """State the stock of articles whose documents are else as they were."""
    parts = shop.parts
    causes = {(i.article, i.variant): i.delivery_id for i in lot}
    names = [article for article, _ in causes]
    listings = [
        row
        for row in offers.of_articles(tx, parts.side, parts.mandant, names)
        if (row.article, row.variant) in causes and not row.is_parent
    ]
    if not listings:
        return
    room = stockroom(parts, tx, causes, shop.shelves)
    settle(tx, parts.side.mode, parts.mandant, room.settled)
    waiting = [
        (row.marketplace, row.sku)
        for row in listings
        if row.whole and not row.ready
    ]
    priced = offers.complete_but_stock(tx, parts.side, waiting)
    for row in listings:
        place = (row.article, row.variant)
        stock, found = pieces_of(room, place, row.unit, row.unit_factor)
        if not row.sellable:
            stock = Quantity(0)
        if stock.pieces is None:
            stock = stock._replace(pieces=row.available)
        ready = row.ready or (row.marketplace, row.sku) in priced
        said = _said(row, found, ready=ready)
        before = (row.available, row.promise)
        if (stock.pieces, stock.promise) != before:
            kept = stock._replace(pieces=stock.pieces or 0)
            state_stock(shop, row, kept, causes[place], rows)
        elif said == row.said:
            continue
        more = {"ready": ready, "sellable": row.sellable}
        rows.stocked.append(stocked(shop, row, stock, said=said, **more))


def _said(row: Listed, found: list[Finding], *, ready: bool) -> str | None:
    """What was said of the stock is replaced; the rest stands."""
    before = orjson.loads(row.said or "[]") or []
    after = [
        item
        for item in before
        if item["code"] not in ABOUT_STOCK
        and not (ready and item["code"] == INCOMPLETE)
    ] + [as_json(item) for item in found]
    return row.said if after == before else orjson.dumps(after).decode()
