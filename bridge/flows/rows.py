"""Documents become rows of somebody else's tables, each whole.

An order: its version is written down first (``frozen``), then the rows,
then ``done``. A crash between writes the same rows over themselves. Other
documents: those of a delivery, as they stand now; twice is harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.config.settings import named
from bridge.errors import DefectError
from bridge.flows import progress
from bridge.flows.gone import unless_gone
from bridge.flows.joining import merge
from bridge.flows.orderpaper import around
from bridge.flows.orderpaper import complete
from bridge.flows.orderpaper import goes_to_sage
from bridge.flows.outgoing import compiled
from bridge.flows.persons import LOCKED
from bridge.flows.persons import Persons
from bridge.flows.persons import hushed_out
from bridge.flows.raising import CATALOGUE
from bridge.flows.shop import as_json
from bridge.flows.showing import SHOWN
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import orders
from bridge.ledger import publications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.settings import Table as TableSettings
    from bridge.errors import Finding
    from bridge.flows.parts import Parts
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.publications import Publication
    from bridge.mapping.compile_out import OutMapping

ERRAND = "rows"
DOCUMENT = "Order"
BOX = "table:"  # before a table's name, where an outbox could stand


@unless_gone(ERRAND, "table", 2)
def write_rows(parts: Parts, key: str, generation: int) -> None:
    """Write an order, or a delivery's documents, into one table.

    Args:
        parts: The pieces.
        key: ``ACCOUNT|ORDER|TABLE`` or ``ACCOUNT|DELIVERY|TABLE``;
            ``catalogue`` for the delivery means all that Amazon shows. An
            order that Amazon's warehouse ships is named as Amazon does.
        generation: Of the due row.
    """
    _, what, name = key.split("|")
    table = named(parts.settings.table, name)
    mapping = compiled(parts, table.mapping)
    if mapping.plan.document == DOCUMENT:
        _order(parts, table, mapping, what)
    else:
        _several(parts, table, mapping, what)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _order(
    parts: Parts, table: TableSettings, mapping: OutMapping, number: str
) -> None:
    with parts.ledger.read() as tx:
        row = orders.get(tx, parts.side, number)
    if row is None:
        raise DefectError("orders.unknown", order=number)
    publication = _frozen(parts, table, row)
    if publication is None:
        return
    first = not _made(parts, table, row, publications.DONE)
    with parts.ledger.read() as tx:
        known = around(parts, tx, [number])
    paper = complete(parts, known, number, first=first)
    found = list(paper.findings)
    context = parts.context(now=publication.now.isoformat())
    record = mapping.record(paper.document, context, found)
    parts.tables[table.name].write(record)
    with parts.ledger.write() as tx:
        publications.change(
            tx,
            publication.id,
            state=publications.DONE,
            findings=[as_json(item) for item in hushed_out(mapping, found)],
        )
    parts.log.info("order.written", order=number, outbox=table.name)


def _made(
    parts: Parts, table: TableSettings, row: OrderRow, *states: str
) -> list[Publication]:
    """What was written of an order into a table, in these states."""
    with parts.ledger.read() as tx:
        every = publications.of_key(tx, parts.side, DOCUMENT, row.id)
    return [
        item
        for item in every
        if item.outbox == BOX + table.name
        and item.mapping == table.mapping
        and item.state in states
    ]


def _frozen(
    parts: Parts, table: TableSettings, row: OrderRow
) -> Publication | None:
    """The version that is to be written; nothing if there is none."""
    begun = _made(parts, table, row, publications.FROZEN)
    if begun:
        return begun[0]
    done = _made(parts, table, row, publications.DONE)
    last = max((item.version for item in done), default=0)
    if row.version <= last or not goes_to_sage(row.status, seen=bool(done)):
        return None
    with parts.ledger.write() as tx:
        publications.freeze(
            tx,
            **parts.side.keys(),
            mandant=row.mandant,
            document=DOCUMENT,
            key=row.id,
            outbox=BOX + table.name,
            mapping=table.mapping,
            version=row.version,
            now=parts.clock.now(),
            name=table.table,
        )
    return _made(parts, table, row, publications.FROZEN)[0]


def _several(
    parts: Parts, table: TableSettings, mapping: OutMapping, what: str
) -> None:
    """Write what a delivery changed, or what Amazon shows or ships."""
    sink = parts.tables[table.name]
    found: list[Finding] = []
    context = parts.context()
    kind = mapping.plan.document
    if kind == progress.DOCUMENT:
        stated = progress.fulfilment(parts, what)
    elif what == CATALOGUE:
        stated = SHOWN[kind](parts)
    else:
        stated = (one for one, _ in documents_of(parts, kind, int(what)))
    for document in filter(mapping.wants, stated):
        sink.write(mapping.record(document, context, found))
    parts.log.info("delivery.written", delivery=what, outbox=table.name)


def documents_of(
    parts: Parts, kind: str, number: int
) -> Iterator[tuple[dict[str, Any], int]]:
    """What a delivery changed, each document whole, with its line."""
    with parts.ledger.read() as tx:
        for stated in documents.of_delivery(tx, parts.mandant, kind, number):
            yield _whole(parts, stated), stated[0].line


def document_of(
    parts: Parts, tx: Transaction, kind: str, key: str
) -> dict[str, Any]:
    """A document by its key, whole; empty if it is not known."""
    stated = documents.stated(tx, parts.mandant, kind, key)
    return _whole(parts, stated) if stated else {}


def _whole(parts: Parts, stated: list[Body]) -> dict[str, Any]:
    """What several mappings state of a document, opened and joined."""
    opened = [
        body._replace(body=_opened(parts, body.mapping, body.body))
        for body in stated
    ]
    return {"mandant": parts.mandant, **merge(opened, parts.book)}


def _opened(parts: Parts, mapping: str, body: bytes) -> bytes:
    plan = parts.book.plans.get(mapping)
    if plan is None:
        kept: dict[str, Any] = orjson.loads(body)
        kept.pop(LOCKED, None)
        return orjson.dumps(kept)
    return Persons(plan, parts.safe).opened(body)
