"""xlsx: the rows of one sheet, typed as the cells are."""

from __future__ import annotations

import warnings
import zlib
from contextlib import ExitStack
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING
from typing import Any
from zipfile import BadZipFile
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bridge.errors import Finding
from bridge.formats import cells
from bridge.formats.source import LARGEST_FILE
from bridge.formats.source import OLE
from bridge.formats.source import Reading
from bridge.formats.source import check_columns
from bridge.formats.source import check_file
from bridge.formats.source import fault
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.model.record import Profile
    from bridge.model.record import Value

LAST_ROW = 1_048_576  # of a sheet; a row behind it is a forgery
HIGHEST_RATIO = 200  # unpacked to packed; sheets are near 10, bombs near 1000
SMALL = 64 * 1024**2  # bytes unpacked that need no look at the ratio

_BATCH = 500  # rows between two looks at the warnings of openpyxl
# What openpyxl and zipfile raise on files that are broken inside.
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def read(path: Path, profile: Profile) -> Reading:
    """Open a workbook's sheet; the header is read at once.

    Raises:
        InputError: It is no workbook, is locked, lacks the sheet or columns.
    """
    check_file(path)
    check_zip(path)
    with ExitStack() as stack:
        sheet = stack.enter_context(open_sheet(path, profile))
        rows = cell_rows(sheet, path)
        stack.callback(rows.close)
        columns = _columns(rows, path, profile)
        release = stack.pop_all().close
    return Reading({}, columns, _records(rows, columns), release=release)


def check_zip(path: Path) -> None:
    """Refuse what is no zip, or one that would unpack to a flood.

    Raises:
        InputError: It is not a workbook, is locked or too large inside.
    """
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise fault("formats.locked", path)
    try:
        with ZipFile(path) as archive:
            infos = archive.infolist()
    except _BROKEN as error:
        raise fault("formats.not_workbook", path) from error
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    bomb = size > SMALL and size > packed * HIGHEST_RATIO
    if bomb or size > LARGEST_FILE:
        raise fault("formats.bomb", path, size=size, most=LARGEST_FILE)


@contextmanager
def open_sheet(path: Path, profile: Profile) -> Iterator[Any]:
    """The profile's sheet, for reading.

    Raises:
        InputError: It is not a workbook, or has no such sheet.
    """
    try:
        with _silence():
            book = load_workbook(path, read_only=True, data_only=True)
    except (*_BROKEN, OSError) as error:  # "no valid workbook part"
        raise fault("formats.not_workbook", path) from error
    try:
        names: list[str] = book.sheetnames
        wanted = profile.sheet
        if isinstance(wanted, int):
            wanted = names[wanted - 1] if 0 < wanted <= len(names) else ""
        sheet = book[wanted] if wanted in names else None
        if sheet is None or not hasattr(sheet, "reset_dimensions"):
            known, sheet_name = ", ".join(names), profile.sheet
            raise fault(
                "formats.no_sheet", path, sheet=sheet_name, sheets=known
            )
        sheet.reset_dimensions()  # what the file says of them may be wrong
        yield sheet
    finally:
        book.close()


def cell_rows(
    sheet: Any,  # noqa: ANN401 - openpyxl's two kinds of sheet
    path: Path,
    *,
    values_only: bool = True,
) -> Generator[tuple[int, tuple[Any, ...]]]:
    """Each row's number and its values, or cells.

    Raises:
        InputError: The workbook is broken inside.
    """
    rows = enumerate(sheet.iter_rows(values_only=values_only), 1)
    while batch := _batch(rows, path):
        if batch[-1][0] > LAST_ROW:
            raise fault("formats.not_workbook", path, line=batch[-1][0])
        yield from batch


def column_names(row: tuple[Any, ...]) -> tuple[str, ...]:
    """The names of a header's cells; empty cells at the end name none."""
    names = ["" if cell is None else str(cell).strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _batch(
    rows: Iterator[tuple[int, tuple[Any, ...]]], path: Path
) -> list[tuple[int, tuple[Any, ...]]]:
    try:
        with _silence():
            return list(islice(rows, _BATCH))
    except _BROKEN as error:
        raise fault("formats.not_workbook", path) from error


@contextmanager
def _silence() -> Iterator[None]:
    """Without what openpyxl warns of: styles and extensions it skips."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _columns(
    rows: Iterator[tuple[int, tuple[Any, ...]]], path: Path, profile: Profile
) -> tuple[str, ...]:
    if not profile.header:
        check_columns(path, profile.columns, profile.required, 1)
        return profile.columns
    line, row = next(rows, (1, ()))
    columns = column_names(row)
    if not columns:
        raise fault("formats.header_missing", path, line=line)
    check_columns(path, columns, profile.required, line)
    return columns


def _records(
    rows: Iterator[tuple[int, tuple[Any, ...]]], columns: tuple[str, ...]
) -> Iterator[Record]:
    width = len(columns)
    for line, row in rows:
        if not any(cell not in {None, ""} for cell in row):
            continue
        padded = (*row, *(None,) * (width - len(row)))
        values = dict(zip(columns, map(_value, padded), strict=False))
        texts = [cell for cell in values.values() if isinstance(cell, str)]
        findings: tuple[Finding, ...] = ()
        if cells.suspicious("".join(texts)):
            findings = cells.check(line, values)
        yield Record(line, values, findings + _surplus(line, row, width))


def _surplus(
    line: int, row: tuple[Any, ...], width: int
) -> tuple[Finding, ...]:
    surplus = [cell for cell in row[width:] if cell not in {None, ""}]
    if not surplus:
        return ()
    facts = {"found": str(len(row)), "wanted": str(width)}
    shown = cells.shorten(str(surplus[0]))
    return (Finding("formats.cells_extra", line, None, shown, facts=facts),)


def _value(cell: object) -> Value:
    """A cell as the model has it; numbers with the digits they show."""
    if cell is None or isinstance(cell, str | bool | datetime | date):
        return cell
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        if not isfinite(cell):
            return "#NUM!"  # refused as a spreadsheet error
        return Decimal(int(cell)) if cell.is_integer() else Decimal(repr(cell))
    return str(cell)  # a time of day or a span, which the model has not
