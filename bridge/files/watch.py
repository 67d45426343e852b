"""A hint that something moved in a folder; scanning is the truth."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from watchdog.events import DirCreatedEvent
from watchdog.events import FileClosedEvent
from watchdog.events import FileCreatedEvent
from watchdog.events import FileModifiedEvent
from watchdog.events import FileMovedEvent
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver
    from watchdog.observers.api import ObservedWatch

# Not opening and reading: our own scan would wake us without end.
TELLING: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class Watcher:
    """Sets an event when a file comes or grows in one of the folders.

    It never fails: a folder that cannot be watched (a lost share, the limit
    of inotify) is merely ``blind`` and found by the next scan.

    Args:
        folders: Each with whether the folders below count too.
        wake: The event to set; the watcher never clears it.
    """

    def __init__(
        self, folders: list[tuple[Path, bool]], wake: threading.Event
    ) -> None:
        self._folders = folders
        self._handler = _Bell(wake)
        self._observer: BaseObserver | None = None
        self._watches: dict[Path, ObservedWatch] = {}

    @property
    def blind(self) -> list[Path]:
        """The folders that are not watched; all of them before start."""
        return [path for path, _ in self._folders if not self._sees(path)]

    def start(self) -> None:
        """Begin to watch; again: take up the folders that are blind.

        So it may be called after every scan, and a share that comes back
        is watched again.
        """
        observer = self._observer or _running()
        self._observer = observer
        if observer is None:
            return
        for path, recursive in self._folders:
            if not self._sees(path):
                self._watch(observer, path, recursive=recursive)

    def stop(self) -> None:
        """End watching; a second time does nothing. May be started again."""
        self._watches = {}
        if self._observer is None:
            return
        self._observer.stop()
        self._observer.join()
        self._observer = None

    def _sees(self, path: Path) -> bool:
        watch = self._watches.get(path)
        if self._observer is None or watch is None:
            return False
        alive = any(
            emitter.watch == watch and emitter.is_alive()
            for emitter in self._observer.emitters
        )
        return alive and path.is_dir()

    def _watch(
        self, observer: BaseObserver, path: Path, *, recursive: bool
    ) -> None:
        """Watch a folder, or leave it blind."""
        old = self._watches.pop(path, None)
        with suppress(OSError, RuntimeError, KeyError):
            if old is not None:
                observer.unschedule(old)
        with suppress(OSError, RuntimeError):
            self._watches[path] = observer.schedule(
                self._handler,
                str(path.resolve(strict=True)),
                recursive=recursive,
                event_filter=TELLING,
            )


def _running() -> BaseObserver | None:
    observer = Observer()
    try:
        observer.start()
    except (OSError, RuntimeError):  # no thread to be had
        return None
    return observer


class _Bell(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:  # noqa: ARG002
        """Ring, whatever it was."""
        self._wake.set()
