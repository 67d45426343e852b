"""Some records of a file as a file of their own, for correction by hand."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain
from itertools import pairwise
from itertools import takewhile
from operator import is_not
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from bridge.formats import delimited
from bridge.formats import jsondoc
from bridge.formats import xmlstream
from bridge.formats.jsonscan import Scanner
from bridge.formats.source import encoding_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from bridge.model.record import Format
    from bridge.model.record import Profile

    Cut = Callable[[Path, Profile, frozenset[int], Path], None]


SMALL = 2_000_000  # bytes of a workbook that is held as a whole


def extract(
    path: Path,
    profile: Profile,
    lines: frozenset[int],
    target: Path,
    *,
    reasons: Mapping[int, str] | None = None,
) -> None:
    """Write the head of a file and the records at some lines, as they are.

    Args:
        path: The file the lines belong to.
        profile: How it is written.
        lines: The lines of the records that are wanted. Records that share
            a line go together.
        target: Replaced if it exists.
        reasons: What is wrong, by line, and at 0 the name of its column;
            only a workbook has a place for it.

    Raises:
        InputError: The file is wrong as a whole.
    """
    if profile.format == "xlsx" and path.stat().st_size <= SMALL:
        from bridge.formats import correction  # noqa: PLC0415 - openpyxl

        correction.cut(path, profile, lines, target, reasons or {})
        return
    _CUTS[profile.format](path, profile, lines, target)


def _cut_text(
    path: Path, profile: Profile, lines: frozenset[int], target: Path
) -> None:
    encoding, mark = encoding_of(path, profile.encoding)
    with delimited.open_text(path, profile) as text, target.open("wb") as out:
        out.write(mark)
        header = profile.header
        for line, row, raw in _raw_records(text, profile):
            named = header and bool(row) and any(map(str.strip, row or ()))
            if named or line in lines:
                out.write(raw.encode(encoding, "surrogateescape"))
            header = header and not named


def _raw_records(
    text: Iterator[str], profile: Profile
) -> Iterator[tuple[int, list[str] | None, str]]:
    """Each row with its line and its text, quotes and all."""
    taken: list[str] = []

    def _noted() -> Iterator[str]:
        for line in text:
            taken.append(line)
            yield line

    if profile.fixed:
        yield from ((at, [row], row) for at, row in enumerate(text, 1))
        return
    for line, row in delimited.raw_rows(_noted(), profile.delimiter):
        yield line, row, "".join(taken)
        taken.clear()


def _cut_xml(
    path: Path, profile: Profile, lines: frozenset[int], target: Path
) -> None:
    start = xmlstream.opening(path, profile)
    elements = xmlstream.found(path, replace(profile, xsd=None))
    with target.open("wb") as out:
        with etree.xmlfile(out, encoding=start.encoding) as file:
            file.write_declaration()
            _copy_xml(file, elements, lines)
        out.write(b"\n")


def _copy_xml(
    file: Any,  # noqa: ANN401 - lxml's stubs know no xmlfile
    elements: Iterator[xmlstream.Found],
    lines: frozenset[int],
) -> None:
    first = next(elements)
    above = [*reversed(list(first.element.iterancestors())), first.element]
    if not first.line:  # no records at all: the root is its own copy
        file.write(first.element, with_tail=False)
        return
    with ExitStack() as stack:
        for parent, below in pairwise(above):
            attributes = dict(parent.attrib)
            inner = file.element(parent.tag, attributes, nsmap=parent.nsmap)
            stack.enter_context(inner)
            for child in takewhile(partial(is_not, below), parent):
                _put(file, child)
        for line, element in chain([first], elements):
            if line in lines:
                _put(file, element)
        file.write("\n")


def _put(file: Any, element: Any) -> None:  # noqa: ANN401 - lxml
    file.write("\n")
    file.write(element, with_tail=False)


def _cut_json(
    path: Path, profile: Profile, lines: frozenset[int], target: Path
) -> None:
    separate = "\n" if jsondoc.is_lines(path, profile) else ",\n"
    with path.open("rb") as file, target.open("wb") as out:
        scanner = Scanner(file, path)
        passed = scanner.kept = deque()
        between = ""
        for line, _, raw in jsondoc.items(scanner, path, profile):
            if separate == ",\n":
                _drain(passed, out)
            if line in lines:
                out.write(f"{between}{raw}".encode())
                between = separate
        if separate == ",\n":
            _drain(passed, out)
        out.write(b"\n")


def _drain(passed: deque[str], out: BinaryIO) -> None:
    while passed:
        out.write(passed.popleft().encode())


def _cut_workbook(
    path: Path, profile: Profile, lines: frozenset[int], target: Path
) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - openpyxl: 14 MiB

    from bridge.formats import workbook  # noqa: PLC0415 - likewise

    workbook.check_zip(path)
    book = Workbook(write_only=True)
    with workbook.open_sheet(path, profile) as sheet:
        names: list[str] = sheet.parent.sheetnames
        copies = {name: book.create_sheet(name) for name in names}
        copy = copies[sheet.title]
        rows = workbook.cell_rows(sheet, path, values_only=False)
        for line, row in rows:
            if line in lines or (line == 1 and profile.header):
                copy.append([_cell(copy, cell) for cell in row])
    book.save(target)


def _cell(sheet: Any, cell: Any) -> Any:  # noqa: ANN401 - openpyxl
    """A cell with its look, so that a date stays a date."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - likewise

    copied = WriteOnlyCell(sheet, value=cell.value)
    if cell.value is not None:
        copied.number_format = cell.number_format
    if isinstance(cell.value, str):
        copied.data_type = "e" if cell.data_type == "e" else "s"
    return copied


_CUTS: Mapping[Format, Cut] = {
    "csv": _cut_text,
    "txt": _cut_text,
    "xml": _cut_xml,
    "json": _cut_json,
    "xlsx": _cut_workbook,
}
