"""The loops: once, until all is quiet; or on, until told to stop."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bridge.app import collector
from bridge.app.disks import refuse_full
from bridge.app.errands import ERRANDS
from bridge.app.running import place_to_work
from bridge.app.timetable import Timetable
from bridge.app.wiring import database_url
from bridge.errors import PlaceError
from bridge.files.watch import Watcher
from bridge.flows import arrivals
from bridge.flows import requests
from bridge.flows.media import errand_of
from bridge.flows.media import raise_media
from bridge.flows.pages import raise_pages
from bridge.flows.purging import raise_purge
from bridge.flows.raising import raise_compose
from bridge.flows.raising import raise_partner
from bridge.flows.raising import raise_poll
from bridge.flows.raising import raise_source
from bridge.flows.reconciling import raise_reconcile
from bridge.flows.removed import settle
from bridge.flows.reviewing import raise_review
from bridge.flows.warehousing import raise_looks
from bridge.jobs.engine import Engine
from bridge.jobs.foreman import Foreman
from bridge.ledger import dues
from bridge.ledger import offers
from bridge.ledger import standing
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from datetime import datetime

    from bridge.flows.parts import Parts
    from bridge.jobs.foreman import Round

ORDERS, MEDIA = "orders", "media"
RESCAN = timedelta(seconds=30)  # watching is a hint, scanning the truth
TICK_SECONDS = 0.5
DRAIN_SECONDS = 30  # a step that was begun may end
PATIENCE_SECONDS = 10  # between two looks whether a full disk has room
BREATH = timedelta(milliseconds=20)
PAUSE = timedelta(milliseconds=2)  # between two looks at what runs


@dataclass
class Service:
    """One running bridge.

    Attributes:
        parts: The pieces.
        stopping: Set when the process is told to stop.
        tell: Told why the bridge stands still, where it waits for that.
    """

    parts: Parts
    stopping: threading.Event = field(default_factory=threading.Event)
    tell: Callable[[PlaceError], None] = lambda _error: None

    def __post_init__(self) -> None:
        errands = {
            name: partial(errand, self.parts)
            for name, errand in ERRANDS.items()
        }
        self._foreman = Foreman(
            self.parts.ledger, self.parts.clock, errands, self.parts.log
        )
        self._started = self.parts.clock.now()
        self._engine: Engine | None = None

    def once(self, wait: timedelta) -> int:
        """Everything that is there and due, then stop.

        Args:
            wait: How long retries and outcomes may be waited for.

        Returns:
            The exit code (contract, section 4).
        """
        deadline = self._started + wait
        with self._running() as engine:
            self._read_tables()
            self._call_partners("pull")
            self._look_at_media()
            self._receive()
            self._until_quiet(engine, deadline)
            self._look_around(poll=True)  # orders find their articles known
            self._until_quiet(engine, deadline)
            self._call_partners("push")  # their files are written by now
            last = self._until_quiet(engine, deadline)
        with self.parts.ledger.read() as tx:
            later = last.next_at is not None and standing.awaited(tx)
            waiting = later or last.running > 0
            return standing.exit_code(
                tx,
                self.parts.sides,
                self._started,
                self.taken_in(),
                waiting=waiting,
            )

    def taken_in(self) -> list[int]:
        """The deliveries that were worked on."""
        done = self._foreman.finished
        return [int(key) for errand, key in done if errand == "intake"]

    def run(self) -> int:
        """Watch, work and keep the timetable until told to stop."""
        wake = threading.Event()
        folders = [
            (box.folder, box.recursive) for box in self.parts.settings.inbox
        ]
        watcher = Watcher(folders, wake)
        with _signals(self.stopping, wake):
            try:
                self._patiently(partial(self._watch, watcher, wake))
            finally:
                watcher.stop()
        return 0

    def work(self) -> int:
        """Only work on what is due; others watch and keep the timetable."""
        with _signals(self.stopping, None):
            self._patiently(self._only_work)
        return 0

    def _patiently(self, work: Callable[[], None]) -> None:
        """Begin anew whenever there is room, until told to stop."""
        while not self.stopping.is_set():
            try:
                refuse_full(self.parts.settings)
                work()
            except PlaceError as error:
                self.parts.log.warning("service.waits", code=error.code)
                self.tell(error)
                self.stopping.wait(PATIENCE_SECONDS)

    def _watch(self, watcher: Watcher, wake: threading.Event) -> None:
        timetable = self._timetable()
        with self._running() as engine:
            scan_at = self._started
            while not self.stopping.is_set():
                now = self.parts.clock.now()
                if wake.is_set() or not now < scan_at <= now + RESCAN:
                    watcher.start()
                    scan_at = now + self._scan(wake)
                ripe = timetable.ripe(now)
                self._read_tables(only=ripe)
                self._look_around(poll=ORDERS in ripe)
                self._call_partners("pull", "push", only=ripe)
                if MEDIA in ripe:
                    self._look_at_media()
                self._foreman.round(engine)
                wake.wait(TICK_SECONDS)

    def _only_work(self) -> None:
        with self._running(recovers=False) as engine:
            while not self.stopping.is_set():
                self._foreman.round(engine)
                self.stopping.wait(TICK_SECONDS)

    def _scan(self, wake: threading.Event) -> timedelta:
        """Take what stands still; look again soon while things move."""
        moved = wake.is_set()
        wake.clear()
        taken = arrivals.receive(self.parts)
        settle = max(
            (box.settle for box in self.parts.settings.inbox), default=RESCAN
        )
        soon = max(settle, timedelta(seconds=TICK_SECONDS))
        restless = any(box.restless for box in self.parts.inboxes.values())
        if moved or taken or restless:
            self._moving_until = self.parts.clock.now() + 2 * soon
        moving = getattr(self, "_moving_until", self._started)
        return soon if self.parts.clock.now() < moving else RESCAN

    def _receive(self) -> None:
        """What lies in the inboxes now, seen twice and standing still."""
        arrivals.receive(self.parts)
        settle = [box.settle for box in self.parts.settings.inbox]
        self.parts.clock.sleep(max(settle, default=BREATH) + BREATH)
        arrivals.receive(self.parts)

    def _until_quiet(self, engine: Engine, deadline: datetime) -> Round:
        while True:
            found = self._foreman.round(engine)
            self._look_around(poll=False)
            if found.running:
                self._foreman.wait(TICK_SECONDS)
                self.parts.clock.sleep(PAUSE)
            elif found.next_at is None or found.next_at > deadline:
                if not self._foreman.round(engine).running:
                    return found
            else:
                pause = found.next_at - self.parts.clock.now()
                self.parts.clock.sleep(max(pause, BREATH))
            if self.parts.clock.now() > deadline and not found.running:
                return found

    def _look_around(self, *, poll: bool) -> None:
        """The timetable: wishes, sales that begin or end, orders."""
        parts = self.parts
        requests.take_up(parts)
        now = parts.clock.now()
        with parts.ledger.read() as tx:
            ripe = [
                row
                for side in parts.sides
                for row in offers.ripe(tx, side, now)
            ]
        if not ripe and not poll:
            return
        daily = False
        with parts.ledger.write() as tx:
            if ripe:
                for row in ripe:
                    touches.touch(tx, row.mandant, row.article, row.variant)
                for side in parts.sides:
                    offers.unripe(tx, side, now)
                raise_compose(parts, tx)
            if poll:
                for one in parts.everyone:
                    raise_poll(one, tx)
                    raise_review(one, tx)
                    raise_pages(one, tx)
                    raise_reconcile(one, tx)
                    raise_looks(one, tx)
                daily = raise_purge(parts, tx)
        if daily and self._engine is not None:
            before = parts.clock.now() - parts.settings.retention.log
            self._engine.forget(before)

    def _timetable(self) -> Timetable:
        """Orders, media; partners and tables that are read, by name."""
        settings = self.parts.settings
        partners = {_place(one.name): one.every for one in settings.partner}
        tables = {_reading(one.name): one.every for one in settings.source}
        every = {
            ORDERS: settings.amazon.poll_orders,
            MEDIA: settings.media.every,
        }
        return Timetable({**every, **partners, **tables})

    def _look_at_media(self) -> None:
        """Have the files checked that articles name."""
        if errand_of(self.parts) is not None:
            with self.parts.ledger.write() as tx:
                raise_media(self.parts, tx)

    def _read_tables(self, only: frozenset[str] | None = None) -> None:
        """Have tables of other databases read."""
        names = [
            one.name
            for one in self.parts.settings.source
            if only is None or _reading(one.name) in only
        ]
        self._make_due(names, raise_source)

    def _call_partners(
        self, *errands: str, only: frozenset[str] | None = None
    ) -> None:
        """Have files fetched from partners, or brought to them."""
        names = [
            one.name
            for one in self.parts.settings.partner
            if only is None or _place(one.name) in only
        ]
        for errand in errands:
            self._make_due(names, partial(raise_partner, errand=errand))

    def _make_due(self, names: list[str], how: Callable[..., None]) -> None:
        """Have something done for each name, if there are any."""
        if names:
            with self.parts.ledger.write() as tx:
                for name in names:
                    how(self.parts, tx, name=name)

    def _another_chance(self) -> None:
        """Who starts the bridge again may have mended what was parked."""
        with self.parts.ledger.write() as tx:
            dues.unpark(tx, self.parts.clock.now())

    @contextmanager
    def _running(self, *, recovers: bool = True) -> Iterator[Engine]:
        """The engine, in a place of its own in the workspace.

        Args:
            recovers: Whether claims a crash left are taken up: only who
                watches the inboxes knows that nobody is at it.
        """
        collector.rest()
        parts = self.parts
        url = database_url(parts.settings, parts.settings.database.jobs_url)
        alone = parts.ledger.embedded
        with place_to_work(parts.settings, alone=alone) as executor:
            engine = Engine(
                url, executor=executor, handler=self._foreman.handle
            )
            if recovers:
                arrivals.recover(parts)
                self._another_chance()
                settle(parts)
            engine.start()
            self._engine = engine
            try:
                yield engine
            finally:
                self._engine = None
                self._foreman.drain(DRAIN_SECONDS)
                engine.stop()


def once_there_is_room(
    make: Callable[[], Parts], tell: Callable[[PlaceError], None]
) -> Parts | None:
    """The pieces of a bridge, as soon as the disk has room for them.

    Args:
        make: Joins them.
        tell: Told why that has to wait.

    Returns:
        The pieces; nothing if the process was told to stop before.
    """
    stopping = threading.Event()
    with _signals(stopping, None):
        while not stopping.is_set():
            try:
                return make()
            except PlaceError as error:
                tell(error)
                stopping.wait(PATIENCE_SECONDS)
    return None


def _place(partner: str) -> str:
    """A partner's place in the timetable: one may be called orders."""
    return f"partner:{partner}"


def _reading(source: str) -> str:
    return f"source:{source}"


@contextmanager
def _signals(
    stopping: threading.Event, wake: threading.Event | None
) -> Iterator[None]:
    """SIGINT, SIGTERM and Windows' SIGBREAK end the loop, not the step."""

    def stop(_number: int, _frame: object) -> None:
        stopping.set()
        if wake is not None:
            wake.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [
        getattr(signal, name)
        for name in ("SIGINT", "SIGTERM", "SIGBREAK")
        if hasattr(signal, name)
    ]
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
