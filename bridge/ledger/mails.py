"""Mails to customers: which wait, which went, and what servers said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from bridge.ledger.mailtables import mail
from bridge.ledger.mailtables import order_paper
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction

WAITING, SENDING, SENT = "waiting", "sending", "sent"
REFUSED = "refused"  # the server said no
DOUBT = "doubt"  # nobody knows whether it was sent
UNSENT = "unsent"  # it is not to be sent; its issue says why
RETURNED = "returned"  # it came back later
#: What a person has to look at.
TROUBLED = (REFUSED, DOUBT, RETURNED)
NAMED = ("mode", "mandant", "event", "document", "key", "number")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail.

    Attributes:
        event: Which of ``[mail] events`` it is for.
        document: ``SalesDocument``, ``PaymentRequest`` or ``Shipment``.
        key: Of that document; of a parcel its order and tracking number.
        number: 1, and more where a person asked for it once more.
        about: The key of the document that says what it is about.
        name: Of the paper, or the tracking number.
        attempt: How often it had to wait.
        message_id: Without brackets.
        issue: Code and facts of what became of it, as a finding has them.
        sending_at: When it was last handed over; the mail's date.
        begun_at: Since when nobody knows whether it was sent.
    """

    id: int
    mode: str
    mandant: int
    event: str
    document: str
    key: str
    number: int
    about: str
    name: str
    order_id: str | None
    delivery_id: int
    line: int
    state: str
    attempt: int
    not_before: datetime
    message_id: str | None
    issue: dict[str, Any] | None
    made_at: datetime
    sending_at: datetime | None
    begun_at: datetime | None
    done_at: datetime | None


def owe(tx: Transaction, facts: Mapping[str, Any], at: datetime) -> bool:
    """Write a mail down that is to be sent; twice is harmless.

    Args:
        tx: The transaction of its cause.
        facts: The columns that say what it is.
        at: The time.

    Returns:
        Whether it was not known before.
    """
    make: Any = (
        sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    )
    said = {
        **facts,
        "state": WAITING,
        "attempt": 0,
        "not_before": at,
        "made_at": at,
    }
    made = tx.execute(
        make(mail).values(said).on_conflict_do_nothing(index_elements=NAMED)
    )
    return bool(made.rowcount)


def change(tx: Transaction, number: int, **values: object) -> None:
    """Change what is known of a mail."""
    tx.execute(update(mail).where(mail.c.id == number).values(**values))


def get(tx: Transaction, number: int) -> Mail | None:
    """One mail."""
    return next(iter(_each(tx, mail.c.id == number)), None)


def named(tx: Transaction, mode: str, mandant: int, name: str) -> list[Mail]:
    """The mails about a paper or parcel of a name, the oldest first."""
    return _each(tx, *_of(mode, mandant), mail.c.name == name)


def of_message(
    tx: Transaction, mode: str, mandant: int, message_id: str
) -> Mail | None:
    """The mail of a Message-ID."""
    own = (*_of(mode, mandant), mail.c.message_id == message_id)
    return next(iter(_each(tx, *own)), None)


def on_their_way(tx: Transaction, mode: str, mandant: int) -> list[Mail]:
    """Mails that were being handed over when somebody stopped."""
    return _each(tx, *_of(mode, mandant), mail.c.state == SENDING)


def ripe(
    tx: Transaction, mode: str, mandant: int, now: datetime, most: int
) -> list[Mail]:
    """The next mails that may be sent."""
    wanted = (mail.c.state == WAITING, mail.c.not_before <= now)
    return _each(tx, *_of(mode, mandant), *wanted, most=most)


def next_at(tx: Transaction, mode: str, mandant: int) -> datetime | None:
    """When the next of the mails that wait may be sent."""
    wanted = (*_of(mode, mandant), mail.c.state == WAITING)
    found = select(mail.c.not_before).where(*wanted)
    return tx.scalar(found.order_by(mail.c.not_before).limit(1))


