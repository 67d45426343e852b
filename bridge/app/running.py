"""Who works in a workspace: one process, or several on PostgreSQL."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.files.lock import WorkspaceLock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.settings import Settings

MOST_WORKERS = 64  # of one workspace on one machine


@contextmanager
def place_to_work(settings: Settings, *, alone: bool) -> Iterator[str]:
    """A place of one's own in the workspace, held while it lasts.

    Args:
        settings: Whose workspace.
        alone: Only one process may work there (the embedded database).

    Yields:
        The worker's stable name: the next process in this place takes up
        what the last one left.

    Raises:
        ConfigError: ``files.locked``: all places are taken.
    """
    for number in range(1, MOST_WORKERS + 1):
        lock = _lock(settings, number)
        try:
            lock.__enter__()
        except ConfigError:
            if alone or number == MOST_WORKERS:
                raise
            continue
        try:
            host, folder = socket.gethostname(), settings.workspace
            yield f"{host}:{folder}:{number}"
        finally:
            lock.__exit__(None, None, None)
        return


def _lock(settings: Settings, number: int) -> WorkspaceLock:
    name = "lock" if number == 1 else f"lock-{number}"
    return WorkspaceLock(settings.folder("state") / name)


def somebody_runs(settings: Settings) -> bool:
    """Whether a run, once, worker or demo is alive there."""
    try:
        with _lock(settings, 1):
            return False
    except ConfigError:
        return True
