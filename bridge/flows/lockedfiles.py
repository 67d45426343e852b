"""Originals that name persons lie locked in the archive.

A locked file begins with a line that names the key; each further line is a
locked piece of the original, the last one is the mark of its end. Locking
and unlocking write the other file whole before they remove the one: a crash
between leaves both, and doing it again ends it.
"""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.errors import door

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.flows.parts import Safe

ENDING = ".locked"
HEAD = b"bridge-locked 1 "
PIECE = 1 << 20  # bytes that are locked together
END = b"end"


def lock(path: Path, safe: Safe) -> Path:
    """Lock a file; twice is harmless.

    Returns:
        Where it lies now.
    """
    target = path.with_name(path.name + ENDING)
    if path.exists():
        head = HEAD + safe.key_id.encode() + b"\n"
        pieces = (safe.lock(piece) + b"\n" for piece in _pieces(path))
        _write(target, chain([head], pieces, [safe.lock(END) + b"\n"]))
        path.unlink()
    return target


def keep(path: Path, content: bytes, safe: Safe) -> None:
    """Write a file that lies locked; twice is harmless.

    Args:
        path: Where, with the ending.
        content: What it holds.
        safe: Who locks it.
    """
    head = HEAD + safe.key_id.encode() + b"\n"
    pieces = (
        safe.lock(content[at : at + PIECE]) + b"\n"
        for at in range(0, len(content), PIECE)
    )
    _write(path, chain([head], pieces, [safe.lock(END) + b"\n"]))


def unlock(path: Path, safe: Safe) -> Path:
    """Give a file its content back; an open one is left as it is.

    Returns:
        Where it lies now: without the ending.

    Raises:
        DefectError: ``intake.cut_lock``: the locked file is not whole.
    """
    key = key_of(path)
    if key not in safe.key_ids:
        return path  # open, or none of ours
    plain = path.with_name(path.name.removesuffix(ENDING))
    draft = plain.with_name(f".{plain.name}.part")
    _write(draft, _opened(path, safe, key))
    if plain != path:
        path.unlink()
    draft.replace(plain)
    return plain


def content(path: Path, safe: Safe) -> Iterator[bytes]:
    """What a file holds, piece by piece; it stays as it lies.

    Raises:
        DefectError: ``intake.cut_lock``: the locked file is not whole.
        ConfigError: It was locked with a key that is gone.
    """
    key = key_of(path)
    return _pieces(path) if key is None else _opened(path, safe, key)


def key_of(path: Path) -> str | None:
    """The key a file is locked with; nothing if it lies open."""
    with path.open("rb") as file:
        start = file.readline(len(HEAD) + 64)
    if not start.startswith(HEAD):
        return None
    return start.removeprefix(HEAD).strip().decode("ascii", "replace")


def relock(path: Path, safe: Safe) -> None:
    """Lock a locked file with the present key; twice is harmless."""
    key = key_of(path)
    if key is None or key == safe.key_id:
        return
    draft = path.with_name(f".{path.name}.part")
    head = HEAD + safe.key_id.encode() + b"\n"
    pieces = (safe.lock(piece) + b"\n" for piece in _opened(path, safe, key))
    _write(draft, chain([head], pieces, [safe.lock(END) + b"\n"]))
    draft.replace(path)


def _opened(path: Path, safe: Safe, key: str) -> Iterator[bytes]:
    """The pieces of a locked file; the last must be the mark of its end."""
    last = b""
    with path.open("rb") as file:
        file.readline()
        for number, line in enumerate(file):
            if number:
                yield last
            last = safe.unlock(line.rstrip(b"\n"), key)
    if last != END:
        raise DefectError("intake.cut_lock", name=path.name)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    draft = path.with_name(f"{path.name}.part")
    with door(path), draft.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
