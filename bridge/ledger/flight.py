"""Facets on their way: what may travel, what flies, how it lands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from sqlalchemy import case
from sqlalchemy import literal
from sqlalchemy import null
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from bridge.ledger import former
from bridge.ledger import tables
from bridge.ledger.columns import Instant
from bridge.ledger.offers import EVERY_FACET
from bridge.ledger.offers import FACETS
from bridge.ledger.offers import OFFERED
from bridge.ledger.offers import PRESENT
from bridge.ledger.offers import REFUSED
from bridge.ledger.offers import SAME
from bridge.ledger.offers import SENT
from bridge.ledger.offers import UNKNOWN
from bridge.ledger.offers import WAITING
from bridge.ledger.offers import of_side
from bridge.ledger.writing import AT_ONCE
from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.ledger.writing import stream

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


#: Lanes of feeds: a stock or a price never stands behind a product feed.
#: What Amazon has not yet travels whole, with the content.
ALL, OFFER, CONTENT = "all", "offer", "content"
_OFFER = "('stock', 'price')"
_FLIES = f"""EXISTS (SELECT 1 FROM facet b WHERE b.mode = f.mode
    AND b.account = f.account AND b.marketplace = f.marketplace
    AND b.facet IN ({EVERY_FACET}) AND b.sku = f.sku
    AND b.state = 'sent')"""  # noqa: S608 - constants of ours
#: Parent first: no child is told of a family that is not there.
_PARENT = """(l.parent IS NULL OR l.parent = l.sku
    OR EXISTS (SELECT 1 FROM listing p
    WHERE p.mode = l.mode AND p.account = l.account
    AND p.marketplace = l.marketplace AND p.sku = l.parent
    AND p.presence = 'present'))"""
_PRESENT = f"""(l.presence = 'present'
    AND (f.facet <> 'relations' OR {_PARENT}))"""
_ABSENT = f"""(l.presence = 'absent' AND l.ready AND NOT {_FLIES}
    AND {_PARENT})"""
_LANES = {
    ALL: f"({_PRESENT} OR {_ABSENT})",
    OFFER: f"({_PRESENT} AND f.facet IN {_OFFER})",
    CONTENT: f"(({_PRESENT} AND f.facet NOT IN {_OFFER}) OR {_ABSENT})",
}
_EITHER = f"({_PRESENT} OR {_ABSENT})"
#: When each facet travels in a lane; in the order they travel.
_TRAVELS: dict[str, dict[str, str]] = {
    ALL: dict.fromkeys(FACETS, _EITHER),
    OFFER: dict.fromkeys(OFFERED, _PRESENT),
    CONTENT: {
        facet: _ABSENT if facet in OFFERED else _EITHER for facet in FACETS
    },
}
_DUE = """
FROM facet f JOIN listing l ON l.mode = f.mode
  AND l.account = f.account AND l.marketplace = f.marketplace
  AND l.sku = f.sku
WHERE f.mode = :mode AND f.account = :account
  AND f.marketplace = :marketplace AND f.state = 'waiting' AND {lane}
"""


def due_types(tx: Transaction, side: Side, marketplace: str) -> list[Any]:
    """Product types of what is due with its content; ``None``: not known."""
    facts = {**side.keys(), "marketplace": marketplace}
    return list(tx.scalars(text(_TYPES), facts))


_TYPES = f"""
SELECT l.product_type {_DUE.format(lane=f"f.facet NOT IN {_OFFER}")}
  AND {_PRESENT}
UNION
SELECT l.product_type FROM listing l
WHERE l.mode = :mode AND l.account = :account
  AND l.marketplace = :marketplace AND l.presence = 'absent' AND l.ready
  AND EXISTS (SELECT 1 FROM facet f WHERE f.mode = l.mode
    AND f.account = l.account AND f.marketplace = l.marketplace
    AND f.state = 'waiting' AND f.facet IN ({EVERY_FACET})
    AND f.sku = l.sku)
