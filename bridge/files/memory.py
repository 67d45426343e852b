"""What was copied out of an inbox that we may only read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import TypeAlias

from bridge.errors import ConfigError
from bridge.errors import Where
from bridge.files.outbox import replace_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Key: TypeAlias = tuple[str, int, int]
"""Path below the inbox as it stands on the disk, size, mtime in ns."""


class Memory:
    """Files that were taken although they still lie in the inbox.

    Args:
        path: The JSON file; it and its folder appear at the first entry.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[Key, int] | None = None

    def __contains__(self, key: Key) -> bool:
        return key in self._all()

    def taken(self) -> dict[int, Key]:
        """What was taken, by delivery."""
        return {delivery: key for key, delivery in self._all().items()}

    def add(self, key: Key, delivery_id: int) -> None:
        """Remember a file; twice is harmless."""
        if self._all().get(key) != delivery_id:
            self._keep({**self._all(), key: delivery_id})

    def forget_all_but(self, lying: Iterable[Key]) -> None:
        """Forget what was taken away; an empty folder proves nothing.

        A share that is not mounted looks like an empty folder.
        """
        if not self._all():
            return
        there = set(lying)
        left = {key: no for key, no in self._all().items() if key in there}
        if there and left != self._all():
            self._keep(left)

    def _all(self) -> dict[Key, int]:
        if self._known is None:
            self._known = _read(self._path)
        return self._known

    def _keep(self, known: dict[Key, int]) -> None:
        entries = [[*key, no] for key, no in known.items()]
        content = json.dumps({"taken": entries}).encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(self._path, content)
        self._known = known


def _read(path: Path) -> dict[Key, int]:
    try:
        entries = json.loads(path.read_bytes())["taken"]
        return {
            (str(name), int(size), int(mtime_ns)): int(no)
            for name, size, mtime_ns, no in entries
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            "files.memory_broken", where=Where(str(path))
        ) from error
