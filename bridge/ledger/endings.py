"""Listings that may be deleted at Amazon, and those that were."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import submissions
from bridge.ledger import tables
from bridge.ledger.offers import PRESENT
from bridge.ledger.offers import of_side
from bridge.ledger.writing import marks
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

DELETION = "deleteListingsItem"
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
    _orphan(tx, side, marketplace, sku)
    tx.execute(delete(tables.facet).where(of["facet"]))
    tx.execute(delete(listing).where(of["listing"]))
    return places


def _orphan(tx: Transaction, side: Side, marketplace: str, sku: str) -> None:
    """What children were told of a parent that is gone holds no longer."""
    table, listing = tables.facet, tables.listing
    children = select(listing.c.sku).where(
        of_side(listing, side),
        listing.c.marketplace == marketplace,
        listing.c.parent == sku,
        listing.c.sku != sku,
    )
    tx.execute(
        update(table)
        .where(
            of_side(table, side),
            table.c.marketplace == marketplace,
            table.c.facet == "relations",
            table.c.sku.in_(children),
        )
        .values(accepted=None, accepted_hash=None)
    )


def themes(
    tx: Transaction, side: Side, skus: Iterable[str]
) -> dict[tuple[str, str], str]:
    """In what some families differ at Amazon, by marketplace and parent."""
    names = sorted(set(skus))
    if not names:
        return {}
    rows: Any = run(
        tx,
        f"{_RELATIONS} AND sku IN ({marks(len(names))})",
        (side.mode, side.account, *names),
    )
    found = {}
    for marketplace, sku, accepted in rows.all():
        told = orjson.loads(accepted).get("variation_theme")
        if told:
            found[marketplace, sku] = str(told[0]["name"])
    return found


_RELATIONS = """
SELECT marketplace, sku, accepted FROM facet
WHERE mode = ? AND account = ? AND facet = 'relations'
  AND accepted IS NOT NULL
"""
