"""Whether an order is taken: said to Amazon once, yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.ordertables import acknowledgement
from bridge.ledger.parcels import ACCEPTED
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import SENT
from bridge.ledger.parcels import WAITING
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

SUCCESS, FAILURE = "Success", "Failure"  # Amazon's StatusCode


@dataclass(frozen=True)
class Acknowledgement:
    """What Amazon is told of one order; the columns of its row.

    Attributes:
        body: What a feed is made of.
    """

    mode: str
    account: str
    order_id: str
    marketplace: str
    status: str
    body: dict[str, Any]
    state: str
    issues: Any
    submission_id: int | None


def get(tx: Transaction, side: Side, order: str) -> Acknowledgement | None:
    """What Amazon is told of an order, if anything."""
    here = acknowledgement.c.order_id == order
    return next(iter(_found(tx, *_of(side), here)), None)


def owe(
    tx: Transaction,
    side: Side,
    *,
    order: str,
    marketplace: str,
    body: dict[str, Any],
) -> bool:
    """Have Amazon told of an order, unless that was done.

    Only what Amazon declined may be said anew, and what is still here.

    Returns:
        Whether it will be told.
    """
    here = acknowledgement.c.order_id == order
    known = next(iter(_found(tx, *_of(side), here, lock=True)), None)
    if known is not None and known.state in {SENT, ACCEPTED}:
        return False
    row = {
        **side.keys(),
        "order_id": order,
        "marketplace": marketplace,
        "status": body["status"],
        "body": body,
        "state": WAITING,
    }
    put(tx, acknowledgement, [row])
    return True


def waiting(tx: Transaction, side: Side, most: int) -> list[Acknowledgement]:
    """What Amazon should hear of orders of one marketplace."""
    found = _found(
        tx,
        *_of(side),
        acknowledgement.c.state == WAITING,
        most=most,
        lock=True,
    )
    return [one for one in found if one.marketplace == found[0].marketplace]


def carried(tx: Transaction, submission: int) -> list[Acknowledgement]:
    """The orders a submission tells of, in the order of its messages."""
    return _found(tx, acknowledgement.c.submission_id == submission)


def send(
    tx: Transaction, told: Sequence[Acknowledgement], submission: int
) -> None:
    """They are on their way."""
    for one in told:
        _change(tx, one, state=SENT, submission_id=submission)


def land(
    tx: Transaction, submission: int, refused: Mapping[int, list[Any]]
) -> None:
    """Keep what Amazon made of a submission.

    Args:
        tx: The transaction.
        submission: Its id.
        refused: Issues by the number of the message, counted from 1.
    """
    for number, one in enumerate(carried(tx, submission), 1):
        issues = refused.get(number)
        state = ACCEPTED if issues is None else REFUSED
        _change(tx, one, state=state, issues=issues)


def _of(side: Side) -> tuple[ColumnElement[bool], ...]:
    table = acknowledgement.c
    return (table.mode == side.mode, table.account == side.account)


def _found(
    tx: Transaction,
    *where: ColumnElement[bool],
    most: int | None = None,
    lock: bool = False,
) -> list[Acknowledgement]:
    table = acknowledgement
    order = table.c.marketplace, table.c.order_id
    query = select(table).where(*where).order_by(*order).limit(most)
    rows = tx.execute(query.with_for_update() if lock else query)
    return [Acknowledgement(**row) for row in rows.mappings()]


def _change(tx: Transaction, one: Acknowledgement, **values: object) -> None:
    table = acknowledgement
    tx.execute(
        update(table)
        .where(
            table.c.mode == one.mode,
            table.c.account == one.account,
            table.c.order_id == one.order_id,
        )
        .values(**values)
    )
