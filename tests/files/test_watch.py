from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from watchdog.observers.api import BaseObserver

from bridge.files.watch import Watcher

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SOON = 5.0  # seconds; in truth it takes milliseconds


def until_blind(watcher: Watcher, path: Path) -> bool:
    pause = threading.Event()
    return any(
        path in watcher.blind or pause.wait(0.05)
        for _ in range(int(SOON * 20))
    )


def test_a_new_file_wakes_and_reading_it_does_not(tmp_path: Path) -> None:
    wake = threading.Event()
    watcher = Watcher([(tmp_path, False)], wake)
    watcher.start()
    try:
        (tmp_path / "a.csv").write_text("a")
        assert wake.wait(SOON)

        threading.Event().wait(0.3)
        wake.clear()
        (tmp_path / "a.csv").read_text()
        list(tmp_path.iterdir())
        assert not wake.wait(0.3)
        assert watcher.blind == []
    finally:
        watcher.stop()


def test_folders_below_wake_where_asked_for(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    wake = threading.Event()
    watcher = Watcher([(tmp_path, True)], wake)
    watcher.start()
    try:
        (tmp_path / "below" / "a.csv").write_text("a")
        assert wake.wait(SOON)
    finally:
        watcher.stop()


def test_a_folder_that_cannot_be_watched_is_blind_and_no_failure(
    tmp_path: Path,
) -> None:
    gone = tmp_path / "gone"
    watcher = Watcher([(gone, True), (tmp_path, False)], threading.Event())
    assert [gone, tmp_path] == watcher.blind

    watcher.start()
    try:
        assert [gone] == watcher.blind
    finally:
        watcher.stop()
        watcher.stop()


def test_the_limit_of_inotify_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", refused)
    watcher = Watcher([(tmp_path, False)], threading.Event())
    watcher.start()
    watcher.stop()

    assert [tmp_path] == watcher.blind


def test_a_folder_that_vanished_is_watched_again_when_it_comes_back(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    wake = threading.Event()
    watcher = Watcher([(folder, False)], wake)
    watcher.start()
    try:
        folder.rmdir()
        assert until_blind(watcher, folder)
        watcher.start()
        folder.mkdir()
        threading.Event().wait(0.3)
        watcher.start()
        assert watcher.blind == []

        wake.clear()
        (folder / "a.csv").write_text("a")
        assert wake.wait(SOON)
    finally:
        watcher.stop()
