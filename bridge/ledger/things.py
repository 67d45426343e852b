"""Which things of Amazon's catalogue bear the numbers of new articles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
from sqlalchemy import select

from bridge.ledger.offers import of_side
from bridge.ledger.thingtables import thing
from bridge.ledger.writing import put
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

Found = list[dict[str, Any]]
NUMBER = "externally_assigned_product_identifier"


def unasked(
    tx: Transaction, side: Side, marketplace: str, since: datetime
) -> dict[str, str]:
    """The GTINs of new listings that the catalogue was not asked for.

    Those that are held as well: of several things one may be left by now.

    Not those that name their thing already.

    Returns:
        The GTIN by SKU.
    """
    rows: Any = run(tx, _NEW, (side.mode, side.account, marketplace))
    wanted: dict[str, str] = {}
    for sku, desired in rows.all():
        body = orjson.loads(desired)
        numbers = body.get(NUMBER)
        if numbers and "merchant_suggested_asin" not in body:
            wanted[sku] = str(numbers[0]["value"])
    asked = set(
        tx.scalars(
            select(thing.c.gtin).where(
                of_side(thing, side),
                thing.c.marketplace == marketplace,
                thing.c.asked_at > since,
            )
        )
    )
    return {sku: gtin for sku, gtin in wanted.items() if gtin not in asked}


_NEW = """
SELECT f.sku, f.desired FROM listing l JOIN facet f ON f.mode = l.mode
  AND f.account = l.account AND f.marketplace = l.marketplace
  AND f.facet = 'content' AND f.sku = l.sku
WHERE l.mode = ? AND l.account = ? AND l.marketplace = ?
  AND l.presence = 'absent' AND l.sellable AND (l.ready OR NOT l.whole)
  AND f.state = 'waiting'
"""


def answer(
    tx: Transaction,
    side: Side,
    marketplace: str,
    found: Mapping[str, Found],
    now: datetime,
) -> None:
    """Keep what the catalogue has of some GTINs; nothing is an answer too."""
    rows = [
        {
            **side.keys(),
            "marketplace": marketplace,
            "gtin": gtin,
            "found": things,
            "asked_at": now,
        }
        for gtin, things in found.items()
    ]
    put(tx, thing, rows, change=["found", "asked_at"])


def postpone(
    tx: Transaction, side: Side, marketplace: str, skus: Sequence[str]
) -> None:
    """Leave new listings for later: whether they are there is asked anew.

    A family waits with its children: perhaps none of them needs it.
    """
    of = (side.mode, side.account, marketplace)
    run(tx, _POSTPONE, [(*of, sku, *of, sku) for sku in skus])


_POSTPONE = """
UPDATE listing SET presence = 'unknown'
WHERE mode = ? AND account = ? AND marketplace = ? AND presence = 'absent'
  AND (sku = ? OR sku = (SELECT c.parent FROM listing c WHERE c.mode = ?
    AND c.account = ? AND c.marketplace = ? AND c.sku = ?))
"""


def places(
    tx: Transaction, side: Side, marketplace: str, skus: Sequence[str]
) -> list[tuple[str, int]]:
    """Whose listings some SKUs are."""
    found: list[tuple[str, int]] = []
    for sku in skus:
        rows: Any = run(
            tx,
            "SELECT article, variant FROM listing WHERE mode = ? AND account"
            " = ? AND marketplace = ? AND sku = ?",
            (side.mode, side.account, marketplace, sku),
        )
        found += [(str(row[0]), int(row[1])) for row in rows.all()]
    return found


def known(
    tx: Transaction, side: Side, gtins: Collection[str]
) -> dict[tuple[str, str], Found]:
    """What the catalogues have of some GTINs, by marketplace and GTIN."""
    if not gtins:
        return {}
    rows = tx.execute(
        select(thing.c.marketplace, thing.c.gtin, thing.c.found).where(
            of_side(thing, side), thing.c.gtin.in_(sorted(gtins))
        )
    )
    return {(row.marketplace, row.gtin): row.found for row in rows}
