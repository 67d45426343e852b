"""Orders and their journey; whoever is behind them lies in ``person``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import persontables
from bridge.ledger import tables
from bridge.ledger.writing import at
from bridge.ledger.writing import pieces
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


SEARCH, REPORT = "search", "report"  # how an order came


@dataclass(frozen=True)
class OrderRow:
    """One order; the columns of its row."""

    mode: str
    account: str
    id: str
    mandant: int
    marketplace: str
    status: str
    purchased_at: datetime
    updated_at: datetime
    currency: str | None
    total: Decimal | None
    hash: bytes
    body: bytes
    version: int
    again: int
    findings: Any
    reply: Any
    source: str
    acknowledged_at: datetime | None
    shipped_at: datetime | None


_ORDER, _PERSON = tables.order, persontables.person
_GET = select(_ORDER).where(at(_ORDER, "mode", "account", "id"))
_WHO = select(_PERSON.c.key_id, _PERSON.c.blob).where(
    at(_PERSON, "mode", "account", "order_id")
)
_WANTED: Any = bindparam("wanted", expanding=True)
_GET_ALL = select(_ORDER).where(
    at(_ORDER, "mode", "account"), _ORDER.c.id.in_(_WANTED)
)
_WHO_ALL = select(_PERSON.c.order_id, _PERSON.c.key_id, _PERSON.c.blob).where(
    at(_PERSON, "mode", "account"), _PERSON.c.order_id.in_(_WANTED)
)
_LISTING = tables.listing
_ARTICLES = select(
    _LISTING.c.sku, _LISTING.c.article, _LISTING.c.variant
).where(at(_LISTING, "mode", "account"), _LISTING.c.sku.in_(_WANTED))


def get(tx: Transaction, side: Side, number: str) -> OrderRow | None:
    """An order by Amazon's number."""
    found = tx.execute(_GET, {**side.keys(), "id": number})
    row = found.mappings().first()
    return None if row is None else OrderRow(**row)


def get_all(
    tx: Transaction, side: Side, numbers: Iterable[str]
) -> dict[str, OrderRow]:
    """Orders by Amazon's numbers, where they are known."""
    rows = _rows(tx, _GET_ALL, side, numbers)
    return {row["id"]: OrderRow(**row) for row in rows}


def held_by(
    tx: Transaction, sides: Iterable[Side], number: str
) -> OrderRow | None:
    """The order in whichever account has it: Amazon gives a number once."""
    found = (get(tx, side, number) for side in sides)
    return next((row for row in found if row is not None), None)


def keep(  # noqa: PLR0913 - an order and who is behind it
    tx: Transaction,
    side: Side,
    known: OrderRow | None,
    facts: dict[str, Any],
    *,
    key_id: str,
    blob: bytes,
) -> bool:
    """Keep what Amazon says of an order; older news changes nothing.

    Args:
        tx: The transaction.
        side: Whose order.
        known: The order as ``get`` tells it in the same transaction.
        facts: The columns of its row.
        key_id: Of the key that locked ``blob``.
        blob: Who is behind it.

    Returns:
        Whether the order is new or differs from what was known.
    """
    if known is not None and known.updated_at > facts["updated_at"]:
        return False
    if known is not None and known.hash == facts["hash"]:
        _pass_by(tx, side, facts)
        return False
    version = 1 if known is None else known.version + 1
    _put(tx, side, {**facts, "version": version}, key_id=key_id, blob=blob)
    return True


def enrich(  # noqa: PLR0913 - as above
    tx: Transaction,
    side: Side,
    known: OrderRow,
    facts: dict[str, Any],
    *,
    key_id: str,
    blob: bytes,
) -> None:
    """More is known of an order that stays the same version."""
    row = {**facts, "version": known.version}
    _put(tx, side, row, key_id=key_id, blob=blob)


def _put(
    tx: Transaction,
    side: Side,
    facts: dict[str, Any],
    *,
    key_id: str,
    blob: bytes,
) -> None:
    row = {**side.keys(), **facts}
    change = [name for name in row if name not in {"mode", "account", "id"}]
    put(tx, tables.order, [row], change=change)
    person = {
        **side.keys(),
        "order_id": facts["id"],
        "key_id": key_id,
        "blob": blob,
    }
    put(tx, persontables.person, [person])


