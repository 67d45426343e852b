"""What is removed by rule, and the proof that it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import persontables
from bridge.ledger import tables
from bridge.ledger.columns import micros

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction

    Key = tuple[object, ...]  # the primary key of a document

LOT = 1_000  # rows fetched together


@dataclass(frozen=True)
class Kept:
    """An order of which somebody is still known.

    Attributes:
        side: Mode and account.
        id: Amazon's number.
        status: Amazon's word.
        updated_at: Amazon's last word on it.
        shipped_at: When it was handed over, if the bridge knows.
    """

    side: tuple[str, str]
    id: str
    status: str
    updated_at: datetime
    shipped_at: datetime | None


_KEPT = (
    *("mode", "account", "id"),
    *("status", "updated_at", "shipped_at"),
)


def with_persons(tx: Transaction) -> list[Kept]:
    """Every order, of any mode and account, whose buyer is still known."""
    order, person = tables.order, persontables.person
    rows = tx.execute(
        select(*(order.c[name] for name in _KEPT)).join(
            person,
            (person.c.mode == order.c.mode)
            & (person.c.account == order.c.account)
            & (person.c.order_id == order.c.id),
        )
    )
    return [Kept((row[0], row[1]), *row[2:]) for row in rows]


def order_named(tx: Transaction, number: str) -> Kept | None:
    """The order of a number, of any mode and account; the last one's word."""
    order = tables.order
    row = tx.execute(
        select(*(order.c[name] for name in _KEPT))
        .where(order.c.id == number)
        .order_by(order.c.updated_at.desc())
        .limit(1)
    ).first()
    return None if row is None else Kept((row[0], row[1]), *row[2:])


def forget_person(tx: Transaction, kept: Kept) -> None:
    """Remove who is behind an order, and by what they would be known."""
    person, identity = persontables.person, persontables.identity
    mode, account = kept.side
    tx.execute(
        delete(person).where(
            person.c.mode == mode,
            person.c.account == account,
            person.c.order_id == kept.id,
        )
    )
    tx.execute(
        delete(identity).where(
            identity.c.mode == mode, identity.c.order_id == kept.id
        )
    )


def bodies(
    tx: Transaction, kinds: Iterable[str], text: bytes
) -> Iterator[tuple[Key, bytes]]:
    """Documents of some kinds whose body holds a text, as they come."""
    table = tables.document
    query = select(*table.primary_key, table.c.body)
    rows = tx.execute(
        query.where(table.c.kind.in_(list(kinds))),
        execution_options={"stream_results": True, "max_row_buffer": LOT},
    )
    for *key, body in rows:
        if text in body:
            yield tuple(key), body


def body_of(tx: Transaction, key: Key) -> bytes:
    """The body of one document."""
    table = tables.document
    found = tx.scalar(select(table.c.body).where(*_here(key)))
    return b"{}" if found is None else bytes(found)


def set_body(tx: Transaction, key: Key, body: bytes) -> None:
    """Give a document another body; what it says stays what it said."""
    table = tables.document
    tx.execute(update(table).where(*_here(key)).values(body=body))


def _here(key: Key) -> list[ColumnElement[bool]]:
    columns = tables.document.primary_key
    return [
        column == value for column, value in zip(columns, key, strict=True)
    ]


def forget_findings(tx: Transaction, before: datetime) -> int:
    """Remove the findings of deliveries received before an instant."""
    finding, delivery = tables.finding, tables.delivery
    old = select(delivery.c.id).where(delivery.c.received_at < before)
    gone = tx.execute(delete(finding).where(finding.c.delivery_id.in_(old)))
    return int(gone.rowcount)


def received(tx: Transaction) -> dict[int, tuple[int, str | None]]:
    """Every delivery: when it came, UTC microseconds, and its mapping."""
    table = tables.delivery
    rows = tx.execute(select(table.c.id, table.c.received_at, table.c.mapping))
    return {row[0]: (micros(row[1]), row[2]) for row in rows}


def prove(  # noqa: PLR0913 - the columns of a row
    tx: Transaction,
    what: str,
    subject: str,
    number: int,
    *,
    rule: str,
    now: datetime,
) -> None:
    """Write down that something was removed, in the commit that does it."""
    tx.execute(
        insert(persontables.purge).values(
            at=now, what=what, subject=subject, number=number, rule=rule
        )
    )


def purged_at(tx: Transaction, order: str) -> datetime | None:
    """When the buyer of an order was last forgotten."""
    table = persontables.purge
    return tx.scalar(
        select(table.c.at)
        .where(table.c.what == "person", table.c.subject == order)
        .order_by(table.c.id.desc())
        .limit(1)
    )
