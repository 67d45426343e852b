"""What a delivery brought is handed on: as files of another layout.

Papers of Sage become openTRANS for a partner, prices a price list. Each
document of the delivery as it is known now; by the mapping one file for each
or one for all. A file is frozen, written and named as every other; twice is
harmless, and what was handed on is not handed on again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.config.settings import named
from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.flows.cataloguing import listings
from bridge.flows.outgoing import Paper
from bridge.flows.outgoing import Target
from bridge.flows.outgoing import compiled
from bridge.flows.outgoing import finish
from bridge.flows.outgoing import free_name
from bridge.flows.rows import documents_of
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import publications

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.publications import Publication
    from bridge.mapping.compile_out import OutMapping

ERRAND = "hand_on"
CATALOGUE = "catalogue"


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
    if mapping.plan.one_file_per == "document":
        for document in _wanted(parts, job):
            _write(parts, job, _key(job, document), [document])
    else:
        whole = CATALOGUE if catalogue else f"delivery:{number}"
        _write(parts, job, whole, list(_wanted(parts, job)))
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _wanted(parts: Parts, job: Job) -> Iterator[dict[str, Any]]:
    """The documents the mapping writes, in the order of their keys."""
    if job.catalogue:
        yield from filter(job.mapping.wants, listings(parts))
        return
    for document, _ in documents_of(parts, job.kind, job.version):
        if job.mapping.wants(document):
            yield document


def _key(job: Job, document: Mapping[str, Any]) -> str:
    fields = job.mapping.plan.kind.key
    return "/".join(str(document.get(name) or "") for name in fields)


def _write(
    parts: Parts, job: Job, key: str, documents: list[dict[str, Any]]
) -> None:
    """One file; the delivery is its version.

    What fitted no file is tried again when the delivery is read again.
    """
    if not documents:
        return
    box = job.target.box
    with parts.ledger.write() as tx:
        made = [
            item
            for item in publications.of_key(tx, parts.side, job.kind, key)
            if item.version == job.version
            and (item.outbox, item.mapping) == (box.name, job.target.mapping)
        ]
        if not made:
            alone = documents[0] if len(documents) == 1 else {}
            publications.freeze(
                tx,
                **parts.side.keys(),
                mandant=parts.mandant,
                document=job.kind,
                key=key,
                outbox=box.name,
                mapping=job.target.mapping,
                version=job.version,
                now=parts.clock.now(),
                name=free_name(parts, tx, job.target, alone),
            )
        for item in made:
            if item.state == publications.REFUSED:
                publications.change(tx, item.id, state=publications.FROZEN)
        begun = publications.unfinished(
            tx, parts.side, box.name, job.target.mapping, key
        )
    if begun:
        papers = [Paper(document, []) for document in documents]
        try:
            finish(parts, job.target, begun[:1], lambda _: papers)
        except DefectError as error:
            _refuse(parts, job, begun[0], error)
        else:
            parts.log.info("document.handed_on", outbox=box.name)


def _refuse(
    parts: Parts, job: Job, begun: Publication, error: DefectError
) -> None:
    """One document that fits no file never stops the others."""
    facts = {
        "mapping": job.target.mapping,
        "problem": str(error.facts.get("problem", error.code)),
    }
    found = Finding(
        "orders.not_written", None, None, begun.key, "warn", "mapping", facts
    )
    with parts.ledger.write() as tx:
        publications.change(tx, begun.id, state=publications.REFUSED)
        if not job.catalogue:
            deliveries.note(tx, job.version, [found])
    if job.catalogue:
        raise error
