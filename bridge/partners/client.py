"""paramiko's client, with many questions on their way at once.

paramiko asks one question after the other, or reads ahead from a thread of
its own; and it reads names as UTF-8 and gives up on a whole folder for one
that is not. Here questions follow each other without waiting, names stay
bytes, and no answer to a write is lost.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from contextlib import suppress
from typing import TYPE_CHECKING
from typing import Any

import paramiko
from paramiko.sftp import CMD_CLOSE
from paramiko.sftp import CMD_FSTAT
from paramiko.sftp import CMD_LSTAT
from paramiko.sftp import CMD_OPEN
from paramiko.sftp import CMD_OPENDIR
from paramiko.sftp import CMD_READ
from paramiko.sftp import CMD_READDIR
from paramiko.sftp import CMD_RENAME
from paramiko.sftp import CMD_STATUS
from paramiko.sftp import CMD_WRITE
from paramiko.sftp import SFTP_FLAG_CREATE
from paramiko.sftp import SFTP_FLAG_READ
from paramiko.sftp import SFTP_FLAG_TRUNC
from paramiko.sftp import SFTP_FLAG_WRITE
from paramiko.sftp import int64

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from io import BufferedIOBase

    Question = tuple[Any, ...]

PIECE = 32_768  # bytes: what every server takes at once
AHEAD = 64  # questions on their way; as pieces: a window, 2 MiB
READ_AHEAD = 8_192  # of those to read: the answers wait in the window
READ = SFTP_FLAG_READ
WRITE = SFTP_FLAG_WRITE
ANEW = SFTP_FLAG_WRITE | SFTP_FLAG_CREATE | SFTP_FLAG_TRUNC


class _Answers:
    """Keeps answers until they are wanted; paramiko hands them in."""

    def __init__(self) -> None:
        self.told: dict[int, tuple[int, Any]] = {}

    def _async_response(self, kind: int, message: Any, number: int) -> None:  # noqa: ANN401
        self.told[number] = (kind, message)


class Client(paramiko.SFTPClient):  # type: ignore[misc] # paramiko is untyped
    """An SFTP channel. Raises what paramiko raises."""

    def names(self, folder: str) -> Iterator[tuple[bytes, Any]]:
        """Each name of a folder with its attributes, links as links."""
        handle = self._request(CMD_OPENDIR, folder)[1].get_binary()
        try:
            while True:
                _, answer = self._request(CMD_READDIR, handle)
                for _ in range(answer.get_int()):
                    name = answer.get_binary()
                    answer.get_binary()  # as `ls -l` would show it
                    yield name, _attributes(answer)
        except EOFError:
            self._request(CMD_CLOSE, handle)

    def handles(self, paths: Iterable[bytes], flags: int) -> list[Any]:
        """Open files; a handle for each, or why there is none."""
        attributes = paramiko.SFTPAttributes()
        asked = [(CMD_OPEN, path, flags, attributes) for path in paths]
        return [
            answer if isinstance(answer, Exception) else answer.get_binary()
            for answer in self._flow(asked)
        ]

    @contextmanager
    def opened(self, path: bytes, flags: int) -> Iterator[bytes]:
        """Open one file; ``closed`` ends it, or whatever goes wrong."""
        handle: bytes = _good(self.handles([path], flags)[0])
        try:
            yield handle
        except BaseException:
            with suppress(OSError, EOFError, paramiko.SSHException):
                self._async_request(type(None), CMD_CLOSE, handle)
            raise

    def pieces(self, handle: bytes, start: int, size: int) -> Iterator[bytes]:
        """The bytes from a place on; fewer if the file has got shorter."""
        spans = [
            (at, min(PIECE, size - at)) for at in range(start, size, PIECE)
        ]
        asked = ((CMD_READ, handle, int64(at), much) for at, much in spans)
        for (at, much), answer in zip(
            spans, self._flow(asked, READ_AHEAD), strict=True
        ):
            if isinstance(answer, EOFError):
                return
            piece = _good(answer).get_binary()
            yield piece
            yield from self._rest(handle, at + len(piece), at + much)

    def _rest(self, handle: bytes, at: int, end: int) -> Iterator[bytes]:
        """Some servers give less at a time than they are asked for."""
        while at < end:
            asked = (CMD_READ, handle, int64(at), end - at)
            (answer,) = self._flow([asked])
            if isinstance(answer, EOFError):
                return
            piece = _good(answer).get_binary()
            yield piece
            at += len(piece)

    def write(
        self, handle: bytes, content: BufferedIOBase, start: int
    ) -> None:
        """Write the content from a place on; each answer is looked at."""
        content.seek(start)

        def asked() -> Iterator[Question]:
            at = start
            while piece := content.read(PIECE):
                yield CMD_WRITE, handle, int64(at), piece
                at += len(piece)

        for answer in self._flow(asked()):
            _good(answer)

    def closed(self, handle: bytes) -> Any:  # noqa: ANN401 - SFTPAttributes
        """Close a file; what is said of it at the end."""
        seen, _ = self._flow([(CMD_FSTAT, handle), (CMD_CLOSE, handle)])
        return _attributes(_good(seen))

    def read_small(self, files: Iterable[tuple[bytes, int]]) -> list[Any]:
        """Of open small files and their sizes: bytes and attributes.

        They are closed. ``None`` for what did not come in one piece.
        """
        asked: list[Question] = []
        for handle, size in files:
            asked += [
                (CMD_READ, handle, int64(0), max(size, 1)),
                (CMD_FSTAT, handle),
                (CMD_CLOSE, handle),
            ]
        return [_whole(*three[:2]) for three in _threes(self._flow(asked))]

    def write_small(self, files: Iterable[tuple[bytes, bytes]]) -> list[Any]:
        """Of open small files and their bytes: how many are there then.

        They are closed. ``None`` for what was not written.
        """
        asked: list[Question] = []
        for handle, content in files:
            asked += [
                (CMD_WRITE, handle, int64(0), content),
                (CMD_FSTAT, handle),
                (CMD_CLOSE, handle),
            ]
        return [
            None
            if isinstance(seen, Exception) or isinstance(written, Exception)
            else _attributes(seen).st_size
            for written, seen, _ in _threes(self._flow(asked))
        ]

    def seen(self, paths: Iterable[bytes]) -> list[Any]:
        """What lies at each path, links as links; ``None`` for nothing."""
        return [
            None
            if isinstance(answer, FileNotFoundError)
            else _attributes(_good(answer))
            for answer in self._flow([(CMD_LSTAT, path) for path in paths])
        ]

    def renamed(self, pairs: Iterable[tuple[bytes, bytes]]) -> list[Any]:
        """Rename without replacing; ``None``, or why it did not go."""
        asked = [(CMD_RENAME, *pair) for pair in pairs]
        return list(self._flow(asked))

    def _flow(
        self, questions: Iterable[Question], ahead: int = AHEAD
    ) -> Iterator[Any]:
        """Ask on without waiting; the answers in the order of asking.

        An answer is a message, ``None`` for a plain yes, or the error.
        """
        waiting: deque[int] = deque()
        answers = _Answers()
        for question in questions:
            waiting.append(self._async_request(answers, *question))
            if len(waiting) >= ahead:  # in bunches: fewer changes of turn
                while len(waiting) > ahead // 2:
                    yield self._answer(waiting.popleft(), answers)
        while waiting:
            yield self._answer(waiting.popleft(), answers)

    def _answer(self, number: int, answers: _Answers) -> Any:  # noqa: ANN401
        while number not in answers.told:
            self._read_response()
        kind, message = answers.told.pop(number)
        if kind != CMD_STATUS:
            return message
        try:
            self._convert_status(message)
        except (OSError, EOFError) as error:
            return error
        return None


def _good(answer: Any) -> Any:  # noqa: ANN401
    if isinstance(answer, Exception):
        raise answer
    return answer


def _attributes(message: Any) -> Any:  # noqa: ANN401
    return paramiko.SFTPAttributes._from_msg(message)  # noqa: SLF001 - no other way


def _whole(read: Any, seen: Any) -> tuple[bytes, Any] | None:  # noqa: ANN401
    if isinstance(seen, Exception):
        return None
    if isinstance(read, EOFError):
        return b"", _attributes(seen)
    if isinstance(read, Exception):
        return None
    return read.get_binary(), _attributes(seen)


def _threes(answers: Iterator[Any]) -> Iterator[tuple[Any, Any, Any]]:
    return zip(answers, answers, answers, strict=True)
