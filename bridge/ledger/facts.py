"""Single facts, cursors, and what people asked for beside the service."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.writing import at
from bridge.ledger.writing import pieces
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

_FACT = tables.fact
_KNOWN = select(_FACT.c.value).where(at(_FACT, "name"))
_WISH = tables.request
_ASKED = select(_WISH).where(_WISH.c.done_at.is_(None)).order_by(_WISH.c.id)
_FORGET = delete(_FACT).where(at(_FACT, "name"))

AWAY = "warning:away:"  # an inbox that cannot be reached, by its name


def know(tx: Transaction, name: str, value: str) -> None:
    """Keep a single fact."""
    put(tx, tables.fact, [{"name": name, "value": value}])


def known(tx: Transaction, name: str) -> str | None:
    """A single fact, if it is known."""
    return tx.scalar(_KNOWN, {"name": name})


def forget(tx: Transaction, name: str) -> None:
    """Drop a single fact, if it is known."""
    tx.execute(_FORGET, {"name": name})


def forget_all(tx: Transaction, names: Iterable[str]) -> None:
    """Drop single facts, if they are known."""
    for some in pieces(names):
        tx.execute(delete(_FACT).where(_FACT.c.name.in_(some)))


def beginning(tx: Transaction, start: str) -> dict[str, str]:
    """Every fact whose name begins so."""
    table = tables.fact
    rows = tx.execute(
        select(table.c.name, table.c.value)
        .where(table.c.name.startswith(start, autoescape=True))
        .order_by(table.c.name)
    )
    return {row[0]: row[1] for row in rows}


def set_cursor(
    tx: Transaction, side: Side, name: str, value: dict[str, Any]
) -> None:
    """Keep how far a question has come, in the commit of its answer."""
    put(tx, tables.cursor, [{**side.keys(), "name": name, "value": value}])


def get_cursor(
    tx: Transaction, side: Side, name: str
) -> dict[str, Any] | None:
    """How far a question has come."""
    table = tables.cursor
    return tx.scalar(
        select(table.c.value).where(
            table.c.mode == side.mode,
            table.c.account == side.account,
            table.c.name == name,
        )
    )


def ask(tx: Transaction, kind: str, argument: str, now: datetime) -> int:
    """Write down what a person wants; the running process takes it up."""
    made = tx.execute(
        insert(tables.request)
        .values(kind=kind, argument=argument, made_at=now)
        .returning(tables.request.c.id)
    )
    return int(made.scalar_one())


def asked(tx: Transaction) -> list[Any]:
    """What is wanted and not done."""
    return list(tx.execute(_ASKED))


def answer(tx: Transaction, number: int, outcome: str, now: datetime) -> None:
    """A wish was taken up; the outcome is for the person."""
    table = tables.request
    tx.execute(
        update(table)
        .where(table.c.id == number)
        .values(done_at=now, outcome=outcome)
    )


def outcome(tx: Transaction, number: int) -> str | None:
    """The outcome of a wish, once there is one."""
    table = tables.request
    return tx.scalar(select(table.c.outcome).where(table.c.id == number))
