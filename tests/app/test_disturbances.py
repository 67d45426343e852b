"""What happens around a running bridge, and nothing lost or doubled."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.app import service
from bridge.app.clock import SystemClock
from bridge.app.service import Service
from bridge.app.timetable import Timetable
from bridge.cli.main import main
from bridge.flows.raising import raise_compose
from tests.app.test_service import until
from tests.house import House
from tests.house import stock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tests.conftest import StandingClock

SOON = timedelta(milliseconds=200)
AWAY = "cannot be read or written"
MANY = int(os.environ.get("MANY_FILES", "300"))  # `make fuzz`: 10,000


@dataclass
class JumpingClock:
    """The real clock, until somebody sets it."""

    shift: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.shift

    def sleep(self, duration: timedelta) -> None:
        SystemClock().sleep(duration)


@contextmanager
def running(house: House, clock: JumpingClock | None = None) -> Iterator[None]:
    """``bridge run`` in a thread, so that a test can set its clock."""
    parts = house.parts(clock)
    bridge = Service(parts)
    thread = threading.Thread(target=bridge.run)
    thread.start()
    try:
        yield
    finally:
        bridge.stopping.set()
        thread.join()
        parts.close()


def archived(house: House) -> list[str]:
    return sorted(
        path.name for path in (house.path / "archive").rglob("*.csv")
    )


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """A folder outside the workspace, as a share is."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def two_inboxes(tmp_path: Path, far: Path) -> House:
    """A bridge with an inbox of its own and one on a share."""
    more = (
        f'[[inbox]]\nname = "far"\nfolder = "{far.as_posix()}"\nsettle = "0s"'
    )
    return House(tmp_path / "house", more=more).build()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps a watched folder"
)
def test_a_lost_share_is_a_warning_until_it_is_back(
    two_inboxes: House, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RESCAN", SOON)
    house, elsewhere = two_inboxes, far.with_name("lost")

    def warned() -> bool:
        warnings = house.view("status")["warnings"]
        return any(str(far) in text and AWAY in text for text in warnings)

    with running(house):
        far.rename(elsewhere)
        told = until(warned)
        house.drop("Bestand_1.csv", stock({"0010": "7"}))
        others = until(lambda: archived(house) == ["1_Bestand_1.csv"])
        (elsewhere / "Bestand_2.csv").write_text(stock({"0011": "7"}))
        elsewhere.rename(far)
        back = until(
            lambda: archived(house) == ["1_Bestand_1.csv", "2_Bestand_2.csv"]
        )
        over = until(lambda: not warned())

    assert (True, True, True, True) == (told, others, back, over)


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps a watched folder"
)
def test_once_takes_what_it_can_reach_and_tells_of_the_rest(
    two_inboxes: House, far: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_inboxes.drop("Bestand_1.csv", stock({"0010": "7"}))
    two_inboxes.parts().close()
    far.rmdir()

    code = main(["--workspace", str(two_inboxes.path), "once"])

    said = capsys.readouterr().out
    assert 4 == code
    assert f"'{far}' cannot be read or written." in said
    assert ["1_Bestand_1.csv"] == archived(two_inboxes)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_from_a_disk_that_may_only_be_read_each_file_is_taken_once(
    two_inboxes: House, far: Path
) -> None:
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(far)]
    if subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("this account may not mount a disk")
    try:
        (far / "Bestand_1.csv").write_text(stock({"0010": "7"}))
        again = ["mount", "-o", "remount,ro", str(far)]
        subprocess.run(again, check=True)
        codes = [two_inboxes.once(), two_inboxes.once()]
        left = [path.name for path in far.iterdir()]
    finally:
        subprocess.run(["umount", "--lazy", str(far)], check=True)  # noqa: S607

    assert [0, 0] == codes
    assert ["Bestand_1.csv"] == left
    assert ["1_Bestand_1.csv"] == archived(two_inboxes)


@pytest.mark.parametrize("hours", [-1, 24])
def test_a_clock_that_jumps_stops_and_doubles_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    monkeypatch.setattr(service, "RESCAN", SOON)
    clock = JumpingClock()
    with running(house, clock):
        house.drop("Bestand_1.csv", stock({"0010": "7"}))
        before = until(lambda: archived(house) == ["1_Bestand_1.csv"])
        clock.shift = timedelta(hours=hours)
        house.drop("Bestand_2.csv", stock({"0011": "7"}))
        after = until(lambda: len(archived(house)) == 2)

    assert (True, True) == (before, after)
    assert ["accepted"] * 2 == [one.state for one in house.deliveries()]


def test_a_clock_that_was_set_back_does_not_silence_the_timetable(
    clock: StandingClock,
) -> None:
    timetable = Timetable({"orders": timedelta(minutes=3)})
    timetable.ripe(clock.now())

    clock.time -= timedelta(hours=1)

    assert {"orders"} == timetable.ripe(clock.now())
    assert frozenset() == timetable.ripe(clock.now())


def test_what_was_put_off_before_the_clock_was_set_back_is_done(
    house: House,
) -> None:
    house.days_later = 30
    parts = house.parts()
    with parts.ledger.write() as tx:
        raise_compose(parts, tx)
    parts.close()

    house.days_later = 0
    code = house.once()

    assert 0 == code


def test_many_files_dropped_at_once_are_each_taken_exactly_once(
    house: House,
) -> None:
    names = [f"Bestand_{number:05}.csv" for number in range(MANY)]
    for number, name in enumerate(names):
        house.drop(name, stock({f"{number:05}": "7"}))

    code = house.once(wait=7_200)

    taken = Counter(name.partition("_")[2] for name in archived(house))
    assert 0 == code
    assert dict.fromkeys(names, 1) == taken
    assert {"accepted"} == {one.state for one in house.deliveries()}
    assert MANY == sum(one.accepted or 0 for one in house.deliveries())
