"""Moves on the disk that lose nothing, whenever the power goes."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import stat
import sys
from functools import cache
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import DefectError
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 1 << 20  # bytes read at a time
NOREPLACE = 1  # RENAME_NOREPLACE of linux/fs.h
AT_FDCWD = -100
NOT_KNOWN_HERE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM}
NO_LINKS_HERE = {*NOT_KNOWN_HERE, errno.EMLINK, errno.EACCES}


def digest(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes, a piece at a time."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def write(path: Path, content: Iterable[bytes]) -> str:
    """Write the bytes down to the metal; twice writes them anew.

    Returns:
        Their sha256 in hex.
    """
    known = hashlib.sha256()
    with path.open("wb") as file:
        for piece in content:
            known.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return known.hexdigest()


def move(source: Path, target: Path) -> None:
    """Move a file, also to another volume, never over another file.

    Twice is harmless: a move that was cut off is brought to its end.

    Raises:
        DefectError: ``files.name_taken`` if the target has other bytes.
        FileNotFoundError: If the source is gone.
    """
    try:
        _move_new(source, target)
    except FileExistsError:
        _drop_double(source, target)
    sync_folder(target.parent)


def rename_new(source: Path, target: Path) -> None:
    """Rename within a volume; a name that is taken is never replaced.

    Raises:
        FileExistsError: If the target is there.
    """
    if os.name == "nt" or not (
        rename_at_once(source, target) or _link_over(source, target)
    ):
        _rename_checked(source, target)


def rename_at_once(source: Path, target: Path) -> bool:
    """Let the kernel rename without replacing; False if it cannot here."""
    function = _renameat2()
    if function is None:
        return False
    names = (os.fsencode(source), os.fsencode(target))
    failed = function(AT_FDCWD, names[0], AT_FDCWD, names[1], NOREPLACE)
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in NOT_KNOWN_HERE:
        return False
    raise OSError(number, os.strerror(number), str(source), None, str(target))


def copy(source: Path, draft: Path) -> None:
    """Copy bytes and mtime down to the metal; twice copies anew."""
    seen = source.stat()
    write(draft, chunks(source))
    os.utime(draft, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def draft_of(target: Path) -> Path:
    """Where a file is written before it gets its name: hidden, beside."""
    return target.with_name(f".{target.name}.part")


def sync_folder(folder: Path) -> None:
    """Make new names survive a power cut; Windows does so by itself."""
    if os.name == "nt":
        return  # Windows cannot open a folder
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NOT_KNOWN_HERE:  # some shares cannot
            raise
    finally:
        os.close(handle)


def _move_new(source: Path, target: Path) -> None:
    try:
        rename_new(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        if os.path.lexists(target):
            raise FileExistsError(target) from error
        _carry_over(source, target)


def _carry_over(source: Path, target: Path) -> None:
    """To another volume: the source goes when the target is safe."""
    draft = draft_of(target)
    copy(source, draft)
    rename_new(draft, target)
    sync_folder(target.parent)
    _remove(source)


def _drop_double(source: Path, target: Path) -> None:
    """Both are there: a move was cut off before the source went."""
    if not source.samefile(target) and digest(source) != digest(target):
        raise DefectError(
            "files.name_taken", where=Where(str(target)), name=target.name
        )
    _remove(source)


def _remove(path: Path) -> None:
    if os.name == "nt":  # which does not remove a read-only file
        path.chmod(stat.S_IWRITE)
    path.unlink()


def _link_over(source: Path, target: Path) -> bool:
    """Rename by a second link; False where the disk has no links."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in NO_LINKS_HERE:
            return False
        raise
    source.unlink()
    return True


def _rename_checked(source: Path, target: Path) -> None:
    """Look, then rename; Windows itself refuses a name that is taken."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "name is taken", str(target))
    source.rename(target)


@cache
def _renameat2() -> Any:  # noqa: ANN401 - a C function has no type
    if sys.platform == "win32":
        return None
    try:
        return ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):  # neither glibc nor musl of late
        return None
