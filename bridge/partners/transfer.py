"""The bytes themselves: continued after a cut, compared at the end.

Small files take few questions: how long one is, the list has said already.
For large ones many requests are on their way at once. paramiko's packet
size is left alone: larger packets make downloads twenty times slower.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import InputError
from bridge.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from io import BufferedIOBase
    from pathlib import Path

    from bridge.partners.session import Session
    from bridge.ports import Lying
    from bridge.ports import Send

PIECE = 32_768  # bytes: what every server takes at once
AHEAD = 64 << 20  # bytes asked for at once; bounds the memory
#: Bytes written last before a cut are written again: what was on its way,
#: at most a window of the channel, may have arrived with holes.
IN_DOUBT = 4 << 20
CHUNK = 1 << 20
HASH = "sha256"


def download(session: Session, path: bytes, file: Lying, draft: Path) -> None:
    """Bring a file here whole, after what of it is here already.

    Raises what paramiko raises, and:
        InputError: ``partners.changed``: it is not as it was seen.
        TransientError: ``partners.differs``: other bytes arrived.
    """
    begun = draft.stat().st_size if draft.exists() else 0
    start = begun if begun <= file.size else 0
    with session.client.open(path, "rb") as remote, draft.open("ab") as local:
        local.truncate(start)
        for piece in _pieces(remote, start, file.size):
            local.write(piece)
        seen = remote.stat()
        expected = _hash(session, remote)
        local.flush()
        os.fsync(local.fileno())
    if (seen.st_size, seen.st_mtime) != (file.size, file.mtime):
        draft.unlink()
        raise InputError("partners.changed")
    if draft.stat().st_size != file.size or _differs(
        expected, lambda: draft.open("rb")
    ):
        draft.unlink()
        raise TransientError("partners.differs", size=file.size)


def _pieces(remote: Any, start: int, size: int) -> Iterator[bytes]:  # noqa: ANN401
    at = start
    while at < size:
        end = min(at + AHEAD, size)
        remote.seek(at)
        if end - at > PIECE:
            remote.prefetch(end)
        while at < end:
            piece = remote.read(min(PIECE, end - at))
            if not piece:
                return  # it has become shorter
            at += len(piece)
            yield piece


def upload(session: Session, path: bytes, job: Send) -> None:
    """Bring bytes there whole, after what of them is there already.

    Raises what paramiko raises, and:
        TransientError: ``partners.not_whole`` or ``partners.differs``:
            what arrived is not what was sent, and was removed.
    """
    start = _begun(session, path, job.size)
    mode = "r+b" if start else "wb"
    with session.client.open(path, mode) as remote, job.content() as content:
        _write(remote, content, start)
        there = remote.stat().st_size or 0
    if there != job.size:
        session.client.remove(path)
        raise TransientError("partners.not_whole", there=there, size=job.size)
    if session.hashes and _differs(_asked(session, path), job.content):
        session.client.remove(path)
        raise TransientError("partners.differs", size=job.size)


def _begun(session: Session, path: bytes, size: int) -> int:
    """How far an upload came that was cut; small ones begin anew."""
    if size <= IN_DOUBT:
        return 0
    try:
        there = session.client.stat(path).st_size or 0
    except FileNotFoundError:
        return 0
    return max(0, there - IN_DOUBT) if there <= size else 0


def _write(remote: Any, content: BufferedIOBase, start: int) -> None:  # noqa: ANN401
    """Write without waiting for each answer; the size tells at the end."""
    remote.set_pipelined()
    remote.seek(start)
    content.seek(start)
    while piece := content.read(CHUNK):
        remote.write(piece)


def _asked(session: Session, path: bytes) -> bytes | None:
    with session.client.open(path, "rb") as remote:
        return _hash(session, remote)


def _hash(session: Session, remote: Any) -> bytes | None:  # noqa: ANN401
    """The server's own hash of a file; few servers tell it."""
    if not session.hashes:
        return None
    try:
        found: bytes = remote.check(HASH)
    except OSError:
        if not session.alive:
            raise
        session.hashes = False
        return None
    return found


def _differs(
    expected: bytes | None, content: Callable[..., BufferedIOBase]
) -> bool:
    if expected is None:
        return False
    with content() as file:
        return hashlib.file_digest(file, HASH).digest() != expected
