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
        target = job.target(change=batch[0].change)
        finish(parts, target, batch, partial(_papers, parts))
        for item in batch:
            _is_out(parts, item, outbox)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _is_out(parts: Parts, item: Publication, outbox: str) -> None:
    """A whole order is out again: that Sage refused it is past."""
    if not item.change:
        with parts.ledger.write() as tx:
            facts.forget(tx, REFUSAL + item.key)
    parts.log.info("order.published", order=item.key, outbox=outbox)


def _batch(parts: Parts, job: Job) -> Batch:
    """What was begun; else what is due, frozen with its name; else nothing."""
    with parts.ledger.write() as tx:
        begun = _begun(parts, tx, job)
        if begun:
            return begun
        rows = _due(parts, tx, job)
        if not rows:
            return []
        change = _is_change(parts, tx, job, rows[0])
        alike = [
            row for row in rows if _is_change(parts, tx, job, row) == change
        ]
        name = _name(parts, tx, job, alike, change=change)
        for row in alike:
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
    made = _made(parts, tx, job, row)
    last = max((item.version for item in made), default=0)
    seen = bool(made) and not _is_refused(row, made)
    return row.version > last and goes_to_sage(row.status, seen=seen)


def _made(
    parts: Parts, tx: Transaction, job: Job, row: OrderRow
) -> list[Publication]:
    """What this outbox has of an order by this mapping."""
    return [
        item
        for item in publications.of_key(tx, parts.side, DOCUMENT, row.id)
        if (item.outbox, item.mapping) == (job.box.name, job.mapping)
    ]


def _is_change(parts: Parts, tx: Transaction, job: Job, row: OrderRow) -> bool:
    """Whether Sage has the order already, as far as anybody knows."""
    made = _made(parts, tx, job, row)
    asked_for = row.again == row.version
    return bool(made) and not _is_refused(row, made) and not asked_for


def _is_refused(row: OrderRow, made: list[Publication]) -> bool:
    """Whether Sage's last word, younger than any file, was no."""
    if (row.reply or {}).get("status") != REFUSED or not made:
        return False
    said = row.acknowledged_at
    return said is not None and said > max(item.now for item in made)


def _name(
    parts: Parts,
    tx: Transaction,
    job: Job,
    rows: list[OrderRow],
    *,
    change: bool,
) -> str:
    """The file's name; a later file is told apart from the first."""
    alone = job.order is not None
    document = orjson.loads(rows[0].body) if alone else {}
    later = alone and _made(parts, tx, job, rows[0])
    tail = f"_{rows[0].version}" if later else ""
    target = job.target(change=change)
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
