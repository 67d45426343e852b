"""The foreman starts what is due: in order, once, and never two of a lane."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest
import structlog

from bridge.errors import PlaceError
from bridge.errors import TransientError
from bridge.jobs.engine import Running
from bridge.jobs.foreman import Foreman
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger.engine import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bridge.ledger.engine import Transaction
    from tests.conftest import StandingClock

QUIET = structlog.wrap_logger(
    structlog.ReturnLogger(), processors=[lambda _l, _n, e: str(e)]
)


@dataclass
class FakeEngine:
    """Starts nothing by itself; remembers what it was told."""

    states: dict[str, Running] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    executor: str = "me"

    def begin(self, workflow: str, lane: str, *arguments: Any) -> None:  # noqa: ANN401
        del lane, arguments
        self.begun.append(workflow)
        self.states[workflow] = Running("PENDING", self.executor)

    def state(self, workflow: str) -> Running | None:
        return self.states.get(workflow)

    def take_over(self, workflow: str) -> None:
        self.taken.append(workflow)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    made.migrate()
    yield made
    made.close()


class Shop:
    """A foreman, its ledger and its engine."""

    def __init__(self, ledger: Ledger, clock: StandingClock) -> None:
        self.ledger, self.clock = ledger, clock
        self.engine: Any = FakeEngine()
        self.done: list[str] = []
        self.fault: Exception | None = None
        errands = dict.fromkeys(("intake", "compose", "submit"), self.work)
        self.foreman = Foreman(ledger, clock, errands, QUIET)

    def work(self, key: str, generation: int) -> None:
        if self.fault is not None:
            raise self.fault
        self.done.append(key)
        with self.ledger.write() as tx:
            for errand in ("intake", "compose", "submit"):
                dues.done(tx, errand, key, generation)

    def due(
        self,
        errand: str,
        key: str,
        *,
        lane: str = "",
        rank: str = "",
        at: datetime | None = None,
    ) -> None:
        with self.ledger.write() as tx:
            dues.raise_due(
                tx,
                errand,
                key,
                lane=lane or errand,
                at=at or self.clock.now(),
                rank=rank,
            )

    def open(self) -> list[dues.Due]:
        with self.ledger.read() as tx:
            return dues.open_dues(tx)


@pytest.fixture
def shop(ledger: Ledger, clock: StandingClock) -> Shop:
    return Shop(ledger, clock)


def test_what_is_due_is_started_once(shop: Shop) -> None:
    shop.due("intake", "1")

    shop.foreman.round(shop.engine)
    found = shop.foreman.round(shop.engine)

    assert ["intake:1:1"] == shop.engine.begun
    assert 1 == found.running


def test_of_one_lane_only_the_first_is_started(shop: Shop) -> None:
    shop.due("intake", "1", rank="b")
    shop.due("intake", "2", rank="a")
    shop.due("intake", "3", lane="other")

    shop.foreman.round(shop.engine)

    assert {"intake:2:1", "intake:3:1"} == set(shop.engine.begun)


def test_composing_waits_for_deliveries_but_not_for_ever(shop: Shop) -> None:
    shop.due("compose", "1")
    shop.due("intake", "1")

    shop.foreman.round(shop.engine)
    early = list(shop.engine.begun)
    shop.clock.sleep(timedelta(seconds=61))
    shop.foreman.round(shop.engine)

    assert ["intake:1:1"] == early
    assert "compose:1:1" in shop.engine.begun


def test_what_may_not_start_yet_says_when(shop: Shop) -> None:
    later = shop.clock.now() + timedelta(seconds=9)
    shop.due("intake", "1", at=later)

    found = shop.foreman.round(shop.engine)

    assert (0, later) == (found.running, found.next_at)
    assert [] == shop.engine.begun


def test_a_finished_thing_is_no_longer_due(shop: Shop) -> None:
    shop.due("intake", "1")

    shop.foreman.handle("intake", "1", 1)

    assert [] == shop.open()
    assert [("intake", "1")] == shop.foreman.finished


def test_an_outdated_generation_does_nothing(shop: Shop) -> None:
    shop.due("intake", "1")
    shop.due("intake", "1")

    shop.foreman.handle("intake", "1", 1)

    assert [] == shop.done
    assert 1 == len(shop.open())


def test_a_passing_fault_comes_again_later(shop: Shop) -> None:
    shop.due("submit", "DE")
    shop.fault = TransientError("amazon.busy", status=503)

    shop.foreman.handle("submit", "DE", 1)

    (due,) = shop.open()
    assert (2, 1, False) == (due.generation, due.attempt, due.parked)
    assert shop.clock.now() < due.not_before


def test_a_defect_is_parked_with_its_place_and_no_value(shop: Shop) -> None:
    shop.due("submit", "DE")
    shop.fault = ValueError("Erika Beispiel")

    shop.foreman.handle("submit", "DE", 1)

    (due,) = shop.open()
    assert due.parked
    assert due.error is not None
    assert "jobs.defect" == due.error["code"]
    assert "Erika" not in str(due.error)


def test_what_ended_and_is_still_due_is_our_mistake(shop: Shop) -> None:
    shop.due("intake", "1")
    shop.engine.states["intake:1:1"] = Running("SUCCESS", "me")

    shop.foreman.round(shop.engine)

    (due,) = shop.open()
    assert due.parked
    assert due.error is not None
    assert "jobs.still_due" == due.error["code"]


@pytest.mark.parametrize(("silent", "taken"), [(61, True), (5, False)])
def test_the_work_of_a_silent_worker_is_taken_over(
    shop: Shop, *, silent: int, taken: bool
) -> None:
    shop.due("intake", "1")
    shop.engine.states["intake:1:1"] = Running("PENDING", "other")
    seen = shop.clock.now() - timedelta(seconds=silent)
    with shop.ledger.write() as tx:
        facts.know(tx, "worker:other", seen.isoformat())

    shop.foreman.round(shop.engine)

    assert taken == bool(shop.engine.taken)


def test_two_things_of_a_lane_never_run_together(shop: Shop) -> None:
    shop.due("intake", "1", lane="one")
    shop.due("compose", "2", lane="one")
    inside = threading.Event()
    free = threading.Event()
    together: list[int] = []

    def slow(key: str, generation: int) -> None:
        together.append(len(together) + 1 - len(shop.done))
        inside.set()
        free.wait(5)
        shop.work(key, generation)

    errands = {"intake": slow, "compose": slow}
    foreman = Foreman(shop.ledger, shop.clock, errands, QUIET)
    threads = [
        threading.Thread(target=foreman.handle, args=words)
        for words in (("intake", "1", 1), ("compose", "2", 1))
    ]
    for thread in threads:
        thread.start()
    inside.wait(5)
    free.set()
    for thread in threads:
        thread.join(5)

    assert [1, 1] == together
    assert 2 == len(shop.done)


def test_a_failure_that_finds_no_room_is_begun_again_when_there_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> Transaction:
        raise PlaceError("ledger.full")

    shop.due("intake", "1")
    shop.foreman.round(shop.engine)
    shop.fault = TransientError("amazon.busy", status=503)
    with monkeypatch.context() as patch:
        patch.setattr(shop.ledger, "write", full)
        shop.foreman.handle("intake", "1", 1)
        with pytest.raises(PlaceError):
            shop.foreman.round(shop.engine)
    shop.engine.states["intake:1:1"] = Running("SUCCESS", "me")

    shop.foreman.round(shop.engine)

    assert ["intake:1:1", "intake:1:2"] == shop.engine.begun
    assert [False] == [due.parked for due in shop.open()]
