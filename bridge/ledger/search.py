"""The biography of a thing: everything in the ledger that carries a word."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select

from bridge.ledger import orders
from bridge.ledger import publications
from bridge.ledger import tables
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

MOST_HITS = 50  # of each kind


def search(
    tx: Transaction, sides: Sequence[Side], text: str
) -> list[dict[str, str]]:
    """Everything that carries a word: where it came from, where it went."""
    return [
        *_found_deliveries(tx, text),
        *_found_documents(tx, text),
        *_found_messages(tx, sides[0].mode, text),
        *(hit for side in sides for hit in _found_orders(tx, side, text)),
    ]


def _found_deliveries(tx: Transaction, text: str) -> Iterator[dict[str, str]]:
    table = tables.delivery
    for row in tx.execute(
        select(table.c.id, table.c.name, table.c.state)
        .where(table.c.name.like(f"%{text}%"))
        .limit(MOST_HITS)
    ):
        yield _hit("delivery", str(row.id), f"{row.name} ({row.state})")


def _found_documents(tx: Transaction, text: str) -> Iterator[dict[str, str]]:
    table = tables.document
    rows = tx.execute(
        select(table)
        .where(
            or_(
                table.c.article == text,
                table.c.key.like(f"%{text}%"),
                _holds(tx, table.c.body, text),
            )
        )
        .limit(MOST_HITS)
    )
    for row in rows:
        origin = f"delivery {row.delivery_id} line {row.line}, {row.mapping}"
        yield _hit(row.kind, row.key.replace(KEY_SEPARATOR, " / "), origin)


def _holds(tx: Transaction, column: Any, text: str) -> Any:  # noqa: ANN401
    """Whether a body holds a text, in the words of the database."""
    needle = literal(text.encode())
    if tx.dialect.name == "sqlite":
        return func.instr(column, needle) > 0
    return func.position(needle.op("IN")(column)) > 0


def _found_messages(
    tx: Transaction, mode: str, text: str
) -> Iterator[dict[str, str]]:
    msg, sub = tables.message, tables.submission
    rows = tx.execute(
        select(msg.c.sku, msg.c.submission_id, msg.c.outcome, sub.c.operation)
        .join(sub, sub.c.id == msg.c.submission_id)
        .where(msg.c.sku == text, sub.c.mode == mode)
        .limit(MOST_HITS)
    )
    for row in rows:
        said = f"submission {row.submission_id} {row.operation}: {row.outcome}"
        yield _hit("message", row.sku, said)


def _found_orders(
    tx: Transaction, side: Side, text: str
) -> Iterator[dict[str, str]]:
    for item in orders.listed(tx, side):
        if text in item.id or text.encode() in item.body:
            files = publications.of_key(tx, side, "Order", item.id)
            names = ", ".join(one.name for one in files)
            yield _hit("order", item.id, f"{item.status}; {names}")


def _hit(kind: str, key: str, said: str) -> dict[str, str]:
    return {"kind": kind, "key": key, "says": said}
