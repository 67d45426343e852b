"""Files that arrived, and what was found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.errors import Finding
from bridge.ledger import tables

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction

#: States of what is not judged yet.
OPEN = ("waiting", "reading", "held")

#: The steps of the journey; each is committed before the next begins.
CLAIMED, STAGED, ACCEPTED, FILED = "claimed", "staged", "accepted", "filed"


@dataclass(frozen=True)
class Delivery:
    """One file that arrived; the columns of its row.

    A file that several mappings read is a delivery each: the first owns the
    file, the others are ``part_of`` it.
    """

    id: int
    inbox: str
    name: str
    marker: str | None
    mapping: str | None
    format: str | None
    state: str
    step: str
    received_at: datetime
    modified_at: datetime
    size: int
    sha256: str | None
    same_content_as: int | None
    part_of: int | None
    as_of: datetime | None
    complete: bool
    confirmed: bool
    records: int
    accepted: int
    refused: int
    filtered: int
    unchanged: int
    older: int
    keyless: int
    scope: Any
    hold: Any


def claim(tx: Transaction, **facts: Any) -> int:  # noqa: ANN401 - columns
    """Write down a file before it is moved; the id is part of its new path."""
    made = tx.execute(
        insert(tables.delivery)
        .values(
            state="waiting",
            step=CLAIMED,
            complete=False,
            confirmed=False,
            **facts,
        )
        .returning(tables.delivery.c.id)
    )
    return int(made.scalar_one())


def get(tx: Transaction, number: int) -> Delivery | None:
    """A delivery by its number."""
    row = (
        tx.execute(
            select(tables.delivery).where(tables.delivery.c.id == number)
        )
        .mappings()
        .first()
    )
    return None if row is None else Delivery(**row)


def any_open(tx: Transaction) -> bool:
    """Whether a file is being read, or is about to be."""
    table = tables.delivery
    query = select(table.c.id).where(table.c.state.in_(("waiting", "reading")))
    return tx.execute(query.limit(1)).first() is not None


def change(tx: Transaction, number: int, **values: Any) -> None:  # noqa: ANN401
    """Set columns of a delivery."""
    tx.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id == number)
        .values(**values)
    )


def unfinished(tx: Transaction) -> list[Delivery]:
    """Deliveries whose file has not reached its last place."""
    table = tables.delivery
    rows = tx.execute(
        select(table).where(table.c.step != FILED).order_by(table.c.id)
    )
    return [Delivery(**row) for row in rows.mappings()]


def same_content(tx: Transaction, sha256: str, before: int) -> int | None:
    """The first delivery with the same bytes; content is never compared."""
    table = tables.delivery
    first: int | None = tx.scalar(
        select(func.min(table.c.id)).where(
            table.c.sha256 == sha256, table.c.id < before
        )
    )
    return first


def of_file(tx: Transaction, name: str, kind: str) -> Delivery | None:
    """The newest accepted file of a name, in whatever folder it lay.

    Args:
        tx: The transaction.
        name: Without folders; upper and lower case are the same.
        kind: Its format.
    """
    table = tables.delivery
    lying = func.lower(table.c.name)
    plain = name.lower()
    row = (
        tx.execute(
            select(table)
            .where(
                table.c.format == kind,
                table.c.state == "accepted",
                table.c.step == FILED,
                (lying == plain)
                | lying.endswith(f"/{plain}", autoescape=True),
            )
            .order_by(table.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return None if row is None else Delivery(**row)


def parts_of(tx: Transaction, number: int) -> list[Delivery]:
    """The deliveries that read the file of another."""
    table = tables.delivery
    rows = tx.execute(
        select(table).where(table.c.part_of == number).order_by(table.c.id)
    )
    return [Delivery(**row) for row in rows.mappings()]


def last_complete(
    tx: Transaction, mapping: str, scope: object, before: int
) -> Delivery | None:
    """The last accepted full file of the same mapping and scope."""
    table = tables.delivery
    rows = tx.execute(
        select(table)
        .where(
            table.c.mapping == mapping,
            table.c.complete.is_(True),
            table.c.state.in_(("accepted", "partly")),
            table.c.id < before,
        )
        .order_by(table.c.id.desc())
    )
    for row in rows.mappings():
        if row["scope"] == scope:
            return Delivery(**row)
    return None


def note(tx: Transaction, number: int, found: Iterable[Finding]) -> None:
    """Keep findings of a delivery."""
    rows = [
        {
            "delivery_id": number,
            "line": item.line,
            "field": item.field,
            "value": item.value,
            "code": item.code,
            "severity": item.severity,
            "turn": item.turn,
            "facts": dict(item.facts),
        }
        for item in found
    ]
    if rows:
        tx.execute(insert(tables.finding), rows)


def note_once(tx: Transaction, number: int, found: Iterable[Finding]) -> None:
    """Keep findings of a delivery that are not kept already.

    For what is judged again and again: a paper that is tried once more is
    told of once.
    """
    said = list(found)
    known = list(findings(tx, number, {item.line for item in said}))
    note(tx, number, [item for item in said if item not in known])


def warned(tx: Transaction) -> dict[int, int]:
    """How many warnings each delivery has that has any."""
    table = tables.finding
    rows = tx.execute(
        select(table.c.delivery_id, func.count())
        .where(table.c.severity == "warn")
        .group_by(table.c.delivery_id)
    )
    return {number: count for number, count in rows}  # noqa: C416 - rows


def forget_findings(tx: Transaction, number: int) -> None:
    """A delivery that is read again is judged anew."""
    tx.execute(
        delete(tables.finding).where(tables.finding.c.delivery_id == number)
    )


def findings(
    tx: Transaction, number: int, lines: Collection[int | None] = ()
) -> Iterator[Finding]:
    """The findings of a delivery, or of some lines, in their order."""
    table = tables.finding
    query = select(table).where(table.c.delivery_id == number)
    if lines:
        query = query.where(table.c.line.in_(lines))
    rows = tx.execute(query.order_by(table.c.line, table.c.id))
    for row in rows:
        yield Finding(
            row.code,
            row.line,
            row.field,
            row.value,
            row.severity,
            row.turn,
            row.facts,
        )


def refused_lines(tx: Transaction, number: int) -> frozenset[int]:
    """The lines of a delivery that were kept out."""
    table = tables.finding
    rows = tx.scalars(
        select(table.c.line).where(
            table.c.delivery_id == number,
            table.c.severity == "refuse",
            table.c.line.is_not(None),
        )
    )
    return frozenset(line for line in rows if line is not None)


def listed(tx: Transaction, states: Sequence[str] = ()) -> list[Delivery]:
    """Deliveries, the newest first."""
    table = tables.delivery
    query = select(table).order_by(table.c.id.desc())
    if states:
        query = query.where(table.c.state.in_(states))
    return [Delivery(**row) for row in tx.execute(query).mappings()]
