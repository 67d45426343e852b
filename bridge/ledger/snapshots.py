"""What Amazon shows of each of the merchant's SKUs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.offers import of_side
from bridge.ledger.reporttables import snapshot as table
from bridge.ledger.writing import each
from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterable

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.ports.reports import Shown

_KEPT = ("report_id", "asin", "price", "quantity", "status", "channel")
_NAMES = ("mode", "account", "marketplace", "sku", *_KEPT)
_KEEP = f"""
INSERT INTO snapshot ({", ".join(_NAMES)}) VALUES ({marks(len(_NAMES))})
ON CONFLICT (mode, account, marketplace, sku) DO UPDATE SET
  {", ".join(f"{name} = excluded.{name}" for name in _KEPT)}
"""  # noqa: S608 - constants of ours
#: What is known in full is read anew with the next catalogue.
_ANSWER = """
UPDATE listing SET presence = CASE WHEN EXISTS (
  SELECT 1 FROM snapshot s WHERE s.mode = listing.mode
    AND s.account = listing.account AND s.marketplace = listing.marketplace
    AND s.sku = listing.sku) THEN 'present' ELSE 'absent' END
WHERE mode = :mode AND account = :account AND marketplace = :marketplace
  AND presence = 'unknown'
"""


class Place(NamedTuple):
    """Whose snapshots: a side, a marketplace."""

    side: Side
    marketplace: str


def keep(
    tx: Transaction, place: Place, report: int, rows: Iterable[Shown]
) -> int:
    """Keep rows of a report; twice is harmless.

    Returns:
        How many there were.
    """
    of = (place.side.mode, place.side.account, place.marketplace)
    made: list[tuple[object, ...]] = [
        (
            *of,
            row.sku,
            report,
            row.asin,
            None if row.price is None else canonical(Decimal(row.price)),
            row.quantity,
            row.status,
            row.channel,
        )
        for row in rows
    ]
    if made:
        run(tx, _KEEP, made)
    return len(made)


def drop_others(tx: Transaction, place: Place, report: int) -> None:
    """What the last report does not speak of is not there any more."""
    tx.execute(
        delete(table).where(
            of_side(table, place.side),
            table.c.marketplace == place.marketplace,
            table.c.report_id != report,
        )
    )


def unread(tx: Transaction, place: Place, start: str, most: int) -> list[str]:
    """SKUs behind a start, in their order."""
    query = (
        select(table.c.sku)
        .where(
            of_side(table, place.side),
            table.c.marketplace == place.marketplace,
            table.c.sku > start,
        )
        .order_by(table.c.sku)
        .limit(most)
    )
    return list(tx.scalars(query))


def keep_body(tx: Transaction, place: Place, sku: str, body: bytes) -> None:
    """What is known of a SKU in full."""
    tx.execute(
        update(table)
        .where(
            of_side(table, place.side),
            table.c.marketplace == place.marketplace,
            table.c.sku == sku,
        )
        .values(body=body)
    )


def every(tx: Transaction, place: Place) -> Generator[Any]:
    """Every snapshot with Sage's article, where it knows the SKU."""
    listing = tables.listing
    on = [
        listing.c[key] == table.c[key]
        for key in ("mode", "account", "marketplace", "sku")
    ]
    query = (
        select(table, listing.c.article, listing.c.variant)
        .select_from(table.outerjoin(listing, and_(*on)))
        .where(
            of_side(table, place.side),
            table.c.marketplace == place.marketplace,
        )
        .order_by(table.c.sku)
    )
    return each(tx, query)


def accepted(
    tx: Transaction, place: Place, start: str, most: int
) -> list[Any]:
    """What Amazon has taken of prices and stock, by SKU behind a start."""
    listing = tables.listing
    price, stock = tables.facet.alias(), tables.facet.alias()
    joined: Any = listing
    for facet, name in ((price, "price"), (stock, "stock")):
        on = [
            facet.c[key] == listing.c[key]
            for key in ("mode", "account", "marketplace", "sku")
        ]
        joined = joined.outerjoin(facet, and_(*on, facet.c.facet == name))
    query = (
        select(
            listing.c.sku,
            price.c.accepted.label("price"),
            stock.c.accepted.label("stock"),
        )
        .select_from(joined)
        .where(
            of_side(listing, place.side),
            listing.c.marketplace == place.marketplace,
            listing.c.sku > start,
            or_(price.c.accepted.is_not(None), stock.c.accepted.is_not(None)),
        )
        .order_by(listing.c.sku)
        .limit(most)
    )
    return list(tx.execute(query))


def answer_presence(tx: Transaction, place: Place) -> None:
    """Every listing nobody knew of is there, or is not."""
    facts = {**place.side.keys(), "marketplace": place.marketplace}
    tx.execute(text(_ANSWER), facts)
