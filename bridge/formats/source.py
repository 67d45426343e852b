"""An opened file of records, and what is checked before one is opened."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from bridge.errors import Finding
from bridge.errors import InputError
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from bridge.model.record import Record
    from bridge.model.record import Value

LARGEST_FILE = 2 * 1024**3  # bytes; an archive gone wrong, not an export
LONGEST_CELL = 1024**2  # characters; longer texts refuse their row
DEEPEST = 64  # levels of nesting; no export of Sage has more than 5
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old .xls, or a locked .xlsx

_CHUNK = 1024**2
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # every BOM, and UTF-16 spaces


class Sieve(NamedTuple):
    """Knows rows by the digest of their text.

    Attributes:
        start: A hash that has taken in all that makes two like rows differ.
        known: Whether a digest is known; its line is told along.
    """

    start: Any
    known: Callable[[bytes, int], bool]


def digest_of(start: Any, text: str) -> bytes:  # noqa: ANN401
    """The digest of a text behind a begun hash, which stays as it was."""
    begun = start.copy()
    begun.update(text.encode("utf-8", "surrogatepass"))
    digested: bytes = begun.digest()
    return digested


@dataclass
class Reading:
    """A file being read; close it, or use it in a ``with``.

    Attributes:
        head: What the file says about itself. As far as it stands before
            the first record it is known at once, complete at the end.
        columns: csv, txt and xlsx: the names of the first row.
        records: The rows, once; whole-file faults raise while iterating.
        findings: Facts about the file that refuse nothing; grows while
            iterating.
        sift: csv and txt: called before the first record is asked for, has
            the rows a sieve knows passed over; the others bear ``raw``.
    """

    head: dict[str, Value]
    columns: tuple[str, ...] | None
    records: Iterator[Record]
    findings: list[Finding] = field(default_factory=list)
    release: Callable[[], None] = lambda: None
    sift: Callable[[Sieve], None] | None = None

    def close(self) -> None:
        """Give the file back; twice is harmless."""
        self.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def check_file(path: Path) -> None:
    """Refuse what no format can read.

    Raises:
        InputError: The file is empty or larger than ``LARGEST_FILE``.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise fault("formats.size", path, size=size, most=LARGEST_FILE)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if chunk.strip(_BLANK):
                return
    raise fault("formats.empty", path)


def check_text(path: Path) -> None:
    """Refuse a workbook that bears the name of a text.

    Raises:
        InputError: The file begins like a zip or an Office document.
    """
    with path.open("rb") as file:
        start = file.read(len(OLE))
    if start.startswith((ZIP, OLE)):
        raise fault("formats.not_text", path, line=1)


def check_columns(
    path: Path, columns: tuple[str, ...], required: Iterable[str], line: int
) -> None:
    """Refuse a header that names a column twice or lacks one.

    Raises:
        InputError: With a finding for every such column.
    """
    twice = {name for name in columns if name and columns.count(name) > 1}
    missing = set(required) - set(columns)
    found = {"columns": ", ".join(columns)}
    findings = [
        Finding("formats.column_twice", line=line, field=name)
        for name in sorted(twice)
    ]
    findings += [
        Finding("formats.column_missing", line=line, field=name, facts=found)
        for name in sorted(missing)
    ]
    if findings:
        raise fault("formats.columns", path, line=line, findings=findings)


def encoding_of(path: Path, otherwise: str) -> tuple[str, bytes]:
    """How a text is encoded: by its BOM, else as the profile says.

    Returns:
        The encoding of what follows the BOM, and the BOM itself.
    """
    with path.open("rb") as file:
        start = file.read(3)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if start.startswith(mark):
            return name, mark
    return ("utf-8" if otherwise == "utf-8-sig" else otherwise), b""


def fault(
    code: str,
    path: Path,
    *,
    line: int | None = None,
    findings: Iterable[Finding] = (),
    **facts: object,
) -> InputError:
    """A fault of the whole file, ready to be raised."""
    where = Where(path.name, line)
    facts = {"line": line, "file": path.name, **facts}
    return InputError(code, where=where, findings=findings, **facts)
