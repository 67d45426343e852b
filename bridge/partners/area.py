"""A partner's area over SFTP: what lies there, bring and fetch."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from queue import SimpleQueue
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import BridgeError
from bridge.errors import InputError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.partners.listing import listed
from bridge.partners.session import BROKEN
from bridge.partners.session import Session
from bridge.partners.transfer import download
from bridge.partners.transfer import upload
from bridge.ports import LOST
from bridge.ports import Lying

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from typing import TypeVar

    from bridge.partners.session import Address
    from bridge.ports import Fetch
    from bridge.ports import Send

    Job = TypeVar("Job")


@dataclass(frozen=True)
class SftpPartner:
    """The port Partner over SSH.

    Attributes:
        address: Where and how.
        parallel: Files that travel at once, each over its own connection;
            many small ones go well over one.
    """

    address: Address
    parallel: int = 1

    @contextmanager
    def connect(self) -> Iterator[SftpArea]:
        """Open a connection; more of them when they are needed."""
        area = SftpArea(self.address, self.parallel)
        try:
            yield area
        finally:
            area.close()


@dataclass
class SftpArea:
    """The port Area over one connection, or some at once.

    Attributes:
        address: Where more connections are opened.
        parallel: How many at most.
    """

    address: Address
    parallel: int
    _sessions: list[Session] = field(default_factory=list, init=False)
    _made: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """The first connection shows whether we are let in at all."""
        self._sessions.append(Session(self.address))

    def close(self) -> None:
        """Hang up."""
        for session in self._sessions:
            session.close()

    def look(self, folder: str) -> list[Lying]:
        """The plain files of a folder; links are not followed."""
        with self._first.door(folder):
            return [
                Lying(wire, seen.st_size or 0, seen.st_mtime or 0)
                for wire, seen in listed(self._client, folder)
                if stat.S_ISREG(seen.st_mode or 0)
            ]

    def fetch(self, wanted: Sequence[Fetch]) -> list[BridgeError | None]:
        """Download files whole, one after the other or some at once."""
        return self._each(wanted, _fetch)

    def send(self, wanted: Sequence[Send]) -> list[BridgeError | None]:
        """Upload files whole, one after the other or some at once."""
        return self._each(wanted, _send)

    def appear(self, folder: str, draft: str, name: str) -> None:
        """Rename without replacing: OpenSSH's rename refuses a taken name.

        A server that would replace is asked first.
        """
        source, target = _path(folder, draft), _path(folder, name)
        with self._first.door(f"{folder}/{name}"):
            if self._seen(source) is None:
                return
            if self._seen(target) is not None:
                raise RefusedError("partners.name_taken", path=name)
            self._client.rename(source, target)

    def move(
        self, folder: str, file: Lying, target: str, names: Sequence[bytes]
    ) -> None:
        """Put a file aside; the last name is taken for free."""
        source = _path(folder, file.wire)
        aside = f"{folder}/{target}"
        with self._first.door(aside):
            if not self._is(source, file):
                return
            if aside not in self._made and self._seen(aside.encode()) is None:
                self._client.mkdir(aside)
            self._made.add(aside)
            free = (n for n in names if self._seen(_path(aside, n)) is None)
            name = next(free, names[-1])
            self._client.rename(source, _path(aside, name))

    def remove(self, folder: str, file: Lying) -> None:
        """Delete a file that is still the one that was fetched."""
        source = _path(folder, file.wire)
        with self._first.door(folder):
            if self._is(source, file):
                self._client.remove(source)

    @property
    def _first(self) -> Session:
        return self._sessions[0]

    @property
    def _client(self) -> Any:  # noqa: ANN401 - paramiko is not typed
        return self._first.client

    def _is(self, path: bytes, file: Lying) -> bool:
        seen = self._seen(path)
        return seen is not None and (
            (seen.st_size, seen.st_mtime) == (file.size, file.mtime)
        )

    def _seen(self, path: bytes) -> Any:  # noqa: ANN401
        try:
            return self._client.lstat(path)
        except FileNotFoundError:
            return None

    def _each(
        self, wanted: Sequence[Job], do: Callable[[Session, Job], None]
    ) -> list[BridgeError | None]:
        width = min(self.parallel, len(wanted))
        while len(self._sessions) < width:
            self._sessions.append(Session(self.address))
        if width <= 1:
            return [_tried(self._first, job, do) for job in wanted]
        free: SimpleQueue[Session] = SimpleQueue()
        for session in self._sessions[:width]:
            free.put(session)

        def one(job: Job) -> BridgeError | None:
            session = free.get()
            try:
                return _tried(session, job, do)
            finally:
                free.put(session)

        with ThreadPoolExecutor(width) as pool:
            return list(pool.map(one, wanted))


def _tried(
    session: Session, job: Job, do: Callable[[Session, Job], None]
) -> BridgeError | None:
    """What went wrong with one file; a lost connection concerns all."""
    try:
        do(session, job)
    except BridgeError as error:
        if error.code in LOST:
            raise
        return error
    return None


def _fetch(session: Session, job: Fetch) -> None:
    path = _path(job.folder, job.file.wire)
    try:
        with session.door(job.folder):
            download(session, path, job.file, job.draft)
    except RefusedError as error:
        if error.code != "partners.not_there":
            raise
        raise InputError("partners.vanished") from error


def _send(session: Session, job: Send) -> None:
    path = _path(job.folder, job.draft)
    try:
        with session.door(job.folder):
            upload(session, path, job)
    except TransientError:
        if session.alive:  # a full disk is not helped by half a file
            with suppress(*BROKEN):
                session.client.remove(path)
        raise


def _path(folder: str, name: str | bytes) -> bytes:
    bare = name if isinstance(name, bytes) else name.encode()
    return folder.rstrip("/").encode() + b"/" + bare
