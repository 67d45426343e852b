"""What a module would move if somebody asked for it now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import select
from sqlalchemy import text

from bridge.ledger import orders
from bridge.ledger import publications
from bridge.ledger import tables
from bridge.ledger import touches
from bridge.ledger.views import as_shown
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Collection

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


#: The facets a module moves; any other moves prices.
FACETS = {
    "media": ("media",),
    "variants": ("relations",),
    "languages": ("content",),
    "bundles": ("stock", "content"),
}


def transfer_plan(
    tx: Transaction, side: Side, name: str, abroad: Collection[str] = ()
) -> list[dict[str, Any]]:
    """What a module would move now: each facet that is not as desired.

    Args:
        tx: One look at the ledger.
        side: Whose listings.
        name: The module.
        abroad: The marketplaces of another language than the articles.
    """
    if name == "orders":
        return [
            {
                "order": row.id,
                "marketplace": row.marketplace,
                "sku": "",
                "facet": "order",
                "state": row.status,
            }
            for row in orders.listed(tx, side)
            if publications.last_version(tx, side, "Order", row.id)
            < row.version
        ]
    facet = tables.facet
    query = select(facet).where(
        facet.c.mode == side.mode,
        facet.c.account == side.account,
        text("(state = 'waiting' OR state = 'refused')"),
    )
    if name != "products":
        only = FACETS.get(name, ("price",))
        query = query.where(facet.c.facet.in_(only))
    if name == "languages":
        query = query.where(facet.c.marketplace.in_(abroad))
    if name == "bundles":
        query = query.where(text(_OF_A_SET))
    return [
        {
            "sku": row.sku,
            "marketplace": row.marketplace,
            "facet": row.facet,
            "state": row.state,
            "old": as_shown(row.accepted),
            "new": as_shown(row.desired),
        }
        for row in tx.execute(query.order_by(facet.c.sku, facet.c.facet))
    ]


def touch_some(
    tx: Transaction, mandant: int, after: tuple[str, int], most: int
) -> list[tuple[str, int]]:
    """Have only the next articles behind a place composed again.

    Returns:
        Them with their variants, in their order; empty at the end.
    """
    run(tx, "DELETE FROM touched WHERE mandant = ?", (mandant,))
    rows: Any = run(tx, _NEXT, (mandant, *after, most))
    found = [(str(article), int(variant)) for article, variant in rows]
    for article, variant in found:
        touches.touch(tx, mandant, article, variant)
    return found


_OF_A_SET = """
EXISTS (SELECT 1 FROM listing l JOIN link k ON k.mandant = l.mandant
  AND k.article = l.article AND k.kind = 'Bundle'
  WHERE l.mode = facet.mode AND l.account = facet.account
  AND l.marketplace = facet.marketplace AND l.sku = facet.sku)
"""
_NEXT = """
SELECT DISTINCT article, variant FROM document
WHERE mandant = ? AND kind = 'Article' AND (article, variant) > (?, ?)
ORDER BY article, variant LIMIT ?
"""
