"""An inbox: a folder files are dropped into, and where they go from there.

A delivery's file lies in exactly one place: in the inbox (where
``.bridge/<id>`` counts too), in the archive or in the quarantine. Every
step may be cut off anywhere and is brought to its end by doing it again.
"""

from __future__ import annotations

import errno
import os
import threading
from contextlib import suppress
from dataclasses import KW_ONLY
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from bridge.errors import InputError
from bridge.errors import TransientError
from bridge.errors import Where
from bridge.errors import door
from bridge.files import disk
from bridge.files.kept import lying
from bridge.files.kept import numbered
from bridge.files.kept import original
from bridge.files.looking import Stillness
from bridge.files.looking import look
from bridge.files.memory import Memory
from bridge.model.filenames import ignored
from bridge.model.filenames import readable
from bridge.model.filenames import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date
    from datetime import timedelta
    from pathlib import Path

    from bridge.files.looking import Look
    from bridge.ports import Clock

__all__ = ["Arrival", "Inbox", "safe_name"]

CLAIMS = ".bridge"
MARKER = ".marker"  # beside a claimed file, followed by the marker's ending
PART = ".part"
READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV}
IN_USE = {32, 33}  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


@dataclass(frozen=True)
class Arrival:
    """A file that stands still and may be taken.

    Attributes:
        path: Where it lies, as the disk writes it.
        name: Its path below the inbox with ``/``, as NFC text.
        size: In bytes.
        mtime_ns: When it was last written, in nanoseconds since 1970.
        marker: The file that says it is complete, where one is asked for.
    """

    path: Path
    name: str
    size: int
    mtime_ns: int
    marker: Path | None = None


