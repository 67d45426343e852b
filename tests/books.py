"""Mappings are read once for all tests, as long as their files stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping.book import open_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bridge.mapping.book import Book

_KNOWN: dict[object, Book] = {}


def remembered(folders: Iterable[Path]) -> Book:
    """The book of some folders; read again where a file changed."""
    searched = tuple(folders)
    seen = tuple(
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for folder in searched
        for path in sorted(folder.glob("*"))
    )
    if seen not in _KNOWN:
        _KNOWN[seen] = open_book(searched)
    return _KNOWN[seen]
