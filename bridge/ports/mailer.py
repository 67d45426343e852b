"""What the house asks of whoever brings mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

#: Codes of errors after which nothing more is sent on a connection.
LOST = frozenset({"mail.unreachable", "mail.cut", "mail.closing"})
DOUBT = "mail.in_doubt"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes along.

    Attributes:
        name: As the reader sees it.
        kind: ``application/pdf`` or ``application/xml``.
    """

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, kw_only=True, repr=False)
class Mail:
    """One mail; the same again is the same to the byte.

    Attributes:
        id: Its Message-ID without brackets; different for every mail.
        at: Its date.
        file: What it is called where mails become files.
        name: Of who gets it; may be empty.
        address: Where it goes; as a person writes it, in any script.
        html: The same as ``text``, for who likes it better.
    """

    id: str
    at: datetime
    file: str
    name: str
    address: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class Post(Protocol):
    """A way for mails, while a connection lasts."""

    def send(self, mail: Mail, begins: Callable[[], None]) -> None:
        """Send one mail.

        Args:
            mail: What is sent.
            begins: Called when from now on nobody could tell for sure
                whether it was sent. What it raises keeps it from being
                sent. Not called where sending twice is harmless.

        Raises:
            TransientError: It surely was not sent; later it may be. With a
                code of ``LOST`` the connection is of no use any more.
            RefusedError: It surely was not sent and never will be; with the
                server's words, addresses taken out. ``mail.in_doubt``: it
                may have been sent.
        """
        ...


class Mailer(Protocol):
    """Whoever brings mails."""

    @property
    def domain(self) -> str:
        """Whose names Message-IDs have."""
        ...

    @property
    def limited(self) -> bool:
        """Whether only so many may be sent at a time."""
        ...

    def connect(self) -> AbstractContextManager[Post]:
        """Open a connection, closed at the end.

        Raises:
            TransientError: Nobody answers.
            RefusedError: We are not let in, or it is somebody else's
                server.
            ConfigError: A secret is not where it should be.
        """
        ...
