"""What kind of disk a folder lies on, as far as this machine can tell."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import PlaceError
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.settings import Settings

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p"})
LEAST_BYTES = 16 << 20  # so that a stop, at least, can be written down
NEARLY = "fewer than 16 MiB are free"
MOUNTS = Path("/proc/mounts")


def refuse_network(settings: Settings) -> None:
    """See that the databases lie where locks can be trusted.

    Raises:
        ConfigError: ``config.network_state``.
    """
    found = list(network_state(settings))
    if found:
        raise ConfigError(
            "config.broken", where=Where("bridge.toml"), findings=found
        )


def refuse_full(settings: Settings) -> None:
    """See that there is room to write down what is going to be done.

    Raises:
        PlaceError: ``files.full``: the disk of ``state`` is nearly full.
    """
    state = settings.folder("state")
    state = state if state.is_dir() else settings.workspace
    if shutil.disk_usage(state).free < LEAST_BYTES:
        raise PlaceError.of(OSError(errno.ENOSPC, NEARLY), state)


def network_state(settings: Settings) -> Iterator[Finding]:
    """SQLite on a share loses what it promised to keep."""
    urls = settings.database
    state = settings.folder("state")
    for name, url in (("url", urls.url), ("jobs_url", urls.jobs_url)):
        if url.startswith("sqlite") and on_network(state):
            yield Finding(
                "config.network_state",
                None,
                f"database.{name}",
                str(state),
                turn="operator",
            )
            return


def on_network(path: Path) -> bool:
    """Whether a folder lies on a share, as far as this machine can tell."""
    text = str(path)
    if text.startswith("\\\\"):
        return True
    if not MOUNTS.is_file():
        return False
    best, kind = "", ""
    for line in MOUNTS.read_text("utf-8", errors="replace").splitlines():
        _, mount, fstype, *_ = line.split(" ")
        inside = text == mount or text.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) > len(best):
            best, kind = mount, fstype
    return kind in NETWORK
