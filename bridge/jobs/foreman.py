"""The foreman: compares what is due with what runs, and starts the rest."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import BridgeError
from bridge.errors import PlaceError
from bridge.jobs.engine import ENDED
from bridge.jobs.retry import LONGEST_WAIT
from bridge.jobs.retry import Again
from bridge.jobs.retry import decide
from bridge.ledger import agenda
from bridge.ledger import dues
from bridge.ledger import facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from bridge.jobs.engine import Engine
    from bridge.jobs.engine import Running
    from bridge.ledger.dues import Due
    from bridge.ledger.engine import Ledger
    from bridge.ports import Clock

    Errand = Callable[[str, int], None]


PENDING = "PENDING"
WORKER = "worker:"  # the fact when a worker was last alive
BREATH = timedelta(seconds=10)
SILENCE = timedelta(seconds=60)  # then a worker counts as dead
#: What goes first: a listing is composed from whole deliveries, partners are
#: told of many files at once, a buyer is forgotten after the order went out;
#: a file may say that a mail is not wanted any more.
FIRST = {
    "compose": frozenset({"intake"}),
    "submit": frozenset({"intake", "compose"}),
    "push": frozenset({"intake"}),
    "acknowledge": frozenset({"intake"}),
    "ship": frozenset({"intake"}),
    "fulfil": frozenset({"intake", "compose"}),
    "invoice": frozenset({"intake", "ship"}),
    "refund": frozenset({"intake", "ship"}),
    "mail": frozenset({"intake", "draw"}),
    "progress": frozenset({"fulfil"}),
    "purge": frozenset({"orders", "customers", "progress", "publish", "rows"}),
}
PATIENCE = timedelta(seconds=60)  # nothing waits longer for others


@dataclass(frozen=True)
class Round:
    """What one look at the due things found.

    Attributes:
        running: Things that run now or were just started.
        next_at: When the next waiting thing may start; ``None`` if none.
        parked: Things that wait for a person.
    """

    running: int
    next_at: datetime | None
    parked: int


class Foreman:
    """Starts what is due; never two of one lane at once.

    Args:
        ledger: Says what is due.
        clock: The time.
        errands: The flows by name: ``errand(key, generation)``. Each removes
            its due row in its last commit.
        log: One line per thing that happened.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        errands: Mapping[str, Errand],
        log: Any,  # noqa: ANN401 - structlog's bound logger
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._errands = errands
        self._log = log
        self._busy: dict[str, str] = {}  # lane and what runs in it
        self.finished: list[tuple[str, str]] = []
        self._breathed = datetime.min.replace(tzinfo=UTC)
        self._freed = threading.Condition()
        self._left: dict[str, Due] = {}  # no room to say what became of it

    def round(self, engine: Engine) -> Round:
        """Look once: start what may start, judge what ended unasked.

        Raises:
            PlaceError: The ledger or the engine has no room to write.
                Nothing is lost; the next round with room goes on.
        """
        self._take_up()
        self._breathe(engine)
        now = self._clock.now()
        with self._ledger.read() as tx:
            found = agenda.look(tx, now, LONGEST_WAIT)
        running, taken = 0, set()
        for due in found.heads:
            if due.lane in taken or _must_wait(due, found.heads, now):
                running += 1  # its turn comes
            else:
                taken.add(due.lane)
                running += self._advance(engine, due)
        return Round(running, found.next_at, found.parked)

    def handle(self, errand: str, key: str, generation: int) -> None:
        """Do one due thing. Never raises: the ledger keeps the failure."""
        due = self._current(errand, key, generation)
        if due is None:
            return
        with self._freed:
            self._freed.wait_for(lambda: due.lane not in self._busy)
            self._busy[due.lane] = due.id
        try:
            if self._current(errand, key, generation) is not None:
                self._errands[errand](key, generation)
                self.finished.append((errand, key))
        except Exception as error:  # noqa: BLE001 - kept for `bridge status`
            self._failed_safely(due, error)
        finally:
            with self._freed:
                del self._busy[due.lane]
                self._freed.notify_all()

    def _current(self, errand: str, key: str, generation: int) -> Due | None:
        """The thing, unless it is parked or has a newer generation."""
        with self._ledger.read() as tx:
            due = dues.current(tx, errand, key, generation)
        return None if due is None or due.parked else due

    def wait(self, seconds: float) -> None:
        """Wait until something ends, at most so long."""
        with self._freed:
            if self._busy:
                self._freed.wait(seconds)

    def drain(self, seconds: float) -> None:
        """Wait until the running steps have ended, at most so long."""
        with self._freed:
            self._freed.wait_for(lambda: not self._busy, seconds)

    def _advance(self, engine: Engine, due: Due) -> int:
        with self._freed:
            if due.lane in self._busy:
                return 1  # this thing, or another of its lane
        known = engine.state(due.id)
        if known is None:
            self._begin(engine, due)
            return 1
        if known.state not in ENDED:
            self._watch(engine, due, known)
            return 1
        with self._ledger.write() as tx:
            if dues.current(tx, due.errand, due.key, due.generation):
                self._still_due(tx, due, known.state)
        return 0

    def _begin(self, engine: Engine, due: Due) -> None:
        try:
            engine.begin(due.id, due.lane, due.errand, due.key, due.generation)
        except PlaceError:
            self._left[due.id] = due  # perhaps begun, and nobody is at it
            raise

    def _watch(self, engine: Engine, due: Due, known: Running) -> None:
        """Take a workflow over from a worker that shows no life."""
        if known.state != PENDING or known.executor == engine.executor:
            return
        with self._ledger.read() as tx:
            seen = facts.known(tx, WORKER + known.executor)
        silent = seen is None or (
            self._clock.now() - datetime.fromisoformat(seen) > SILENCE
        )
        if silent:
            self._log.warning("job.taken_over", job=due.id)
            engine.take_over(due.id)

    def _breathe(self, engine: Engine) -> None:
        """Show the other workers that this one lives."""
        now = self._clock.now()
        if self._ledger.embedded or now - self._breathed < BREATH:
            return  # alone there is nobody to show it to
        self._breathed = now
        with self._ledger.write() as tx:
            facts.know(tx, WORKER + engine.executor, now.isoformat())

    def _still_due(self, tx: Any, due: Due, state: str) -> None:  # noqa: ANN401
        """A workflow ended and its thing is still due: our own mistake."""
        error = {"code": "jobs.still_due", "facts": {"state": state}}
        dues.park(tx, due, error=error)
        self._log.error("job.still_due", job=due.id, state=state)

    def _take_up(self) -> None:
        """What had no room to fail is begun again, as a new generation."""
        for name, due in list(self._left.items()):
            with self._ledger.write() as tx:
                dues.wait(tx, due, at=self._clock.now())
            del self._left[name]

    def _failed_safely(self, due: Due, error: Exception) -> None:
        try:
            self._failed(due, error)
        except PlaceError:
            self._left[due.id] = due

    def _failed(self, due: Due, error: Exception) -> None:
        verdict = decide(error, attempt=due.attempt + 1)
        said = describe(error)
        with self._ledger.write() as tx:
            if not isinstance(verdict, Again):
                dues.park(tx, due, error=said)
            else:
                # what lies further ahead was put off before the clock fell
                at = self._clock.now() + min(verdict.after, LONGEST_WAIT)
                if verdict.spends:
                    dues.again(tx, due, at=at, error=said)
                else:
                    dues.wait(tx, due, at=at)
        outcome = "again" if isinstance(verdict, Again) else "parked"
        self._log.warning(
            f"job.{outcome}",
            job=due.id,
            code=said["code"],
            trace=said["trace"],
        )


def _must_wait(due: Due, ripe: list[Due], now: datetime) -> bool:
    """Whether something that goes first is ripe; for a while at most."""
    before = FIRST.get(due.errand)
    if not before or now - due.not_before > PATIENCE:
        return False
    return any(other.errand in before for other in ripe)


def describe(error: Exception) -> dict[str, Any]:
    """An error as the ledger keeps it: code and facts, never a payload."""
    if isinstance(error, BridgeError):
        return {
            "code": error.code,
            "where": None if error.where is None else str(error.where),
            "facts": {key: str(value) for key, value in error.facts.items()},
            "exit_code": error.exit_code,
            "trace": None,
        }
    return {
        "code": "jobs.defect",
        "where": _place(error),
        "facts": {"kind": type(error).__name__, "place": _place(error)},
        "exit_code": 70,
        "trace": _place(error),
    }


def _place(error: Exception) -> str:
    """File, line and function where it broke; values could be personal."""
    trace = error.__traceback__
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        name = code.co_filename.replace("\\", "/").rpartition("/bridge/")[2]
        places.append(f"{name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-6:]))
