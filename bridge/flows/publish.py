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


@dataclass(frozen=True)
class Paper:
    """An order complete with persons and Sage's own numbers."""

    document: dict[str, Any]
    findings: list[Finding]


def publish(parts: Parts, key: str, generation: int) -> None:
    """Write one order into one outbox; twice is harmless."""
    number, outbox, mapping = key.split("|")
    with parts.ledger.read() as tx:
        row = orders.get(tx, parts.side, number)
    if row is None:
        raise DefectError("orders.unknown", order=number)
    box = next(b for b in parts.settings.outbox if b.name == outbox)
    publication = _frozen(parts, row, box, mapping)
    if publication.state == publications.FROZEN:
        publication = _written(parts, row, box, publication)
    if publication.state == publications.READY:
        parts.outboxes[outbox].publish(
            publication.name, str(publication.sha256)
        )
    with parts.ledger.write() as tx:
        publications.change(tx, publication.id, state=publications.DONE)
        dues.done(tx, ERRAND, key, generation)
    parts.log.info("order.published", order=number, outbox=outbox)


def _frozen(
    parts: Parts, row: OrderRow, box: OutboxSettings, mapping: str
) -> Publication:
    """The publication of this version; made, with its name, if it is new."""
    natural = {
        "mandant": row.mandant,
        "document": DOCUMENT,
        "key": row.id,
        "outbox": box.name,
        "mapping": mapping,
        "version": row.version,
    }
    with parts.ledger.write() as tx:
        known = publications.find(tx, parts.side, **natural)  # type: ignore[arg-type]
        if known is None:
            now = parts.clock.now()
            publications.freeze(
                tx,
                **parts.side.keys(),
                **natural,
                now=now,
                name=_name(parts, tx, row, box, mapping),
            )
            known = publications.find(tx, parts.side, **natural)  # type: ignore[arg-type]
    if known is None:
        raise DefectError("orders.unknown", order=row.id)
    return known


def _name(
    parts: Parts,
    tx: Transaction,
    row: OrderRow,
    box: OutboxSettings,
    mapping: str,
) -> str:
    """The file's name; a change is told apart from what it changes."""
    compiled = _mapping(parts, mapping)
    name = compiled.file_name(orjson.loads(row.body), parts.context())
    earlier = {
        item.name
        for item in publications.of_key(tx, parts.side, DOCUMENT, row.id)
        if item.outbox == box.name
    }
    prefix = ""
    if parts.side.mode == "rehearsal":
        prefix = parts.settings.amazon.rehearsal_prefix
    tail = f"_{row.version}" if earlier else ""
    return f"{prefix}{name}{tail}.{box.format}"


def _mapping(parts: Parts, name: str) -> OutMapping:
    return OutMapping(parts.book.plan(name), parts.settings.bridge.timezone)


def _written(
    parts: Parts, row: OrderRow, box: OutboxSettings, publication: Publication
) -> Publication:
    first = _is_first(parts, row, publication)
    paper = complete(parts, row, first=first)
    content, found = render(
        parts, box, publication.mapping, paper, publication.now.isoformat()
    )
    digest = parts.outboxes[box.name].write_draft(publication.name, [content])
    notes = [as_json(item) for item in (*paper.findings, *found)]
    with parts.ledger.write() as tx:
        publications.change(
            tx,
            publication.id,
            sha256=digest,
            state=publications.READY,
            findings=notes,
        )
    return replace(publication, sha256=digest, state=publications.READY)


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
    parts: Parts, box: OutboxSettings, mapping: str, paper: Paper, now: str
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
    record = compiled.record(paper.document, context, found, form=box.format)
    head = compiled.head(box.format, context, found)
    stream = io.BytesIO()
    found += writing.write(stream, [record], profile, head)
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
