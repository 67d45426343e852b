"""What customers pay, one customer after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.ledger.documents import Body
from bridge.ledger.writing import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.ledger.engine import Transaction

KIND = "CustomerPrice"


def by_customer(tx: Transaction, mandant: int) -> Iterator[Body]:
    """All customers' prices, byte by byte in the order of their keys.

    The customer begins the key, then come article and variant.
    """
    binary = "" if tx.dialect.name == "sqlite" else ' COLLATE "C"'
    rows = stream(
        tx,
        f"SELECT {', '.join(Body._fields)} FROM document WHERE mandant = ?"  # noqa: S608 - our own names
        f" AND kind = ? AND NOT gone ORDER BY key{binary}, mapping",
        (mandant, KIND),
    )
    return map(Body._make, rows)
