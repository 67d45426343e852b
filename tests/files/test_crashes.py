"""Whatever step is cut off, a rerun leaves every byte in one place."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from contextlib import suppress
from datetime import date
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from bridge.files import disk
from bridge.files.inbox import Arrival
from bridge.files.inbox import Inbox
from bridge.files.outbox import Outbox

from .conftest import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    Act = Callable[..., Any]

DAY = date(2026, 7, 1)
CONTENT = "Köln;1\n" * 1000
STEPS = ("rename", "link", "unlink", "replace", "mkdir", "rmdir", "fsync")
DISKS = ("rename", "links", "checked", "volumes", "read-only")


class PowerCut(BaseException):
    """Nobody may catch it."""


class Trap:
    """Cuts the power before or after the n-th change of the disk."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.left = at
        self.after = after

    def over(self, act: Act) -> Act:
        def trapped(*args: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise PowerCut
            result = act(*args, **named)
            if self.left == 0:
                raise PowerCut
            return result

        return trapped


@contextmanager
def power_cut(trap: Trap) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for step in STEPS:
            patch.setattr(os, step, trap.over(getattr(os, step)))
        at_once = trap.over(disk.rename_at_once)
        patch.setattr(disk, "rename_at_once", at_once)
        yield


@contextmanager
def on_disk(kind: str, root: Path) -> Iterator[None]:
    """Let this machine's disk behave as another one."""
    with pytest.MonkeyPatch.context() as patch:
        if kind in {"links", "checked"}:
            patch.setattr(disk, "rename_at_once", lambda *_: False)
        if kind == "checked":
            patch.setattr(os, "link", refusing(errno.EPERM))
        if kind == "volumes":
            for owner, step in ((os, "rename"), (disk, "rename_at_once")):
                patch.setattr(owner, step, within(root, getattr(owner, step)))
        if kind == "read-only":
            inbox = root / "inbox"
            for step in ("rename", "mkdir"):
                patch.setattr(os, step, outside(inbox, getattr(os, step)))
        yield


def refusing(number: int) -> Act:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refused


def within(root: Path, act: Act) -> Act:
    """Every folder below the root is a volume of its own."""

    def volume(path: object) -> str:
        return Path(str(path)).relative_to(root).parts[0]

    def acted(source: object, target: object) -> object:
        if volume(source) != volume(target):
            refusing(errno.EXDEV)()
        return act(source, target)

    return acted


def outside(folder: Path, act: Act) -> Act:
    def acted(path: object, *rest: object) -> object:
        if folder in Path(str(path)).parents:
            refusing(errno.EROFS)()
        return act(path, *rest)

    return acted


def inbox_of(root: Path) -> Inbox:
    return Inbox(
        "sage",
        root / "inbox",
        timedelta(),
        clock=Watch(),
        spill=root / "spill",
        marker=".fertig",
    )


def carry(root: Path, arrival: Arrival, *, accepted: bool) -> Path:
    """What the intake does, at first and after every restart."""
    inbox = inbox_of(root)
    inbox.scan()
    if inbox.claimed(7) is None and arrival.path.exists():
        inbox.claim(arrival, 7)
    if accepted:
        return inbox.archive(7, DAY, root / "archive")
    return inbox.quarantine(7, root / "quarantine")


def holding(root: Path) -> list[str]:
    """Where the bytes lie whole under a name; drafts are not looked at."""
    return sorted(
        path.relative_to(root).parts[0]
        for path in root.rglob("*")
        if path.is_file()
        and not path.name.startswith(".")
        and path.read_text() == CONTENT
    )


cuts = st.lists(
    st.tuples(st.integers(min_value=1, max_value=14), st.booleans()),
    max_size=5,
)


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(DISKS), cuts=cuts, accepted=st.booleans())
def test_a_file_lies_in_exactly_one_place_after_any_power_cuts(
    kind: str, cuts: list[tuple[int, bool]], *, accepted: bool
) -> None:
    with TemporaryDirectory() as name:
        root = Path(name)
        arrival = dropped(root)
        with on_disk(kind, root):
            for at, after in cuts:
                with power_cut(Trap(at, after=after)), suppress(PowerCut):
                    carry(root, arrival, accepted=accepted)
                assert holding(root) != []  # never lost, not for a moment

            path = carry(root, arrival, accepted=accepted)

        original = ["inbox"] if kind == "read-only" else []
        place = "archive" if accepted else "quarantine"
        assert sorted([place, *original]) == holding(root)
        assert path.read_text() == CONTENT
        assert path.with_name(f"{path.name}.fertig").exists() or original
        assert inbox_of(root).claimed(7) is None
        assert inbox_of(root).scan() == []
        assert leftovers(root) == []


def dropped(root: Path) -> Arrival:
    inbox = root / "inbox"
    inbox.mkdir()
    path, marker = inbox / "a.csv", inbox / "a.csv.fertig"
    path.write_text(CONTENT)
    marker.write_text("")
    seen = path.stat()
    return Arrival(path, "a.csv", seen.st_size, seen.st_mtime_ns, marker)


def leftovers(root: Path) -> list[Path]:
    return [path for path in root.rglob("*.part") if path.is_file()]


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(("rename", "links", "checked")),
    cuts=cuts,
    fetched=st.integers(min_value=0, max_value=6),
)
def test_a_file_is_published_whole_and_once_after_any_power_cuts(
    kind: str, cuts: list[tuple[int, bool]], fetched: int
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        outbox = Outbox(folder)
        took = 0
        with on_disk(kind, folder):
            sha256 = outbox.write_draft("a.xml", [CONTENT.encode()])
            for number, (at, after) in enumerate([*cuts, (99, False)]):
                with power_cut(Trap(at, after=after)), suppress(PowerCut):
                    outbox.publish("a.xml", sha256)
                seen = folder / "a.xml"
                assert not seen.exists() or seen.read_text() == CONTENT
                if fetched == number and seen.exists():
                    # a second link is the one moment that cannot tell
                    once = kind != "links" or not leftovers(folder)
                    took += once
                    if once:
                        seen.unlink()
            outbox.publish("a.xml", sha256)

        assert took + (folder / "a.xml").exists() == 1
        assert leftovers(folder) == []
