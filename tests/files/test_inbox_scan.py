from __future__ import annotations

import os
import unicodedata
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from bridge.errors import TransientError
from bridge.files.inbox import Inbox

if TYPE_CHECKING:
    from .conftest import Watch

HOUR_AGO = 1_782_903_600  # the clock of these tests stands an hour later


def names(inbox: Inbox, *, patient: bool = True) -> list[str]:
    return [arrival.name for arrival in inbox.scan(patient=patient)]


def test_a_file_is_taken_when_it_stood_still(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    (folder / "b.csv").write_text("b")
    (folder / "a.csv").write_text("aa")

    first = names(inbox)
    clock.pass_by(1.9)
    too_soon = names(inbox)
    clock.pass_by(0.1)
    arrivals = inbox.scan()

    assert first == []
    assert too_soon == []
    assert ["a.csv", "b.csv"] == [one.name for one in arrivals]
    assert (folder / "a.csv", 2) == (arrivals[0].path, arrivals[0].size)
    assert arrivals[0].mtime_ns == (folder / "a.csv").stat().st_mtime_ns
    assert ["a.csv", "b.csv"] == names(inbox)


def test_a_growing_file_is_not_taken_and_one_that_breaks_off_waits_anew(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    path = folder / "a.csv"
    path.write_text("")
    os.utime(path, (HOUR_AGO, HOUR_AGO))
    for _ in range(5):
        with path.open("a") as file:
            file.write("x")
        os.utime(path, (HOUR_AGO, HOUR_AGO))  # as a copying Windows does
        assert names(inbox) == []
        clock.pass_by(3)

    assert names(inbox) == ["a.csv"]
    path.write_text("goes on")
    assert names(inbox) == []
    clock.pass_by(2)
    assert names(inbox) == ["a.csv"]


def test_a_file_rewritten_with_the_same_size_waits_anew(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    path = folder / "a.csv"
    path.write_text("old")
    inbox.scan()
    clock.pass_by(2)
    path.write_text("new")
    os.utime(path, ns=(1, 1))

    assert names(inbox) == []


def test_an_impatient_scan_takes_what_is_old_at_the_first_look(
    inbox: Inbox, folder: Path
) -> None:
    (folder / "old.csv").write_text("a")
    os.utime(folder / "old.csv", (HOUR_AGO, HOUR_AGO))
    (folder / "new.csv").write_text("a")
    os.utime(folder / "new.csv", (HOUR_AGO + 3599, HOUR_AGO + 3599))

    assert names(inbox, patient=False) == ["old.csv"]


def test_a_clock_that_is_set_back_only_delays(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    (folder / "a.csv").write_text("a")
    inbox.scan()
    clock.pass_by(-3600)
    assert names(inbox) == []
    clock.pass_by(2)

    assert names(inbox) == ["a.csv"]


def test_temporary_names_folders_links_and_pipes_are_ignored(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    for name in (".x", "~$x.xlsx", "x.tmp", "x.part", "x.protokoll.csv"):
        (folder / name).write_text("x")
    (folder / "below").mkdir()
    (folder / "below" / "x.csv").write_text("x")
    (folder / ".bridge").mkdir()
    if os.name == "posix":
        (folder / "link.csv").symlink_to(folder / "below" / "x.csv")
        os.mkfifo(folder / "pipe.csv")
    inbox.scan()
    clock.pass_by(2)

    assert names(inbox) == []


def test_folders_below_count_where_asked_for(
    folder: Path, clock: Watch
) -> None:
    inbox = Inbox(
        "r",
        folder,
        timedelta(),
        clock=clock,
        spill=folder.parent / "spill",
        recursive=True,
    )
    for below in ("Köln/alt", ".bridge/7", "Köln/.x"):
        (folder / below).mkdir(parents=True)
        (folder / below / "a.csv").write_text("a")
    (folder / "z.csv").write_text("a")
    if os.name == "posix":
        (folder / "round").symlink_to(folder)

    assert names(inbox) == ["Köln/alt/a.csv", "z.csv"]


def test_a_file_waits_for_its_marker(folder: Path, clock: Watch) -> None:
    inbox = Inbox(
        "m",
        folder,
        timedelta(),
        clock=clock,
        spill=folder.parent / "spill",
        marker=".fertig",
    )
    (folder / "a.csv").write_text("a")
    (folder / "b.csv.fertig").write_text("")
    assert inbox.scan() == []
    (folder / "a.csv.fertig").write_text("")

    (arrival,) = inbox.scan()
    assert (arrival.name, arrival.marker) == ("a.csv", folder / "a.csv.fertig")


def test_a_decomposed_name_is_offered_composed_and_can_be_claimed(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    on_disk = unicodedata.normalize("NFD", "Müller.csv")
    (folder / on_disk).write_text("m")
    inbox.scan()
    clock.pass_by(2)

    (arrival,) = inbox.scan()
    claimed = inbox.claim(arrival, 1)

    assert arrival.name == unicodedata.normalize("NFC", "Müller.csv")
    assert arrival.path.name == on_disk
    assert (claimed.name, claimed.read_text()) == (on_disk, "m")


@pytest.mark.skipif(os.name != "posix", reason="Windows forbids such names")
@pytest.mark.parametrize(
    "name", [b"M\xfcller.csv", b"a\nb.csv", b"CON", b"a\\..\\b. ", b"a:b"]
)
def test_a_file_with_a_dangerous_name_is_taken_all_the_same(
    inbox: Inbox, folder: Path, clock: Watch, name: bytes
) -> None:
    (folder / os.fsdecode(name)).write_text("m")
    inbox.scan()
    clock.pass_by(2)

    (arrival,) = inbox.scan()
    inbox.claim(arrival, 1)
    kept = inbox.quarantine(1, folder.parent / "quarantine")

    assert arrival.name.encode()
    assert kept.read_text() == "m"
    assert kept.parent == folder.parent / "quarantine"


def test_a_file_that_cannot_be_opened_is_not_taken_but_told(
    inbox: Inbox, folder: Path, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text("a")
    inbox.scan()
    clock.pass_by(2)

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert inbox.scan() == []
    assert inbox.blind == [folder / "a.csv"]
    assert names(inbox) == ["a.csv"]
    assert inbox.blind == []


def test_a_folder_below_that_cannot_be_read_is_told(
    folder: Path, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    spill = folder.parent / "spill"
    inbox = Inbox(
        "r", folder, timedelta(), clock=clock, spill=spill, recursive=True
    )
    (folder / "closed").mkdir()
    (folder / "a.csv").write_text("a")
    scandir = os.scandir

    def closed(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)

    assert names(inbox) == ["a.csv"]
    assert inbox.blind == [folder / "closed"]


def test_a_lost_share_is_not_an_empty_folder(
    inbox: Inbox, folder: Path
) -> None:
    folder.rmdir()

    with pytest.raises(TransientError) as caught:
        inbox.scan()
    with pytest.raises(TransientError):
        inbox.claimed(7)
    assert caught.value.code == "files.unreachable"
    assert str(folder) in caught.value.message("de")


def test_forty_thousand_files_dropped_at_once_are_all_offered(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    for number in range(40_000):
        (folder / f"ä{number:05}.csv").touch()

    begin = perf_counter()
    inbox.scan()
    clock.pass_by(2)
    offered = names(inbox)
    taken = perf_counter() - begin

    assert [f"ä{number:05}.csv" for number in range(40_000)] == offered
    assert taken < 10
