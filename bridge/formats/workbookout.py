"""Writes xlsx, for people: formulas in texts are kept from running."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from bridge.formats.rendering import lost
from bridge.formats.tabular import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import BinaryIO

    from bridge.errors import Finding
    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.model.record import Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767  # characters of a cell; Excel calls a longer one broken


def write(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    _head: Mapping[str, Value],
) -> list[Finding]:
    """Write one sheet: a header and a row for each record or item."""
    table = Table(records, profile)
    book = Workbook(write_only=True)
    title = profile.sheet if isinstance(profile.sheet, str) else None
    sheet = book.create_sheet(title)
    if profile.header and table.columns:
        sheet.append([_cell(sheet, name) for name in table.columns])
    for line, values in table.rows():
        row = []
        for name, value in zip(table.columns, values, strict=True):
            kept = _writable(value)
            if isinstance(value, str) and kept != value:
                table.findings.append(lost(line, name, value, str(kept)))
            row.append(_cell(sheet, kept))
        sheet.append(row)
    book.save(stream)
    return table.findings


def _writable(value: Value) -> Value:
    """The value without what a sheet cannot hold."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # a sheet knows no time zones
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        return ILLEGAL_CHARACTERS_RE.sub("", text)[: _LONGEST - 1]
    return value


def _cell(sheet: Any, value: Value) -> Any:  # noqa: ANN401 - openpyxl
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_defused(value))
    cell.data_type = "s"
    return cell


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
