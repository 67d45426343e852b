"""An empty workbook for people to fill in: lists, notes, a page of help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.styles import Font
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from typing import BinaryIO

    from openpyxl.worksheet.worksheet import Worksheet

ROWS = 2_000  # that offer their choices
LISTS = "Listen"  # the hidden sheet of choices
NEEDED, FREE = "FFE2A6", "E7EEF7"  # colours of the header
AS_TEXT = "@"  # the form that keeps leading zeros
WIDEST = 60  # characters of a column
NOTE_SIZE = (300, 110)  # pixels


@dataclass(frozen=True, kw_only=True)
class TemplateColumn:
    """One column people fill in.

    Attributes:
        name: Its header.
        needed: Whether a row without it is refused.
        text: Whether it is text, even if it looks like a number.
        note: What a person should know.
        example: A value as it may stand there.
        choices: The values that may be chosen; empty: any.
    """

    name: str
    needed: bool = False
    text: bool = True
    note: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()


def write_template(
    stream: BinaryIO,
    sheet: str,
    columns: Sequence[TemplateColumn],
    words: Mapping[str, str],
) -> None:
    """Write a workbook with an empty sheet, its choices and its help.

    Args:
        stream: Takes the bytes; stays open.
        sheet: The name of the sheet to fill in.
        columns: In this order.
        words: The words around it, by name: ``help`` (the help sheet's
            title), ``column``, ``needed``, ``note``, ``example``,
            ``choices``, ``yes``, ``such_as`` and ``intro``.
    """
    book = Workbook()
    page: Any = book.active
    page.title = sheet
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, column in enumerate(columns, start=1):
        _head(page, number, column, words["such_as"])
        if column.choices:
            _choices(page, lists, number, column)
    page.freeze_panes = "A2"
    _help(book.create_sheet(words["help"]), columns, words)
    book.save(stream)


def _head(
    page: Worksheet, number: int, column: TemplateColumn, such_as: str
) -> None:
    letter = get_column_letter(number)
    cell = page.cell(1, number, column.name)
    cell.font = Font(bold=True)
    colour = NEEDED if column.needed else FREE
    cell.fill = PatternFill("solid", fgColor=colour)
    said = [column.note, column.example and f"{such_as} {column.example}"]
    if any(said):
        note = Comment("\n".join(filter(None, said)), "Bridge")
        note.width, note.height = NOTE_SIZE
        cell.comment = note
    width = max(len(column.name), len(column.example)) + 4
    page.column_dimensions[letter].width = min(width, WIDEST)
    if column.text:
        page.column_dimensions[letter].number_format = AS_TEXT


def _choices(
    page: Worksheet, lists: Worksheet, number: int, column: TemplateColumn
) -> None:
    """A list to choose from; Excel takes long ones from a range only."""
    letter = get_column_letter(number)
    for row, choice in enumerate(column.choices, start=1):
        lists.cell(row, number, choice)
    area = f"{LISTS}!${letter}$1:${letter}${len(column.choices)}"
    rule = DataValidation("list", formula1=area, allow_blank=True)
    rule.showErrorMessage = True
    rule.errorTitle = column.name
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS + 1}")


def _help(
    page: Worksheet,
    columns: Sequence[TemplateColumn],
    words: Mapping[str, str],
) -> None:
    page.cell(1, 1, words["intro"]).alignment = Alignment(
        wrap_text=True, vertical="top"
    )
    page.merge_cells("A1:E1")
    page.row_dimensions[1].height = 80
    names = ("column", "needed", "note", "example", "choices")
    for number, name in enumerate(names, start=1):
        page.cell(3, number, words[name]).font = Font(bold=True)
    for row, column in enumerate(columns, start=4):
        page.cell(row, 1, column.name)
        page.cell(row, 2, words["yes"] if column.needed else "")
        page.cell(row, 3, column.note)
        page.cell(row, 4, column.example).number_format = AS_TEXT
        page.cell(row, 5, ", ".join(column.choices))
    for letter, width in zip("ABCDE", (18, 9, 60, 26, 60), strict=True):
        page.column_dimensions[letter].width = width
