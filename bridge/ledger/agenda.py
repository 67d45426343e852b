"""What may start now: the first ripe thing of each lane.

Ten thousand files in one lane are ten thousand due rows; a look at them
reads one. Everything else here is counted where the rows lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import not_
from sqlalchemy import select
from sqlalchemy import tuple_

from bridge.ledger import dues
from bridge.ledger import tables

if TYPE_CHECKING:
    from datetime import datetime
    from datetime import timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy import Select
    from sqlalchemy.sql.selectable import FromClause

    from bridge.ledger.dues import Due
    from bridge.ledger.engine import Transaction


@dataclass(frozen=True)
class Agenda:
    """One look at the table of due things.

    Attributes:
        heads: The first ripe thing of each errand in each lane, in the order
            of their lanes and ranks, what has waited longest first.
        next_at: When the next waiting thing may start; ``None`` if none.
        parked: Things that wait for a person.
    """

    heads: list[Due]
    next_at: datetime | None
    parked: int


def _heads(ripe: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """The rows that are the first of their lane and errand."""
    due = tables.due
    places = select(due.c.lane, due.c.errand).distinct().subquery()
    head = due.alias()
    return (
        select(head)
        .join_from(
            places,
            head,
            and_(
                head.c.lane == places.c.lane,
                head.c.errand == places.c.errand,
                tuple_(head.c.rank, head.c.key) == _first(places, ripe),
            ),
        )
        .order_by(head.c.lane, head.c.rank, head.c.not_before, head.c.key)
    )


def _first(places: FromClause, ripe: ColumnElement[bool]) -> object:
    due = tables.due
    return (
        select(due.c.rank, due.c.key)
        .where(due.c.lane == places.c.lane, due.c.errand == places.c.errand)
        .where(ripe)
        .order_by(due.c.rank, due.c.key)
        .limit(1)
        .correlate(places)
        .scalar_subquery()
    )


# Made once: every look asks the same.
_DUE = tables.due
_OPEN = _DUE.c.state != dues.PARKED
_WAITS = and_(
    _DUE.c.not_before > bindparam("now"),
    _DUE.c.not_before <= bindparam("at_most"),
)
_HEADS = _heads(and_(_OPEN, not_(_WAITS)))
_NEXT = select(func.min(_DUE.c.not_before)).where(_OPEN, _WAITS)
_PARKED = select(func.count()).select_from(_DUE).where(not_(_OPEN))


def look(tx: Transaction, now: datetime, longest: timedelta) -> Agenda:
    """What may start, and when more may.

    Args:
        tx: A transaction of the ledger.
        now: The time.
        longest: No wait is longer; what lies further ahead was put off
            before the clock fell back, and is ripe.
    """
    times = {"now": now, "at_most": now + longest}
    return Agenda(
        [dues.of_row(row) for row in tx.execute(_HEADS, times)],
        tx.execute(_NEXT, times).scalar_one(),
        tx.execute(_PARKED).scalar_one(),
    )