def handed_over(tx: Transaction, mode: str, since: datetime) -> list[datetime]:
    """When mails were sent, or perhaps sent, since an instant; in order."""
    found = (
        select(mail.c.done_at)
        .where(
            mail.c.mode == mode,
            mail.c.state.in_((SENT, DOUBT, RETURNED)),
            mail.c.done_at > since,
        )
        .order_by(mail.c.done_at)
    )
    return list(tx.scalars(found))


def last_number(tx: Transaction, row: Mail) -> int:
    """The number of the last mail for the same event and document."""
    same = (getattr(mail.c, one) == getattr(row, one) for one in NAMED[:-1])
    found = tx.scalar(select(func.max(mail.c.number)).where(*same))
    return int(found or 0)


def counts(tx: Transaction, mode: str) -> dict[str, int]:
    """How many mails there are, by state."""
    rows = tx.execute(
        select(mail.c.state, func.count())
        .where(mail.c.mode == mode)
        .group_by(mail.c.state)
    )
    return {state: number for state, number in rows}  # noqa: C416 - rows


def troubled(tx: Transaction, mode: str) -> list[dict[str, Any]]:
    """The mails a person has to look at, counted, with one name of each.

    What was sent later, because somebody asked for it, is settled.
    """
    later = mail.alias()
    settled = (
        select(later.c.id)
        .where(
            *(later.c[name] == mail.c[name] for name in NAMED[:-1]),
            later.c.number > mail.c.number,
        )
        .exists()
    )
    rows = tx.execute(
        select(mail.c.state, func.count(), func.min(mail.c.name))
        .where(mail.c.mode == mode, mail.c.state.in_(TROUBLED), ~settled)
        .group_by(mail.c.state)
        .order_by(mail.c.state)
    )
    return [
        {"state": state, "count": count, "name": name}
        for state, count, name in rows
    ]


def any_troubled_since(tx: Transaction, mode: str, since: datetime) -> bool:
    """Whether a server refused a mail since an instant, or may have it."""
    found = select(mail.c.id).where(
        mail.c.mode == mode,
        mail.c.state.in_(TROUBLED),
        mail.c.done_at >= since,
    )
    return tx.scalar(found.limit(1)) is not None


def speak_of(
    tx: Transaction, mandant: int, orders: Iterable[tuple[str, str]]
) -> None:
    """Keep which papers speak of which orders."""
    rows = [
        {"mandant": mandant, "order_id": order, "key": key}
        for order, key in orders
    ]
    put(tx, order_paper, rows, change=())


def papers_of(tx: Transaction, mandant: int, order: str) -> list[str]:
    """The keys of the papers that speak of an order."""
    found = select(order_paper.c.key).where(
        order_paper.c.mandant == mandant, order_paper.c.order_id == order
    )
    return list(tx.scalars(found.order_by(order_paper.c.key)))


def wake(
    tx: Transaction,
    mode: str,
    mandant: int,
    orders: Iterable[str],
    now: datetime,
) -> bool:
    """Mails that lacked an address wait again: papers of their order came.

    Returns:
        Whether there were any.
    """
    made = tx.execute(
        update(mail)
        .where(
            *_of(mode, mandant),
            mail.c.document == "Shipment",
            mail.c.state == UNSENT,
            mail.c.order_id.in_(list(orders)),
            mail.c.issue["code"].as_string().in_(ADDRESSLESS),
        )
        .values(state=WAITING, issue=None, not_before=now)
    )
    return bool(made.rowcount)


ADDRESSLESS = ("mail.no_address", "mail.unknown_order")


def _of(mode: str, mandant: int) -> tuple[ColumnElement[bool], ...]:
    return (mail.c.mode == mode, mail.c.mandant == mandant)


def _each(
    tx: Transaction, *wanted: ColumnElement[bool], most: int | None = None
) -> list[Mail]:
    query = select(mail).where(*wanted).order_by(mail.c.id).limit(most)
    return [Mail(**row) for row in tx.execute(query).mappings()]
