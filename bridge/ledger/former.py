"""What offers once were: kept when it is replaced, and brought back.

A revival is written down whole and held. When a person confirms it, each
facet wishes for what it was, unless it wishes for something newer by then.
As long as Sage goes on saying what was taken back, that changes nothing;
what it says anew counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import orjson
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import select

from bridge.ledger import formertables
from bridge.ledger import submissions
from bridge.ledger import tables
from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.model.values import micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

OPERATION = "restore"
MOST = 20  # moments that are named
SECOND = timedelta(seconds=1)
_KEY = ("mode", "account", "marketplace", "facet", "sku")
_SAME = " AND ".join(f"p.{name} = f.{name}" for name in _KEY)
_KEEP = f"""
INSERT INTO former ({", ".join(_KEY)}, until, since, body, hash, displaced_by)
SELECT {", ".join(_KEY)}, ?, accepted_at, accepted, accepted_hash,
  CASE WHEN sent_hash = desired_hash THEN delivery_id END
FROM facet
WHERE submission_id = ? AND state = 'sent' AND accepted IS NOT NULL
  AND accepted_hash <> sent_hash
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants of ours
_AT = f"""
SELECT CAST(? AS BIGINT), f.marketplace, f.facet, f.sku, p.body, p.hash,
  f.desired_hash
FROM facet f JOIN former p ON {_SAME} AND p.until > ?
  AND (p.since IS NULL OR p.since <= ?)
WHERE f.mode = ? AND f.account = ? AND f.sku = ? AND f.facet IN ({{facets}})
  AND p.hash <> f.desired_hash
UNION ALL
SELECT CAST(? AS BIGINT), marketplace, facet, sku, accepted, accepted_hash,
  desired_hash
FROM facet f
WHERE accepted_at <= ?
  AND mode = ? AND account = ? AND sku = ? AND facet IN ({{facets}})
  AND accepted_hash <> desired_hash
"""  # noqa: S608 - constants of ours
_BEFORE = f"""
SELECT CAST(? AS BIGINT), f.marketplace, f.facet, f.sku,
  CASE WHEN f.accepted_hash = f.desired_hash THEN p.body ELSE f.accepted END,
  CASE WHEN f.accepted_hash = f.desired_hash THEN p.hash
    ELSE f.accepted_hash END,
  f.desired_hash
FROM facet f LEFT JOIN former p ON {_SAME} AND p.displaced_by = f.delivery_id
  AND p.until = f.accepted_at
WHERE f.mode = ? AND f.account = ? AND f.delivery_id = ?
  AND f.facet IN ({{facets}}) AND f.accepted_hash IS NOT NULL
  AND (f.accepted_hash <> f.desired_hash OR p.hash IS NOT NULL)
"""  # noqa: S608 - constants of ours
_HOLD = """
INSERT INTO revival (submission_id, marketplace, facet, sku, body, hash,
  instead)
"""
_WISH = """
UPDATE facet SET desired = r.body, desired_hash = r.hash,
  undone_hash = r.instead, delivery_id = NULL, checked = NULL,
  refused_hash = NULL,
  state = CASE WHEN facet.state = 'sent' THEN 'sent'
    WHEN facet.accepted_hash = r.hash THEN 'same' ELSE 'waiting' END
FROM revival r
WHERE r.submission_id = ? AND facet.mode = ? AND facet.account = ?
  AND facet.marketplace = r.marketplace AND facet.facet = r.facet
  AND facet.sku = r.sku AND facet.desired_hash = r.instead
"""
_TELL = """
UPDATE revival SET outcome = CASE WHEN EXISTS (
    SELECT 1 FROM facet f
    WHERE f.marketplace = revival.marketplace AND f.facet = revival.facet
      AND f.sku = revival.sku AND f.undone_hash = revival.instead
      AND f.desired_hash = revival.hash AND revival.submission_id = ?
      AND f.mode = ? AND f.account = ?)
  THEN 'accepted' ELSE 'overtaken' END
WHERE submission_id = ?
"""


class Once(NamedTuple):
    """What an offer was.

    Attributes:
        at: When.
        facets: Which facets of it are meant.
    """

    sku: str
    at: datetime
    facets: Sequence[str]


