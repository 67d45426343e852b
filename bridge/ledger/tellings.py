"""What Amazon is told of orders and of Sage's papers, each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.ordertables import telling
from bridge.ledger.parcels import ACCEPTED
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import SENT
from bridge.ledger.parcels import WAITING
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

INVOICE, REFUND, FULFILMENT = "invoice", "refund", "fulfilment"  # kinds
ANSWER = "answer"  # ... and whether an order is taken; its key is the order
NO_ORDER, PERSON = "no_order", "person"  # what it may lack
DOUBT = "doubt"  # nobody can say whether Amazon did it
TOLD = frozenset({SENT, ACCEPTED, DOUBT})  # never again by itself


@dataclass(frozen=True)
class Telling:
    """One thing Amazon is told; the columns of its row.

    Attributes:
        key: Of the document it follows from.
        delivery_id: The delivery that stated it last, if one did.
        line: Where in it.
        lacks: What it waits for, besides its turn.
        body: What Amazon is to know of it.
        file: The PDF as Sage calls it.
        enclosure: The delivery of the PDF that went along.
    """

    mode: str
    account: str
    kind: str
    key: str
    order_id: str
    marketplace: str
    delivery_id: int | None
    line: int | None
    state: str
    lacks: str | None
    body: dict[str, Any]
    file: str | None
    enclosure: int | None
    issues: Any
    submission_id: int | None


def get(tx: Transaction, side: Side, kind: str, key: str) -> Telling | None:
    """What is told of a document; nobody else changes it meanwhile."""
    here = (telling.c.kind == kind, telling.c.key == key)
    return next(iter(_found(tx, *_of(side), *here, lock=True)), None)


def held_by(tx: Transaction, mode: str, kind: str, key: str) -> Telling | None:
    """What is told of a document, in whichever account has it or had it."""
    here = (telling.c.kind == kind, telling.c.key == key)
    found = _found(tx, telling.c.mode == mode, *here, lock=True)
    return next(iter(found), None)


def of_order(tx: Transaction, side: Side, order: str) -> list[Telling]:
    """What is told of an order."""
    return _found(tx, *_of(side), telling.c.order_id == order)


def waiting(
    tx: Transaction, side: Side, kind: str, orders: Collection[str] = ()
) -> list[Telling]:
    """What is not told yet, of all orders or of some."""
    here = [telling.c.kind == kind, telling.c.state == WAITING]
    if orders:
        here.append(telling.c.order_id.in_(orders))
    return _found(tx, *_of(side), *here, lock=True)


def on_their_way(tx: Transaction, side: Side, kind: str) -> list[Telling]:
    """What Amazon was told and is not done with."""
    here = (telling.c.kind == kind, telling.c.state == SENT)
    return _found(tx, *_of(side), *here)


def of_kind(tx: Transaction, side: Side, kind: str) -> list[Telling]:
    """Everything of a kind, by its document."""
    return _found(tx, *_of(side), telling.c.kind == kind)


def enclosing(tx: Transaction, side: Side, file: str) -> list[Telling]:
    """What a PDF belongs to; names differ in more than their case."""
    here = func.lower(telling.c.file) == file.lower()
    return _found(tx, *_of(side), here, lock=True)


def carried(tx: Transaction, submission: int) -> list[Telling]:
    """What a submission tells, in the order of its messages."""
    return _found(tx, telling.c.submission_id == submission)


def keep(tx: Transaction, side: Side, row: Mapping[str, Any]) -> None:
    """Keep what is to be told, in place of what was."""
    fresh: dict[str, Any] = dict.fromkeys(
        ("delivery_id", "line", "lacks", "file", "enclosure", "issues")
    )
    put(tx, telling, [{**side.keys(), **fresh, "state": WAITING, **row}])


def adopt(tx: Transaction, side: Side, orders: Collection[str]) -> None:
    """What waited for orders nobody knew belongs to who has them now."""
    tx.execute(
        update(telling)
        .where(telling.c.mode == side.mode, telling.c.lacks == NO_ORDER)
        .where(telling.c.order_id.in_(orders))
        .values(account=side.account)
    )


def change(tx: Transaction, item: Telling, **values: object) -> None:
    """Set columns of one."""
    tx.execute(
        update(telling)
        .where(
            telling.c.mode == item.mode,
            telling.c.account == item.account,
            telling.c.kind == item.kind,
            telling.c.key == item.key,
        )
        .values(**values)
    )


def send(
    tx: Transaction, told: Sequence[Telling], submission: int, **values: object
) -> None:
    """They are on their way."""
    facts = {"state": SENT, "lacks": None, "issues": None, **values}
    for item in told:
        change(tx, item, submission_id=submission, **facts)


def land(
    tx: Transaction, submission: int, refused: Mapping[int, list[Any]]
) -> list[Telling]:
    """Keep what Amazon made of a submission.

    Args:
        tx: The transaction.
        submission: Its id.
        refused: Issues by the number of the message, counted from 1.

    Returns:
        What it told, as it stands now.
    """
    for number, item in enumerate(carried(tx, submission), 1):
        issues = refused.get(number)
        state = ACCEPTED if issues is None else REFUSED
        change(tx, item, state=state, issues=issues)
    return carried(tx, submission)


def another_chance(tx: Transaction, side: Side, kind: str) -> None:
    """Have what was refused told again."""
    tx.execute(
        update(telling)
        .where(*_of(side), telling.c.kind == kind)
        .where(telling.c.state == REFUSED)
        .values(state=WAITING, issues=None)
    )


def counts(tx: Transaction, mode: str) -> dict[str, int]:
    """How many papers there are, by what they lack or by their state."""
    state = func.coalesce(telling.c.lacks, telling.c.state)
    here = (telling.c.mode == mode, telling.c.kind != ANSWER)
    rows = tx.execute(select(state, func.count()).where(*here).group_by(state))
    return {name: number for name, number in rows}  # noqa: C416 - rows


def refused(tx: Transaction, mode: str) -> list[dict[str, Any]]:
    """How many papers of each kind were refused, and an order of them."""
    here = (telling.c.mode == mode, telling.c.state == REFUSED)
    rows = tx.execute(
        select(telling.c.kind, func.count(), func.min(telling.c.order_id))
        .where(*here, telling.c.kind != ANSWER)
        .group_by(telling.c.kind)
        .order_by(telling.c.kind)
    )
    return [{"kind": k, "count": n, "order": one} for k, n, one in rows]


def _of(side: Side) -> tuple[ColumnElement[bool], ...]:
    return (telling.c.mode == side.mode, telling.c.account == side.account)


def _found(
    tx: Transaction, *where: ColumnElement[bool], lock: bool = False
) -> list[Telling]:
    query = select(telling).where(*where).order_by(telling.c.key)
    rows = tx.execute(query.with_for_update() if lock else query)
    return [Telling(**row) for row in rows.mappings()]
