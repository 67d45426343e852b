"""Persons by the key they are locked with."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import persontables

if TYPE_CHECKING:
    from bridge.ledger.engine import Transaction


PRESENT = "person.key"  # the fact which key locks


def others(tx: Transaction, key_id: str, most: int) -> list[Any]:
    """Persons that are locked with any other key; so many at most."""
    table = persontables.person
    query = select(table).where(table.c.key_id != key_id).limit(most)
    return list(tx.execute(query))


def set_blob(
    tx: Transaction,
    row: Any,  # noqa: ANN401 - a row of the table
    key_id: str,
    blob: bytes,
) -> None:
    """Lock a person anew."""
    table = persontables.person
    tx.execute(
        update(table)
        .where(
            table.c.mode == row.mode,
            table.c.account == row.account,
            table.c.order_id == row.order_id,
        )
        .values(key_id=key_id, blob=blob)
    )
