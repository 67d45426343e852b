"""Facets that are judged before they travel: kept back, warned of, waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.flight import Travelling
from bridge.ledger.offers import EVERY_FACET
from bridge.ledger.offers import REFUSED
from bridge.ledger.offers import WAITING
from bridge.ledger.offers import of_side
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


class Waiting(NamedTuple):
    """A facet that waits, whatever Amazon knows of its listing.

    Attributes:
        facet: It.
        ready: Whether a new listing could be made.
    """

    facet: Travelling
    ready: bool
    article: str
    variant: int


def waiting(
    tx: Transaction, side: Side, marketplace: str, first: str, last: str
) -> list[Waiting]:
    """Every facet of some articles that waits, those of a SKU together.

    Args:
        tx: The transaction.
        side: Whose.
        marketplace: Where.
        first: The first article meant, in the order of the database.
        last: The last one.
    """
    place = (side.mode, side.account, marketplace)
    rows = run(tx, _EVERY, (*place, first, last))
    width = len(Travelling._fields)
    return [
        Waiting(Travelling._make(row[:width]), *row[width:])
        for row in rows.all()
    ]


_EVERY = f"""
SELECT f.sku, f.facet, f.desired, f.accepted, l.presence, l.product_type,
  l.ready, l.article, l.variant
FROM facet f JOIN listing l ON l.mode = f.mode AND l.account = f.account
  AND l.marketplace = f.marketplace AND l.sku = f.sku
WHERE f.mode = ? AND f.account = ? AND f.marketplace = ?
  AND f.facet IN ({EVERY_FACET}) AND f.state = 'waiting'
  AND l.article BETWEEN ? AND ?
ORDER BY f.sku
"""  # noqa: S608 - constants of ours


def rejoin(tx: Transaction, side: Side, marketplace: str) -> None:
    """What Amazon has not yet travels whole: no part of it stays refused.

    A refused new listing of which one facet changed is tried again.
    """
    run(tx, _REJOIN, (side.mode, side.account, marketplace))


_REJOIN = f"""
UPDATE facet SET state = 'waiting', refused_hash = NULL, checked = NULL
WHERE mode = ? AND account = ? AND marketplace = ?
  AND facet IN ({EVERY_FACET}) AND state = 'refused'
  AND EXISTS (SELECT 1 FROM listing l WHERE l.mode = facet.mode
    AND l.account = facet.account AND l.marketplace = facet.marketplace
    AND l.sku = facet.sku AND l.presence = 'absent')
  AND EXISTS (SELECT 1 FROM facet b WHERE b.mode = facet.mode
    AND b.account = facet.account AND b.marketplace = facet.marketplace
    AND b.facet IN ({EVERY_FACET}) AND b.sku = facet.sku
    AND b.state = 'waiting')
"""  # noqa: S608 - constants of ours


def bar(
    tx: Transaction,
    side: Side,
    marketplace: str,
    said: Mapping[tuple[str, str], Any],
) -> None:
    """Waiting facets that are not worth sending are refused by ourselves.

    Args:
        tx: The transaction.
        side: Whose.
        marketplace: Country code.
        said: What our own check found, by SKU and facet.
    """
    hashed = tables.facet.c.desired_hash
    _say(tx, side, marketplace, said, state=REFUSED, refused_hash=hashed)


def warn(
    tx: Transaction,
    side: Side,
    marketplace: str,
    said: Mapping[tuple[str, str], Any],
) -> None:
    """Keep what our own check found of facets that travel all the same."""
    _say(tx, side, marketplace, said)


def _say(
    tx: Transaction,
    side: Side,
    marketplace: str,
    said: Mapping[tuple[str, str], Any],
    **values: Any,  # noqa: ANN401 - columns
) -> None:
    table = tables.facet
    for (sku, facet), found in said.items():
        tx.execute(
            update(table)
            .where(
                of_side(table, side),
                table.c.marketplace == marketplace,
                table.c.facet == facet,
                table.c.sku == sku,
                table.c.state == WAITING,
            )
            .values(checked=found, **values)
        )
