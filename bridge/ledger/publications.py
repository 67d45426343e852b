"""Documents written into outboxes: frozen before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import tables

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

FROZEN, READY, DONE, REFUSED = "frozen", "ready", "done", "refused"


@dataclass(frozen=True)
class Publication:
    """One document in one outbox; the columns of its row."""

    id: int
    mode: str
    account: str
    mandant: int
    document: str
    key: str
    outbox: str
    mapping: str
    version: int
    now: datetime
    name: str
    sha256: str | None
    state: str
    findings: Any
    change: bool


def unfinished(
    tx: Transaction, side: Side, outbox: str, mapping: str, key: str | None
) -> list[Publication]:
    """What was begun for an outbox and not brought to its end."""
    table = tables.publication
    query = select(table).where(
        table.c.mode == side.mode,
        table.c.account == side.account,
        table.c.outbox == outbox,
        table.c.mapping == mapping,
        table.c.state.not_in((DONE, REFUSED)),
    )
    if key is not None:
        query = query.where(table.c.key == key)
    rows = tx.execute(query.order_by(table.c.id)).mappings()
    return [Publication(**row) for row in rows]


def names(tx: Transaction, outbox: str) -> frozenset[str]:
    """Every name that was ever given in an outbox."""
    table = tables.publication
    rows = tx.scalars(select(table.c.name).where(table.c.outbox == outbox))
    return frozenset(rows)


def freeze(tx: Transaction, **facts: Any) -> int:  # noqa: ANN401 - columns
    """Write down name and instant, before any byte is written."""
    made = tx.execute(
        insert(tables.publication)
        .values(state=FROZEN, **facts)
        .returning(tables.publication.c.id)
    )
    return int(made.scalar_one())


def change(tx: Transaction, number: int, **values: Any) -> None:  # noqa: ANN401
    """Set columns of a publication."""
    table = tables.publication
    tx.execute(update(table).where(table.c.id == number).values(**values))


def findings(tx: Transaction, number: int) -> list[dict[str, Any]]:
    """What a person should know of a publication."""
    table = tables.publication
    query = select(table.c.findings).where(table.c.id == number)
    return list(tx.scalar(query) or ())


def of_key(tx: Transaction, side: Side, document: str, key: str) -> list[Any]:
    """Every publication of a document, in the order of making."""
    table = tables.publication
    return list(
        tx.execute(
            select(table)
            .where(
                table.c.mode == side.mode,
                table.c.account == side.account,
                table.c.document == document,
                table.c.key == key,
            )
            .order_by(table.c.id)
        )
    )


def last_version(tx: Transaction, side: Side, document: str, key: str) -> int:
    """The highest version of a document that was ever frozen; 0 for none."""
    table = tables.publication
    return int(
        tx.scalar(
            select(func.max(table.c.version)).where(
                table.c.mode == side.mode,
                table.c.account == side.account,
                table.c.document == document,
                table.c.key == key,
            )
        )
        or 0
    )
