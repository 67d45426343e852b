"""What is brought to partners, from the claim to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.partnertables import dispatch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bridge.ledger.engine import Transaction

AWAITED, CLAIMED, READY = "awaited", "claimed", "ready"
SENT, FILED, REFUSED = "sent", "filed", "refused"
#: States in which something is still to be brought.
OPEN = (CLAIMED, READY, SENT, REFUSED)


@dataclass(frozen=True)
class Dispatch:
    """One file on its way to a partner; the columns of its row.

    Attributes:
        folder: The partner's.
        name: What it will be called there.
        draft: What it is called there until it is whole.
        source: The folder it was claimed in; nothing for a receipt.
        delivery_id: The delivery that a receipt answers.
        body: A receipt's bytes, until the partner has them.
        state: ``awaited``: its delivery is not judged yet. ``claimed``: it
            is ours. ``ready``: it is there, whole, as a draft. ``sent``: it
            has its name there. ``filed``: nothing is left to do.
            ``refused``: the partner's server said no; it is tried again.
    """

    id: int
    partner: str
    folder: str
    name: str
    draft: str
    source: str | None
    size: int | None
    mtime_ns: int | None
    delivery_id: int | None
    body: bytes | None
    state: str
    error: Any
    made_at: datetime
    done_at: datetime | None


def make(tx: Transaction, **facts: Any) -> int:  # noqa: ANN401 - columns
    """Write down a file before anything happens to it."""
    made = tx.execute(
        insert(dispatch).values(**facts).returning(dispatch.c.id)
    )
    return int(made.scalar_one())


def change(tx: Transaction, numbers: Iterable[int], **values: Any) -> None:  # noqa: ANN401
    """Set columns of dispatches."""
    for number in numbers:
        tx.execute(
            update(dispatch).where(dispatch.c.id == number).values(**values)
        )


def drop(tx: Transaction, number: int) -> None:
    """Forget a dispatch that came to nothing: its file was taken away."""
    tx.execute(delete(dispatch).where(dispatch.c.id == number))


def of(
    tx: Transaction, partner: str, states: Iterable[str] = OPEN
) -> list[Dispatch]:
    """The dispatches to a partner that are in one of the states."""
    rows = tx.execute(
        select(dispatch)
        .where(dispatch.c.partner == partner, dispatch.c.state.in_([*states]))
        .order_by(dispatch.c.id)
    )
    return [Dispatch(**row) for row in rows.mappings()]


def brought(
    tx: Transaction, item: Dispatch, names: Iterable[str]
) -> dict[int, str]:
    """Receipts a partner has got in the same folder, by their number.

    Args:
        tx: The transaction.
        item: The dispatch they are looked up for; not among them.
        names: What they may be called.
    """
    rows = tx.execute(
        select(dispatch.c.id, dispatch.c.name).where(
            dispatch.c.partner == item.partner,
            dispatch.c.folder == item.folder,
            dispatch.c.name.in_([*names]),
            dispatch.c.delivery_id.is_not(None),
            dispatch.c.state.in_((SENT, FILED)),
            dispatch.c.id != item.id,
        )
    )
    return {number: name for number, name in rows}  # noqa: C416 - rows


def waiting(tx: Transaction) -> dict[str, int]:
    """How many files wait for each partner, answers to come not counted."""
    rows = tx.execute(
        select(dispatch.c.partner, func.count())
        .where(dispatch.c.state.in_(OPEN))
        .group_by(dispatch.c.partner)
    )
    return {partner: number for partner, number in rows}  # noqa: C416 - rows
