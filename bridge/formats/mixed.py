"""csv and txt whose lines are of several types, each with its own columns.

A line is a record; the mapping puts together what belongs together.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.formats import cells
from bridge.formats import delimited
from bridge.formats import fixedwidth
from bridge.formats.source import LONGEST_CELL
from bridge.formats.source import Reading
from bridge.formats.source import check_file
from bridge.formats.source import check_text
from bridge.formats.source import fault
from bridge.model.record import TYPE
from bridge.model.record import Mark
from bridge.model.record import Record
from bridge.model.record import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Generator
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path
    from typing import TypeAlias

    from bridge.model.record import Profile

    Row: TypeAlias = tuple[int, Any]  # a text or its cells; None: broken
    Name: TypeAlias = Callable[[Any], str]
    Make: TypeAlias = Callable[[int, Any], Record]


def read(path: Path, profile: Profile) -> Reading:
    """Open a file of several types of records; it has no header.

    Each record keeps its type under ``TYPE``; one of a type nobody knows
    has a finding and no values.

    Raises:
        InputError: The file is empty, or a workbook.
    """
    check_file(path)
    check_text(path)
    with ExitStack() as stack:
        text = stack.enter_context(delimited.open_text(path, profile))
        records = _records(text, path, profile)
        stack.callback(records.close)
        release = stack.pop_all().close
    return Reading({}, None, records, release=release)


def _records(
    text: TextIOWrapper, path: Path, profile: Profile
) -> Generator[Record]:
    mark = profile.mark or Mark()
    name_of, made = _names(mark, path, profile), _makers(path, profile)
    rows = _lines(text, path) if profile.fixed else _rows(text, profile)
    first = mark.first
    with delimited.guarded(path, profile):
        for line, row in rows:
            if row is None:
                yield _of_no_type(Finding("formats.quote", line))
                continue
            name, first = first or name_of(row), ""
            if name in mark.skip:
                continue
            make = made.get(name)
            yield (
                make(line, row)
                if make is not None
                else _of_no_type(_unknown(line, name, profile))
            )


def _rows(text: TextIOWrapper, profile: Profile) -> Iterator[Row]:
    for line, row in delimited.raw_rows(text, profile.delimiter):
        if row is None or any(map(str.strip, row)):
            yield line, row


def _lines(text: TextIOWrapper, path: Path) -> Iterator[Row]:
    for number, line in enumerate(text, 1):
        if len(line) > LONGEST_CELL:
            raise fault("formats.not_fixed", path, line=number)
        if line.strip(fixedwidth.ENDS + " "):
            yield number, line.rstrip(fixedwidth.ENDS)


def _names(mark: Mark, path: Path, profile: Profile) -> Name:
    """A function from a row to the type it bears."""
    if mark.rest:
        return lambda _row: mark.rest
    if profile.fixed:
        span = Span(name=TYPE, at=mark.at, length=mark.length)
        cut = fixedwidth.slices(path, replace(profile, spans=(span,)))
        return lambda line: cut(line)[0].strip()
    place = mark.column - 1
    return lambda row: row[place].strip() if len(row) > place else ""


def _makers(path: Path, profile: Profile) -> dict[str, Make]:
    """By type, a function from a line and its row to a record."""
    made: dict[str, Make] = {}
    for name, kind in profile.types.items():
        if kind.spans:
            own = replace(profile, spans=kind.spans)
            cut = fixedwidth.slices(path, own)
            read_line = partial(fixedwidth.record, cut=cut, profile=own)
        else:
            read_line = partial(_cells, columns=kind.columns, profile=profile)
        made[name] = partial(_typed, name, read_line)
    return made


def _typed(name: str, make: Make, line: int, row: Any) -> Record:  # noqa: ANN401
    made = make(line, row)
    made.values[TYPE] = name
    return made


def _cells(
    line: int, row: list[str], columns: tuple[str, ...], profile: Profile
) -> Record:
    if len(row) != len(columns) or cells.suspicious("".join(row)):
        return delimited.record(line, row, columns, profile)
    return Record(line, dict(zip(columns, row, strict=True)))


def _unknown(line: int, name: str, profile: Profile) -> Finding:
    facts = {"known": ", ".join(profile.types)}
    shown = cells.shorten(name)
    return Finding("formats.record_type", line, value=shown, facts=facts)


def _of_no_type(finding: Finding) -> Record:
    return Record(finding.line or 0, {}, (finding,))
