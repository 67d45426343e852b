"""Parcels: what Sage said of them, what Amazon was told and took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.ordertables import parcel
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

WAITING, SENT, ACCEPTED, REFUSED = "waiting", "sent", "accepted", "refused"
EMPTY = "empty"  # nothing of the order is left to lie in it


@dataclass(frozen=True)
class Parcel:
    """One parcel; the columns of its row.

    Attributes:
        reference: Amazon's packageReferenceId: the same again is an edit.
        said: What Sage said, by the key of the document.
        body: What Amazon should know; none if there is nothing to tell.
        sent: What is on its way.
        accepted: What Amazon knows.
    """

    mode: str
    account: str
    order_id: str
    tracking: str
    reference: int
    marketplace: str
    said: dict[str, Any]
    state: str
    body: dict[str, Any] | None
    sent: dict[str, Any] | None
    accepted: dict[str, Any] | None
    issues: Any
    submission_id: int | None


def of_order(
    tx: Transaction, side: Side, order: str, *, lock: bool = False
) -> list[Parcel]:
    """The parcels of an order, in the order they became known.

    Args:
        tx: The transaction.
        side: Whose.
        order: Amazon's number.
        lock: Nobody else changes them until this transaction ends.
    """
    here = parcel.c.order_id == order
    return _found(tx, *_of(side), here, lock=lock)


def waiting(
    tx: Transaction, side: Side, market: str, most: int
) -> list[Parcel]:
    """Parcels of a marketplace that Amazon should know or know better."""
    here = parcel.c.marketplace == market
    return _found(
        tx, *_of(side), parcel.c.state == WAITING, here, most=most, lock=True
    )


def markets(tx: Transaction, side: Side) -> dict[str, int]:
    """How many parcels wait, by marketplace."""
    rows = tx.execute(
        select(parcel.c.marketplace, func.count())
        .where(*_of(side), parcel.c.state == WAITING)
        .group_by(parcel.c.marketplace)
        .order_by(parcel.c.marketplace)
    )
    return {market: number for market, number in rows}  # noqa: C416 - rows


def carried(tx: Transaction, submission: int) -> list[Parcel]:
    """The parcels a submission tells of, in the order of its messages."""
    return _found(tx, parcel.c.submission_id == submission)


def keep(
    tx: Transaction, side: Side, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep parcels as they should be; what is on its way stays there."""
    change = ("said", "body", "state")
    put(tx, parcel, [{**side.keys(), **row} for row in rows], change=change)


def send(tx: Transaction, parcels: Sequence[Parcel], submission: int) -> None:
    """Freeze what a submission tells of parcels."""
    for item in parcels:
        _change(tx, item, state=SENT, sent=item.body, submission_id=submission)


def land(
    tx: Transaction, submission: int, refused: Mapping[int, list[Any]]
) -> list[Parcel]:
    """Keep what Amazon made of a submission.

    What changed while it was on its way waits again.

    Args:
        tx: The transaction.
        submission: Its id.
        refused: Issues by the number of the message, counted from 1.

    Returns:
        The parcels it told of.
    """
    told = _found(tx, parcel.c.submission_id == submission, lock=True)
    for number, item in enumerate(told, 1):
        issues = refused.get(number)
        taken = item.sent if issues is None else item.accepted
        state = ACCEPTED if issues is None else REFUSED
        if item.body != item.sent:
            state = WAITING if item.body else EMPTY
        _change(
            tx,
            item,
            state=state,
            accepted=taken,
            issues=issues,
            sent=None,
            submission_id=None,
        )
    return told


def another_chance(tx: Transaction, side: Side) -> int:
    """Have everything Amazon refused told again; how many there are."""
    made = tx.execute(
        update(parcel)
        .where(*_of(side), parcel.c.state == REFUSED)
        .values(state=WAITING)
    )
    return int(made.rowcount)


def _of(side: Side) -> tuple[ColumnElement[bool], ...]:
    return (parcel.c.mode == side.mode, parcel.c.account == side.account)


def _found(
    tx: Transaction,
    *where: ColumnElement[bool],
    most: int | None = None,
    lock: bool = False,
) -> list[Parcel]:
    order = parcel.c.order_id, parcel.c.reference
    query = select(parcel).where(*where).order_by(*order).limit(most)
    rows = tx.execute(query.with_for_update() if lock else query)
    return [Parcel(**row) for row in rows.mappings()]


def _change(tx: Transaction, item: Parcel, **values: object) -> None:
    tx.execute(
        update(parcel)
        .where(
            parcel.c.mode == item.mode,
            parcel.c.account == item.account,
            parcel.c.order_id == item.order_id,
            parcel.c.tracking == item.tracking,
        )
        .values(**values)
    )
