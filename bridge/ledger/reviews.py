"""What Amazon has against accepted listings, read back from time to time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import null
from sqlalchemy import select
from sqlalchemy import union
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.offers import FACETS
from bridge.ledger.offers import SAME
from bridge.ledger.offers import of_side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


def keep(
    tx: Transaction, side: Side, marketplace: str, said: Mapping[str, Any]
) -> None:
    """Keep what Amazon has against listings now, by SKU.

    It replaces what was said when their facets were accepted. Listings the
    bridge does not know are passed over.
    """
    listing, facet = tables.listing, tables.facet
    for sku, issues in said.items():
        tx.execute(
            update(listing)
            .where(_here(listing, side, marketplace), listing.c.sku == sku)
            .values(issues=issues or null())
        )
        tx.execute(
            update(facet)
            .where(
                _here(facet, side, marketplace),
                facet.c.facet.in_(FACETS),
                facet.c.sku == sku,
                facet.c.state == SAME,
            )
            .values(issues=null())
        )


def troubled(tx: Transaction, side: Side, marketplace: str) -> list[str]:
    """SKUs of which something is kept that Amazon said of a listing."""
    listing, facet = tables.listing, tables.facet
    later = select(listing.c.sku).where(
        _here(listing, side, marketplace), _is_said(listing.c.issues)
    )
    when_taken = select(facet.c.sku).where(
        _here(facet, side, marketplace),
        facet.c.state == SAME,
        _is_said(facet.c.issues),
    )
    return sorted(tx.scalars(union(later, when_taken)))


def _here(table: Any, side: Side, marketplace: str) -> Any:  # noqa: ANN401 - SQL
    return of_side(table, side) & (table.c.marketplace == marketplace)


def _is_said(column: Any) -> Any:  # noqa: ANN401 - SQL
    return column.is_not(null())
