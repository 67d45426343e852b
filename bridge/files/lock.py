"""One live process per workspace; the system lets go when it dies."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from typing import Self

from bridge.errors import ConfigError
from bridge.errors import Where
from bridge.errors import door

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

FAR = 1 << 30  # the locked byte on Windows: beyond the pid, so it is readable


class WorkspaceLock:
    """The lock of a workspace, held from ``with`` to its end.

    The file stays when the lock is given back: to remove it would let two
    processes hold two files of one name. It holds the pid of the holder
    and is empty when nobody is; a killed holder leaves its pid, not its lock.

    Args:
        path: The lock file in ``state/``; its folder exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def __enter__(self) -> Self:
        """Take the lock; a second time refuses, also in one process.

        Raises:
            ConfigError: ``files.locked`` with the pid of the holder;
                ``files.lock_refused`` if the file cannot be opened.
            PlaceError: ``files.full``: not even the pid finds room.
        """
        handle = self._opened()
        try:
            self._hold(handle)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back; a second time does nothing."""
        if self._handle is None:
            return
        _write(self._handle, "")
        _give(self._handle)
        os.close(self._handle)
        self._handle = None

    def _hold(self, handle: int) -> None:
        try:
            taken = _take(handle)
        except OSError as error:  # a share that knows no locks
            raise self._refused(error) from error
        if not taken:
            raise ConfigError(
                "files.locked",
                where=Where(str(self.path)),
                pid=_read(handle) or "?",
            )
        with door(self.path):
            _write(handle, str(os.getpid()))

    def _opened(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> ConfigError:
        return ConfigError(
            "files.lock_refused",
            where=Where(str(self.path)),
            reason=error.strerror or str(error),
        )


def _read(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, 20).decode("ascii", errors="replace").strip()


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, text.encode("ascii"))


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give(handle: int) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
