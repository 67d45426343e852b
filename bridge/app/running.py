"""Whether somebody works in a workspace already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.files.lock import WorkspaceLock

if TYPE_CHECKING:
    from bridge.config.settings import Settings


def lock_of(settings: Settings) -> WorkspaceLock:
    """The lock that only one live process of a workspace holds."""
    return WorkspaceLock(settings.folder("state") / "lock")


def somebody_runs(settings: Settings) -> bool:
    """Whether a run, once, worker or demo is alive there."""
    try:
        with lock_of(settings):
            return False
    except ConfigError:
        return True
