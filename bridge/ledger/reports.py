"""Reports on their way: asked for, made, fetched, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.reporttables import report as table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.ports.reports import Wanted

ASKING, ASKED, MADE = "asking", "asked", "made"
DONE, EMPTY, FAILED = "done", "empty", "failed"
OPEN = (ASKING, ASKED, MADE)


@dataclass(frozen=True)
class Report:
    """One report; the columns of its row.

    Attributes:
        then: Errands that are due for its marketplace when it has ended.
        daily: Whether only the timetable wanted it.
        made_at: When Amazon began to make it.
        rows: How many rows were read from it.
    """

    id: int
    mode: str
    account: str
    type: str
    marketplace: str
    state: str
    then: list[str]
    daily: bool
    created_at: datetime
    asked_at: datetime | None
    receipt: str | None
    document: str | None
    made_at: datetime | None
    done_at: datetime | None
    rows: int | None


def begin(  # noqa: PLR0913 - what, for whom, and who waits for it
    tx: Transaction,
    side: Side,
    wanted: Wanted,
    then: Iterable[str],
    now: datetime,
    *,
    daily: bool = False,
) -> int:
    """Write down that a report is wanted, before it is asked for.

    One that is under way is joined: its id comes back, and what waits for
    it waits for this one as well. One that the timetable wanted is wanted by
    whoever joins it.
    """
    waits = set(then)
    known = last(tx, side, wanted)
    if known is not None and known.state in OPEN:
        both = sorted(waits | set(known.then))
        change(tx, known.id, then=both, daily=known.daily and daily)
        return known.id
    waiting = {"state": ASKING, "then": sorted(waits), "created_at": now}
    waiting["daily"] = daily
    return _insert(tx, side, wanted, **waiting)


def adopt(
    tx: Transaction,
    side: Side,
    wanted: Wanted,
    listed: Iterable[str],
    now: datetime,
) -> list[int]:
    """Write down reports Amazon made by itself; those that are new.

    Args:
        tx: The transaction.
        side: Whose.
        wanted: What they are.
        listed: Their receipts.
        now: The time.
    """
    known = receipts(tx, side, wanted.type)
    return [
        _insert(tx, side, wanted, state=ASKED, receipt=one, created_at=now)
        for one in listed
        if one not in known
    ]


def _insert(
    tx: Transaction, side: Side, wanted: Wanted, **values: object
) -> int:
    row = {
        **side.keys(),
        "type": wanted.type,
        "marketplace": wanted.marketplace,
        "then": [],
        **values,
    }
    made = tx.execute(insert(table).values(row).returning(table.c.id))
    return int(made.scalar_one())


def awaited_by_nobody(tx: Transaction) -> set[int]:
    """Reports under way that only the timetable wanted."""
    query = select(table.c.id).where(table.c.daily, table.c.state.in_(OPEN))
    return set(tx.scalars(query))


def get(tx: Transaction, number: int) -> Report | None:
    """A report by its id."""
    rows = tx.execute(select(table).where(table.c.id == number))
    row = rows.mappings().first()
    return None if row is None else Report(**row)


def last(
    tx: Transaction, side: Side, wanted: Wanted, *states: str
) -> Report | None:
    """The last one of a type and marketplace, in one of some states."""
    query = (
        select(table)
        .where(
            _of(side, wanted.type), table.c.marketplace == wanted.marketplace
        )
        .order_by(table.c.id.desc())
        .limit(1)
    )
    if states:
        query = query.where(table.c.state.in_(states))
    row = tx.execute(query).mappings().first()
    return None if row is None else Report(**row)


def receipts(tx: Transaction, side: Side, kind: str) -> frozenset[str]:
    """The receipts that are known of reports of a type."""
    query = select(table.c.receipt).where(
        _of(side, kind), table.c.receipt.is_not(None)
    )
    return frozenset(tx.scalars(query))


def ended(tx: Transaction, numbers: Iterable[int]) -> set[int]:
    """Which of some reports nobody is at any more."""
    wanted = list(numbers)
    going = select(table.c.id).where(
        table.c.id.in_(wanted), table.c.state.in_(OPEN)
    )
    return set(wanted) - set(tx.scalars(going))


def change(tx: Transaction, number: int, **values: object) -> None:
    """Note what became of a report."""
    tx.execute(update(table).where(table.c.id == number).values(**values))


def forget(tx: Transaction, before: datetime) -> None:
    """Drop what ended so long ago that Amazon has forgotten it, too."""
    tx.execute(
        delete(table).where(
            table.c.created_at < before, table.c.state.not_in(OPEN)
        )
    )


def _of(side: Side, kind: str) -> Any:  # noqa: ANN401 - SQL
    return (
        (table.c.mode == side.mode)
        & (table.c.account == side.account)
        & (table.c.type == kind)
    )
