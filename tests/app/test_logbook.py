"""The log is bounded, and nobody who shares it loses a line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.app import logbook
from bridge.app.logbook import open_logbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


@pytest.fixture
def log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, Path]]:
    """A log that is full after some ten lines, with two older files."""
    monkeypatch.setattr(logbook, "FULL_BYTES", 1_000)
    monkeypatch.setattr(logbook, "OLDER_FILES", 2)
    path = tmp_path / "bridge.log.jsonl"
    logger, close = open_logbook(path)
    yield logger, path
    close()


def lines(folder: Path) -> int:
    return sum(
        len(path.read_text("utf-8").splitlines()) for path in folder.iterdir()
    )


def test_a_full_log_is_put_aside_and_the_oldest_is_let_go(
    log: tuple[Any, Path],
) -> None:
    logger, path = log

    for number in range(200):
        logger.info("delivery.accepted", number=number)

    names = [f"{path.name}{end}" for end in ("", ".1", ".2")]
    assert names == sorted(item.name for item in path.parent.iterdir())
    assert all(item.stat().st_size <= 1_000 for item in path.parent.iterdir())
    assert '"number": 199' in path.read_text("utf-8").splitlines()[-1]


def test_who_finds_the_log_renamed_goes_on_in_the_new_one(
    log: tuple[Any, Path],
) -> None:
    logger, path = log
    other, close = open_logbook(path)

    for _ in range(10):
        logger.info("one")
        other.info("other")
    close()

    assert 20 == lines(path.parent)


def test_a_log_that_cannot_be_renamed_is_written_on(
    log: tuple[Any, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger, path = log
    monkeypatch.setattr(logbook.LogFile, "_moved", lambda _self: False)

    for _ in range(50):
        logger.info("job.done")

    assert [path] == list(path.parent.iterdir())
    assert 50 == lines(path.parent)


def test_a_line_is_shown_as_well_where_that_is_wanted(tmp_path: Path) -> None:
    echo = io.StringIO()
    logger, close = open_logbook(tmp_path / "log", echo)

    logger.info("job.done", job="a", name="Erika")
    close()

    assert (tmp_path / "log").read_text("utf-8") == echo.getvalue()
    assert "Erika" not in echo.getvalue()


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="no disk that is always full"
)
def test_a_line_that_finds_no_room_stops_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log, close = open_logbook(Path("/dev/full"))

    log.info("delivery.taken", delivery=1)
    close()

    assert ("", "") == capsys.readouterr()