class Revived(NamedTuple):
    """What a facet is to be again.

    Attributes:
        now: Its body as it is wished for at present.
        then: Its body as it was.
        outcome: ``accepted``: it is wished for; ``overtaken``: something
            newer is.
    """

    marketplace: str
    facet: str
    sku: str
    now: bytes | None
    then: bytes
    outcome: str | None

    def shown(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {
            "sku": self.sku,
            "marketplace": self.marketplace,
            "facet": self.facet,
            "now": None if self.now is None else orjson.loads(self.now),
            "then": orjson.loads(self.then),
            "outcome": self.outcome,
        }


def keep(tx: Transaction, submission: int, now: datetime) -> None:
    """Keep what a submission that lands replaces; before it lands."""
    run(tx, _KEEP, (micros(now), submission))


def hold_offer(
    tx: Transaction, side: Side, once: Once, now: datetime
) -> int | None:
    """Hold what an offer was at an instant, to be confirmed.

    Returns:
        The submission; nothing if it is no other than then, or not known.
    """
    number = _begin(tx, side, once.sku, now)
    then = micros(once.at)
    of = (side.mode, side.account, once.sku, *once.facets)
    query = _HOLD + _AT.format(facets=marks(len(once.facets)))
    values = (number, then, then, *of, number, then, *of)
    return _counted(tx, number, run(tx, query, values).rowcount)


def hold_delivery(
    tx: Transaction,
    side: Side,
    delivery: int,
    facets: Sequence[str],
    now: datetime,
) -> int | None:
    """Hold what offers were before a delivery changed them.

    What was changed again since then stays as it is.

    Returns:
        The submission; nothing if no offer is as the delivery made it.
    """
    number = _begin(tx, side, _of_delivery(delivery), now)
    values = (number, side.mode, side.account, delivery, *facets)
    query = _HOLD + _BEFORE.format(facets=marks(len(facets)))
    return _counted(tx, number, run(tx, query, values).rowcount)


def held_delivery(
    tx: Transaction, sides: Sequence[Side], delivery: int
) -> int | None:
    """A submission that waits to take a delivery back, if one does."""
    subject = _of_delivery(delivery)
    for side in sides:
        for row in submissions.in_state(
            tx, side, submissions.HELD, [OPERATION]
        ):
            if row.subject == subject:
                return row.id
    return None


def _of_delivery(delivery: int) -> str:
    return f"delivery {delivery}"


def _begin(tx: Transaction, side: Side, subject: str, now: datetime) -> int:
    return submissions.begin(
        tx,
        side,
        kind=submissions.CALL,
        operation=OPERATION,
        marketplace="",
        subject=subject,
        messages=[],
        state=submissions.HELD,
        now=now,
    )


def _counted(tx: Transaction, number: int, found: int) -> int | None:
    """The submission, if it holds anything."""
    if not found:
        submissions.withdraw(tx, number)
        return None
    submissions.count(tx, number, found)
    return number


def moments(
    tx: Transaction, side: Side, sku: str, facets: Sequence[str]
) -> list[tuple[str, datetime, datetime | None]]:
    """The facets of an offer that were other, from when until when.

    The newest come first. What was there since nobody knows when begins at
    its last second; what Amazon has still, and Sage wants other, has no end.
    """
    past, facet = formertables.former, tables.facet
    mine = (
        (facet.c.mode == side.mode)
        & (facet.c.account == side.account)
        & (facet.c.sku == sku)
        & facet.c.facet.in_(facets)
    )
    there = select(facet.c.facet, facet.c.accepted_at).where(
        mine, facet.c.accepted_hash != facet.c.desired_hash
    )
    rows = tx.execute(
        select(past.c.facet, past.c.since, past.c.until)
        .join(facet, and_(*(past.c[x] == facet.c[x] for x in _KEY)))
        .where(mine, past.c.hash != facet.c.desired_hash)
        .order_by(past.c.until.desc())
        .limit(MOST)
    )
    return [
        *((name, at, None) for name, at in tx.execute(there) if at),
        *((name, at or end - SECOND, end) for name, at, end in rows),
    ]


def revived(tx: Transaction, submission: int, most: int) -> list[Revived]:
    """What a held submission would change, as far as it can be shown."""
    held, facet = formertables.revival, tables.facet
    mine = tables.submission
    rows = tx.execute(
        select(
            *(held.c.marketplace, held.c.facet, held.c.sku),
            *(facet.c.desired, held.c.body, held.c.outcome),
        )
        .join(mine, mine.c.id == held.c.submission_id)
        .join(
            facet,
            (facet.c.mode == mine.c.mode)
            & (facet.c.account == mine.c.account)
            & (facet.c.marketplace == held.c.marketplace)
            & (facet.c.facet == held.c.facet)
            & (facet.c.sku == held.c.sku),
        )
        .where(held.c.submission_id == submission)
        .order_by(held.c.marketplace, held.c.sku, held.c.facet)
        .limit(most)
    )
    return [Revived(*row) for row in rows]


def confirm(tx: Transaction, submission: int, now: datetime) -> int | None:
    """Wish for what was; what is wished for newly by now is left alone.

    Returns:
        How many facets; nothing if the submission is not held (any more).
    """
    row = submissions.get(tx, submission)
    if row is None or row.state != submissions.HELD:
        return None
    values = (submission, row.mode, row.account)
    number = int(run(tx, _WISH, values).rowcount)
    run(tx, _TELL, (*values, submission))
    submissions.end(tx, submission, accepted=number, now=now)
    return number


def discard(tx: Transaction, submission: int, now: datetime) -> bool:
    """Leave everything as it is.

    Returns:
        Whether the submission was held.
    """
    row = submissions.get(tx, submission)
    if row is None or row.state != submissions.HELD:
        return False
    discarded = submissions.DISCARDED
    submissions.end(tx, submission, accepted=0, now=now, state=discarded)
    return True


def forget(tx: Transaction, before: datetime) -> int:
    """Remove what was replaced before an instant."""
    table = formertables.former
    gone = tx.execute(delete(table).where(table.c.until < before))
    return int(gone.rowcount)
