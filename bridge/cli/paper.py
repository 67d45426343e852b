"""How text and tables fit the width of a person's screen."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from typing import Any

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

GAP = 2  # blanks between two columns
INDENT = "    "
ROOM = 20  # cells that make it worth while to keep the last column
SHORT = 10  # cells a column may have and is never moved below its row


def wrapped(text: str, width: int | None) -> str:
    """Text broken between words; a path, id or name is never broken.

    Args:
        text: Lines; an indented line stays indented where it goes on.
        width: Cells of the screen; ``None``: nobody looks, nothing is
            broken.
    """
    if width is None:
        return text
    return "\n".join(_wrapped(line, width) for line in text.splitlines())


def _wrapped(line: str, width: int) -> str:
    if cell_len(line) <= width:
        return line
    start = line[: len(line) - len(line.lstrip())]
    parts = textwrap.wrap(
        line.strip(),
        max(width - len(start), 1),
        break_long_words=False,
        break_on_hyphens=False,
        subsequent_indent="  ",
    )
    return "\n".join(start + part for part in parts)


def table(
    heads: Sequence[str], rows: Iterable[Sequence[Any]], width: int | None
) -> list[str]:
    """The lines of a table; the first is its heading.

    Nothing is cut off. Where a screen is too narrow, the widest columns
    leave the table and stand below each row, with their heading; of the
    last column only the cells that do not fit.

    Args:
        heads: The heading of each column.
        rows: The cells; ``None`` is an empty one.
        width: Cells of the screen; ``None``: as wide as need be.
    """
    raw = list(rows)
    cells = [["" if c is None else _one_line(str(c)) for c in r] for r in raw]
    widths = [
        max(map(cell_len, column))
        for column in zip(heads, *cells, strict=True)
    ]
    shape = _fitted(widths, width)
    right = {
        index
        for index in shape
        if raw and all(isinstance(row[index], int | None) for row in raw)
    }
    lines = [_row(heads, shape, right)]
    for row in cells:
        lines.append(_row(row, shape, right))
        lines += [
            wrapped(f"{INDENT}{heads[index]}: {row[index]}", width)
            for index in range(len(heads))
            if row[index] and cell_len(row[index]) > shape.get(index, 0)
        ]
    return lines


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text


def _fitted(widths: list[int], width: int | None) -> dict[int, int]:
    """The columns that stay in the table, with the cells each may have."""
    shape = dict(enumerate(widths))
    while width is not None and _total(shape) > width:
        movable = [i for i in shape if i and shape[i] > SHORT]
        if not movable:
            break
        widest = max(movable, key=lambda i: (shape[i], i))
        room = width - _total(shape) + shape[widest]
        if widest == max(shape) and room >= ROOM:
            shape[widest] = room
        else:
            del shape[widest]
    return shape


def _total(shape: dict[int, int]) -> int:
    return sum(shape.values()) + GAP * (len(shape) - 1)


def _row(cells: Sequence[str], shape: dict[int, int], right: set[int]) -> str:
    padded = []
    for index, most in shape.items():
        cell = cells[index] if cell_len(cells[index]) <= most else ""
        blanks = " " * (most - cell_len(cell))
        padded.append(blanks + cell if index in right else cell + blanks)
    return (" " * GAP).join(padded).rstrip()
