"""Orders become files in an outbox; what changed later a change file.

The first file of an order states it whole. What Amazon changes afterwards,
or cancels, is written by the outbox's mapping for changes, so that no import
takes it for a second order. An order that Sage refused, or that somebody
wants again, is stated whole once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import orjson

from bridge.config.settings import named
from bridge.errors import BridgeError
from bridge.errors import DefectError
from bridge.flows.accounts import about
from bridge.flows.gone import unless_gone
from bridge.flows.orderpaper import around
from bridge.flows.orderpaper import complete
from bridge.flows.orderpaper import goes_to_sage
from bridge.flows.outgoing import Target
from bridge.flows.outgoing import drafted
from bridge.flows.outgoing import finish
from bridge.flows.outgoing import finish_all
from bridge.flows.outgoing import free_name
from bridge.flows.raising import EVERY
from bridge.flows.raising import publish_lane
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import orders
from bridge.ledger import publications
from bridge.ledger.writing import pieces

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.settings import Outbox as OutboxSettings
    from bridge.flows.orderpaper import Around
    from bridge.flows.outgoing import Batch
    from bridge.flows.outgoing import Draft
    from bridge.flows.outgoing import Paper
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow

ERRAND = "publish"
DOCUMENT = "Order"
AT_ONCE = 100  # orders of one commit
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
    made: Batch

    @property
    def begun(self) -> Batch:
        """What was frozen for one file and is not done."""
        begun = [
            item
            for item in self.made
            if item.state not in {publications.DONE, publications.REFUSED}
        ]
        return [item for item in begun if item.name == begun[0].name]

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


@dataclass(frozen=True)
class _Wish:
    """An order that is due, by its due row.

    Attributes:
        asked: Whether this errand is about it; others are taken along.
    """

    order: str
    key: str
    generation: int
    asked: bool = False


@unless_gone(ERRAND, "outbox", 2)
def publish(parts: Parts, key: str, generation: int) -> None:
    """Write orders into one outbox; twice is harmless.

    Where each order has a file of its own, others that are due are taken
    along: ten thousand orders are a hundred errands.

    Args:
        parts: The pieces.
        key: ``ACCOUNT|ORDER|OUTBOX|MAPPING``; ``*`` for the order means
            every one that is due, in one file.
        generation: Of the due row.
    """
    _, number, outbox, mapping = key.split("|")
    box = named(parts.settings.outbox, outbox)
    if number == EVERY:
        _together(parts, Job(box, mapping, None))
        with parts.ledger.write() as tx:
            dues.done(tx, ERRAND, key, generation)
        return
    left = [_Wish(number, key, generation, asked=True)]
    job = Job(box, mapping, number)
    left += _beside(parts, job, key)
    while left:
        left = _each(parts, job, left)


def _together(parts: Parts, job: Job) -> None:
    """All orders that are due, in one file."""
    while True:
        with parts.ledger.write() as tx:
            batch = _begun(parts, tx, job) or _freeze_all(parts, tx, job)
        if not batch:
            return
        target = job.target(change=batch[0].change)
        finish(parts, target, batch, partial(_papers, parts))
        _tell(parts, job.box, batch)


def _beside(parts: Parts, job: Job, key: str) -> list[_Wish]:
    """Other orders that are due for the same outbox and mapping."""
    lane = publish_lane(parts, job.box.name, job.mapping)
    with parts.ledger.read() as tx:
        ripe = dues.ripe_in(tx, ERRAND, lane, parts.clock.now(), AT_ONCE)
    return [
        _Wish(about(due.key).partition("|")[0], due.key, due.generation)
        for due in ripe
        if due.key != key
    ]


def _each(parts: Parts, job: Job, wishes: list[_Wish]) -> list[_Wish]:
    """A file for each order, the commits shared.

    Returns:
        Orders of which there may be more: what a crash left was finished.

    Raises:
        BridgeError: The order that was asked for cannot be written. One
            that was taken along stays due, and will be asked for.
    """
    drafts: list[Draft] = []
    over: list[_Wish] = []
    left: list[_Wish] = []
    numbers = [wish.order for wish in wishes]
    with parts.ledger.write() as tx:
        rows = orders.get_all(tx, parts.side, numbers)
        known = _wanted(parts, tx, job, rows)
        frozen = [
            _frozen(parts, tx, job, wish, known.get(wish.order))
            for wish in wishes
        ]
        papers = partial(_paper, parts, around(parts, tx, numbers))
    for wish, batch, last in frozen:
        if batch:
            draft = _draft(parts, job, wish, batch, papers)
            if draft is None:
                continue
            drafts.append(draft)
        (over if last else left).append(wish)
    finish_all(parts, drafts, partial(_done, over))
    for draft in drafts:
        _tell(parts, job.box, draft.batch)
    return left


def _frozen(
    parts: Parts, tx: Transaction, job: Job, wish: _Wish, item: _Wanted | None
) -> tuple[_Wish, Batch, bool]:
    """What is to be written of an order, and whether that is all of it."""
    if item is None:
        raise DefectError("orders.unknown", order=wish.order)
    if item.begun:
        return wish, item.begun, False
    own = replace(job, order=wish.order)
    return wish, _freeze(parts, tx, own, [item] if item.due else []), True


def _draft(
    parts: Parts,
    job: Job,
    wish: _Wish,
    batch: Batch,
    papers: Callable[[Batch], Iterable[Paper]],
) -> Draft | None:
    """The draft of an order's file; ``None``: it stays due."""
    target = job.target(change=batch[0].change)
    try:
        return drafted(parts, target, batch, papers)
    except BridgeError:
        if wish.asked:
            raise
        return None


