"""Which listings Amazon has: not known, absent, present."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.offers import ABSENT
from bridge.ledger.offers import PRESENT
from bridge.ledger.offers import of_side
from bridge.ledger.writing import CHUNK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


def made_present(
    tx: Transaction, side: Side, marketplace: str, skus: Sequence[str]
) -> None:
    """Amazon took these listings: from now on they are patched."""
    table = tables.listing
    for start in range(0, len(skus), CHUNK):
        tx.execute(
            update(table)
            .where(
                of_side(table, side),
                table.c.marketplace == marketplace,
                table.c.sku.in_(skus[start : start + CHUNK]),
            )
            .values(presence=PRESENT)
        )


def unasked(
    tx: Transaction, side: Side, marketplace: str, most: int
) -> list[str]:
    """SKUs of which it is not known whether Amazon has them."""
    table = tables.listing
    return list(
        tx.scalars(
            select(table.c.sku)
            .where(
                of_side(table, side),
                table.c.marketplace == marketplace,
                text("presence = 'unknown'"),
            )
            .limit(most)
        )
    )


def answer_presence(
    tx: Transaction,
    side: Side,
    marketplace: str,
    skus: Sequence[str],
    present: frozenset[str],
) -> None:
    """Keep what Amazon said of some SKUs."""
    table = tables.listing
    of = of_side(table, side) & (table.c.marketplace == marketplace)
    for value, chosen in (
        (PRESENT, sorted(present)),
        (ABSENT, [sku for sku in skus if sku not in present]),
    ):
        if chosen:
            tx.execute(
                update(table)
                .where(of, table.c.sku.in_(chosen))
                .values(presence=value)
            )
