"""Writes records as a file; the streaming counterpart of ``reading``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.formats import delimitedout
from bridge.formats import jsonout
from bridge.formats import xmlout

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import BinaryIO

    from bridge.errors import Finding
    from bridge.model.record import Format
    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.model.record import Value

    Writer = Callable[
        [BinaryIO, Iterable[Record], Profile, Mapping[str, Value]],
        list[Finding],
    ]


def _write_workbook(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    head: Mapping[str, Value],
) -> list[Finding]:
    from bridge.formats import workbookout  # noqa: PLC0415 - openpyxl: 14 MiB

    return workbookout.write(stream, records, profile, head)


_WRITERS: Mapping[Format, Writer] = {
    "csv": delimitedout.write,
    "txt": delimitedout.write,
    "xml": xmlout.write,
    "json": jsonout.write,
    "xlsx": _write_workbook,
}


def write(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    head: Mapping[str, Value],
) -> list[Finding]:
    """Write records, one after the other, as the profile says.

    Args:
        stream: Takes the bytes; stays open.
        records: Typed values in file order; a value per column or path.
        profile: How this kind of file is written.
        head: What the file says about itself; csv, txt and xlsx have no
            place for it.

    Returns:
        Warnings: signs the encoding lacks, values the file has no place for.
    """
    return _WRITERS[profile.format](stream, records, profile, head)
