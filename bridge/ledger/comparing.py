"""What Sage wants beside what Amazon shows, SKU by SKU. Never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from bridge.ledger import facts
from bridge.ledger import tables
from bridge.ledger.offers import of_side
from bridge.ledger.reporttables import snapshot
from bridge.ledger.writing import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.ledger.snapshots import Place

_KEY = ("mode", "account", "marketplace", "sku")


def pairs(tx: Transaction, place: Place) -> Iterator[Any]:
    """Every listing of Sage's, and what Amazon shows of it, by SKU.

    The columns of Amazon's side begin with ``shown_``; ``shown`` is empty
    where it shows nothing.
    """
    listing, price = tables.listing, tables.facet.alias()
    stock, content = tables.facet.alias(), tables.facet.alias()
    joined = listing.outerjoin(snapshot, _same(listing, snapshot))
    for facet, name in (
        (price, "price"),
        (stock, "stock"),
        (content, "content"),
    ):
        on = and_(_same(listing, facet), facet.c.facet == name)
        joined = joined.outerjoin(facet, on)
    query = select(
        listing.c.sku,
        listing.c.article,
        listing.c.ready,
        listing.c.sellable,
        listing.c.available,
        listing.c.issues,
        snapshot.c.sku.label("shown"),
        snapshot.c.price.label("shown_price"),
        snapshot.c.quantity.label("shown_quantity"),
        snapshot.c.status.label("shown_status"),
        snapshot.c.channel.label("shown_channel"),
        *_facet(price, "price"),
        *_facet(stock, "stock"),
        content.c.state.label("content_state"),
        content.c.issues.label("content_issues"),
    ).select_from(joined)
    return _stream(tx, query, listing, place)


def strangers(tx: Transaction, place: Place) -> Iterator[Any]:
    """What Amazon shows and Sage knows nothing of."""
    listing = tables.listing
    query = (
        select(snapshot.c.sku, snapshot.c.asin, snapshot.c.quantity)
        .select_from(snapshot.outerjoin(listing, _same(listing, snapshot)))
        .where(listing.c.sku.is_(None))
    )
    return _stream(tx, query, snapshot, place)


def landed_at(tx: Transaction, place: Place, sku: str) -> datetime | None:
    """When Amazon last answered something that was sent of a SKU."""
    sent, message = tables.submission, tables.message
    at: datetime | None = tx.scalar(
        select(func.max(sent.c.done_at))
        .select_from(message.join(sent))
        .where(
            message.c.sku == sku,
            sent.c.mode == place.side.mode,
            sent.c.account == place.side.account,
            sent.c.marketplace == place.marketplace,
        )
    )
    return at


def sold(tx: Transaction, side: Side, since: datetime) -> Iterator[bytes]:
    """The bodies of orders that were purchased since."""
    table = tables.order
    query = select(table.c.body).where(
        of_side(table, side), table.c.purchased_at >= since
    )
    return (row.body for row in each(tx, query))


def keep_result(tx: Transaction, place: Place, result: dict[str, Any]) -> None:
    """What a comparison found, for ``status``."""
    whose = {"account": place.side.account, "marketplace": place.marketplace}
    name = _name(place.side, place.marketplace)
    facts.know(tx, name, orjson.dumps(whose | result).decode())


def results(tx: Transaction, sides: Sequence[Side]) -> list[dict[str, Any]]:
    """What the last comparison of each account and marketplace found."""
    return [
        orjson.loads(text)
        for side in sides
        for text in facts.beginning(tx, _name(side, "")).values()
    ]


def _name(side: Side, marketplace: str) -> str:
    return f"compared:{side.mode}:{side.account}:{marketplace}"


def _facet(facet: Any, name: str) -> list[Any]:  # noqa: ANN401 - SQL
    return [
        facet.c[column].label(f"{name}_{column}")
        for column in ("state", "desired", "issues", "undone_hash")
    ]


def _same(one: Any, other: Any) -> Any:  # noqa: ANN401 - SQL
    return and_(*(one.c[name] == other.c[name] for name in _KEY))


def _stream(
    tx: Transaction,
    query: Any,  # noqa: ANN401 - SQL
    table: Any,  # noqa: ANN401 - SQL
    place: Place,
) -> Iterator[Any]:
    chosen = query.where(
        of_side(table, place.side), table.c.marketplace == place.marketplace
    ).order_by(table.c.sku)
    return each(tx, chosen)