"""  # noqa: S608 - constants of ours


def due_skus(
    tx: Transaction, side: Side, marketplace: str, lane: str, most: int
) -> list[str]:
    """SKUs with something to send: stock before price before content.

    Facet by facet, as their index lies: a million that wait are not sorted
    to find the first.
    """
    facts = {**side.keys(), "marketplace": marketplace, "most": most}
    found: dict[str, None] = {}
    for facet, travels in _TRAVELS[lane].items():
        if len(found) < most:
            query = (
                f"SELECT f.sku {_DUE.format(lane=travels)}"
                " AND f.facet = :facet ORDER BY f.sku LIMIT :most"
            )
            rows = tx.scalars(text(query), {**facts, "facet": facet})
            found.update(dict.fromkeys(rows.all()))
    return list(found)[:most]


def any_due(
    tx: Transaction, side: Side, marketplace: str, lane: str = ALL
) -> bool:
    """Whether there is anything to send."""
    facts = {**side.keys(), "marketplace": marketplace}
    query = f"SELECT 1 {_DUE.format(lane=_LANES[lane])} LIMIT 1"
    return tx.execute(text(query), facts).first() is not None


class Travelling(NamedTuple):
    """A facet to be sent, or that is: what should be and what is."""

    sku: str
    facet: str
    desired: bytes
    accepted: bytes | None
    presence: str
    product_type: str | None


_TRAVELLING = """
SELECT f.sku, f.facet, f.{body}, f.accepted, l.presence, l.product_type
FROM facet f JOIN listing l ON l.mode = f.mode AND l.account = f.account
  AND l.marketplace = f.marketplace AND l.sku = f.sku
"""


def due_rows(
    tx: Transaction,
    side: Side,
    marketplace: str,
    lane: str,
    skus: Sequence[str],
) -> Generator[Travelling]:
    """The waiting facets of some SKUs, read as they are asked for."""
    of = (side.mode, side.account, marketplace)
    facets = _facets(tx, side, marketplace, lane)
    waiting = _WAITING.format(facets=facets)
    chosen = f"{waiting} AND {_LANES[lane]} AND f.sku IN"
    waiting = f"{chosen} ({marks(len(skus))}) ORDER BY f.sku"
    rows = stream(tx, waiting, (*of, *skus))
    try:
        for part in rows.partitions(AT_ONCE):
            yield from map(Travelling._make, part)
    finally:
        rows.close()


_WAITING = f"""
{_TRAVELLING.format(body="desired")}
WHERE f.mode = ? AND f.account = ? AND f.marketplace = ?
  AND f.facet IN ({{facets}}) AND f.state = 'waiting'
"""


def _facets(tx: Transaction, side: Side, marketplace: str, lane: str) -> str:
    """The facets of a lane of which any waits, as SQL lists them.

    Where only stocks wait, twenty-five thousand prices need not be asked.
    """
    of = (side.mode, side.account, marketplace)
    query = f"{_ANY} AND facet = ? LIMIT 1"
    waiting = (
        f"'{facet}'"
        for facet in _TRAVELS[lane]
        if run(tx, query, (*of, facet)).first()
    )
    return ", ".join(waiting) or "NULL"


_ANY = """
SELECT 1 FROM facet
WHERE mode = ? AND account = ? AND marketplace = ? AND state = 'waiting'
"""


_UNLESS_UNTOLD = f"""AND (facet <> 'relations'
    OR EXISTS (SELECT 1 FROM listing l WHERE l.mode = facet.mode
    AND l.account = facet.account AND l.marketplace = facet.marketplace
    AND l.sku = facet.sku AND {_PARENT}))"""  # noqa: S608 - constants of ours
_WHOLE = """EXISTS (SELECT 1 FROM listing l WHERE l.mode = facet.mode
    AND l.account = facet.account AND l.marketplace = facet.marketplace
    AND l.sku = facet.sku AND l.presence = 'absent')"""
_SEND = """
UPDATE facet SET state = 'sent', sent = desired, sent_hash = desired_hash,
  submission_id = ?
WHERE mode = ? AND account = ? AND marketplace = ?
  AND facet IN ({facets}) AND state = 'waiting'
