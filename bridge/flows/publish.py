"""Orders become files in an outbox; what changed later a change file.

The first file of an order states it whole. What Amazon changes afterwards,
or cancels, is written by the outbox's mapping for changes, so that no import
takes it for a second order. An order that Sage refused, or that somebody
wants again, is stated whole once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import orjson

from bridge.config.settings import named
from bridge.errors import DefectError
from bridge.flows.orderpaper import complete
from bridge.flows.orderpaper import goes_to_sage
from bridge.flows.outgoing import Target
from bridge.flows.outgoing import finish
from bridge.flows.outgoing import free_name
from bridge.flows.raising import EVERY
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import orders
from bridge.ledger import publications

if TYPE_CHECKING:
    from bridge.config.settings import Outbox as OutboxSettings
    from bridge.flows.outgoing import Batch
    from bridge.flows.outgoing import Paper
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.publications import Publication

ERRAND = "publish"
DOCUMENT = "Order"
REFUSED = "refused"  # what Sage may reply
REFUSAL = "warning:refused:"  # facts that status shows


@dataclass(frozen=True)
class Job:
    """What is to be written: into which outbox, by which mapping.

    Attributes:
        order: One order, or ``None``: all that are due.
    """

    box: OutboxSettings
    mapping: str
    order: str | None

    def target(self, *, change: bool) -> Target:
        """Where orders go as a whole, or their changes."""
        changes = self.box.changes if change else ""
        return Target(self.box, changes or self.mapping)


@dataclass(frozen=True)
class _Wanted:
    """An order, and what an outbox has of it by one mapping."""

    row: OrderRow
    made: list[Publication]

    @property
    def due(self) -> bool:
        """Whether its present version goes to Sage and is not there."""
        last = max((item.version for item in self.made), default=0)
        seen = bool(self.made) and not self._refused
        goes = goes_to_sage(self.row.status, seen=seen)
        return goes and self.row.version > last

    @property
    def change(self) -> bool:
        """Whether Sage has the order already, as far as anybody knows."""
        asked_for = self.row.again == self.row.version
        return bool(self.made) and not self._refused and not asked_for

    @property
    def _refused(self) -> bool:
        """Whether Sage's last word, younger than any file, was no."""
        said = self.row.acknowledged_at
        if (self.row.reply or {}).get("status") != REFUSED or said is None:
            return False
        return said > max((item.now for item in self.made), default=said)


def publish(parts: Parts, key: str, generation: int) -> None:
    """Write orders into one outbox; twice is harmless.

    Args:
        parts: The pieces.
        key: ``ACCOUNT|ORDER|OUTBOX|MAPPING``; ``*`` for the order means
            every one that is due, in one file.
        generation: Of the due row.
    """
    _, number, outbox, mapping = key.split("|")
    box = named(parts.settings.outbox, outbox)
    job = Job(box, mapping, None if number == EVERY else number)
    while batch := _batch(parts, job):
        target = job.target(change=batch[0].change)
        finish(parts, target, batch, partial(_papers, parts))
        for item in batch:
            parts.log.info("order.published", order=item.key, outbox=outbox)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _batch(parts: Parts, job: Job) -> Batch:
    """What was begun; else what is due, frozen with its name; else nothing."""
    with parts.ledger.write() as tx:
        begun = _begun(parts, tx, job)
        if begun:
            return begun
        due = _due(parts, tx, job)
        if not due:
            return []
        change = due[0].change
        name = _name(parts, tx, job, due[0])
        for row in [item.row for item in due if item.change == change]:
            if not change:  # that Sage refused it before is past
                facts.forget(tx, REFUSAL + row.id)
            publications.freeze(
                tx,
                **parts.side.keys(),
                mandant=row.mandant,
                document=DOCUMENT,
                key=row.id,
                outbox=job.box.name,
                mapping=job.mapping,
                version=row.version,
                change=change,
                now=parts.clock.now(),
                name=name,
            )
        return _begun(parts, tx, job)


def _begun(parts: Parts, tx: Transaction, job: Job) -> Batch:
    """What was frozen for one file and is not done."""
    begun = publications.unfinished(
        tx, parts.side, job.box.name, job.mapping, job.order
    )
    return [item for item in begun if item.name == begun[0].name]


def _due(parts: Parts, tx: Transaction, job: Job) -> list[_Wanted]:
    """Orders of which this outbox has not the present version."""
    if job.order is None:
        rows = list(reversed(orders.listed(tx, parts.side)))
    else:
        row = orders.get(tx, parts.side, job.order)
        if row is None:
            raise DefectError("orders.unknown", order=job.order)
        rows = [row]
    known = [_Wanted(row, _made(parts, tx, job, row)) for row in rows]
    return [item for item in known if item.due]


def _made(
    parts: Parts, tx: Transaction, job: Job, row: OrderRow
) -> list[Publication]:
    """What this outbox has of an order by this mapping."""
    return [
        item
        for item in publications.of_key(tx, parts.side, DOCUMENT, row.id)
        if (item.outbox, item.mapping) == (job.box.name, job.mapping)
    ]


def _name(parts: Parts, tx: Transaction, job: Job, first: _Wanted) -> str:
    """The file's name; a later file is told apart from the first."""
    alone = job.order is not None
    document = orjson.loads(first.row.body) if alone else {}
    tail = f"_{first.row.version}" if alone and first.made else ""
    target = job.target(change=first.change)
    return free_name(parts, tx, target, document, tail)


def _papers(parts: Parts, batch: Batch) -> list[Paper]:
    """Every order of a batch as it is now."""
    papers = []
    for item in batch:
        with parts.ledger.read() as tx:
            row = orders.get(tx, parts.side, item.key)
        if row is None:
            raise DefectError("orders.unknown", order=item.key)
        papers.append(complete(parts, row, first=not item.change))
    return papers
