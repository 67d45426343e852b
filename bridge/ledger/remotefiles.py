"""What lies at partners': seen, taken, and remembered where it stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy import select

from bridge.ledger.partnertables import remote_file
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bridge.ledger.engine import Transaction

SEEN, TAKEN, KEPT = "seen", "taken", "kept"


@dataclass(frozen=True)
class RemoteFile:
    """One file at a partner's; the columns of its row.

    Attributes:
        state: ``seen``: it lies there. ``taken``: it is a delivery, and
            what happens to the original is still to be done. ``kept``: it
            is done and stays there.
        seen_at: Since when it has had this size and this age.
        delivery_id: What became of it.
    """

    partner: str
    folder: str
    name: bytes
    size: int
    mtime: int
    seen_at: datetime
    state: str = SEEN
    delivery_id: int | None = None


def known(
    tx: Transaction, partner: str, folder: str
) -> dict[bytes, RemoteFile]:
    """Everything known of one folder, by name."""
    table = remote_file
    rows = tx.execute(
        select(table).where(
            table.c.partner == partner, table.c.folder == folder
        )
    )
    return {row["name"]: RemoteFile(**row) for row in rows.mappings()}


def keep(tx: Transaction, files: Iterable[RemoteFile]) -> None:
    """Write down files as they are now; twice is harmless."""
    put(tx, remote_file, [dict(vars(file)) for file in files])


def forget(tx: Transaction, files: Iterable[RemoteFile]) -> None:
    """Drop files that lie there no more; twice is harmless."""
    table = remote_file
    for file in files:
        tx.execute(
            delete(table).where(
                table.c.partner == file.partner,
                table.c.folder == file.folder,
                table.c.name == file.name,
            )
        )
