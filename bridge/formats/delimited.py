"""csv and txt: rows of cells with a delimiter between them."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING
from typing import Protocol

from bridge.errors import Finding
from bridge.formats import cells
from bridge.formats.rowtexts import RowTexts
from bridge.formats.source import LONGEST_CELL
from bridge.formats.source import Reading
from bridge.formats.source import check_columns
from bridge.formats.source import check_file
from bridge.formats.source import check_text
from bridge.formats.source import encoding_of
from bridge.formats.source import fault
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.formats.source import Sieve
    from bridge.model.record import Profile

    Row = tuple[int, list[str] | None]


class CsvReader(Protocol):
    """What ``csv.reader`` makes; its own class has no public name."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """The rows."""


# An unclosed quote swallows the file; here we stop waiting for its end.
LONGEST_QUOTED = 16 * LONGEST_CELL


def read(path: Path, profile: Profile) -> Reading:
    """Open a csv or txt; the header is read at once.

    Raises:
        InputError: The file has no rows or the wrong columns.
    """
    check_file(path)
    check_text(path)
    with ExitStack() as stack:
        text = stack.enter_context(open_text(path, profile))
        reader = _reader(text, profile.delimiter)
        with guarded(path, profile):
            columns = _columns(_rows(reader), path, profile)
        rows = _Rows(text, reader, profile.delimiter)
        records = _records(rows, columns, path, profile)
        stack.callback(records.close)
        release = stack.pop_all().close
    return Reading({}, columns, records, release=release, sift=rows.sift)


@dataclass
class _Rows:
    """The rows behind the header, all of them or those a sieve lets by."""

    text: TextIOWrapper
    reader: CsvReader
    delimiter: str
    sifted: RowTexts | None = None

    def sift(self, sieve: Sieve) -> None:
        self.sifted = RowTexts(self.text, sieve, self.reader.line_num)
        self.reader = _reader(self.sifted, self.delimiter)


def open_text(path: Path, profile: Profile) -> TextIOWrapper:
    """The decoded text behind the BOM; bad bytes become surrogates."""
    encoding, mark = encoding_of(path, profile.encoding)
    file = path.open("rb")
    file.seek(len(mark))
    return TextIOWrapper(
        file, encoding=encoding, errors="surrogateescape", newline=""
    )


def raw_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Each row's cells and the line it begins at.

    Blank lines are rows without cells. A row whose quotes are broken comes
    as ``None``; the next line begins a new row.

    Raises:
        UnclosedError: A quote has no end.
    """
    return _rows(_reader(lines, delimiter))


def _reader(lines: Iterable[str], delimiter: str) -> CsvReader:
    csv.field_size_limit(LONGEST_QUOTED)
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _rows(reader: CsvReader) -> Iterator[Row]:
    """The rows from where the reader stands."""
    line = reader.line_num + 1
    while True:
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            _check_closed(error, line)
            yield line, None
            line = reader.line_num + 1
        else:
            return


def _check_closed(error: csv.Error, line: int) -> None:
    if "unexpected end" in str(error) or "limit" in str(error):
        raise UnclosedError(line) from error


class UnclosedError(Exception):
    """A quote has no end; told to the caller with the row's first line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def column_names(row: list[str]) -> tuple[str, ...]:
    """The names of a header's cells; a delimiter at the end names none."""
    names = [_unwrap(cell.strip()) for cell in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


@contextmanager
def guarded(path: Path, profile: Profile) -> Iterator[None]:
    """What stops the reading is a fault of the whole file."""
    try:
        yield
    except UnclosedError as error:
        line = _opened(path, profile, error.line)
        raise fault("formats.unclosed_quote", path, line=line) from error
    except UnicodeError as error:
        name = profile.encoding
        raise fault("formats.encoding", path, encoding=name) from error


def _columns(
    rows: Iterator[Row], path: Path, profile: Profile
) -> tuple[str, ...]:
    if not profile.header:
        check_columns(path, profile.columns, profile.required, 1)
        return profile.columns
    for line, row in rows:
        if row is None:
            raise fault("formats.header", path, line=line)
        if columns := column_names(row):
            _check_names(path, columns, line)
            check_columns(path, columns, profile.required, line)
            return columns
    raise fault("formats.empty", path)


def _check_names(path: Path, columns: tuple[str, ...], line: int) -> None:
    findings = cells.check(line, {name: name for name in columns})
    if findings:
        raise fault("formats.header", path, line=line, findings=findings)


def _records(  # noqa: C901, PLR0912 - the one hot loop
    rows: _Rows, columns: tuple[str, ...], path: Path, profile: Profile
) -> Generator[Record]:
    """One loop over the reader, because every row passes through it."""
    reader, sifted = rows.reader, rows.sifted
    width, line, raw = len(columns), reader.line_num + 1, None
    new, joined, is_clean = tuple.__new__, "".join, cells.is_clean
    with guarded(path, profile):
        while True:
            try:
                for row in reader:
                    if sifted is not None:
                        if (place := sifted.taken()) is None:
                            continue
                        line, raw = place
                    text = joined(row)
                    if text and not text.isspace():
                        if (
                            len(row) != width
                            or "#" in text
                            or '="' in text
                            or "\0" in text
                            or len(text) > LONGEST_CELL
                            or not (text.isascii() or is_clean(text))
                        ):
                            yield record(line, row, columns, profile)
                        else:
                            values = dict(zip(columns, row, strict=True))
                            yield new(Record, (line, values, (), raw))
                    line = reader.line_num + 1
            except csv.Error as error:
                if sifted is not None:
                    line = sifted.begun()
                _check_closed(error, line)
                yield Record(line, {}, (Finding("formats.quote", line),))
                line = reader.line_num + 1
            else:
                return


def record(
    line: int, row: list[str], columns: tuple[str, ...], profile: Profile
) -> Record:
    """The record of a row, and whatever is odd about it."""
    pairs = zip(columns, row, strict=False)
    made = Record(line, {name: _unwrap(cell) for name, cell in pairs})
    findings = cells.check(line, made.values)
    width = _width(line, row, columns, profile)
    return made._replace(findings=width + findings)


def _width(
    line: int, row: list[str], columns: tuple[str, ...], profile: Profile
) -> tuple[Finding, ...]:
    found, wanted = len(row), len(columns)
    if found == wanted or (found > wanted and not any(row[wanted:])):
        return ()
    if found < wanted and profile.short == "pad":
        return ()
    code = "formats.cells_missing" if found < wanted else "formats.cells_extra"
    facts = {"found": str(found), "wanted": str(wanted)}
    last = columns[found - 1] if 0 < found < wanted else None
    return (Finding(code, line, last, facts=facts),)


def _unwrap(cell: str) -> str:
    """Excel's way to keep zeros, ``="0012"``, without its dress."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > len('="'):
        return cell[2:-1].replace('""', '"')
    return cell


def _opened(path: Path, profile: Profile, begin: int) -> int:
    """The line of the last quote that was opened from ``begin`` on."""
    opened, inside, fresh = begin, False, True
    with open_text(path, profile) as text:
        for line, content in enumerate(text, 1):
            for sign in content if line >= begin else "":
                if sign == '"' and (inside or fresh):
                    # A doubled quote leaves and comes back at once.
                    inside, fresh = not inside, inside
                    opened = line if inside else opened
                elif not inside:
                    fresh = sign in {profile.delimiter, "\r", "\n"}
    return opened
