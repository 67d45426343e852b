"""What a delivery brought is handed on: as files of another layout.

Papers of Sage become openTRANS for a partner, prices a price list. Each
document of the delivery as it is known now; by the mapping one file for each
or one for all, which is written a document at a time. A file is frozen,
written and named as every other; twice is harmless, and what was handed on is
not handed on again. A catalogue, made of several documents, is handed on when
somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from bridge.config.settings import named
from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.flows import negotiated
from bridge.flows.cataloguing import VIEWS
from bridge.flows.gone import unless_gone
from bridge.flows.outgoing import LEFT_OUT
from bridge.flows.outgoing import Paper
from bridge.flows.outgoing import Target
from bridge.flows.outgoing import compiled
from bridge.flows.outgoing import finish
from bridge.flows.outgoing import free_name
from bridge.flows.raising import CATALOGUE
from bridge.flows.rows import documents_of
from bridge.flows.showing import SHOWN
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import publications

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.publications import Publication
    from bridge.mapping.compile_out import OutMapping

ERRAND = "hand_on"
WHOLE = {**VIEWS, **SHOWN, negotiated.DOCUMENT: negotiated.sheets}
MISSING = "warning:catalogue:"  # facts that status shows


@dataclass(frozen=True)
class Job:
    """What is handed on, and where.

    Attributes:
        version: The delivery whose documents they are; of a catalogue its
            running number.
        catalogue: Whether it is all that is offered.
    """

    target: Target
    mapping: OutMapping
    version: int
    catalogue: bool = False

    @property
    def kind(self) -> str:
        """The kind of document."""
        return self.mapping.plan.document


@dataclass(frozen=True)
class File:
    """What one file holds.

    Attributes:
        key: Of its publication.
        about: The document its name may take from; empty for several.
        papers: All of them, asked for one at a time.
    """

    key: str
    about: Mapping[str, Any]
    papers: Callable[[], Iterable[Paper]]


@unless_gone(ERRAND, "outbox", 1)
def hand_on(parts: Parts, key: str, generation: int) -> None:
    """Hand a delivery's documents on by one mapping; twice is harmless.

    Args:
        parts: The pieces.
        key: ``DELIVERY|OUTBOX|MAPPING``; ``catalogue`` for the delivery
            means all that is offered.
        generation: Of the due row.
    """
    number, outbox, name = key.split("|")
    box = named(parts.settings.outbox, outbox)
    mapping = compiled(parts, name)
    catalogue = number == CATALOGUE
    version = generation if catalogue else int(number)
    job = Job(Target(box, name), mapping, version, catalogue=catalogue)
    for file in _files(parts, job):
        _write(parts, job, file)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _files(parts: Parts, job: Job) -> Iterator[File]:
    """A file for each document, or one for all, if there is any."""
    if job.mapping.plan.one_file_per == "document":
        for document in _wanted(parts, job):
            key = _key(job, document)
            papers = [Paper(document, [], name=key)]
            yield File(key, document, partial(list, papers))
    elif any(True for _ in _wanted(parts, job)):
        whole = CATALOGUE if job.catalogue else f"delivery:{job.version}"
        yield File(whole, {}, partial(_papers, parts, job))


def _papers(parts: Parts, job: Job) -> Iterator[Paper]:
    for document in _wanted(parts, job):
        yield Paper(document, [], name=_key(job, document))


def _wanted(parts: Parts, job: Job) -> Iterator[dict[str, Any]]:
    """The documents the mapping writes, in the order of their keys."""
    if job.catalogue:
        yield from filter(job.mapping.wants, WHOLE[job.kind](parts))
        return
    for document, _ in documents_of(parts, job.kind, job.version):
        if job.mapping.wants(document):
            yield document


def _key(job: Job, document: Mapping[str, Any]) -> str:
    fields = job.mapping.plan.kind.key
    return "/".join(str(document.get(name) or "") for name in fields)


def _write(parts: Parts, job: Job, file: File) -> None:
    """One file; the delivery is its version.

    What fitted no file is tried again when the delivery is read again.
    """
    begun = _begun(parts, job, file)
    if begun is None:
        return
    try:
        finish(parts, job.target, [begun], lambda _: file.papers())
    except DefectError as error:
        _refuse(parts, job, begun, error)
        return
    _tell(parts, job, begun)
    parts.log.info("document.handed_on", outbox=begun.outbox)


def _begun(parts: Parts, job: Job, file: File) -> Publication | None:
    """What is frozen for a file and not done, if anything."""
    box = job.target.box
    with parts.ledger.write() as tx:
        made = [
            item
            for item in publications.of_key(tx, parts.side, job.kind, file.key)
            if item.version == job.version
            and (item.outbox, item.mapping) == (box.name, job.target.mapping)
        ]
        if not made:
            publications.freeze(
                tx,
                **parts.side.keys(),
                mandant=parts.mandant,
                document=job.kind,
                key=file.key,
                outbox=box.name,
                mapping=job.target.mapping,
                version=job.version,
                now=parts.clock.now(),
                name=free_name(parts, tx, job.target, file.about),
            )
        for item in made:
            if item.state == publications.REFUSED:
                publications.change(tx, item.id, state=publications.FROZEN)
        begun = publications.unfinished(
            tx, parts.side, box.name, job.target.mapping, file.key
        )
    return begun[0] if begun else None


def _tell(parts: Parts, job: Job, begun: Publication) -> None:
    """Say what was left out: at the delivery, or among the warnings."""
    with parts.ledger.write() as tx:
        kept = publications.findings(tx, begun.id)
        left = [
            Finding(LEFT_OUT, severity="warn", facts=item["facts"])
            for item in kept
            if item["code"] == LEFT_OUT
        ]
        if not job.catalogue:
            deliveries.note(tx, job.version, left)
            return
        fact = f"{MISSING}{begun.outbox}|{begun.mapping}"
        facts.forget(tx, fact)
        if left:
            facts.know(tx, fact, _warning(parts, left))


def _warning(parts: Parts, left: list[Finding]) -> str:
    """How many articles a catalogue lacks, and what the first lacks."""
    said = {**left[0].facts, "count": str(len(left))}
    found = Finding("orders.catalogue_lacks", severity="warn", facts=said)
    return found.told(said["mapping"], parts.settings.bridge.language)


def _refuse(
    parts: Parts, job: Job, begun: Publication, error: DefectError
) -> None:
    """One document that fits no file never stops the others."""
    said = {
        "mapping": job.target.mapping,
        "problem": str(error.facts.get("problem", error.code)),
    }
    found = Finding(
        "orders.not_written", None, None, begun.key, "warn", "mapping", said
    )
    with parts.ledger.write() as tx:
        publications.change(tx, begun.id, state=publications.REFUSED)
        if not job.catalogue:
            why = [replace(item, severity="warn") for item in error.findings]
            deliveries.note(tx, job.version, [found, *why])
    if job.catalogue:
        raise error
