"""What went to Amazon: calls and feeds, their messages, their outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.columns import Instant
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

SENDING, SENT, DONE, FAILED = "sending", "sent", "done", "failed"
HELD, DISCARDED = "held", "discarded"  # until a person says yes; or no
CALL, FEED = "call", "feed"


@dataclass(frozen=True)
class Submission:
    """One call or feed; the columns of its row."""

    id: int
    mode: str
    account: str
    number: int
    kind: str
    operation: str
    marketplace: str
    lane: str
    subject: str | None
    state: str
    messages: int
    accepted: int
    refused: int
    created_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    document: str | None
    asked_at: datetime | None
    receipt: str | None
    issues: Any


class Message(NamedTuple):
    """One SKU of a submission; its facets carry the submission's id."""

    number: int
    sku: str
    operation: str


def begin(  # noqa: PLR0913 - the columns of a row
    tx: Transaction,
    side: Side,
    *,
    kind: str,
    operation: str,
    marketplace: str,
    subject: str | None,
    messages: Sequence[Message],
    lane: str = "",
    state: str = SENDING,
    now: datetime,
) -> int:
    """Write down a submission before it is sent; its number is frozen."""
    table = tables.submission
    last = tx.scalar(
        select(func.max(table.c.number)).where(
            table.c.mode == side.mode, table.c.account == side.account
        )
    )
    made = tx.execute(
        insert(table)
        .values(
            **side.keys(),
            number=(last or 0) + 1,
            kind=kind,
            operation=operation,
            marketplace=marketplace,
            lane=lane,
            subject=subject,
            state=state,
            messages=max(1, len(messages)),
            created_at=now,
        )
        .returning(table.c.id)
    )
    number = int(made.scalar_one())
    rows: list[tuple[Any, ...]] = [(number, *item) for item in messages]
    if rows:
        run(
            tx,
            "INSERT INTO message (submission_id, number, sku, operation)"
            " VALUES (?, ?, ?, ?)",
            rows,
        )
    return number


def count(tx: Transaction, number: int, messages: int) -> None:
    """How much a submission carries that has no messages of its own."""
    _set(tx, number, messages=messages)


def withdraw(tx: Transaction, number: int) -> None:
    """There was nothing to write down, in the same transaction."""
    table = tables.submission
    tx.execute(delete(table).where(table.c.id == number))


def end(
    tx: Transaction,
    number: int,
    *,
    accepted: int,
    now: datetime,
    state: str = DONE,
) -> None:
    """End a submission that was held, as a person said."""
    _set(tx, number, state=state, accepted=accepted, done_at=now)


def get(tx: Transaction, number: int) -> Submission | None:
    """A submission by its id."""
    table = tables.submission
    row = (
        tx.execute(select(table).where(table.c.id == number))
        .mappings()
        .first()
    )
    return None if row is None else Submission(**row)


def in_state(
    tx: Transaction, side: Side, state: str, operations: Sequence[str] = ()
) -> list[Submission]:
    """Submissions in a state, in the order they were written down."""
    table = tables.submission
    query = (
        select(table)
        .where(
            table.c.mode == side.mode,
            table.c.account == side.account,
            table.c.state == state,
        )
        .order_by(table.c.number)
    )
    if operations:
        query = query.where(table.c.operation.in_(operations))
    return [Submission(**row) for row in tx.execute(query).mappings()]


def listed(tx: Transaction, side: Side) -> list[Submission]:
    """Every submission, the newest first."""
    table = tables.submission
    rows = tx.execute(
        select(table)
        .where(table.c.mode == side.mode, table.c.account == side.account)
        .order_by(table.c.number.desc())
    )
    return [Submission(**row) for row in rows.mappings()]


def messages(tx: Transaction, number: int) -> Iterator[Any]:
    """The messages of a submission in their order."""
    table = tables.message
    return iter(
        tx.execute(
            select(table)
            .where(table.c.submission_id == number)
            .order_by(table.c.number)
        )
    )


def carried(tx: Transaction, number: int) -> list[Message]:
    """What a submission was made of, in its order."""
    rows = run(
        tx,
        "SELECT number, sku, operation FROM message WHERE submission_id = ?"
        " ORDER BY number",
        (number,),
    )
    return list(map(Message._make, rows.all()))


def uploaded(tx: Transaction, number: int, document: str) -> None:
    """The document of a feed lies at Amazon; it need not be sent again."""
    _set(tx, number, document=document)


def asked(tx: Transaction, number: int, now: datetime | None) -> None:
    """From now on a feed may be at Amazon; ``None``: surely it is not."""
    _set(tx, number, asked_at=now)


def receipts(tx: Transaction, side: Side, operation: str) -> frozenset[str]:
    """The receipts that are known of feeds of a type."""
    table = tables.submission
    return frozenset(
        tx.scalars(
            select(table.c.receipt).where(
                table.c.mode == side.mode,
                table.c.account == side.account,
                table.c.operation == operation,
                table.c.receipt.is_not(None),
            )
        )
    )


def last_large(
    tx: Transaction, side: Side, marketplace: str, lane: str, above: int
) -> datetime | None:
    """When the last feed of a lane with so many messages was sent."""
    table = tables.submission
    last: datetime | None = tx.scalar(
        select(func.max(table.c.sent_at)).where(
            table.c.mode == side.mode,
            table.c.account == side.account,
            table.c.marketplace == marketplace,
            table.c.lane == lane,
            table.c.kind == FEED,
            table.c.messages > above,
        )
    )
    return last


def last_begun(tx: Transaction, side: Side, operation: str) -> datetime | None:
    """When something of an operation was last written down."""
    table = tables.submission
    last: datetime | None = tx.scalar(
        select(func.max(table.c.created_at)).where(
            table.c.mode == side.mode,
            table.c.account == side.account,
            table.c.operation == operation,
        )
    )
    return last


def _set(tx: Transaction, number: int, **values: object) -> None:
    table = tables.submission
    tx.execute(update(table).where(table.c.id == number).values(**values))


def sent(tx: Transaction, number: int, receipt: str, now: datetime) -> None:
    """Amazon took it; the outcome is awaited under the receipt."""
    _set(tx, number, state=SENT, receipt=receipt, sent_at=now)


def finish(
    tx: Transaction,
    number: int,
    *,
    refused: Mapping[int, Any],
    issues: Iterable[Any] = (),
    now: datetime,
) -> None:
    """Keep the outcome of every message; twice is harmless.

    Args:
        tx: The transaction.
        number: The submission's id.
        refused: Amazon's issues by the number of a refused message.
        issues: What Amazon said of the submission as a whole.
        now: The instant of the outcome.
    """
    table = tables.message
    tx.execute(
        update(table)
        .where(table.c.submission_id == number)
        .values(outcome="accepted", issues=None)
    )
    for message, said in refused.items():
        tx.execute(
            update(table)
            .where(table.c.submission_id == number, table.c.number == message)
            .values(outcome="refused", issues=said)
        )
    total = tx.scalar(
        select(tables.submission.c.messages).where(
            tables.submission.c.id == number
        )
    )
    tx.execute(
        update(tables.submission)
        .where(tables.submission.c.id == number)
        .values(
            state=DONE,
            done_at=now,
            sent_at=func.coalesce(tables.submission.c.sent_at, _micros(now)),
            accepted=(total or 0) - len(refused),
            refused=len(refused),
            issues=list(issues) or None,
        )
    )


def _micros(now: datetime) -> Any:  # noqa: ANN401 - a typed SQL literal
    return literal(now, Instant())
