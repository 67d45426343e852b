"""Which papers are printed, and as which files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.papertables import paper
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction

WAITING, READY, DRAWN, REFUSED = "waiting", "ready", "drawn", "refused"
SAGES = "sages"  # Sage printed it itself
REQUEST = "request"  # the kind of a payment request
#: What has a file that people may have.
THERE = frozenset({READY, DRAWN, SAGES})


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper.

    Attributes:
        document: ``SalesDocument`` or ``PaymentRequest``.
        key: Of that document.
        kind: ``invoice``, ``quote`` …; ``request`` for a payment request.
        name: As its file is called, without an ending.
        delivery_id: What stated it last.
        line: Where in that file.
        hash: Of what it stated when it was printed, or is to be.
        wanted: The PDF Sage printed of it, as Sage calls it.
        lacks: What it waits for: ``pdf``, the one Sage printed.
        form: ``none``, ``zugferd`` or ``xrechnung``.
        file: Of the PDF in ``outbox/documents``.
        xml: Of the invoice for machines, where it is a file of its own.
        drawn_at: When it was printed, or refused.
        issues: Why it is not printed, or what a person should know.
    """

    mandant: int
    document: str
    key: str
    kind: str
    name: str
    customer: str | None = None
    order_id: str | None = None
    issued: str | None = None
    total: str | None = None
    currency: str | None = None
    delivery_id: int
    line: int
    hash: bytes
    wanted: str | None = None
    state: str = WAITING
    lacks: str | None = None
    form: str | None = None
    file: str | None = None
    sha256: str | None = None
    xml: str | None = None
    xml_sha256: str | None = None
    issues: list[dict[str, Any]] | None = None
    drawn_at: datetime | None = None

    @property
    def there(self) -> bool:
        """Whether people may have its file."""
        return self.state in THERE


def keep(tx: Transaction, row: Paper) -> None:
    """Write a paper down; one that is known becomes this one."""
    put(tx, paper, [vars(row)])


def change(tx: Transaction, row: Paper, **values: object) -> None:
    """Change what is known of a paper."""
    tx.execute(update(paper).where(*_is(row)).values(**values))


def forget(tx: Transaction, row: Paper) -> None:
    """Drop a paper that never became a file."""
    tx.execute(delete(paper).where(*_is(row)))


def get(
    tx: Transaction, mandant: int, document: str, key: str
) -> Paper | None:
    """The paper of a document."""
    return _one(
        tx,
        paper.c.mandant == mandant,
        paper.c.document == document,
        paper.c.key == key,
    )


def named(tx: Transaction, mandant: int, name: str) -> list[Paper]:
    """The papers of a name; more than one only of different documents."""
    return list(_each(tx, paper.c.mandant == mandant, paper.c.name == name))


def waiting(tx: Transaction, mandant: int, most: int) -> list[Paper]:
    """The next papers that may be printed."""
    return list(
        _each(
            tx,
            paper.c.mandant == mandant,
            paper.c.state.in_((WAITING, READY)),
            paper.c.lacks.is_(None),
            most=most,
        )
    )


def lacking(tx: Transaction, mandant: int, file: str) -> list[Paper]:
    """Papers that wait for a PDF Sage printed; names differ not by case."""
    return list(
        _each(
            tx,
            paper.c.mandant == mandant,
            paper.c.state == WAITING,
            paper.c.lacks.is_not(None),
            func.lower(paper.c.wanted) == file.lower(),
        )
    )


def another_chance(tx: Transaction, mandant: int, *, requests: bool) -> None:
    """Have refused papers looked at again: requests, or all the others."""
    is_request = paper.c.kind == REQUEST
    tx.execute(
        update(paper)
        .where(
            paper.c.mandant == mandant,
            paper.c.state == REFUSED,
            is_request if requests else ~is_request,
        )
        .values(state=WAITING, issues=None)
    )


def counts(tx: Transaction, since: datetime | None = None) -> dict[str, int]:
    """How many papers there are of each state, or were judged since."""
    query = select(paper.c.state, func.count()).group_by(paper.c.state)
    if since is not None:
        query = query.where(paper.c.drawn_at >= since)
    return {state: number for state, number in tx.execute(query)}  # noqa: C416


def listed(
    tx: Transaction, mandant: int, customer: str | None = None
) -> Iterator[Paper]:
    """Every paper, the youngest first; or those of a customer."""
    wanted = [paper.c.mandant == mandant]
    if customer is not None:
        wanted.append(paper.c.customer == customer)
    return _each(tx, *wanted)


def _is(row: Paper) -> tuple[ColumnElement[bool], ...]:
    return (
        paper.c.mandant == row.mandant,
        paper.c.document == row.document,
        paper.c.key == row.key,
    )


def _one(tx: Transaction, *wanted: ColumnElement[bool]) -> Paper | None:
    return next(_each(tx, *wanted), None)


def _each(
    tx: Transaction, *wanted: ColumnElement[bool], most: int | None = None
) -> Iterator[Paper]:
    query = (
        select(paper)
        .where(*wanted)
        .order_by(paper.c.issued.desc(), paper.c.name.desc())
        .limit(most)
    )
    for row in tx.execute(query).mappings():
        yield Paper(**row)
