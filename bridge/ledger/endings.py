"""Listings that may be deleted at Amazon, and those that were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy import select

from bridge.ledger import submissions
from bridge.ledger import tables
from bridge.ledger.offers import PRESENT
from bridge.ledger.offers import of_side
from bridge.mapping.envelope import DELETION

if TYPE_CHECKING:
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

#: Findings that say a listing may be deleted, if a person confirms it.
DELETABLE = frozenset({"offers.archived", "offers.new_theme"})


def deletable(tx: Transaction, side: Side, sku: str) -> list[str]:
    """The marketplaces in which a listing may be deleted now.

    Not where it is being deleted already.
    """
    table = tables.listing
    rows = tx.execute(
        select(table.c.marketplace, table.c.findings).where(
            of_side(table, side),
            table.c.sku == sku,
            table.c.presence == PRESENT,
        )
    ).all()
    open_now = {
        row.marketplace
        for row in submissions.in_state(
            tx, side, submissions.SENDING, (DELETION,)
        )
        if row.subject == sku
    }
    return sorted(
        row.marketplace
        for row in rows
        if row.marketplace not in open_now
        and DELETABLE & {one["code"] for one in row.findings or ()}
    )


def forget(
    tx: Transaction, side: Side, marketplace: str, sku: str
) -> list[tuple[str, int]]:
    """Forget a listing that is no longer there, and all that was sent of it.

    Returns:
        The article and its variant, if it was known.
    """
    of = {}
    for table in (tables.facet, tables.listing):
        of[table.name] = (
            of_side(table, side)
            & (table.c.marketplace == marketplace)
            & (table.c.sku == sku)
        )
    listing = tables.listing
    rows = tx.execute(
        select(listing.c.article, listing.c.variant).where(of["listing"])
    )
    places = [(row.article, row.variant) for row in rows]
    tx.execute(delete(tables.facet).where(of["facet"]))
    tx.execute(delete(listing).where(of["listing"]))
    return places


def themes(
    tx: Transaction, side: Side, skus: list[str]
) -> dict[tuple[str, str], bytes]:
    """What Amazon has of the relations of some families, by their parent."""
    table = tables.facet
    rows = tx.execute(
        select(table.c.marketplace, table.c.sku, table.c.accepted).where(
            of_side(table, side),
            table.c.facet == "relations",
            table.c.sku.in_(skus),
            table.c.accepted.is_not(None),
        )
    )
    return {(row.marketplace, row.sku): row.accepted for row in rows}
