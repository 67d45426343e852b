from __future__ import annotations

import errno
import os
from datetime import date
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.errors import ConfigError
from bridge.errors import DefectError
from bridge.errors import InputError
from bridge.errors import TransientError
from bridge.files.inbox import Arrival
from bridge.files.inbox import Inbox

if TYPE_CHECKING:
    from .conftest import Watch

DAY = date(2026, 7, 1)


def drop(folder: Path, name: str, content: str = "a") -> Arrival:
    path = folder / name
    path.write_text(content)
    seen = path.stat()
    return Arrival(path, name, seen.st_size, seen.st_mtime_ns)


def lying(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file()
    )


def refuse_writing(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """What a read-only share does; root may write everywhere."""

    def refused(path: os.PathLike[str], *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    mkdir = os.mkdir

    def mkdir_refused(path: str, mode: int = 0o777) -> None:
        if folder in Path(path).parents:
            refused(Path(path))
        mkdir(path, mode)

    rename = os.rename

    def rename_refused(source: str, target: str) -> None:
        if folder in Path(source).parents:
            refused(Path(source))
        rename(source, target)

    patch.setattr(os, "mkdir", mkdir_refused)
    patch.setattr(os, "rename", rename_refused)


def test_a_claimed_file_lies_apart_and_is_not_offered(
    inbox: Inbox, folder: Path, clock: Watch
) -> None:
    claimed = inbox.claim(drop(folder, "a.csv"), 7)
    inbox.scan()
    clock.pass_by(2)

    assert folder / ".bridge" / "7" / "a.csv" == claimed
    assert claimed == inbox.claimed(7)
    assert inbox.scan() == []


def test_a_claim_twice_returns_the_same_and_leaves_the_next_file(
    inbox: Inbox, folder: Path
) -> None:
    arrival = drop(folder, "a.csv", "first")
    inbox.claim(arrival, 7)
    drop(folder, "a.csv", "second")

    assert inbox.claim(arrival, 7).read_text() == "first"
    assert (folder / "a.csv").read_text() == "second"


def test_a_file_that_vanished_or_changed_is_not_claimed(
    inbox: Inbox, folder: Path
) -> None:
    gone = drop(folder, "gone.csv")
    gone.path.unlink()
    changed = drop(folder, "changed.csv")
    changed.path.write_text("longer")

    with pytest.raises(InputError) as first:
        inbox.claim(gone, 1)
    with pytest.raises(InputError) as second:
        inbox.claim(changed, 2)

    assert first.value.code == "files.vanished"
    assert second.value.code == "files.changed"
    assert (None, None) == (inbox.claimed(1), inbox.claimed(2))
    assert lying(folder) == ["changed.csv"]


def test_a_ledger_that_keeps_microseconds_can_claim(
    inbox: Inbox, folder: Path
) -> None:
    arrival = drop(folder, "a.csv")
    os.utime(arrival.path, ns=(0, 1_000_000_123_456_789))
    known = Arrival(arrival.path, "a.csv", 1, 1_000_000_123_456_000)

    assert inbox.claim(known, 1).exists()


def test_a_file_held_open_on_windows_is_tried_again(
    inbox: Inbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        error = PermissionError(13, "used by another process")
        error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
        raise error

    arrival = drop(folder, "a.csv")
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", held)
        with pytest.raises(TransientError) as caught:
            inbox.claim(arrival, 1)

    assert caught.value.code == "files.in_use"
    assert inbox.claim(arrival, 1).exists()


def test_accepted_files_lie_in_the_archive_by_month(
    inbox: Inbox, folder: Path, tmp_path: Path
) -> None:
    inbox.claim(drop(folder, "Köln. csv "), 7)

    path = inbox.archive(7, DAY, tmp_path / "archive")

    assert tmp_path / "archive/2026/07/7_Köln. csv" == path
    assert path == inbox.archive(7, DAY, tmp_path / "archive")
    assert path == inbox.archive(7, date(2026, 8, 1), tmp_path / "archive")
    assert inbox.claimed(7) is None
    assert list((folder / ".bridge").iterdir()) == []


def test_refused_files_lie_in_quarantine_beside_their_protokoll(
    inbox: Inbox, folder: Path, tmp_path: Path
) -> None:
    inbox.claim(drop(folder, "a.csv"), 7)
    inbox.claim(drop(folder, "b.csv"), 77)
    root = tmp_path / "quarantine"
    root.mkdir()
    (root / "7_a.csv.protokoll.csv").write_text("")

    path = inbox.quarantine(7, root)

    assert root / "7_a.csv" == path
    assert path == inbox.quarantine(7, root)
    with pytest.raises(InputError):
        inbox.quarantine(78, root)


def test_the_marker_moves_along(inbox: Inbox, folder: Path) -> None:
    (folder / "a.csv.fertig").write_text("42 rows")
    plain = drop(folder, "a.csv")
    marker = folder / "a.csv.fertig"
    arrival = Arrival(plain.path, "a.csv", 1, plain.mtime_ns, marker)

    claimed = inbox.claim(arrival, 7)
    (folder / "a.csv.fertig").write_text("the next one's")
    inbox.claim(arrival, 7)
    path = inbox.quarantine(7, folder.parent / "quarantine")

    assert claimed.name == "a.csv"
    assert lying(folder) == ["a.csv.fertig"]
    assert path.with_name("7_a.csv.fertig").read_text() == "42 rows"
    assert path.read_text() == "a"


def test_another_file_of_that_name_is_never_overwritten(
    inbox: Inbox, folder: Path, tmp_path: Path
) -> None:
    inbox.claim(drop(folder, "a.csv", "new"), 7)
    (tmp_path / "7_a.csv").write_text("old")

    with pytest.raises(DefectError) as caught:
        inbox.quarantine(7, tmp_path)

    assert caught.value.code == "files.name_taken"
    assert (tmp_path / "7_a.csv").read_text() == "old"
    claimed = inbox.claimed(7)
    assert claimed is not None
    assert "new" == claimed.read_text()


def test_a_file_that_was_removed_from_its_claim_is_told(
    inbox: Inbox, folder: Path, tmp_path: Path
) -> None:
    inbox.claim(drop(folder, "a.csv"), 7).unlink()

    with pytest.raises(InputError) as caught:
        inbox.archive(7, DAY, tmp_path / "archive")
    assert caught.value.code == "files.vanished"


def test_a_lost_share_has_not_lost_its_claims(
    inbox: Inbox, folder: Path, tmp_path: Path
) -> None:
    arrival = drop(folder, "a.csv")
    folder.rename(tmp_path / "elsewhere")

    with pytest.raises(TransientError):
        inbox.claim(arrival, 7)
    with pytest.raises(TransientError):
        inbox.archive(7, DAY, tmp_path / "archive")


def test_from_a_read_only_inbox_a_file_is_copied_once_and_remembered(
    inbox: Inbox, folder: Path, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = drop(folder, "a.csv", "first")
    spill = folder.parent / "spill"
    refuse_writing(folder, monkeypatch)

    claimed = inbox.claim(arrival, 7)

    assert spill / "claimed" / "7" / "a.csv" == claimed
    assert claimed == inbox.claim(arrival, 7)
    assert claimed == inbox.claimed(7)
    assert claimed.stat().st_mtime_ns == arrival.mtime_ns

    inbox.archive(7, DAY, folder.parent / "archive")
    again = Inbox("sage", folder, timedelta(), clock=clock, spill=spill)
    assert again.scan() == []
    assert lying(folder) == ["a.csv"]
    drop(folder, "a.csv", "changed")
    assert ["a.csv"] == [one.name for one in again.scan()]


def test_what_a_read_only_inbox_lost_is_forgotten_but_not_at_once(
    inbox: Inbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = drop(folder, "a.csv"), drop(folder, "b.csv")
    with monkeypatch.context() as patch:
        refuse_writing(folder, patch)
        inbox.claim(first, 1)
        inbox.claim(other, 2)
    remembered = folder.parent / "spill" / "remembered.json"

    first.path.rename(folder.parent / "a.csv")
    other.path.rename(folder.parent / "b.csv")
    inbox.scan()  # not mounted
    assert "b.csv" in remembered.read_text()

    other.path.write_text("new")
    inbox.scan()
    assert "csv" not in remembered.read_text()


def test_a_broken_memory_is_told(inbox: Inbox, folder: Path) -> None:
    spill = folder.parent / "spill"
    spill.mkdir()
    (spill / "remembered.json").write_text('{"taken": [1]}')

    with pytest.raises(ConfigError) as caught:
        inbox.scan()
    assert caught.value.code == "files.memory_broken"


@pytest.mark.skipif(
    not Path("/dev/shm").is_dir(),  # noqa: S108 - a second volume
    reason="needs a second volume",
)
def test_the_archive_may_lie_on_another_volume(
    inbox: Inbox, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    arrival = drop(folder, "a.csv", "x" * 3_000_000)
    inbox.claim(arrival, 7)
    name = tmp_path_factory.mktemp("other").name
    root = Path("/dev/shm") / f"{name}-{os.getpid()}"  # noqa: S108 - see above
    try:
        path = inbox.archive(7, DAY, root)

        assert lying(root) == ["2026/07/7_a.csv"]
        assert path.stat().st_size == 3_000_000
        assert path.stat().st_mtime_ns == arrival.mtime_ns
        assert inbox.claimed(7) is None
    finally:
        (root / "2026/07/7_a.csv").unlink()
        for below in ("2026/07", "2026", ""):
            (root / below).rmdir()
