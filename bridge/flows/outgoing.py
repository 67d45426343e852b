"""Documents become a file in an outbox: whole, once, never replaced.

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
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import DefectError
from bridge.errors import Where
from bridge.flows.persons import hushed_out
from bridge.flows.shop import as_json
from bridge.formats import writing
from bridge.formats.xsd import validate_bytes
from bridge.ledger import publications
from bridge.mapping.compile_out import OutMapping

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.config.settings import Outbox as OutboxSettings
    from bridge.errors import Finding
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.publications import Publication

    Batch = list[Publication]


@dataclass(frozen=True)
class Paper:
    """A complete document, and what a person should know of it."""

    document: dict[str, Any]
    findings: list[Finding]


@dataclass(frozen=True)
class Target:
    """Where documents go: an outbox, and the mapping that writes them."""

    box: OutboxSettings
    mapping: str


def compiled(parts: Parts, mapping: str) -> OutMapping:
    """A mapping of direction ``out``, ready to work."""
    return OutMapping(parts.book.plan(mapping), parts.settings.bridge.timezone)


def free_name(
    parts: Parts,
    tx: Transaction,
    target: Target,
    document: Mapping[str, Any],
    tail: str = "",
) -> str:
    """The name of a file that no file of the outbox ever had.

    Args:
        parts: The pieces.
        tx: The transaction it is frozen in.
        target: The outbox, and the mapping that says the name.
        document: What it may take from; empty for several documents.
        tail: Told apart by, before the ending.
    """
    box = target.box
    name = compiled(parts, target.mapping).file_name(document, parts.context())
    taken = publications.names(tx, box.name)
    prefix = ""
    if parts.side.mode == "rehearsal":
        prefix = parts.settings.amazon.rehearsal_prefix
    chosen = f"{prefix}{name}{tail}.{box.format}"
    number = 2
    while chosen in taken:
        chosen = f"{prefix}{name}{tail}_{number}.{box.format}"
        number += 1
    return chosen


def finish(
    parts: Parts,
    target: Target,
    batch: Batch,
    papers: Callable[[Batch], Sequence[Paper]],
) -> None:
    """Bring what was frozen for one file to its end; twice is harmless.

    Args:
        parts: The pieces.
        target: Where it goes.
        batch: Of one file name; at least one.
        papers: The complete documents, in the order of the batch; asked
            only if the draft is not there yet.
    """
    if batch[0].state == publications.FROZEN:
        batch = _written(parts, target, batch, papers(batch))
    first = batch[0]
    parts.outboxes[target.box.name].publish(first.name, str(first.sha256))
    with parts.ledger.write() as tx:
        for item in batch:
            publications.change(tx, item.id, state=publications.DONE)


def _written(
    parts: Parts,
    target: Target,
    batch: Batch,
    papers: Sequence[Paper],
) -> Batch:
    """The draft of a batch; its findings are kept with each document."""
    content, found = render(parts, target, papers, batch[0].now.isoformat())
    digest = parts.outboxes[target.box.name].write_draft(
        batch[0].name, [content]
    )
    shared = [as_json(item) for item in found]
    own = [[as_json(one) for one in paper.findings] for paper in papers]
    if len(batch) != len(papers):  # one publication of several documents
        own = [[one for several in own for one in several]]
    with parts.ledger.write() as tx:
        for item, said in zip(batch, own, strict=True):
            publications.change(
                tx,
                item.id,
                sha256=digest,
                state=publications.READY,
                findings=said + shared,
            )
    return [
        replace(item, sha256=digest, state=publications.READY)
        for item in batch
    ]


def render(
    parts: Parts, target: Target, papers: Sequence[Paper], now: str
) -> tuple[bytes, list[Finding]]:
    """The bytes of a file, held against its schema.

    Raises:
        DefectError: The schema does not hold: mapping and schema of this
            installation do not fit each other.
    """
    box, out = target.box, compiled(parts, target.mapping)
    profile = out.plan.profiles[box.format]
    if box.encoding:
        profile = replace(profile, encoding=box.encoding)
    found: list[Finding] = []
    context = parts.context(now=now)
    records = [
        out.record(paper.document, context, found, form=box.format)
        for paper in papers
    ]
    head = out.head(box.format, context, found)
    stream = io.BytesIO()
    found += writing.write(stream, records, profile, head)
    content = stream.getvalue()
    if box.format == "xml" and profile.xsd is not None:
        faults = validate_bytes(content, profile.xsd)
        if faults:
            raise DefectError(
                "orders.schema",
                where=Where(profile.xsd.name),
                mapping=target.mapping,
                problem="; ".join(_anonymous(item) for item in faults[:10]),
            )
    return content, hushed_out(out.plan, found)


def _anonymous(item: Finding) -> str:
    """Where a schema does not hold, without the value: it may be personal."""
    return f"{item.code} [{item.field}]"
