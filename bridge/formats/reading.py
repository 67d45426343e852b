"""Which format a file has, and the reader for it.

A further format is a module with a ``read`` of its own and one line in
``_READERS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.formats import delimited
from bridge.formats import fixedwidth
from bridge.formats import jsondoc
from bridge.formats import mixed
from bridge.formats import xmldoc
from bridge.formats import xmlstream
from bridge.formats.source import ZIP
from bridge.formats.source import Reading
from bridge.formats.source import encoding_of
from bridge.formats.source import fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.model.record import Format
    from bridge.model.record import Profile

__all__ = ["Reading", "detect", "open_file"]


def _read_workbook(path: Path, profile: Profile) -> Reading:
    from bridge.formats import workbook  # noqa: PLC0415 - openpyxl: 14 MiB

    return workbook.read(path, profile)


_READERS: Mapping[Format, Callable[[Path, Profile], Reading]] = {
    "csv": delimited.read,
    "txt": delimited.read,
    "xml": xmldoc.read,
    "json": jsondoc.read,
    "xlsx": _read_workbook,
}
_EXTENSIONS: Mapping[str, Format] = {
    ".csv": "csv",
    ".txt": "txt",
    ".xml": "xml",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "xlsx",
}
_STARTS: tuple[tuple[str, Format], ...] = (
    ("<", "xml"),
    ("{", "json"),
    ("[", "json"),
)
_SAMPLE = 4096  # bytes that show what an unnamed file holds


def open_file(path: Path, profile: Profile) -> Reading:
    """Open a file of records; the caller closes it.

    Args:
        path: The file; its format is the profile's, not its extension's.
        profile: How this kind of file is written.

    Returns:
        The file's head, columns and records, read as they are asked for.

    Raises:
        InputError: The whole file is wrong; may also come while iterating.
    """
    if profile.types:
        return mixed.read(path, profile)
    if profile.spans:
        return fixedwidth.read(path, profile)
    return _READERS[profile.format](path, profile)


def detect(path: Path) -> Format:
    """The format of a file: by its extension, else by its content.

    Raises:
        InputError: Neither says anything.
    """
    known = _EXTENSIONS.get(path.suffix.lower())
    found = known or _by_content(path)
    if found is None:
        raise fault("formats.unknown", path, extension=path.suffix)
    return found


def fits(path: Path, profile: Profile) -> bool:
    """Whether a file begins as one of such records; only xml can tell.

    Args:
        path: The file.
        profile: Of the format the file has.
    """
    return profile.format != "xml" or xmlstream.leads_to(path, profile)


def _by_content(path: Path) -> Format | None:
    encoding, mark = encoding_of(path, "latin-1")
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith(ZIP):
        return "xlsx"
    text = sample[len(mark) :].decode(encoding, errors="replace").lstrip()
    for start, name in _STARTS:
        if text.startswith(start):
            return name
    first = text.partition("\n")[0]
    if "\0" in text:
        return None
    return "csv" if ";" in first else "txt" if "\t" in first else None
