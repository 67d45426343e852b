"""A partner's area over SFTP: what lies there, fetch and bring."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import BridgeError
from bridge.errors import InputError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.partners.client import AHEAD
from bridge.partners.client import PIECE
from bridge.partners.session import BROKEN
from bridge.partners.session import Session
from bridge.partners.transfer import download
from bridge.partners.transfer import download_small
from bridge.partners.transfer import upload
from bridge.partners.transfer import upload_small
from bridge.ports.partners import LOST
from bridge.ports.partners import Lying

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from typing import TypeVar

    from bridge.partners.session import Address
    from bridge.ports.partners import Appear
    from bridge.ports.partners import Away
    from bridge.ports.partners import Fetch
    from bridge.ports.partners import Send

    Job = TypeVar("Job", Fetch, Send, Away)
    Outcome = BridgeError | None
    Pair = tuple[bytes, bytes]  # a draft and its name
    Many = Callable[[Session, Sequence[tuple[bytes, Job]]], list[bool]]
    Alone = Callable[[Session, bytes, Job], None]


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

    @property
    def fingerprint(self) -> str:
        """Of the key the server showed."""
        return self._first.fingerprint

    def look(self, folder: str) -> list[Lying]:
        """The plain files of a folder; links are not followed."""
        with self._first.door(folder):
            return [
                Lying(wire, seen.st_size or 0, seen.st_mtime or 0)
                for wire, seen in self._client.names(folder)
                if stat.S_ISREG(seen.st_mode or 0)
            ]

    def fetch(self, wanted: Sequence[Fetch]) -> list[Outcome]:
        """Download files whole, small ones together."""
        return self._shared(wanted, _fetch)

    def send(self, wanted: Sequence[Send]) -> list[Outcome]:
        """Upload files whole, small ones together."""
        return self._shared(wanted, _send)

    def appear(self, wanted: Sequence[Appear]) -> list[Outcome]:
        """Rename; a server whose rename would replace is asked first."""
        if not wanted:
            return []
        with self._first.door(wanted[0].folder):
            answers = self._named(wanted)
        return [
            self._outcome(answer, job.name)
            for job, answer in zip(wanted, answers, strict=True)
        ]

    def _named(self, jobs: Sequence[Appear]) -> list[Any]:
        """For each: nothing, or why it has not got its name."""
        sources = [_path(job.folder, job.draft) for job in jobs]
        targets = [_path(job.folder, job.name) for job in jobs]
        pairs = list(zip(sources, targets, strict=True))
        drafts = dict(zip(pairs, self._client.seen(sources), strict=True))
        waiting = [pair for pair in pairs if drafts[pair] is not None]
        kept = self._cleared(dict(zip(pairs, jobs, strict=True)), waiting)
        there = dict(zip(pairs, self._client.seen(targets), strict=True))
        free = [p for p in waiting if there[p] is None and p not in kept]
        answers = dict(zip(free, self._client.renamed(free), strict=True))
        taken = dict.fromkeys(waiting, FileExistsError())
        told = taken | kept | answers
        return [told.get(pair) for pair in pairs]

    def _cleared(
        self, jobs: Mapping[Pair, Appear], waiting: Sequence[Pair]
    ) -> dict[Pair, OSError]:
        """Take older files of ours away, and say which would not go.

        Only while the draft is there: after that the name is the new
        file's own.
        """
        old = [
            (pair, _path(jobs[pair].folder, name))
            for pair in waiting
            for name in jobs[pair].instead
        ]
        there = self._client.seen([path for _, path in old])
        kept: dict[Pair, OSError] = {}
        for (pair, path), seen in zip(old, there, strict=True):
            try:
                if seen is not None:
                    self._client.remove(path)
            except OSError as error:
                kept[pair] = error
        return kept

    def put_away(self, wanted: Sequence[Away]) -> list[Outcome]:
        """Move or delete what is still the file that was fetched."""
        jobs = [(_path(job.folder, job.file.wire), job) for job in wanted]
        return [_tried(self._first, job, self._put_away) for job in jobs]

    def _put_away(self, session: Session, source: bytes, job: Away) -> None:
        with session.door(job.target or job.folder):
            if not _same(session.client.seen([source])[0], job.file):
                return
            if job.target is None:
                session.client.remove(source)
            else:
                self._move(session.client, source, job)

    def _move(self, client: Any, source: bytes, job: Away) -> None:  # noqa: ANN401
        aside = f"{job.folder.rstrip('/')}/{job.target}"
        if aside not in self._made and client.seen([aside.encode()]) == [None]:
            client.mkdir(aside)
        self._made.add(aside)
        paths = [_path(aside, name) for name in job.names]
        there = client.seen(paths)
        free = (p for p, t in zip(paths, there, strict=True) if t is None)
        client.rename(source, next(free, paths[-1]))

    @property
    def _first(self) -> Session:
        return self._sessions[0]

    @property
    def _client(self) -> Any:  # noqa: ANN401 - paramiko is not typed
        return self._first.client

    def _outcome(self, answer: Any, name: str) -> Outcome:  # noqa: ANN401
        if not isinstance(answer, Exception):
            return None
        if isinstance(answer, FileExistsError):
            return RefusedError("partners.name_taken", path=name)
        found = self._first.told(answer, name)
        if found.code in LOST:
            raise found
        return found

    def _shared(
        self,
        wanted: Sequence[Job],
        do: Callable[[Session, Sequence[Job]], list[Outcome]],
    ) -> list[Outcome]:
        """Let each connection take its share, every so-many-th job."""
        width = max(1, min(self.parallel, len(wanted)))
        while len(self._sessions) < width:
            self._sessions.append(Session(self.address))
        shares = [wanted[start::width] for start in range(width)]
        with ThreadPoolExecutor(width) as pool:
            told = [iter(one) for one in pool.map(do, self._sessions, shares)]
        return [next(told[place % width]) for place in range(len(wanted))]


def _fetch(session: Session, wanted: Sequence[Fetch]) -> list[Outcome]:
    jobs = [(_path(job.folder, job.file.wire), job) for job in wanted]
    small = [job.file.size <= PIECE for job in wanted]
    return _together(session, jobs, small, (download_small, _fetch_alone))


def _fetch_alone(session: Session, path: bytes, job: Fetch) -> None:
    try:
        with session.door(job.folder):
            download(session, path, job.file, job.draft)
    except RefusedError as error:
        if error.code != "partners.not_there":
            raise
        raise InputError("partners.vanished") from error


def _send(session: Session, wanted: Sequence[Send]) -> list[Outcome]:
    jobs = [(_path(job.folder, job.draft), job) for job in wanted]
    small = [job.size <= PIECE for job in wanted]
    return _together(session, jobs, small, (upload_small, _send_alone))


def _send_alone(session: Session, path: bytes, job: Send) -> None:
    try:
        with session.door(job.folder):
            upload(session, path, job)
    except TransientError:
        if session.alive:  # a full disk is not helped by half a file
            with suppress(*BROKEN):
                session.client.remove(path)
        raise


def _together(
    session: Session,
    jobs: Sequence[tuple[bytes, Job]],
    small: Sequence[bool],
    ways: tuple[Many[Job], Alone[Job]],
) -> list[Outcome]:
    """Small files in groups; large ones, and what failed, one by one.

    The first goes alone: it shows whether the server tells hashes, and
    where it does every file is compared by itself.
    """
    many, alone = ways
    outcomes: dict[int, Outcome] = {}
    if jobs:
        outcomes[0] = _tried(session, jobs[0], alone)
    group = [number for number in range(1, len(jobs)) if small[number]]
    for start in range(0, 0 if session.hashes else len(group), AHEAD):
        some = group[start : start + AHEAD]
        with session.door(jobs[0][1].folder):
            done = many(session, [jobs[number] for number in some])
        outcomes |= {n: None for n, ok in zip(some, done, strict=True) if ok}
    for number, job in enumerate(jobs):
        if number not in outcomes:
            outcomes[number] = _tried(session, job, alone)
    return [outcomes[number] for number in range(len(jobs))]


def _tried(
    session: Session, job: tuple[bytes, Job], alone: Alone[Job]
) -> Outcome:
    """What went wrong with one file; a lost connection concerns all."""
    try:
        alone(session, *job)
    except BridgeError as error:
        if error.code in LOST:
            raise
        return error
    return None


def _same(seen: Any, file: Lying) -> bool:  # noqa: ANN401
    stamp = (file.size, file.mtime)
    return seen is not None and (seen.st_size, seen.st_mtime) == stamp


def _path(folder: str, name: str | bytes) -> bytes:
    bare = name if isinstance(name, bytes) else name.encode()
    return folder.rstrip("/").encode() + b"/" + bare
