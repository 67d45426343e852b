"""What is written of listings: whole, or only what a change is about."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from bridge.ledger import tables
from bridge.ledger.columns import Instant
from bridge.ledger.writing import put
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction


def put_listings(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep listing rows; what Amazon knows of them (presence) stays."""
    if rows:
        change = [
            name
            for name in rows[0]
            if name
            not in {"mode", "account", "marketplace", "sku", "presence"}
        ]
        put(tx, tables.listing, rows, change=change)


class Stocked(NamedTuple):
    """What a change of stock makes of a listing that is known already.

    Attributes:
        promise: When it is shipped, and when more arrives.
        restock_at: When that is not so any more.
        said: Its findings as JSON.
    """

    available: int | None
    promise: str | None
    restock_at: datetime | None
    ready: bool
    sellable: bool
    said: str | None
    mode: str
    account: str
    marketplace: str
    sku: str


def put_stocked(tx: Transaction, rows: Sequence[Stocked]) -> None:
    """Keep what may be sold of listings that are known already."""
    columns = (
        "available = ?, promise = ?, restock_at = ?, ready = ?, sellable = ?"
    )
    at = Instant()
    changed = [
        (*row[:2], at.process_bind_param(row[2], tx.dialect), *row[3:])
        for row in rows
    ]
    _change(tx, columns, changed)


def _change(
    tx: Transaction, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Change some columns and the findings of listings that are there."""
    said = "?" if tx.dialect.name == "sqlite" else "CAST(? AS JSON)"
    if rows:
        run(
            tx,
            f"UPDATE listing SET {columns}, findings = {said} WHERE mode = ?"  # noqa: S608 - constants of ours
            " AND account = ? AND marketplace = ? AND sku = ?",
            list(rows),
        )


class Tagged(NamedTuple):
    """What a change of prices makes of a listing that is known already.

    Attributes:
        recompose_at: When its price changes by itself.
        said: Its findings as JSON.
    """

    recompose_at: datetime | None
    said: str
    mode: str
    account: str
    marketplace: str
    sku: str


def put_tagged(tx: Transaction, rows: Sequence[Tagged]) -> None:
    """Keep what was found of prices of listings that are known already."""
    at = Instant()
    changed = [
        (at.process_bind_param(row[0], tx.dialect), *row[1:]) for row in rows
    ]
    _change(tx, "recompose_at = ?", changed)
