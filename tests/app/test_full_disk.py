"""Full disks: nothing half, one sentence, and on when there is room."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bridge.app import disks
from bridge.app import service
from bridge.app.service import Service
from bridge.cli.main import main
from bridge.errors import PlaceError
from bridge.ledger.safe import KeySafe
from tests.app.test_service import until
from tests.house import House
from tests.house import stock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts

NAME = "Bestand_20260114_073000.csv"
WAITING = 4


class Small:
    """A disk of few bytes, mounted at a folder."""

    def __init__(self, folder: Path, size: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ballast = folder / "ballast"
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none"]
        done = subprocess.run(
            [*words, str(folder)], check=False, capture_output=True
        )
        if done.returncode:
            pytest.skip("this account may not mount a disk")

    def fill(self, *, leave: int = 0) -> None:
        """Take all the room but some bytes."""
        seen = os.statvfs(self.folder)
        left = seen.f_bavail * seen.f_frsize
        with self.ballast.open("wb") as file:
            file.write(bytes(max(left - leave, 0)))

    def free(self) -> None:
        self.ballast.unlink()

    def files(self) -> list[str]:
        """Every file and draft on it."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.name for path in found if path != self.ballast)

    def unmount(self) -> None:
        words = ["umount", "--lazy", str(self.folder)]
        subprocess.run(words, check=False)


class Disks:
    """Small disks that are gone after the test."""

    def __init__(self) -> None:
        self.all: list[Small] = []

    def small(self, folder: Path, size: str = "4m") -> Small:
        self.all.append(Small(folder, size))
        return self.all[-1]


@pytest.fixture
def small() -> Iterator[Disks]:
    if sys.platform != "linux":
        pytest.skip("only Linux mounts a disk of memory")
    made = Disks()
    yield made
    for one in made.all:
        one.unmount()


@pytest.fixture
def german(tmp_path: Path) -> House:
    """A bridge that speaks German."""
    house = House(tmp_path / "haus").build()
    path = house.path / "bridge.toml"
    text = path.read_text("utf-8").replace('"en"', '"de"')
    path.write_text(text, encoding="utf-8")
    return house


def once(house: House, wait: str = "1s") -> int:
    return main(["--workspace", str(house.path), "once", "--wait", wait])


def test_a_full_outbox_holds_no_half_file_and_is_waited_for(
    german: House, small: Disks, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = small.small(german.path / "outbox" / "sage")
    disk.fill()
    german.order(today=True)
    code = once(german)
    said = capsys.readouterr()
    during = [name for name in disk.files() if not name.startswith(".")]
    disk.free()

    later = once(german, "20s")

    assert WAITING == code
    assert f"„{disk.folder}“ liegt auf einem vollen Datenträger." in said.out
    assert "Bitte dort Platz schaffen" in said.out
    assert "Traceback" not in said.err
    assert [] == during
    assert 0 == later
    assert 2 == len(disk.files())


def test_a_full_archive_keeps_the_file_where_it_was(
    house: House, small: Disks, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = small.small(house.path / "archive", "64k")
    disk.fill()
    content = stock({f"{n:04}": "7" for n in range(1_000)})
    house.drop(NAME, content)
    code = once(house)
    said = capsys.readouterr()
    during = house.places(content.encode())
    disk.free()

    later = once(house, "20s")

    assert WAITING == code
    assert f"'{disk.folder}' lies on a full disk." in said.out
    assert [f"inbox/.bridge/1/{NAME}"] == during
    assert 0 == later
    assert [f"1_{NAME}"] == disk.files()


def test_nothing_is_begun_while_the_state_has_no_room(
    house: House, small: Disks, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = small.small(house.path / "state", "64m")
    disk.fill()
    path = house.drop(NAME, stock({"0010": "7"}))
    code = once(house)
    said = capsys.readouterr()
    during = path.exists()
    disk.free()

    later = once(house)

    assert WAITING == code
    assert "full disk" in said.err
    assert "goes on by itself" in said.err
    assert "Traceback" not in said.err
    assert during
    assert 0 == later
    assert ["accepted"] == [one.state for one in house.deliveries()]


@pytest.mark.parametrize("leave", [0, 120_000, 900_000])
def test_a_state_that_fills_up_on_the_way_is_gone_on_with(
    house: House,
    small: Disks,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    leave: int,
) -> None:
    monkeypatch.setattr(disks, "LEAST_BYTES", 0)
    disk = small.small(house.path / "state", "64m")
    once(house)  # the tables are there
    disk.fill(leave=leave)
    house.drop(NAME, stock({f"{n:05}": "7" for n in range(8_000)}))
    code = once(house)
    said = capsys.readouterr()
    disk.free()

    later = once(house, "20s")

    assert WAITING == code
    assert "The disk of the database has no room left" in said.out + said.err
    assert "Traceback" not in said.err
    assert 0 == later
    known = [one.state for one in house.deliveries()]
    assert ["accepted"] == [state for state in known if state != "discarded"]
    assert 8_000 == house.deliveries()[-1].accepted


def test_run_waits_for_room_before_it_begins(
    house: House, small: Disks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENCE_SECONDS", 0.2)
    disk = small.small(house.path / "state", "64m")
    disk.fill()
    told: list[BridgeError] = []
    made: list[Parts | None] = []
    thread = threading.Thread(
        target=lambda: made.append(
            service.once_there_is_room(house.parts, told.append)
        )
    )
    thread.start()

    stopped = until(lambda: bool(told))
    disk.free()
    thread.join()

    assert stopped
    assert {"files.full"} == {error.code for error in told}
    (parts,) = made
    assert parts is not None
    parts.close()


def test_a_key_there_is_no_room_for_leaves_no_half_key(
    tmp_path: Path, small: Disks
) -> None:
    disk = small.small(tmp_path / "state")
    disk.fill()
    path = disk.folder / "person.key"

    with pytest.raises(PlaceError) as caught:
        KeySafe(path)
    during = path.exists()
    disk.free()

    assert "files.full" == caught.value.code
    assert not during
    assert KeySafe(path).key_id == KeySafe(path).key_id


def test_run_goes_on_by_itself_when_there_is_room(
    house: House, small: Disks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "LEAST_BYTES", 0)
    monkeypatch.setattr(service, "PATIENCE_SECONDS", 0.2)
    disk = small.small(house.path / "state", "64m")
    house.once()
    parts = house.parts()
    told: list[BridgeError] = []
    running = Service(parts, tell=told.append)
    disk.fill(leave=120_000)
    house.drop(NAME, stock({f"{n:05}": "7" for n in range(8_000)}))
    thread = threading.Thread(target=running.run)
    thread.start()

    stopped = until(lambda: bool(told))
    disk.free()
    taken = until(lambda: any((house.path / "archive").rglob(f"*{NAME}")))
    running.stopping.set()
    thread.join()
    parts.close()

    assert stopped
    assert {"ledger.full"} == {error.code for error in told}
    assert taken
    assert ["accepted"] == [one.state for one in house.deliveries()]
