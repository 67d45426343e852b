"""A document of Amazon's on its way to the disk, whole or not at all."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import httpx

from bridge.errors import TransientError
from bridge.errors import door

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 1 << 16  # bytes
GZIP = 16 + zlib.MAX_WBITS  # zlib's way to ask for gzip's head and tail
OURS = 400  # and above: there is nothing to save
OPERATION = "getReportDocument"


def save(
    http: httpx.Client, url: str, algorithm: str | None, target: Path
) -> str:
    """Fetch a document into a file that appears whole; twice is harmless.

    Args:
        http: The connections.
        url: The address Amazon gave; it lives for five minutes.
        algorithm: How it is compressed; ``None``: not at all.
        target: Replaced if it exists.

    Returns:
        What it says of its content, such as ``text/plain; charset=Cp1252``.

    Raises:
        TransientError: It did not come whole; a new address is needed.
        PlaceError: The disk has no room.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        with http.stream("GET", url) as answer:
            if answer.status_code >= OURS:
                raise TransientError("amazon.busy", status=answer.status_code)
            pieces: Iterable[bytes] = answer.iter_bytes(CHUNK)
            if algorithm is not None:
                pieces = _unpacked(pieces)
            _write(draft, pieces)
            kind: str = answer.headers.get("content-type", "")
    except httpx.HTTPError as error:
        raise TransientError(
            "amazon.unreachable", problem=type(error).__name__
        ) from None
    with door(target):
        draft.replace(target)
    return kind


def _write(draft: Path, pieces: Iterable[bytes]) -> None:
    with door(draft):
        draft.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            for piece in pieces:
                file.write(piece)


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as they were before they were compressed.

    Raises:
        TransientError: ``amazon.odd_answer``: it is cut, or not compressed.
    """
    unpack = zlib.decompressobj(GZIP)
    try:
        for piece in pieces:
            yield unpack.decompress(piece)
            while unpack.eof and unpack.unused_data:  # one behind the other
                more = unpack.unused_data
                unpack = zlib.decompressobj(GZIP)
                yield unpack.decompress(more)
    except zlib.error as error:
        raise TransientError(
            "amazon.odd_answer", operation=OPERATION
        ) from error
    if not unpack.eof:
        raise TransientError("amazon.odd_answer", operation=OPERATION)