"""


def send(  # noqa: PLR0913, PLR0917 - which facets, and with what
    tx: Transaction,
    side: Side,
    marketplace: str,
    lane: str,
    skus: Sequence[str],
    submission: int,
) -> None:
    """Put the waiting facets of some SKUs into flight."""
    of = (submission, side.mode, side.account, marketplace)
    facets = _facets(tx, side, marketplace, lane)
    which = f"{_SEND.format(facets=facets)} {_of_lane(lane)}"
    query = f"{which} {_UNLESS_UNTOLD} AND sku IN ({marks(len(skus))})"
    run(tx, query, (*of, *skus))


def _of_lane(lane: str) -> str:
    """Only facets of a lane; what Amazon has not yet is never parted."""
    whole = f"AND (facet NOT IN {_OFFER} OR {_WHOLE})"
    return whole if lane == CONTENT else ""


def land(
    tx: Transaction,
    submission: int,
    refused: Mapping[str, Any],
    warned: Mapping[str, Any],
    now: datetime,
) -> None:
    """Bring what was in flight to its end; twice is harmless.

    Args:
        tx: The transaction.
        submission: Its number.
        refused: Amazon's issues by refused SKU.
        warned: Amazon's warnings by accepted SKU.
        now: When Amazon said so.
    """
    table = tables.facet
    flying = (table.c.submission_id == submission) & (table.c.state == SENT)
    meant = table.c.desired_hash == table.c.sent_hash
    for sku, issues in refused.items():
        tx.execute(
            update(table)
            .where(flying, table.c.sku == sku)
            .values(
                state=case((meant, REFUSED), else_=WAITING),
                refused_hash=table.c.sent_hash,
                issues=issues,
                submission_id=None,
            )
        )
    former.keep(tx, submission, now)
    as_before = table.c.accepted_hash == table.c.sent_hash
    taken = update(table).values(
        state=case((meant, SAME), else_=WAITING),
        accepted=table.c.sent,
        accepted_hash=table.c.sent_hash,
        accepted_at=case(
            (as_before, table.c.accepted_at), else_=literal(now, Instant())
        ),
        refused_hash=None,
        submission_id=None,
    )
    for sku, issues in warned.items():
        tx.execute(
            taken.where(flying, table.c.sku == sku).values(issues=issues)
        )
    tx.execute(taken.where(flying).values(issues=null()))


def settle(
    tx: Transaction,
    side: Side,
    marketplace: str,
    lane: str,
    skus: Sequence[str],
) -> None:
    """Waiting facets whose difference is nothing Amazon could be told."""
    table = tables.facet
    tx.execute(
        update(table)
        .where(
            of_side(table, side),
            table.c.marketplace == marketplace,
            table.c.facet.in_([*_TRAVELS[lane]]),
            table.c.sku.in_(skus),
            table.c.state == WAITING,
            text(f"TRUE {_of_lane(lane)}"),
        )
        .values(
            state=SAME,
            accepted=table.c.desired,
            accepted_hash=table.c.desired_hash,
        )
    )


def flying(tx: Transaction, submission: int) -> Iterator[Travelling]:
    """The facets a submission carries, as they were sent."""
    rows = run(tx, _FLYING, (submission,))
    return map(Travelling._make, rows.all())


_FLYING = f"""
{_TRAVELLING.format(body="sent")}
WHERE f.submission_id = ? AND f.state = 'sent' ORDER BY f.sku
"""


def again(tx: Transaction, side: Side, sku: str) -> list[str]:
    """Whatever Amazon has of an offer, it is sent once more, whole.

    Whether the listing is there is asked anew. What is in flight is not
    overtaken.

    Returns:
        The marketplaces that have something to send.
    """
    table, listing = tables.facet, tables.listing
    mine = of_side(table, side) & (table.c.sku == sku)
    of_facets = mine & table.c.facet.in_(FACETS)
    tx.execute(
        update(listing)
        .where(
            of_side(listing, side),
            listing.c.sku == sku,
            listing.c.presence == PRESENT,
        )
        .values(presence=UNKNOWN)
    )
    tx.execute(
        update(table)
        .where(of_facets, table.c.state.in_((SAME, REFUSED)))
        .values(
            state=WAITING,
            accepted=None,
            accepted_hash=None,
            refused_hash=None,
            checked=null(),
        )
    )
    waits = select(table.c.marketplace).where(
        of_facets, table.c.state == WAITING
    )
    return sorted(set(tx.scalars(waits)))


def forget_refusals(tx: Transaction, side: Side) -> None:
    """A person wants what was refused to be sent once more."""
    table = tables.facet
    tx.execute(
        update(table)
        .where(of_side(table, side), table.c.state == REFUSED)
        .values(state=WAITING, refused_hash=None, checked=null())
    )
