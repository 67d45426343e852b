"""Which mappings state something of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from sqlalchemy import or_
from sqlalchemy import select

from bridge.ledger import tables

if TYPE_CHECKING:
    from bridge.ledger.engine import Transaction


class Feeding(NamedTuple):
    """A kind of document and the mapping that states it."""

    kind: str
    mapping: str


def feeding(
    tx: Transaction, mandant: int, article: str, variant: int
) -> frozenset[Feeding]:
    """The mappings that state an article, its prices, its stock or groups."""
    table = tables.document
    own = (table.c.article == article) & (table.c.variant == variant)
    rows = tx.execute(
        select(table.c.kind, table.c.mapping)
        .where(
            table.c.mandant == mandant,
            table.c.kind.in_(("Article", "PriceEntry", "StockLevel", "Group")),
            or_(own, table.c.kind == "Group"),
            table.c.gone.is_(False),
        )
        .distinct()
    )
    return frozenset(Feeding(*row) for row in rows)
