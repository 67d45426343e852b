"""Documents become a file in an outbox: whole, once, never replaced.

1. frozen: name and instant are written down.
2. the draft is written under a hidden name; ready: its hash is written down.
3. the draft gets its name; done.

A crash after 1: the draft is written again with the same instant. After 2:
the draft is there and is named; or it is gone, then it was named already and
perhaps fetched.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import BinaryIO
from typing import cast

from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.errors import door
from bridge.flows.persons import hushed_out
from bridge.flows.shop import as_json
from bridge.formats import writing
from bridge.formats.xsd import validate
from bridge.ledger import publications
from bridge.model.filenames import cleaned

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.settings import Outbox as OutboxSettings
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.publications import Publication
    from bridge.mapping.compile_out import OutMapping
    from bridge.model.record import Record

    Batch = list[Publication]


IN_MEMORY = 8 * 1024**2  # bytes; what is larger waits on the disk
CHUNK = 1 << 20
LEFT_OUT = "orders.left_out"


@dataclass(frozen=True)
class Paper:
    """A complete document, and what a person should know of it.

    Attributes:
        name: Of one that is left out where it lacks what the file must say;
            without, it is written for the schema to refuse.
    """

    document: dict[str, Any]
    findings: list[Finding]
    name: str | None = None


@dataclass(frozen=True)
class Target:
    """Where documents go: an outbox, and the mapping that writes them."""

    box: OutboxSettings
    mapping: str


def compiled(parts: Parts, mapping: str) -> OutMapping:
    """A mapping of direction ``out``, ready to work."""
    return parts.book.written_by(mapping, parts.settings.bridge.timezone)


def free_name(
    parts: Parts,
    tx: Transaction,
    target: Target,
    document: Mapping[str, Any],
    tail: str = "",
) -> str:
    """The name of a file that no file of the outbox ever had.

    What no file may be called, such as ``/`` in a customer's account, becomes
    ``_``.

    Args:
        parts: The pieces.
        tx: The transaction it is frozen in.
        target: The outbox, and the mapping that says the name.
        document: What it may take from; empty for several documents.
        tail: Told apart by, before the ending.
    """
    box = target.box
    stem = compiled(parts, target.mapping).file_name(document, parts.context())
    prefix = ""
    if parts.side.mode == "rehearsal":
        prefix = parts.settings.amazon.rehearsal_prefix
    name = f"{prefix}{stem}{tail}"
    chosen = cleaned(f"{name}.{box.format}")
    number = 2
    while publications.is_taken(tx, box.name, chosen):
        chosen = cleaned(f"{name}_{number}.{box.format}")
        number += 1
    return chosen


def finish(
    parts: Parts,
    target: Target,
    batch: Batch,
    papers: Callable[[Batch], Iterable[Paper]],
) -> None:
    """Bring what was frozen for one file to its end; twice is harmless.

    Args:
        parts: The pieces.
        target: Where it goes.
        batch: Of one file name; at least one.
        papers: The complete documents, in the order of the batch; asked
            only if the draft is not there yet.
    """
    finish_all(parts, [drafted(parts, target, batch, papers)])


@dataclass(frozen=True)
class Draft:
    """A file that lies in its outbox and has not its name yet.

    Attributes:
        findings: Of each document; nothing if they are kept already.
    """

    box: str
    batch: Batch
    digest: str
    findings: list[list[dict[str, Any]]] | None


def finish_all(
    parts: Parts,
    drafts: Iterable[Draft],
    beside: Callable[[Transaction], None] = lambda _tx: None,
) -> None:
    """Let drafts appear under their names, in two commits for all.

    Args:
        parts: The pieces.
        drafts: As ``drafted`` made them.
        beside: What belongs into the last commit.
    """
    ready = list(drafts)
    with parts.ledger.write() as tx:
        for draft in ready:
            _keep_ready(tx, draft)
    for box in {draft.box for draft in ready}:
        parts.outboxes[box].publish_all(
            (draft.batch[0].name, draft.digest)
            for draft in ready
            if draft.box == box
        )
    with parts.ledger.write() as tx:
        named = [item.id for draft in ready for item in draft.batch]
        publications.done(tx, named)
        beside(tx)


def _keep_ready(tx: Transaction, draft: Draft) -> None:
    if draft.findings is None:
        return
    for item, said in zip(draft.batch, draft.findings, strict=True):
        publications.ready(tx, item.id, draft.digest, said)


def drafted(
    parts: Parts,
    target: Target,
    batch: Batch,
    papers: Callable[[Batch], Iterable[Paper]],
) -> Draft:
    """The draft of a batch, written now if it is not there yet."""
    first = batch[0]
    if first.state != publications.FROZEN:
        return Draft(target.box.name, batch, str(first.sha256), None)
    return _written(parts, target, batch, papers(batch))


def _written(
    parts: Parts,
    target: Target,
    batch: Batch,
    papers: Iterable[Paper],
) -> Draft:
    """A new draft of a batch, and what is said of each document."""
    outbox = parts.outboxes[target.box.name]
    own: list[list[dict[str, Any]]] = []
    with (
        door(tempfile.gettempdir()),
        tempfile.SpooledTemporaryFile(IN_MEMORY) as spooled,
    ):
        draft = cast("BinaryIO", spooled)
        now = batch[0].now.isoformat()
        found = render(parts, target, _told(papers, own), now, draft)
        digest = outbox.write_draft(batch[0].name, _chunks(draft))
    shared = [as_json(item) for item in found]
    if len(batch) == 1:  # one publication, perhaps of several documents
        own = [[one for several in own for one in several]]
    told = [said + shared for said in own]
    return Draft(target.box.name, batch, digest, told)


def _told(
    papers: Iterable[Paper], own: list[list[dict[str, Any]]]
) -> Iterator[Paper]:
    """The papers, one at a time; what each says of itself is kept."""
    for paper in papers:
        own.append([as_json(one) for one in paper.findings])
        yield paper


def _chunks(draft: BinaryIO) -> Iterator[bytes]:
    draft.seek(0)
    while piece := draft.read(CHUNK):
        yield piece


def render(
    parts: Parts,
    target: Target,
    papers: Iterable[Paper],
    now: str,
    draft: BinaryIO,
) -> list[Finding]:
    """Write a file, a document at a time, and hold it against its schema.

    Returns:
        What a person should know, also of what was left out.

    Raises:
        DefectError: The schema does not hold, or no document can be
            written: mapping, schema and documents do not fit each other.
    """
    box, out = target.box, compiled(parts, target.mapping)
    profile = out.plan.profiles[box.format]
    if box.encoding:
        profile = replace(profile, encoding=box.encoding)
    found: list[Finding] = []
    context = parts.context(now=now)
    head = out.head(box.format, context, found)
    made = _records(target, out, papers, context, found)
    found += writing.write(draft, made, profile, head)
    if box.format == "xml" and profile.xsd is not None:
        draft.seek(0)
        faults = validate(draft, profile.xsd)
        if faults:
            raise DefectError(
                "orders.schema",
                where=Where(profile.xsd.name),
                mapping=target.mapping,
                problem=_named(faults),
            )
    return hushed_out(out, found)


def _records(
    target: Target,
    out: OutMapping,
    papers: Iterable[Paper],
    context: Mapping[str, str],
    found: list[Finding],
) -> Iterator[Record]:
    """A record for each paper but those of many that lack something.

    Raises:
        DefectError: All of them do; an empty catalogue would end everything.
    """
    written, lacking = 0, list[Finding]()
    for paper in papers:
        said: list[Finding] = []
        record = out.record(
            paper.document, context, said, form=target.box.format
        )
        lacks = [item for item in said if item.severity == "refuse"]
        if paper.name is None or not lacks:
            found += said
            written += 1
            yield record
            continue
        lacking = lacking or said
        facts = {"name": paper.name, "mapping": target.mapping}
        facts["problem"] = _named(lacks)
        found.append(Finding(LEFT_OUT, severity="warn", facts=facts))
    if lacking and not written:
        lacking = hushed_out(out, lacking)
        raise DefectError(
            "orders.schema",
            findings=lacking,
            mapping=target.mapping,
            problem=_named(lacking),
        )


def _named(faults: list[Finding]) -> str:
    return "; ".join(_anonymous(item) for item in faults[:10])


def _anonymous(item: Finding) -> str:
    """Where a schema does not hold, without the value: it may be personal."""
    return f"{item.code} [{item.field}]"
