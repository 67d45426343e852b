"""One look at a folder: what lies there, and how it stood still."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import door

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from datetime import timedelta

    from bridge.files.memory import Key

MOUNT_POINT = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT: a Windows junction


@dataclass
class Look:
    """What one look found.

    Attributes:
        files: Size and mtime in nanoseconds of every plain file, by its
            path below the folder as it stands on the disk, with ``/``.
        blind: What could not be read.
    """

    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    blind: list[Path] = field(default_factory=list)

    def keys(self) -> Iterator[Key]:
        """The files as the memory of a read-only inbox names them."""
        for name, (size, mtime_ns) in self.files.items():
            yield name, size, mtime_ns


class Stillness:
    """Remembers since when each file has stood still, look by look."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[int, int, datetime]] = {}

    def see(self, look: Look, now: datetime) -> None:
        """Compare a look with the one before; twice at once is harmless."""
        before = self._since
        self._since = {
            name: (*stamp, _since(before.get(name), stamp, now))
            for name, stamp in look.files.items()
        }

    def stood(self, name: str, now: datetime) -> timedelta:
        """How long a file of the last look has stood still."""
        return now - self._since[name][2]


def look(folder: Path, *, recursive: bool) -> Look:
    """Look at every plain file of a folder; links and hidden folders not.

    Raises:
        TransientError: ``files.unreachable`` if the folder itself cannot
            be read; what lies deeper is merely ``blind``.
    """
    found = Look()
    with door(folder):
        folders = _one(folder, "", found)
    while recursive and folders:
        below = folders.pop()
        try:
            folders += _one(folder / below, below + "/", found)
        except FileNotFoundError:
            continue  # removed this moment
        except OSError:
            found.blind.append(folder / below)
    return found


def _one(folder: Path, prefix: str, found: Look) -> list[str]:
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                # entry.stat() would be stale on Windows while a file grows
                seen = os.lstat(entry.path)
            except FileNotFoundError:
                continue  # taken away this moment
            except OSError:
                found.blind.append(Path(entry.path))
                continue
            if stat.S_ISREG(seen.st_mode):
                stamp = seen.st_size, seen.st_mtime_ns
                found.files[prefix + entry.name] = stamp
            elif _enters(seen, entry.name):
                folders.append(prefix + entry.name)
    return folders


def _enters(seen: os.stat_result, name: str) -> bool:
    junction = getattr(seen, "st_reparse_tag", 0) == MOUNT_POINT
    plain = stat.S_ISDIR(seen.st_mode) and not junction
    return plain and not name.startswith(".")


def _since(
    before: tuple[int, int, datetime] | None,
    stamp: tuple[int, int],
    now: datetime,
) -> datetime:
    if before is None or before[:2] != stamp:
        return now
    return min(before[2], now)  # the clock may have been set back
