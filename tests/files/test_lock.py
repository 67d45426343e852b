from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bridge.errors import ConfigError
from bridge.files.lock import WorkspaceLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLDER = """
import sys
from pathlib import Path
from bridge.files.lock import WorkspaceLock
with WorkspaceLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_refused_and_told_the_pid(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holder(path) as first:
        with pytest.raises(ConfigError) as caught, WorkspaceLock(path):
            pass

        assert caught.value.code == "files.locked"
        assert caught.value.exit_code == 2
        assert str(first.pid) in caught.value.message("en")
        assert str(first.pid) == path.read_text()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holder(path) as first:
        first.kill()
        first.wait()

        with WorkspaceLock(path):
            assert str(os.getpid()) == path.read_text()


def test_a_lock_is_given_back_at_the_end_and_after_an_error(
    tmp_path: Path,
) -> None:
    path = tmp_path / "lock"
    lock = WorkspaceLock(path)
    with pytest.raises(ZeroDivisionError), lock:
        _ = 1 / 0
    with lock:
        pass
    lock.__exit__(None, None, None)

    assert path.read_text() == ""
    with holder(path):
        pass


def test_one_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    lock = WorkspaceLock(tmp_path / "lock")
    with lock:
        with pytest.raises(ConfigError), lock:
            pass
        with pytest.raises(ConfigError), WorkspaceLock(tmp_path / "lock"):
            pass


def test_a_lock_in_a_missing_folder_is_a_fault_of_the_settings(
    tmp_path: Path,
) -> None:
    with (
        pytest.raises(ConfigError) as caught,
        WorkspaceLock(tmp_path / "no" / "lock"),
    ):
        pass
    assert caught.value.code == "files.lock_refused"


def test_a_share_that_knows_no_locks_is_a_fault_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_handle: int) -> bool:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("bridge.files.lock._take", refused)

    with pytest.raises(ConfigError) as caught, WorkspaceLock(tmp_path / "l"):
        pass
    assert "No locks available" in caught.value.message("en")
