from __future__ import annotations

import errno
import hashlib
import os
import threading
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.errors import DefectError
from bridge.errors import TransientError
from bridge.files import disk
from bridge.files.outbox import Outbox
from bridge.files.outbox import replace_whole
from bridge.files.outbox import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def lying(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(params=["rename", "links", "checked"])
def outbox(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Outbox:
    """An outbox on a disk that can more or less."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    if request.param != "rename":
        monkeypatch.setattr(disk, "rename_at_once", lambda *_: False)
    if request.param == "checked":
        monkeypatch.setattr(os, "link", refused)
    return Outbox(tmp_path)


def test_a_draft_has_no_name_until_it_is_published(
    outbox: Outbox, tmp_path: Path
) -> None:
    sha256 = outbox.write_draft("a.xml", [b"<a", b"/>"])
    assert lying(tmp_path) == {".a.xml.part": b"<a/>"}

    outbox.publish("a.xml", sha256)
    assert lying(tmp_path) == {"a.xml": b"<a/>"}
    assert hashlib.sha256(b"<a/>").hexdigest() == sha256


def test_publishing_twice_is_harmless_also_when_it_was_fetched(
    outbox: Outbox, tmp_path: Path
) -> None:
    sha256 = outbox.write_draft("a.xml", [b"a"])
    outbox.publish("a.xml", sha256)

    outbox.publish("a.xml", sha256)
    (tmp_path / "a.xml").unlink()
    outbox.publish("a.xml", sha256)

    assert lying(tmp_path) == {}


def test_the_same_bytes_under_the_name_count_as_done(
    outbox: Outbox, tmp_path: Path
) -> None:
    (tmp_path / "a.xml").write_bytes(b"a")

    outbox.publish("a.xml", outbox.write_draft("a.xml", [b"a"]))

    assert lying(tmp_path) == {"a.xml": b"a"}


def test_a_taken_name_is_never_overwritten(
    outbox: Outbox, tmp_path: Path
) -> None:
    (tmp_path / "a.xml").write_bytes(b"theirs")
    sha256 = outbox.write_draft("a.xml", [b"ours"])

    with pytest.raises(DefectError) as caught:
        outbox.publish("a.xml", sha256)

    assert caught.value.code == "files.name_taken"
    assert "a.xml" in caught.value.message("de")
    assert (tmp_path / "a.xml").read_bytes() == b"theirs"


def test_a_name_taken_at_the_last_moment_is_never_overwritten(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = outbox.write_draft("a.xml", [b"ours"])
    renaming = disk.rename_new

    def raced(source: Path, target: Path) -> None:
        target.write_bytes(b"theirs")
        renaming(source, target)

    monkeypatch.setattr(disk, "rename_new", raced)
    with pytest.raises(DefectError):
        outbox.publish("a.xml", sha256)

    assert (tmp_path / "a.xml").read_bytes() == b"theirs"


def test_a_draft_with_other_bytes_is_not_published(
    outbox: Outbox, tmp_path: Path
) -> None:
    sha256 = outbox.write_draft("a.xml", [b"a"])
    outbox.write_draft("a.xml", [b"b"])

    with pytest.raises(DefectError) as caught:
        outbox.publish("a.xml", sha256)

    assert caught.value.code == "files.draft_differs"
    assert not (tmp_path / "a.xml").exists()


@pytest.mark.parametrize(
    "name", ["../a", "a/b", "a\\b", ".a", "a:b", "nul.txt", "", "a\nb"]
)
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DefectError) as caught:
        Outbox(tmp_path).write_draft(name, [b"a"])

    assert caught.value.code == "files.bad_name"
    assert lying(tmp_path) == {}


def test_a_lost_share_is_tried_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "gone")

    with pytest.raises(TransientError):
        outbox.write_draft("a.xml", [b"a"])
    with pytest.raises(TransientError):
        outbox.publish("a.xml", "")
    with pytest.raises(TransientError):
        outbox.waiting(timedelta(), datetime(2026, 7, 1, tzinfo=UTC))


def test_a_reader_never_sees_a_part_of_a_file(
    outbox: Outbox, tmp_path: Path
) -> None:
    content = b"x" * 200_000
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            for path in tmp_path.glob("[!.]*"):
                seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        pieces = [content[:99_999], content[99_999:]]
        sha256 = outbox.write_draft(f"{number}.xml", pieces)
        outbox.publish(f"{number}.xml", sha256)
    done.set()
    reader.join()

    assert {content} == seen
    assert len(lying(tmp_path)) == 100


def test_files_not_picked_up_are_told_oldest_first(tmp_path: Path) -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    for name, hours in (("a", 1), ("b", 5), ("c", 9), (".d.part", 9)):
        (tmp_path / name).write_text("")
        then = (now - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name, (then, then))
    (tmp_path / "folder").mkdir()

    waiting = Outbox(tmp_path).waiting(timedelta(hours=4), now)

    assert [("c", timedelta(hours=9)), ("b", timedelta(hours=5))] == waiting


def test_a_small_file_is_written_whole_and_never_over_another(
    tmp_path: Path,
) -> None:
    path = tmp_path / "7_a.csv.protokoll.csv"
    write_whole(path, b"a")
    write_whole(path, b"a")
    with pytest.raises(DefectError):
        write_whole(path, b"b")

    assert lying(tmp_path) == {path.name: b"a"}


def test_a_file_that_may_change_is_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    replace_whole(path, b"a")
    replace_whole(path, b"b")

    assert lying(tmp_path) == {path.name: b"b"}
