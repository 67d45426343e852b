"""A workbook that comes back to whoever filled it in, with the reasons.

It stays the same workbook, with its lists, notes and help: only the rows
that were accepted are taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles import Alignment
from openpyxl.styles import PatternFill

from bridge.formats import workbook
from bridge.formats.template import AS_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from bridge.model.record import Profile

RED = "F8D7DA"  # behind a reason
TEXT = frozenset({"s", "inlineStr"})
MORE = 500  # rows below the last one that somebody may fill in
WIDTH = 70  # characters of the reasons' column


def cut(
    path: Path,
    profile: Profile,
    lines: frozenset[int],
    target: Path,
    reasons: Mapping[int, str],
) -> None:
    """Write a workbook with only some rows, and why they are there.

    Args:
        path: The workbook; small enough to be held as a whole.
        profile: Which sheet is read.
        lines: The rows that are kept, moved up below the header.
        target: Replaced if it exists.
        reasons: What is wrong, by line; at 0 the name of its column.
    """
    workbook.check_zip(path)
    book = load_workbook(path)
    page = _page(book, profile)
    first = 2 if profile.header else 1
    column = _column(page, reasons) if reasons else 0
    place = first - 1
    for place, line in enumerate(sorted(lines), start=first):
        _move_up(page, line, place, column)
        if column:
            _say(page, place, column, reasons.get(line, ""))
    page.delete_rows(place + 1, max(page.max_row - place, 0))
    _as_text(page, range(first, place + 1), column)
    book.save(target)


def _page(book: object, profile: Profile) -> Worksheet:
    names: list[str] = book.sheetnames  # type: ignore[attr-defined]
    wanted = profile.sheet
    name = wanted if isinstance(wanted, str) else names[wanted - 1]
    page: Worksheet = book[name]  # type: ignore[index]
    return page


def _column(page: Worksheet, reasons: Mapping[int, str]) -> int:
    """The column of the reasons: the one it has, or a new one behind."""
    heads = [cell.value for cell in page[1]]
    name = reasons.get(0, "")
    if name in heads:
        return heads.index(name) + 1
    column = len(heads) + 1
    head = page.cell(1, column, name)
    head.fill = PatternFill("solid", fgColor=RED)
    page.column_dimensions[head.column_letter].width = WIDTH
    return column


def _move_up(page: Worksheet, line: int, place: int, column: int) -> None:
    for cell in page[line]:
        number: Any = cell.column
        value: Any = cell.value
        kind, form = cell.data_type, cell.number_format
        if number != column:
            moved = page.cell(place, number)
            moved.value = value  # an empty one as well
            moved.number_format = form
            moved.data_type = kind


def _as_text(page: Worksheet, rows: range, reasons: int) -> None:
    """Keep leading zeros of what is typed over a row, or below the last.

    A column that holds numbers or dates stays one of them.
    """
    for number in range(1, page.max_column + 1):
        cells = [page.cell(row, number) for row in rows]
        texts = [
            one for one in cells if one.data_type in TEXT or not one.value
        ]
        for cell in texts:
            cell.number_format = AS_TEXT
        if len(texts) == len(cells) and number != reasons:
            for row in range(rows.stop, rows.stop + MORE):
                page.cell(row, number).number_format = AS_TEXT


def _say(page: Worksheet, place: int, column: int, reason: str) -> None:
    """A reason is text, whatever it begins with."""
    cell = page.cell(place, column, reason)
    cell.data_type = "s"
    cell.fill = PatternFill("solid", fgColor=RED)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
