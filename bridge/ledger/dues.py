"""What is due. The engine runs it; this table says it.

A row is raised in the commit that makes the thing due, and removed in the
commit that did it. Its generation is part of the engine's workflow id, so
that a thing that is due again is a new workflow, and never two at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.columns import micros
from bridge.ledger.writing import at

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.ledger.engine import Transaction

PARKED = "parked"  # waits for a person

_GENERATION = text(
    "INSERT INTO generation (errand, key, last) VALUES (:errand, :key, 1)"
    " ON CONFLICT (errand, key) DO UPDATE SET last = generation.last + 1"
    " RETURNING last"
)
_RAISE = text(
    "INSERT INTO due (errand, key, lane, generation, attempt, rank,"
    " not_before, state) VALUES (:errand, :key, :lane, :generation, 0, :rank,"
    " :at, 'due') ON CONFLICT (errand, key) DO UPDATE SET"
    " lane = excluded.lane, generation = excluded.generation, attempt = 0,"
    " rank = excluded.rank, state = 'due', not_before = CASE WHEN"
    " due.not_before < excluded.not_before THEN due.not_before"
    " ELSE excluded.not_before END"
)
_THIS = at(tables.due, "errand", "key", "generation")
_DONE = delete(tables.due).where(_THIS)
_CURRENT = select(tables.due).where(_THIS)


@dataclass(frozen=True)
class Due:
    """One thing to do.

    Attributes:
        errand: Which flow does it.
        key: What it is about; ids only, never a body or a person.
        lane: Things of one lane are done one after the other.
        generation: Raised whenever it becomes due again.
        attempt: Failed attempts so far.
        not_before: When it may start.
        parked: Whether it waits for a person.
        error: What went wrong last.
    """

    errand: str
    key: str
    lane: str
    generation: int
    attempt: int
    not_before: datetime
    parked: bool
    error: dict[str, Any] | None

    @property
    def id(self) -> str:
        """The workflow id: errand, natural key, generation."""
        return f"{self.errand}:{self.key}:{self.generation}"


BETWEEN = "|"


def key_of(account: str, *about: str) -> str:
    """The key of a thing of a seller account: its name comes first."""
    return BETWEEN.join((account, *about))


def raise_due(  # noqa: PLR0913 - the columns of a row
    tx: Transaction,
    errand: str,
    key: str,
    *,
    lane: str,
    at: datetime,
    rank: str = "",
) -> None:
    """Make a thing due (again), in the commit of its cause.

    Twice is harmless: the newer generation replaces the older, whose
    workflow then finds itself outdated and ends. What went wrong last is
    told until it went well. Within a lane the lowest
    ``rank`` goes first.
    """
    facts = {
        "errand": errand,
        "key": key,
        "lane": lane,
        "generation": _next_generation(tx, errand, key),
        "rank": rank,
        "at": micros(at),
    }
    tx.execute(_RAISE, facts)


def _next_generation(tx: Transaction, errand: str, key: str) -> int:
    facts = {"errand": errand, "key": key}
    return int(tx.execute(_GENERATION, facts).scalar_one())


def done(tx: Transaction, errand: str, key: str, generation: int) -> None:
    """Remove a thing that was done; a newer generation stays due."""
    facts = {"errand": errand, "key": key, "generation": generation}
    tx.execute(_DONE, facts)


def again(
    tx: Transaction, due: Due, *, at: datetime, error: dict[str, Any]
) -> None:
    """Another attempt later, as a new generation."""
    if not _is_current(tx, due):
        return
    number = _next_generation(tx, due.errand, due.key)
    _change(
        tx,
        due,
        generation=number,
        attempt=due.attempt + 1,
        not_before=at,
        error=error,
    )


def wait(tx: Transaction, due: Due, *, at: datetime) -> None:
    """The same thing later; waiting in line spends no attempt."""
    if not _is_current(tx, due):
        return
    number = _next_generation(tx, due.errand, due.key)
    _change(tx, due, generation=number, not_before=at)


def park(tx: Transaction, due: Due, *, error: dict[str, Any]) -> None:
    """Keep the thing where a person sees it."""
    if _is_current(tx, due):
        _change(tx, due, state=PARKED, error=error)


def unpark(tx: Transaction, now: datetime) -> int:
    """Give everything that is parked another chance, as a new generation.

    Returns:
        How many things are due again.
    """
    parked = [due for due in open_dues(tx) if due.parked]
    for due in parked:
        number = _next_generation(tx, due.errand, due.key)
        _change(
            tx,
            due,
            generation=number,
            attempt=0,
            not_before=now,
            state="due",
        )
    return len(parked)


def _is_current(tx: Transaction, due: Due) -> bool:
    return current(tx, due.errand, due.key, due.generation) is not None


def _change(tx: Transaction, due: Due, **values: object) -> None:
    table = tables.due
    tx.execute(
        update(table)
        .where(table.c.errand == due.errand, table.c.key == due.key)
        .values(**values)
    )


def current(
    tx: Transaction, errand: str, key: str, generation: int
) -> Due | None:
    """The thing, if it is still due in this generation."""
    facts = {"errand": errand, "key": key, "generation": generation}
    row = tx.execute(_CURRENT, facts).first()
    return None if row is None else of_row(row)


def known(tx: Transaction, errand: str, key: str) -> Due | None:
    """The thing, if it is due or parked, in whatever generation."""
    table = tables.due
    found = select(table).where(table.c.errand == errand, table.c.key == key)
    row = tx.execute(found).first()
    return None if row is None else of_row(row)


def ripe_in(
    tx: Transaction, errand: str, lane: str, now: datetime, most: int
) -> list[Due]:
    """What may be done now of one lane, in its order."""
    table = tables.due
    rows = tx.execute(
        select(table)
        .where(
            table.c.lane == lane,
            table.c.errand == errand,
            table.c.state != PARKED,
            table.c.not_before <= now,
        )
        .order_by(table.c.rank, table.c.key)
        .limit(most)
    )
    return [of_row(row) for row in rows]


def open_dues(tx: Transaction) -> list[Due]:
    """Everything due or parked, in the order it should be done."""
    table = tables.due
    rows = tx.execute(
        select(table).order_by(table.c.lane, table.c.rank, table.c.key)
    )
    return [of_row(row) for row in rows]


def counts(tx: Transaction) -> dict[str, int]:
    """How many are due and how many parked."""
    table = tables.due
    rows = tx.execute(
        select(table.c.state, func.count()).group_by(table.c.state)
    )
    return {state: number for state, number in rows}  # noqa: C416 - rows


def troubles(tx: Transaction) -> list[dict[str, Any]]:
    """What things are tried again for: each trouble once."""
    errors = [due.error for due in open_dues(tx) if not due.parked]
    return [
        error
        for number, error in enumerate(errors)
        if error is not None and error not in errors[:number]
    ]


def of_row(row: Any) -> Due:  # noqa: ANN401 - a row of the table above
    """A row as the thing it says."""
    return Due(
        row.errand,
        row.key,
        row.lane,
        row.generation,
        row.attempt,
        row.not_before,
        row.state == PARKED,
        row.error,
    )
