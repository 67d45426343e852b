"""An order becomes a file in an outbox: whole, once, never replaced.

1. frozen: name and instant are written down.
2. the draft is written under a hidden name; ready: its hash is written down.
3. the draft gets its name; done.

A crash after 1: the draft is written again with the same instant. After 2:
the draft is there and is named; or it is gone, then it was named already and
perhaps fetched.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.flows.raising import EVERY
from bridge.flows.shop import as_json
from bridge.formats import writing
from bridge.formats.xsd import validate_bytes
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import orders
from bridge.ledger import publications
from bridge.mapping.compile_out import OutMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.config.settings import Outbox as OutboxSettings
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.publications import Publication

ERRAND = "publish"
DOCUMENT = "Order"
PENDING = frozenset({"PENDING", "PENDING_AVAILABILITY"})


@dataclass(frozen=True)
class Job:
    """What is to be written: into which outbox, by which mapping.

    Attributes:
        order: One order, or ``None``: all that are due, in one file.
    """

    box: OutboxSettings
    mapping: str
    order: str | None


@dataclass(frozen=True)
class Paper:
    """An order complete with persons and Sage's own numbers."""

    document: dict[str, Any]
    findings: list[Finding]


def publish(parts: Parts, key: str, generation: int) -> None:
    """Write orders into one outbox; twice is harmless.

    Args:
        parts: The pieces.
        key: ``ORDER|OUTBOX|MAPPING``; ``*`` for the order means every one
            that is due, in one file.
        generation: Of the due row.
    """
    number, outbox, mapping = key.split("|")
    box = next(b for b in parts.settings.outbox if b.name == outbox)
    job = Job(box, mapping, None if number == EVERY else number)
    while batch := _batch(parts, job):
        if batch[0].state == publications.FROZEN:
            batch = _written(parts, job, batch)
        first = batch[0]
        parts.outboxes[outbox].publish(first.name, str(first.sha256))
        with parts.ledger.write() as tx:
            for item in batch:
                publications.change(tx, item.id, state=publications.DONE)
        for item in batch:
            parts.log.info("order.published", order=item.key, outbox=outbox)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _batch(parts: Parts, job: Job) -> list[Publication]:
    """What was begun; else what is due, frozen with its name; else nothing."""
    with parts.ledger.write() as tx:
        begun = _begun(parts, tx, job)
        if begun:
            return [item for item in begun if item.name == begun[0].name]
        rows = _due(parts, tx, job)
        if not rows:
            return []
        now = parts.clock.now()
        name = _name(parts, tx, job, rows)
        for row in rows:
            publications.freeze(
                tx,
                **parts.side.keys(),
                mandant=row.mandant,
                document=DOCUMENT,
                key=row.id,
                outbox=job.box.name,
                mapping=job.mapping,
                version=row.version,
                now=now,
                name=name,
            )
        return _begun(parts, tx, job)


def _begun(parts: Parts, tx: Transaction, job: Job) -> list[Publication]:
    return publications.unfinished(
        tx, parts.side, job.box.name, job.mapping, job.order
    )


def _due(parts: Parts, tx: Transaction, job: Job) -> list[OrderRow]:
    """Orders of which this outbox has not the present version."""
    if job.order is None:
        rows = list(reversed(orders.listed(tx, parts.side)))
    else:
        row = orders.get(tx, parts.side, job.order)
        if row is None:
            raise DefectError("orders.unknown", order=job.order)
        rows = [row]
    return [row for row in rows if _is_due(parts, tx, job, row)]


def _is_due(parts: Parts, tx: Transaction, job: Job, row: OrderRow) -> bool:
    made = [
        item.version
        for item in publications.of_key(tx, parts.side, DOCUMENT, row.id)
        if (item.outbox, item.mapping) == (job.box.name, job.mapping)
    ]
    return row.version > max(made, default=0) and goes_to_sage(
        row.status, seen=bool(made)
    )


def goes_to_sage(status: str, *, seen: bool) -> bool:
    """A pending order waits; one that ended unseen is nobody's business."""
    return status not in PENDING and (seen or status != "CANCELLED")


def _name(
    parts: Parts, tx: Transaction, job: Job, rows: list[OrderRow]
) -> str:
    """The file's name; a change is told apart from what it changes."""
    compiled = _mapping(parts, job.mapping)
    alone = job.order is not None
    document = orjson.loads(rows[0].body) if alone else {}
    name = compiled.file_name(document, parts.context())
    taken = publications.names(tx, job.box.name)
    prefix = ""
    if parts.side.mode == "rehearsal":
        prefix = parts.settings.amazon.rehearsal_prefix
    earlier = alone and publications.last_version(
        tx, parts.side, DOCUMENT, rows[0].id
    )
    tail = f"_{rows[0].version}" if earlier else ""
    chosen = f"{prefix}{name}{tail}.{job.box.format}"
    number = 2
    while chosen in taken:
        chosen = f"{prefix}{name}{tail}_{number}.{job.box.format}"
        number += 1
    return chosen


def _mapping(parts: Parts, name: str) -> OutMapping:
    return OutMapping(parts.book.plan(name), parts.settings.bridge.timezone)


