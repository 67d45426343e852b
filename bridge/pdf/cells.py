"""Each cell of a table stays in its column.

Columns are widened where their cells need it and the long texts can spare it.
What is too wide still is broken over lines; numbers are set smaller first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.pdf.faces import PLAIN
from bridge.pdf.faces import STRONG
from bridge.pdf.faces import width
from bridge.pdf.frame import SMALL
from bridge.pdf.frame import TEXT
from bridge.pdf.setting import JOINTS
from bridge.pdf.setting import broken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.papers.letter import Column
    from bridge.papers.letter import Row
    from bridge.papers.letter import Table

ROW = TEXT - 0.5
WORDS = re.compile(rf"[^\s{JOINTS}]+[{JOINTS}]?")
MM = 72 / 25.4  # points
GUTTER = 2.2  # millimetres between two columns
LEAST_LONG = 40.0  # millimetres that long texts keep
WIDEST_TEXT = 28.0  # millimetres of a column of short texts
LEAST_SIZE = 6.5  # points of a number; what is smaller is hard to read
LEAST_TEXT = 7.5  # ... of a text, which can be broken as well


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cells of one column stand.

    Attributes:
        left: Millimetres from the edge of the sheet.
        width: Millimetres with the space to the next column.
        right: Whether they are set to the right.
        size: Points.
    """

    left: float
    width: float
    right: bool
    size: float

    @property
    def room(self) -> float:
        """Millimetres a text may take."""
        return self.width - GUTTER


def places_of(table: Table, left: float) -> tuple[Place, ...]:
    """Where the columns of a table stand.

    Args:
        table: With the widths its columns have if nothing is too wide.
        left: Its left edge, in millimetres.
    """
    places = []
    for index, column in enumerate(_widened(table)):
        texts = [row.cells[index] for row in table.rows]
        room, size = column.width - GUTTER, ROW
        if column.right:
            size = _size(texts, room, LEAST_SIZE)
        elif index != table.wide:
            size = _size(_words(texts), room, LEAST_TEXT)
        places.append(Place(left, column.width, column.right, size))
        left += column.width
    return tuple(places)


def lines_of(row: Row, places: Iterable[Place]) -> list[tuple[str, ...]]:
    """What stands in each line of a row, one text a column."""
    cells = [
        _broken(text, place)
        for text, place in zip(row.cells, places, strict=True)
    ]
    high = max(map(len, cells))
    return [
        tuple(cell[at] if at < len(cell) else "" for cell in cells)
        for at in range(high)
    ]


def _broken(text: str, place: Place) -> tuple[str, ...]:
    """The lines of a cell; most have one."""
    if "\n" not in text and width(text, PLAIN, place.size) <= place.room * MM:
        return (text,)
    return broken(text, PLAIN, place.size, place.room * MM)


def _widened(table: Table) -> list[Column]:
    """The columns with the width they need, numbers before texts."""
    columns = list(table.columns)
    numbers = [at for at, column in enumerate(columns) if column.right]
    texts = set(range(len(columns))) - {table.wide, *numbers}
    for some in (numbers, sorted(texts)):
        spare = max(columns[table.wide].width - LEAST_LONG, 0.0)
        lacking = {at: _lacking(table, at) for at in some}
        share = min(1.0, spare / (sum(lacking.values()) or 1.0))
        for at, more in lacking.items():
            _move(columns, at, table.wide, more * share)
    return columns


def _move(columns: list[Column], to: int, of: int, more: float) -> None:
    """Give one column some of another one's width."""
    for at, width_ in ((to, more), (of, -more)):
        wider = columns[at].width + width_
        columns[at] = replace(columns[at], width=wider)


def _lacking(table: Table, index: int) -> float:
    """The millimetres that the widest cell of a column is too wide."""
    column = table.columns[index]
    widest = _widest(row.cells[index] for row in table.rows)
    wide = max(widest, width(column.label, STRONG, SMALL)) / MM + GUTTER
    needed = wide if column.right else min(wide, WIDEST_TEXT)
    return max(0.0, needed - column.width)


def _widest(texts: Iterable[str]) -> float:
    """Points of the widest text."""
    return max((width(text, PLAIN, ROW) for text in set(texts)), default=0.0)


def _words(texts: Iterable[str]) -> set[str]:
    """What of texts is not broken if it fits."""
    return {word for text in texts for word in WORDS.findall(text)}


def _size(texts: Iterable[str], room: float, least: float) -> float:
    """The size the widest text of a column fits in, none too small."""
    wide = _widest(texts)
    if wide <= room * MM:
        return ROW
    return max(least, int(ROW * room * MM / wide * 10) / 10)
