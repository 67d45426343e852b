"""An outbox: files appear whole or not at all, and never over another.

A consumer reads the folder while we write. So the bytes go to a hidden
draft, the ledger commits name and hash, and only then the draft gets its
name (decision 2).
"""

from __future__ import annotations

import os
import stat
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.errors import Where
from bridge.errors import door
from bridge.files import disk
from bridge.model.filenames import allowed
from bridge.model.filenames import ignored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path


class Outbox:
    """A folder a consumer takes files from.

    Args:
        folder: The folder; it must exist. It is not created, so that
            nothing is published below the mount point of a lost share.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_draft(self, name: str, chunks: Iterable[bytes]) -> str:
        """Write the bytes, hidden and down to the metal, without a name.

        Twice writes the draft anew. Nothing appears before ``publish``.

        Args:
            name: The bare name the file will get.
            chunks: Its bytes, in order.

        Returns:
            The sha256 of the bytes in hex, to be committed and published.

        Raises:
            DefectError: ``files.bad_name`` if no file may be called so.
            TransientError: The folder cannot be reached or written.
        """
        target = self._target(name)
        with door(self.folder):
            return disk.write(disk.draft_of(target), chunks)

    def publish(self, name: str, sha256: str) -> None:
        """Let the draft appear under its name.

        Twice is harmless: a draft that is gone was published already, and
        perhaps fetched; the same bytes under the name count as done.

        Args:
            name: As given to ``write_draft``.
            sha256: What ``write_draft`` returned.

        Raises:
            DefectError: ``files.name_taken`` if other bytes have the name;
                ``files.draft_differs`` if the draft has other bytes.
            TransientError: The folder cannot be reached or written.
        """
        self.publish_all([(name, sha256)])

    def publish_all(self, drafts: Iterable[tuple[str, str]]) -> None:
        """As ``publish``, for several; they are safe when this returns.

        Args:
            drafts: Names and digests.
        """
        with door(self.folder):
            self.folder.stat()  # a lost share is not an empty folder
            for name, sha256 in drafts:
                self._publish(name, sha256)
            disk.sync_folder(self.folder)

    def _publish(self, name: str, sha256: str) -> None:
        target = self._target(name)
        draft = disk.draft_of(target)
        if not draft.exists():
            return
        try:
            _appear(draft, target, sha256)
        except FileExistsError:  # dropped there a moment ago
            _finish(draft, target, sha256)

    def holds(self, name: str) -> bool:
        """Whether a file of this name lies there now.

        Raises:
            TransientError: The folder cannot be reached.
        """
        with door(self.folder):
            self.folder.stat()  # a lost share is not an empty folder
            return os.path.lexists(self._target(name))

    def waiting(
        self, older_than: timedelta, now: datetime
    ) -> list[tuple[str, timedelta]]:
        """The files nobody has picked up yet, with their ages, oldest first.

        Args:
            older_than: Leave out what is younger.
            now: The present instant, aware.

        Raises:
            TransientError: The folder cannot be reached.
        """
        with door(self.folder):
            aged = [(name, now - since) for name, since in self._lying()]
        old = [(name, age) for name, age in aged if age >= older_than]
        return sorted(old, key=lambda one: (-one[1], one[0]))

    def _lying(self) -> Iterator[tuple[str, datetime]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if ignored(entry.name):
                    continue
                try:
                    seen = os.lstat(entry.path)
                except FileNotFoundError:
                    continue  # picked up this moment
                if stat.S_ISREG(seen.st_mode):
                    yield (
                        entry.name,
                        datetime.fromtimestamp(seen.st_mtime, tz=UTC),
                    )

    def _target(self, name: str) -> Path:
        if not allowed(name):
            raise DefectError(
                "files.bad_name", where=Where(str(self.folder)), name=name
            )
        return self.folder / name


def write_whole(path: Path, content: bytes) -> None:
    """Make a small file appear whole or not at all, never over another.

    Twice with the same bytes is harmless.

    Raises:
        DefectError: ``files.name_taken`` if other bytes have the name.
        TransientError: The folder cannot be reached or written.
    """
    outbox = Outbox(path.parent)
    sha256 = outbox.write_draft(path.name, [content])
    try:
        outbox.publish(path.name, sha256)
    except DefectError:
        disk.draft_of(path).unlink(missing_ok=True)
        raise


def replace_whole(path: Path, content: bytes) -> None:
    """Give a small file that may change its new bytes, all at once.

    Twice is harmless; a reader sees the old bytes or the new ones.

    Raises:
        TransientError: The folder cannot be reached or written.
    """
    draft = disk.draft_of(path)
    with door(path):
        disk.write(draft, [content])
        draft.replace(path)
        disk.sync_folder(path.parent)


def _appear(draft: Path, target: Path, sha256: str) -> None:
    if os.path.lexists(target):
        _finish(draft, target, sha256)
        return
    if disk.digest(draft) != sha256:
        raise DefectError(
            "files.draft_differs", where=Where(str(draft)), name=target.name
        )
    disk.rename_new(draft, target)


def _finish(draft: Path, target: Path, sha256: str) -> None:
    if disk.digest(target) != sha256:
        raise DefectError(
            "files.name_taken", where=Where(str(target)), name=target.name
        )
    draft.unlink(missing_ok=True)