@dataclass
class Inbox:
    """One folder for files that come in.

    Attributes:
        name: As the settings call it.
        folder: Must exist; it is not created.
        settle: How long size and mtime must stand still.
        clock: Tells how long that was.
        spill: A folder of our own, for this inbox alone; used only if the
            inbox may not be written. Created when needed.
        recursive: Whether the folders below count too.
        marker: An ending such as ``.fertig``: wait for ``<name>.fertig``.
        blind: What the last scan could not read, folders and files.
        restless: Whether the last scan saw a file that must stand longer.
    """

    name: str
    folder: Path
    settle: timedelta
    _: KW_ONLY
    clock: Clock
    spill: Path
    recursive: bool = False
    marker: str = ""
    blind: list[Path] = field(default_factory=list, init=False)
    restless: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self._homes = (self.folder / CLAIMS, self.spill / "claimed")
        self._memory = Memory(self.spill / "remembered.json")
        self._stillness = Stillness()
        self._lock = threading.Lock()  # errands run side by side

    def scan(self, *, patient: bool = True) -> list[Arrival]:
        """Every file that may be taken now, by name.

        A copied file keeps the old mtime of its source, so a file must
        look the same at two scans at least ``settle`` apart. Scanning
        takes nothing: twice offers the same files again.

        Args:
            patient: False also offers what looks as if it had not been
                written for ``settle``, at the first look.

        Raises:
            TransientError: ``files.unreachable`` if the folder cannot be
                read. What lies deeper or cannot be opened is ``blind``.
        """
        with door(self.folder):
            self._finish_copies(numbered(self._homes[1]))
            seen = look(self.folder, recursive=self.recursive)
            if not seen.blind:
                self._memory.forget_all_but(seen.keys())
        now = self.clock.now()
        self._stillness.see(seen, now)
        self.blind = seen.blind
        complete = list(self._complete(seen))
        ready = [
            name
            for name in complete
            if self._settled(seen, name, now, patient=patient)
        ]
        self.restless = len(ready) < len(complete)
        arrivals = [self._arrival(seen, name) for name in ready]
        opened = (one for one in arrivals if self._opens(one.path))
        return sorted(opened, key=lambda one: (one.name, one.path))

    def claim(self, arrival: Arrival, delivery_id: int) -> Path:
        """Take a file for a delivery, out of everybody's way.

        Twice is harmless: a file that is claimed already is returned, and
        whatever was dropped under its name meanwhile stays for a scan.

        Args:
            arrival: As a scan offered it, or as the ledger remembers it;
                its mtime is compared in microseconds.
            delivery_id: Committed before.

        Returns:
            ``<inbox>/.bridge/<id>/<name>``; from an inbox that may not be
            written, a copy below ``spill``, and the file is remembered.

        Raises:
            InputError: ``files.vanished`` or ``files.changed``; nothing
                was taken, a changed file is offered again later.
            TransientError: ``files.in_use`` or ``files.unreachable``.
        """
        with door(arrival.path):
            self._finish_copies([delivery_id])
            claimed = self._payload(delivery_id)
            if claimed is not None:
                return claimed
            try:
                return self._take(arrival, delivery_id)
            except FileNotFoundError as error:
                raise self._vanished(arrival.name) from error

    def claimed(self, delivery_id: int) -> Path | None:
        """Where the file of a delivery lies, while it is claimed.

        Raises:
            PlaceError: ``files.unreachable``; nothing is known then.
        """
        with door(self.folder):
            self.folder.stat()  # a lost share is not an empty folder
            self._finish_copies([delivery_id])
            return self._payload(delivery_id)

    def archive(
        self, delivery_id: int, when: date, archive_root: Path
    ) -> Path:
        """Move the claimed file to ``<root>/YYYY/MM/<id>_<safe name>``.

        Twice is harmless: a file that lies there is found again.

        Args:
            delivery_id: Whose file.
            when: The delivery's day; the same at every try.
            archive_root: May lie on another volume; created when needed.

        Raises:
            InputError: ``files.vanished``: neither claimed nor there.
            DefectError: ``files.name_taken`` by other bytes.
            TransientError: ``files.unreachable``.
        """
        folder = archive_root / f"{when:%Y}" / f"{when:%m}"
        with door(archive_root):
            # the month may have turned before the second try
            months = archive_root.glob("[0-9]*/[0-9]*")
            return self._put(delivery_id, folder, chain([folder], months))

    def quarantine(self, delivery_id: int, quarantine_root: Path) -> Path:
        """Move the claimed file to ``<root>/<id>_<safe name>``.

        Twice is harmless. Args and Raises as of ``archive``.
        """
        with door(quarantine_root):
            return self._put(delivery_id, quarantine_root, (quarantine_root,))

    def reclaim(
        self, delivery_id: int, name: str, roots: Iterable[Path]
    ) -> Path:
        """Take a file that was put away back, to be read again.

        Twice is harmless: a claimed file is returned as it lies.

        Raises:
            InputError: ``files.vanished``: it lies under none of the roots.
        """
        payload = self._payload(delivery_id)
        if payload is not None:
            return payload
        kept = original(roots, f"{delivery_id}_")
        if kept is None:
            raise self._vanished(name)
        folder = self._homes[0] / str(delivery_id)
        with door(folder):
            folder.mkdir(parents=True, exist_ok=True)
            disk.move(kept, folder / _bare(name))
        return folder / _bare(name)

    def _complete(self, seen: Look) -> Iterator[str]:
        """What is neither hidden, in the making, nor without its marker."""
        ending = os.path.normcase(self.marker)
        there = {os.path.normcase(name) for name in seen.files}
        for name, stamp in seen.files.items():
            plain = os.path.normcase(name)
            if ignored(_bare(name)) or (name, *stamp) in self._memory:
                continue
            if not ending or (
                not plain.endswith(ending) and plain + ending in there
            ):
                yield name

    def _settled(
        self, seen: Look, name: str, now: datetime, *, patient: bool
    ) -> bool:
        if self._stillness.stood(name, now) >= self.settle:
            return True
        seconds = seen.files[name][1] / 1e9
        written = datetime.fromtimestamp(seconds, tz=UTC)
        return not patient and now - written >= self.settle

    def _arrival(self, seen: Look, name: str) -> Arrival:
        size, mtime_ns = seen.files[name]
        marker = self.folder / (name + self.marker) if self.marker else None
        return Arrival(
            self.folder / name, readable(name), size, mtime_ns, marker
        )

    def _opens(self, path: Path) -> bool:
        """Windows refuses while somebody writes."""
        try:
            path.open("rb").close()
        except FileNotFoundError:
            return False  # taken away this moment
        except OSError:
            self.blind.append(path)
            return False
        return True

    def _take(self, arrival: Arrival, delivery_id: int) -> Path:
        _check(arrival)
        try:
            return self._rename(arrival, self._homes[0], str(delivery_id))
        except OSError as error:
            if getattr(error, "winerror", None) in IN_USE:
                raise TransientError(
                    "files.in_use",
                    where=Where(str(arrival.path)),
                    name=arrival.name,
                ) from error
            if error.errno not in READ_ONLY:
                raise
        return self._copy(arrival, delivery_id)

    def _rename(self, arrival: Arrival, home: Path, number: str) -> Path:
        """The marker goes first: none is left for the next file."""
        folder = home / number
        home.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
        if arrival.marker is not None:
            ending = arrival.marker.name.removeprefix(arrival.path.name)
            with suppress(FileNotFoundError):
                arrival.marker.replace(folder / f"{MARKER}{ending}")
        target = folder / arrival.path.name
        arrival.path.rename(target)
        return target

    def _copy(self, arrival: Arrival, delivery_id: int) -> Path:
        """Copy, remember, name: as the outbox does (decision 2)."""
        folder = self._homes[1] / str(delivery_id)
        folder.mkdir(parents=True, exist_ok=True)
        draft, target = folder / PART, folder / arrival.path.name
        with self._lock:
            disk.copy(arrival.path, draft)
            _check(arrival)
            seen = arrival.path.lstat()
            name = arrival.path.relative_to(self.folder).as_posix()
            key = name, seen.st_size, seen.st_mtime_ns
            self._memory.add(key, delivery_id)
            disk.rename_new(draft, target)
        return target

    def _finish_copies(self, numbers: Iterable[int]) -> None:
        """A copy that is remembered is complete and lacks but its name."""
        with self._lock:
            for number in numbers:
                draft = self._homes[1] / str(number) / PART
                if draft.exists() and number in self._memory.taken():
                    name, size, _ = self._memory.taken()[number]
                    if draft.stat().st_size == size:
                        draft.replace(draft.with_name(_bare(name)))

    def _payload(self, delivery_id: int) -> Path | None:
        for home in self._homes:
            folder = home / str(delivery_id)
            names = [one for one in lying(folder) if not one.startswith(".")]
            if names:
                return folder / names[0]
        return None

    def _put(
        self, delivery_id: int, folder: Path, kept: Iterable[Path]
    ) -> Path:
        payload = self._payload(delivery_id)
        if payload is None:
            found = original(kept, f"{delivery_id}_")
            if found is None:
                raise self._vanished(str(delivery_id))
            self._tidy(delivery_id, found)
            return found
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{delivery_id}_{safe_name(payload.name)}"
        disk.move(payload, target)
        self._tidy(delivery_id, target)
        return target

    def _tidy(self, delivery_id: int, target: Path) -> None:
        """The marker follows its file; the empty folder goes."""
        for home in self._homes:
            folder = home / str(delivery_id)
            for name in lying(folder):
                if name.startswith(MARKER):
                    ending = name.removeprefix(MARKER)
                    beside = target.with_name(target.name + ending)
                    disk.move(folder / name, beside)
            (folder / PART).unlink(missing_ok=True)
            with suppress(OSError):  # not there, or something else in it
                folder.rmdir()

    def _vanished(self, name: str) -> InputError:
        with door(self.folder):
            self.folder.stat()  # a lost share has not lost its files
        return InputError(
            "files.vanished", where=Where(str(self.folder)), name=name
        )


def _check(arrival: Arrival) -> None:
    seen = arrival.path.lstat()
    stamp = (arrival.size, arrival.mtime_ns // 1000)
    if (seen.st_size, seen.st_mtime_ns // 1000) != stamp:
        raise InputError(
            "files.changed", where=Where(str(arrival.path)), name=arrival.name
        )


def _bare(name: str) -> str:
    return name.rpartition("/")[2]
