"""What the house asks of a partner's area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from io import BufferedIOBase
    from pathlib import Path

    from bridge.errors import BridgeError


#: Codes of errors after which nothing more can be asked of a partner.
LOST = frozenset({"partners.unreachable", "partners.silent", "partners.cut"})


@dataclass(frozen=True)
class Lying:
    """A file that lies at a partner's.

    Attributes:
        wire: Its bare name in the bytes of his server.
        size: Bytes.
        mtime: When it was last written, seconds since 1970.
    """

    wire: bytes
    size: int
    mtime: int


@dataclass(frozen=True)
class Fetch:
    """One download.

    Attributes:
        folder: The partner's, as the settings write it.
        file: As it was seen there.
        draft: Where its bytes go; what is there already is continued.
    """

    folder: str
    file: Lying
    draft: Path


@dataclass(frozen=True)
class Send:
    """One upload under a name that nobody reads yet.

    Attributes:
        folder: The partner's, as the settings write it.
        draft: The bare name that nobody reads.
        size: Bytes.
        content: Opens the bytes.
    """

    folder: str
    draft: str
    size: int
    content: Callable[[], BufferedIOBase]


@dataclass(frozen=True)
class Appear:
    """A draft that gets its name.

    Attributes:
        folder: The partner's.
        draft: What it is called until now.
        name: What it will be called.
        instead: Older files of ours it stands for: they go first.
    """

    folder: str
    draft: str
    name: str
    instead: Sequence[str] = ()


@dataclass(frozen=True)
class Away:
    """A fetched file that is put away at the partner's.

    Attributes:
        folder: The partner's.
        file: As it was fetched; a changed one is left.
        target: The folder below, made if needed; ``None`` deletes it.
        names: What it may be called there: the first that is free.
    """

    folder: str
    file: Lying
    target: str | None
    names: Sequence[bytes] = ()


class Area(Protocol):
    """A partner's folders, while a connection lasts.

    Raises, from every verb: TransientError (the connection is lost, or the
    server gave up on a thing), RefusedError (no such folder, no right). A
    list of errors has ``None`` for what went well; what was lost with the
    connection is raised.
    """

    def look(self, folder: str) -> Iterable[Lying]:
        """The plain files of a folder, in no order."""
        ...

    def fetch(self, wanted: Sequence[Fetch]) -> Sequence[BridgeError | None]:
        """Download files whole; twice is harmless.

        A file that is gone or has changed is an InputError.
        """
        ...

    def send(self, wanted: Sequence[Send]) -> Sequence[BridgeError | None]:
        """Upload files whole; twice is harmless, a cut is continued."""
        ...

    def appear(self, wanted: Sequence[Appear]) -> Sequence[BridgeError | None]:
        """Give drafts their names; nothing is replaced but ``instead``.

        Twice is harmless: a draft that is gone has its name, and was
        perhaps fetched. RefusedError if the name is taken.
        """
        ...

    def put_away(self, wanted: Sequence[Away]) -> Sequence[BridgeError | None]:
        """Move or delete files; twice is harmless."""
        ...


class Partner(Protocol):
    """Somebody with an SFTP area."""

    def connect(self) -> AbstractContextManager[Area]:
        """Open a connection, closed at the end.

        Raises:
            TransientError: Nobody answers.
            RefusedError: We are not let in, or it is somebody else's
                server.
        """
        ...
