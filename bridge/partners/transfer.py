"""The bytes themselves: continued after a cut, compared at the end.

Many small files travel together, each in one piece; large ones one by one
with many pieces on their way. paramiko's packet size is left alone: larger
packets make downloads twenty times slower.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from bridge.errors import InputError
from bridge.errors import TransientError
from bridge.partners.client import AHEAD
from bridge.partners.client import ANEW
from bridge.partners.client import PIECE
from bridge.partners.client import READ
from bridge.partners.client import WRITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence
    from io import BufferedIOBase
    from pathlib import Path

    from bridge.partners.session import Session
    from bridge.ports.partners import Fetch
    from bridge.ports.partners import Lying
    from bridge.ports.partners import Send

#: Bytes written last before a cut are written again: what was on its way
#: may have arrived with holes.
IN_DOUBT = 2 * AHEAD * PIECE
HASH = "sha256"


def download(session: Session, path: bytes, file: Lying, draft: Path) -> None:
    """Bring a file here whole, after what of it is here already.

    Raises what paramiko raises, and:
        InputError: ``partners.changed``: it is not as it was seen.
        TransientError: ``partners.differs``: other bytes arrived.
    """
    begun = draft.stat().st_size if draft.exists() else 0
    start = begun if begun <= file.size else 0
    client = session.client
    with client.opened(path, READ) as handle, draft.open("ab") as local:
        local.truncate(start)
        for piece in client.pieces(handle, start, file.size):
            local.write(piece)
        local.flush()
        os.fsync(local.fileno())
        seen = client.closed(handle)
    if (seen.st_size, seen.st_mtime) != (file.size, file.mtime):
        draft.unlink()
        raise InputError("partners.changed")
    if draft.stat().st_size != file.size or _differs(
        session, path, lambda: draft.open("rb")
    ):
        draft.unlink()
        raise TransientError("partners.differs", size=file.size)


def download_small(
    session: Session, wanted: Sequence[tuple[bytes, Fetch]]
) -> list[bool]:
    """Bring small files here together; whether each came whole.

    What did not is left to ``download``, which knows why.
    """
    client = session.client
    handles = client.handles([path for path, _ in wanted], READ)
    opened = [
        (handle, job.file.size)
        for handle, (_, job) in zip(handles, wanted, strict=True)
        if isinstance(handle, bytes)
    ]
    came = iter(client.read_small(opened))
    return [
        isinstance(handle, bytes) and _kept(job, next(came))
        for handle, (_, job) in zip(handles, wanted, strict=True)
    ]


def _kept(job: Fetch, came: tuple[bytes, object] | None) -> bool:
    if came is None:
        return False
    content, seen = came
    stamp = getattr(seen, "st_size", None), getattr(seen, "st_mtime", None)
    size = job.file.size
    if len(content) != size or stamp != (size, job.file.mtime):
        return False
    with job.draft.open("wb") as local:
        local.write(content)
        local.flush()
        os.fsync(local.fileno())
    return True


def upload(session: Session, path: bytes, job: Send) -> None:
    """Bring bytes there whole, after what of them is there already.

    Raises what paramiko raises, and:
        TransientError: ``partners.not_whole`` or ``partners.differs``:
            what arrived is not what was sent.
    """
    client = session.client
    start = _begun(session, path, job.size)
    flags = WRITE if start else ANEW
    with client.opened(path, flags) as handle, job.content() as content:
        client.write(handle, content, start)
        there = client.closed(handle).st_size or 0
    if there != job.size:
        raise TransientError("partners.not_whole", there=there, size=job.size)
    if _differs(session, path, job.content):
        raise TransientError("partners.differs", size=job.size)


def _begun(session: Session, path: bytes, size: int) -> int:
    """How far an upload came that was cut; small ones begin anew."""
    if size <= IN_DOUBT:
        return 0
    (seen,) = session.client.seen([path])
    there = 0 if seen is None else seen.st_size or 0
    return max(0, there - IN_DOUBT) if there <= size else 0


def upload_small(
    session: Session, wanted: Sequence[tuple[bytes, Send]]
) -> list[bool]:
    """Bring small files there together; whether each arrived whole.

    What did not is left to ``upload``, which knows why.
    """
    client = session.client
    handles = client.handles([path for path, _ in wanted], ANEW)
    opened = [
        (handle, _content(job))
        for handle, (_, job) in zip(handles, wanted, strict=True)
        if isinstance(handle, bytes)
    ]
    arrived = iter(client.write_small(opened))
    return [
        isinstance(handle, bytes) and next(arrived) == job.size
        for handle, (_, job) in zip(handles, wanted, strict=True)
    ]


def _content(job: Send) -> bytes:
    with job.content() as content:
        return content.read()


def _differs(
    session: Session, path: bytes, content: Callable[[], BufferedIOBase]
) -> bool:
    """Whether the server's own hash of a file is another; few tell one."""
    expected = _hash(session, path) if session.hashes else None
    if expected is None:
        return False
    with content() as file:
        return hashlib.file_digest(file, HASH).digest() != expected


def _hash(session: Session, path: bytes) -> bytes | None:
    try:
        with session.client.open(path, "rb") as remote:
            found: bytes = remote.check(HASH)
    except OSError:
        if not session.alive:
            raise
        session.hashes = False  # and it is not asked again
        return None
    return found
