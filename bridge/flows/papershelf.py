"""Every paper that was printed is kept locked, as long as law wants it.

What lies in ``outbox/documents`` may be fetched at any time; Amazon, a mail or
an auditor gets the same bytes from here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.flows import lockedfiles

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.papers import Paper

FOLDER = "archive/papers"
NO_YEAR = "0000"


def shelve(parts: Parts, row: Paper, name: str, content: bytes) -> None:
    """Keep the bytes of a paper's file; twice is harmless."""
    path = _path(parts, row, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    lockedfiles.keep(path, content, parts.safe)


def content_of(parts: Parts, row: Paper) -> bytes:
    """The PDF of a paper, the very bytes that were printed.

    Raises:
        DefectError: ``papers.file_missing``: somebody took it away or
            changed it.
    """
    return _read(parts, row, row.file, row.sha256)


def xml_of(parts: Parts, row: Paper) -> bytes:
    """The invoice for machines of a paper that has one as a file.

    Raises:
        DefectError: As ``content_of``.
    """
    return _read(parts, row, row.xml, row.xml_sha256)


def _read(
    parts: Parts, row: Paper, name: str | None, sha256: str | None
) -> bytes:
    path = _path(parts, row, name or "")
    if name and path.is_file():
        content = b"".join(lockedfiles.content(path, parts.safe))
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    raise DefectError("papers.file_missing", value=name or row.name)


def _path(parts: Parts, row: Paper, name: str) -> Path:
    year = (row.issued or NO_YEAR)[:4]
    folder = parts.settings.folder(FOLDER) / year
    return folder / f"{name}{lockedfiles.ENDING}"