def _done(over: Iterable[_Wish], tx: Transaction) -> None:
    for wish in over:
        dues.done(tx, ERRAND, wish.key, wish.generation)


def _tell(parts: Parts, box: OutboxSettings, batch: Batch) -> None:
    for item in batch:
        parts.log.info("order.published", order=item.key, outbox=box.name)


def _freeze_all(parts: Parts, tx: Transaction, job: Job) -> Batch:
    """Every order that is due, frozen for one file; else nothing."""
    rows = {row.id: row for row in reversed(orders.listed(tx, parts.side))}
    known = _wanted(parts, tx, job, rows).values()
    return _freeze(parts, tx, job, [item for item in known if item.due])


def _freeze(
    parts: Parts, tx: Transaction, job: Job, due: list[_Wanted]
) -> Batch:
    """What is due, frozen with its name; else nothing."""
    if not due:
        return []
    change = due[0].change
    name = _name(parts, tx, job, due[0])
    meant = [item for item in due if item.change == change]
    for item in meant:
        if item.made and not change:  # that Sage refused it before is past
            facts.forget(tx, REFUSAL + item.row.id)
    return [
        publications.freeze(
            tx,
            **parts.side.keys(),
            mandant=item.row.mandant,
            document=DOCUMENT,
            key=item.row.id,
            outbox=job.box.name,
            mapping=job.mapping,
            version=item.row.version,
            change=change,
            now=parts.clock.now(),
            name=name,
        )
        for item in meant
    ]


def _begun(parts: Parts, tx: Transaction, job: Job) -> Batch:
    """What was frozen for one file and is not done."""
    begun = publications.unfinished(
        tx, parts.side, job.box.name, job.mapping, None
    )
    return [item for item in begun if item.name == begun[0].name]


def _wanted(
    parts: Parts, tx: Transaction, job: Job, rows: Mapping[str, OrderRow]
) -> dict[str, _Wanted]:
    """Orders, and what this outbox has of them by this mapping."""
    made = publications.of_keys(tx, parts.side, DOCUMENT, rows)
    own = job.box.name, job.mapping
    return {
        number: _Wanted(
            row,
            [
                item
                for item in made.get(number, ())
                if (item.outbox, item.mapping) == own
            ],
        )
        for number, row in rows.items()
    }


def _name(parts: Parts, tx: Transaction, job: Job, first: _Wanted) -> str:
    """The file's name; a later file is told apart from the first."""
    alone = job.order is not None
    document = orjson.loads(first.row.body) if alone else {}
    tail = f"_{first.row.version}" if alone and first.made else ""
    target = job.target(change=first.change)
    return free_name(parts, tx, target, document, tail)


def _papers(parts: Parts, batch: Batch) -> Iterator[Paper]:
    """Every order of a batch as it is now, some at a time."""
    for some in pieces(batch, AT_ONCE):
        with parts.ledger.read() as tx:
            known = around(parts, tx, [item.key for item in some])
        yield from _paper(parts, known, some)


def _paper(parts: Parts, known: Around, batch: Batch) -> Iterator[Paper]:
    for item in batch:
        yield complete(parts, known, item.key, first=not item.change)
