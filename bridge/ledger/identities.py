"""Who a customer is known by, without saying who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import persontables
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction

    Place = tuple[str, int]  # mode and Mandant

SAGE = ""  # the mode of what Sage itself said: it holds in every mode


@dataclass(frozen=True)
class Identity:
    """What is known of somebody.

    Attributes:
        account: Sage's number; nothing until Sage has said it.
        matchcode: What the customer was called in the file for Sage.
        order: The order it was made of.
    """

    account: str | None
    matchcode: str | None
    order: str | None


def find(
    tx: Transaction, place: Place, prints: Sequence[str]
) -> Identity | None:
    """Somebody by the fingerprints; an account Sage said goes first."""
    mode, mandant = place
    table = persontables.identity
    rows = tx.execute(
        select(table.c.account, table.c.matchcode, table.c.order_id)
        .where(
            table.c.mode.in_((SAGE, mode)),
            table.c.mandant == mandant,
            table.c.print.in_(prints),
        )
        .order_by(table.c.account.is_(None), table.c.mode, table.c.print)
    )
    first = rows.first()
    return None if first is None else Identity(*first)


def keep(
    tx: Transaction,
    place: Place,
    prints: Sequence[str],
    known: Identity,
    now: datetime,
) -> None:
    """Know somebody by these fingerprints from now on."""
    mode, mandant = place
    rows = [
        {
            "mode": mode,
            "mandant": mandant,
            "print": one,
            "account": known.account,
            "matchcode": known.matchcode,
            "order_id": known.order,
            "seen_at": now,
        }
        for one in prints
    ]
    put(tx, persontables.identity, rows)


def told(tx: Transaction, mode: str, order: str, account: str) -> None:
    """Sage has said the account of whoever was made of an order."""
    table = persontables.identity
    tx.execute(
        update(table)
        .where(table.c.mode == mode, table.c.order_id == order)
        .values(account=account)
    )
