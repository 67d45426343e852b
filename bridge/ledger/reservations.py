"""Pieces that are ordered, and that Sage may not know of yet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from bridge.ledger import ordertables
from bridge.ledger import tables
from bridge.ledger import touches
from bridge.ledger.writing import at
from bridge.ledger.writing import marks
from bridge.ledger.writing import pieces as lists
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

Place = tuple[str, int]

_ADD = """
INSERT INTO reservation (mandant, mode, article, variant, account, order_id,
  pieces)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_OF = """
SELECT r.article, r.variant, r.account, r.order_id, r.pieces,
  o.acknowledged_at, (SELECT max(p.now) FROM publication p
    WHERE p.mode = r.mode AND p.account = r.account AND p.mandant = r.mandant
    AND p.document = 'Order' AND p.key = r.order_id AND p.state = 'done')
FROM reservation r JOIN order_ o ON o.mode = r.mode
  AND o.account = r.account AND o.id = r.order_id
WHERE r.mandant = ? AND r.mode = ? AND r.article IN
"""


_SETTLE = """
DELETE FROM reservation WHERE mandant = ? AND mode = ? AND article = ?
  AND variant = ? AND account = ? AND order_id = ?
"""
_TOUCH = """
INSERT INTO touched (mandant, article, variant, facets, delivery_id)
SELECT DISTINCT mandant, article, variant, CAST(? AS INTEGER),
  CAST(? AS BIGINT)
FROM reservation WHERE mandant = ?
ON CONFLICT (mandant, article, variant) DO UPDATE SET
  facets = touched.facets | excluded.facets,
  delivery_id = excluded.delivery_id
"""
_OF_ORDER = "mode", "account", "order_id"
_TAKEN, _UNPLACED = ordertables.reservation, ordertables.unplaced
_UNRESERVE = (
    delete(_TAKEN)
    .where(at(_TAKEN, *_OF_ORDER))
    .returning(_TAKEN.c.article, _TAKEN.c.variant, _TAKEN.c.pieces)
)
_AWAITED = delete(_UNPLACED).where(at(_UNPLACED, *_OF_ORDER))


_OF_SETS = """
SELECT DISTINCT r.order_id FROM reservation r
WHERE r.mandant = ? AND r.mode = ? AND r.account = ? AND r.variant = 0
  AND EXISTS (SELECT 1 FROM document d WHERE d.mandant = r.mandant
    AND d.kind = 'Bundle' AND d.article = r.article AND NOT d.gone)
  AND r.article IN
"""


class Reservation(NamedTuple):
    """Some pieces of an article that an order takes.

    Attributes:
        replied_at: When Sage answered the order, UTC microseconds.
        written_at: When it was last written for Sage, likewise.
    """

    article: str
    variant: int
    account: str
    order: str
    pieces: int
    replied_at: int | None
    written_at: int | None


def reserve(  # noqa: PLR0913 - whose, and what
    tx: Transaction,
    side: Side,
    mandant: int,
    order: str,
    pieces: Mapping[Place, int],
    *,
    new: bool = False,
) -> set[Place]:
    """Keep what an order takes; what it took before is forgotten.

    Args:
        tx: The transaction.
        side: Whose order.
        mandant: Whose articles.
        order: Its number.
        pieces: What it takes of each.
        new: It took nothing before.

    Returns:
        The articles of which it takes another number than before.
    """
    before = {} if new else _unreserved(tx, side, order)
    rows: list[tuple[object, ...]] = [
        (mandant, side.mode, *place, side.account, order, number)
        for place, number in pieces.items()
    ]
    if rows:
        run(tx, _ADD, rows)
    return {
        place
        for place in {*before, *pieces}
        if before.get(place) != pieces.get(place)
    }


def _unreserved(tx: Transaction, side: Side, order: str) -> dict[Place, int]:
    """What an order took until now; it takes nothing any more."""
    had = tx.execute(_UNRESERVE, {**side.keys(), "order_id": order})
    return {(row[0], row[1]): row[2] for row in had}


def of_articles(
    tx: Transaction, mode: str, mandant: int, articles: Iterable[str]
) -> Iterator[Reservation]:
    """What orders of every account take of some articles."""
    names = sorted(set(articles))
    query = f"{_OF} ({marks(len(names))})"
    rows = run(tx, query, (mandant, mode, *names))
    return map(Reservation._make, rows.all())


def settle(
    tx: Transaction, mode: str, mandant: int, known: Iterable[Reservation]
) -> None:
    """Forget what the counts of the warehouses hold already."""
    rows: list[tuple[object, ...]] = [
        (mandant, mode, one.article, one.variant, one.account, one.order)
        for one in known
    ]
    if rows:
        run(tx, _SETTLE, rows)


def touch_all(tx: Transaction, mandant: int, delivery: int) -> None:
    """A count of the warehouse may hold what was ordered before it."""
    run(tx, _TOUCH, (touches.STOCK, delivery, mandant))


def await_skus(
    tx: Transaction,
    side: Side,
    order: str,
    skus: Iterable[str],
    *,
    new: bool = False,
) -> None:
    """Keep what of an order nobody knows; what was kept is forgotten."""
    whose = {**side.keys(), "order_id": order}
    if not new:
        tx.execute(_AWAITED, whose)
    rows = [{**whose, "sku": sku} for sku in skus]
    if rows:
        tx.execute(insert(ordertables.unplaced), rows)


def come_late(tx: Transaction, side: Side) -> list[str]:
    """Orders that took SKUs nobody knew, and somebody knows now."""
    table, listing = ordertables.unplaced, tables.listing
    found = tx.scalars(
        select(table.c.order_id)
        .distinct()
        .join(
            listing,
            (listing.c.mode == table.c.mode)
            & (listing.c.account == table.c.account)
            & (listing.c.sku == table.c.sku),
        )
        .where(table.c.mode == side.mode, table.c.account == side.account)
        .order_by(table.c.order_id)
    )
    return list(found)


def of_sets(
    tx: Transaction, side: Side, mandant: int, articles: Iterable[str]
) -> list[str]:
    """Orders that take sets as a whole whose parts are known, of some."""
    found: list[str] = []
    for names in lists(sorted(set(articles))):
        query = f"{_OF_SETS} ({marks(len(names))}) ORDER BY r.order_id"
        place = (mandant, side.mode, side.account)
        found += run(tx, query, (*place, *names)).scalars()
    return list(dict.fromkeys(found))


def forget(tx: Transaction, before: datetime) -> None:
    """Forget what orders took that were placed before an instant."""
    order = tables.order
    old = select(order.c.id).where(order.c.purchased_at < before)
    for table in (ordertables.reservation, ordertables.unplaced):
        tx.execute(delete(table).where(table.c.order_id.in_(old)))
