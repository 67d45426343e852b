"""Where in bridge.toml a setting stands, for people who must change it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Path: TypeAlias = "tuple[str | int, ...]"

_SPACE = re.compile(r"[ \t]*")
_EMPTY = re.compile(r"(?:\s|#[^\n]*)*")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+'
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\]}\n#]*")


@dataclass(frozen=True)
class Spot:
    """A place of a text: line and column, both counted from 1."""

    line: int
    column: int


class Places:
    """Every key and value of a TOML text by its path.

    Args:
        text: The content of bridge.toml; it must be good TOML.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = _Scanner(text)
        self._found.read()

    def key(self, path: Sequence[str | int]) -> Spot | None:
        """Where a name stands; else the nearest thing around it."""
        return self._nearest(path, self._found.keys)

    def value(self, path: Sequence[str | int]) -> Spot | None:
        """Where a value stands; else the nearest thing around it."""
        merged = {**self._found.keys, **self._found.values}
        return self._nearest(path, merged)

    def _nearest(
        self, path: Sequence[str | int], known: dict[Path, int]
    ) -> Spot | None:
        for length in range(len(path), 0, -1):
            offset = known.get(tuple(path[:length]))
            if offset is not None:
                return self._spot(offset)
        return None

    def _spot(self, offset: int) -> Spot:
        start = self._text.rfind("\n", 0, offset) + 1
        line = self._text.count("\n", 0, offset) + 1
        return Spot(line, offset - start + 1)


@dataclass
class _Scanner:
    """Reads good TOML and only remembers where everything begins."""

    text: str
    at: int = 0
    keys: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, int] = field(default_factory=dict)
    last: dict[Path, int] = field(default_factory=dict)

    def read(self) -> None:
        """All tables and settings, one after the other."""
        table: Path = ()
        self._skip(_EMPTY)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._setting(table)
            self._skip(_EMPTY)

    def _header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``: the table that follows."""
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        path = self._resolved(self._names())
        if many:
            self.keys.setdefault(path, start)
            self.last[path] = self.last.get(path, -1) + 1
            path = (*path, self.last[path])
        self.keys.setdefault(path, start)
        self._skip(_SPACE)
        self.at += 2 if many else 1
        return path

    def _resolved(self, names: list[str]) -> Path:
        """Names, with the number of the table meant where there are many."""
        path: Path = ()
        for index, name in enumerate(names):
            path = (*path, name)
            if index < len(names) - 1 and path in self.last:
                path = (*path, self.last[path])
        return path

    def _setting(self, table: Path) -> None:
        """``a.b = value``."""
        start = self.at
        path = table
        for name in self._names():
            path = (*path, name)
            self.keys.setdefault(path, start)
        self._skip(_SPACE)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _names(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            found = _TEXT.match(self.text, self.at)
            bare = found or _BARE.match(self.text, self.at)
            if bare is None:
                return names
            names.append(bare.group()[1:-1] if found else bare.group())
            self.at = bare.end()
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def _value(self, path: Path) -> None:
        self.values[path] = self.at
        sign = self.text[self.at : self.at + 1]
        if sign == "[":
            self._list(path)
        elif sign == "{":
            self._inline(path)
        else:
            self._skip(_TEXT if sign in {'"', "'"} else _PLAIN)

    def _list(self, path: Path) -> None:
        number = 0
        self.at += 1
        while self._another("]"):
            self._value((*path, number))
            number += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._another("}"):
            self._setting(path)

    def _another(self, end: str) -> bool:
        """Whether a list or inline table goes on; its signs are passed."""
        self._skip(_EMPTY)
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip(_EMPTY)
        if self.text.startswith(end, self.at):
            self.at += 1
            return False
        return self.at < len(self.text)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at + 1