def _pass_by(tx: Transaction, side: Side, facts: dict[str, Any]) -> None:
    """What changes without Sage having to know."""
    table = tables.order
    tx.execute(
        update(table)
        .where(
            table.c.mode == side.mode,
            table.c.account == side.account,
            table.c.id == facts["id"],
        )
        .values(status=facts["status"], updated_at=facts["updated_at"])
    )


def person(
    tx: Transaction, side: Side, number: str
) -> tuple[str, bytes] | None:
    """The key id and the opaque blob of an order's persons."""
    row = tx.execute(_WHO, {**side.keys(), "order_id": number}).first()
    return None if row is None else (row[0], row[1])


def people(
    tx: Transaction, side: Side, numbers: Iterable[str]
) -> dict[str, tuple[str, bytes]]:
    """As ``person``, of many orders, where somebody is known."""
    rows = _rows(tx, _WHO_ALL, side, numbers)
    return {row["order_id"]: (row["key_id"], row["blob"]) for row in rows}


def reply(
    tx: Transaction,
    side: Side,
    number: str,
    said: dict[str, Any],
    now: datetime,
) -> bool:
    """Keep Sage's answer to an order; twice is harmless.

    Returns:
        Whether the order is known.
    """
    table = tables.order
    made = tx.execute(
        update(table)
        .where(*_is(side, number))
        .values(reply=said, acknowledged_at=now)
    )
    return bool(made.rowcount)


def note(
    tx: Transaction, side: Side, number: str, said: dict[str, Any]
) -> None:
    """Keep a finding of an order, once; of one nobody knows, nothing."""
    row = get(tx, side, number)
    if row is None or said in (row.findings or []):
        return
    table = tables.order
    tx.execute(
        update(table)
        .where(*_is(side, number))
        .values(findings=[*(row.findings or []), said])
    )


def ship(
    tx: Transaction, side: Side, number: str, at: datetime | None
) -> None:
    """When the last piece of an order left; none: some are still here."""
    table = tables.order
    tx.execute(update(table).where(*_is(side, number)).values(shipped_at=at))


def _is(side: Side, number: str) -> tuple[ColumnElement[bool], ...]:
    """The row of an order."""
    table = tables.order
    return (
        table.c.mode == side.mode,
        table.c.account == side.account,
        table.c.id == number,
    )


def listed(tx: Transaction, side: Side) -> list[OrderRow]:
    """Every order, the newest first."""
    table = tables.order
    rows = tx.execute(
        select(table)
        .where(table.c.mode == side.mode, table.c.account == side.account)
        .order_by(table.c.purchased_at.desc(), table.c.id)
    )
    return [OrderRow(**row) for row in rows.mappings()]


def newest(tx: Transaction, side: Side) -> tuple[str, str] | None:
    """The number and marketplace of the last order that was placed."""
    table = tables.order
    row = tx.execute(
        select(table.c.id, table.c.marketplace)
        .where(table.c.mode == side.mode, table.c.account == side.account)
        .order_by(table.c.purchased_at.desc(), table.c.id)
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def articles_of(
    tx: Transaction, side: Side, skus: Iterable[str]
) -> dict[str, tuple[str, int]]:
    """Sage's article and variant of Amazon's SKUs, where they are known."""
    rows = _rows(tx, _ARTICLES, side, skus)
    return {row["sku"]: (row["article"], row["variant"]) for row in rows}


def _rows(
    tx: Transaction,
    query: Any,  # noqa: ANN401 - SQL
    side: Side,
    wanted: Iterable[str],
) -> Iterator[Any]:
    """The rows of an account whose names are among the wanted ones."""
    for some in pieces(wanted):
        facts = {**side.keys(), "wanted": some}
        yield from tx.execute(query, facts).mappings()


def set_version(
    tx: Transaction, side: Side, number: str, version: int
) -> None:
    """Have an order written once more, as a whole."""
    table = tables.order
    tx.execute(
        update(table)
        .where(*_is(side, number))
        .values(version=version, again=version)
    )
