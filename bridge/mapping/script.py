"""A Python program being written, and the objects it may name."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Script:
    """Lines with their indentation; constants are bound, never spelled.

    Nothing of a mapping file ever becomes part of the program's text: every
    name and value is an object bound to a name of our own.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._bound: dict[str, object] = {}
        self._depth = 0

    def put(self, *lines: str) -> None:
        """Write lines at the present depth."""
        self._lines += ["    " * self._depth + line for line in lines]

    @contextmanager
    def block(self, line: str) -> Iterator[None]:
        """Write a line that ends with a colon; what follows is inside."""
        self.put(line)
        self._depth += 1
        yield
        self._depth -= 1

    def bind(self, value: object) -> str:
        """A name for an object; the same object keeps its name."""
        for name, known in self._bound.items():
            if known is value:
                return name
        name = f"c{len(self._bound)}"
        self._bound[name] = value
        return name

    def fresh(self) -> str:
        """A name for a function of the program."""
        return f"f{len(self._lines)}"

    def run(self, title: str) -> dict[str, Any]:
        """The program's names after it ran."""
        space: dict[str, Any] = dict(self._bound)
        text = "\n".join(self._lines)
        exec(compile(text, f"<{title}>", "exec"), space)  # noqa: S102 - ours
        return space
