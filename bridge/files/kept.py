"""What lies in our own folders: by number, by name, by delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.model.filenames import ignored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path


def original(folders: Iterable[Path], prefix: str) -> Path | None:
    """The original among what lies beside it: the shortest name."""
    for folder in folders:
        found = [
            name
            for name in lying(folder)
            if name.startswith(prefix) and not ignored(name)
        ]
        if found:
            return folder / min(found, key=len)
    return None


def numbered(home: Path) -> Iterator[int]:
    """The deliveries that have a folder of their own."""
    return (int(name) for name in lying(home) if name.isdecimal())


def lying(folder: Path) -> list[str]:
    """The names in a folder; none if there is no folder."""
    try:
        return [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