def _written(
    parts: Parts, job: Job, batch: list[Publication]
) -> list[Publication]:
    """The draft of a batch, every order as it is now."""
    papers = []
    for item in batch:
        with parts.ledger.read() as tx:
            row = orders.get(tx, parts.side, item.key)
        if row is None:
            raise DefectError("orders.unknown", order=item.key)
        first = _is_first(parts, row, item)
        papers.append(complete(parts, row, first=first))
    content, found = render(
        parts, job.box, job.mapping, papers, batch[0].now.isoformat()
    )
    digest = parts.outboxes[job.box.name].write_draft(batch[0].name, [content])
    shared = [as_json(item) for item in found]
    with parts.ledger.write() as tx:
        for item, paper in zip(batch, papers, strict=True):
            own = [as_json(one) for one in paper.findings]
            publications.change(
                tx,
                item.id,
                sha256=digest,
                state=publications.READY,
                findings=own + shared,
            )
    return [
        replace(item, sha256=digest, state=publications.READY)
        for item in batch
    ]


def _is_first(parts: Parts, row: OrderRow, publication: Publication) -> bool:
    with parts.ledger.read() as tx:
        made = publications.of_key(tx, parts.side, DOCUMENT, row.id)
    return not any(
        item.version < publication.version and item.state == publications.DONE
        for item in made
    )


def complete(parts: Parts, row: OrderRow, *, first: bool) -> Paper:
    """An order as Sage is to get it.

    Args:
        parts: The pieces.
        row: The order of the ledger.
        first: A line that was cancelled before the first file is left out;
            a later file carries it with quantity 0 (decisions 24).
    """
    document = orjson.loads(row.body)
    with parts.ledger.read() as tx:
        locked = orders.person(tx, parts.side, row.id)
        skus = [line.get("sku") or "" for line in document["lines"]]
        known = orders.articles_of(tx, parts.side, skus)
        rates = _rates(parts, tx, list(known.values()))
    persons: dict[str, Any] = {}
    if locked is not None:
        key_id, blob = locked
        persons = orjson.loads(parts.safe.unlock(blob, key_id))
    found: list[Finding] = []
    lines = [
        _line(parts, line, known, rates, found) for line in document["lines"]
    ]
    gifts = persons.pop("gift_messages", {})
    for line in lines:
        if line.get("item") in gifts:
            line["gift_message"] = gifts[line["item"]]
    document["lines"] = _standing(
        lines, first=first, ended=row.status == "CANCELLED"
    )
    return Paper({**document, **persons, "mandant": row.mandant}, found)


def _standing(
    lines: list[dict[str, Any]], *, first: bool, ended: bool
) -> list[dict[str, Any]]:
    kept = []
    for line in lines:
        if ended or line.get("cancelled"):
            if first:
                continue
            line["quantity"] = "0"
            line["total"] = "0"
        kept.append(line)
    return kept


def _line(
    parts: Parts,
    line: dict[str, Any],
    known: Mapping[str, tuple[str, int]],
    rates: Mapping[tuple[str, int], str],
    found: list[Finding],
) -> dict[str, Any]:
    """A line with Sage's article; an unknown SKU never stops an order."""
    sku = line.get("sku") or ""
    place = known.get(sku)
    if place is None:
        fallback = parts.settings.amazon.fallback_article
        facts = {"article": fallback}
        found.append(
            Finding(
                "orders.unknown_sku",
                None,
                "sku",
                sku,
                "warn",
                "operator",
                facts,
            )
        )
        return {**line, "article": fallback, "variant": 0}
    made = {**line, "article": place[0], "variant": place[1]}
    if "tax_rate" not in made and place in rates:
        made["tax_rate"] = rates[place]
    return made


def _rates(
    parts: Parts, tx: Transaction, places: list[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """Sage's own tax rates, for lines Amazon says none of."""
    found = {}
    for body in documents.of_articles(tx, parts.mandant, places, ("Article",)):
        rate = orjson.loads(body.body).get("tax_rate")
        if rate is not None:
            found[body.article, body.variant] = str(Decimal(rate))
    return found


def render(
    parts: Parts,
    box: OutboxSettings,
    mapping: str,
    papers: list[Paper],
    now: str,
) -> tuple[bytes, list[Finding]]:
    """The bytes of a file, held against its schema.

    Raises:
        DefectError: The schema does not hold: mapping and schema of this
            installation do not fit each other.
    """
    compiled = _mapping(parts, mapping)
    profile = compiled.plan.profiles[box.format]
    if box.encoding:
        profile = replace(profile, encoding=box.encoding)
    found: list[Finding] = []
    context = parts.context(now=now)
    records = [
        compiled.record(paper.document, context, found, form=box.format)
        for paper in papers
    ]
    head = compiled.head(box.format, context, found)
    stream = io.BytesIO()
    found += writing.write(stream, records, profile, head)
    content = stream.getvalue()
    if box.format == "xml" and profile.xsd is not None:
        faults = validate_bytes(content, profile.xsd)
        if faults:
            raise DefectError(
                "orders.schema",
                where=Where(profile.xsd.name),
                mapping=mapping,
                problem="; ".join(_anonymous(item) for item in faults[:10]),
            )
    return content, found


def _anonymous(item: Finding) -> str:
    """Where a schema does not hold, without the value: it may be personal."""
    return f"{item.code} [{item.field}]"
