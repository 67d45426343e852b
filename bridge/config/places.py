"""Where in bridge.toml a setting stands, for people who must change it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[(\[?)\s*([\w.\-\"']+)\s*\]?\]")
_KEY = re.compile(r"\s*[\"']?([\w.\-]+)[\"']?\s*=")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The 1-based line of a setting, as near as it can be found.

    Args:
        text: The content of bridge.toml.
        path: ``("amazon", "mode")`` or ``("inbox", 0, "folder")``.

    Returns:
        The line of the key; of its section if the key is not there; nothing
        if neither is.
    """
    section = str(path[0]) if path else ""
    number = next((p for p in path[1:] if isinstance(p, int)), 0)
    key = next((p for p in path[1:] if isinstance(p, str)), None)
    start = _section(text, section, number)
    if start is None or key is None:
        return start
    return _key(text, start, key) or start


def _section(text: str, name: str, number: int) -> int | None:
    seen = -1
    for index, line in enumerate(text.splitlines(), 1):
        found = _HEADER.match(line)
        if found and found.group(2).strip("\"'") == name:
            seen += 1
            if seen == number or not found.group(1):
                return index
        elif (key := _KEY.match(line)) and key.group(1) == name:
            return index
    return None


def _key(text: str, start: int, key: str) -> int | None:
    for index, line in enumerate(text.splitlines()[start:], start + 1):
        if _HEADER.match(line):
            return None
        found = _KEY.match(line)
        if found and found.group(1) == key:
            return index
    return None
