from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.files.inbox import Inbox

if TYPE_CHECKING:
    from pathlib import Path


class Watch:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self._now = datetime(2026, 7, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def sleep(self, duration: timedelta) -> None:
        self._now += duration

    def pass_by(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    path.mkdir()
    return path


@pytest.fixture
def inbox(folder: Path, clock: Watch) -> Inbox:
    return Inbox(
        "sage",
        folder,
        timedelta(seconds=2),
        clock=clock,
        spill=folder.parent / "spill",
    )
