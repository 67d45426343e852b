"""Mails become files: what a customer would get can be read, and no more."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.mail.letter import sender_of
from bridge.mail.letter import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.ports import Desk
    from bridge.ports.mailer import Mail


@dataclass(frozen=True)
class FileMailer:
    """The port Mailer in a folder of ``.eml`` files.

    Attributes:
        folder: Where they appear.
        sender: Name and address.
        desk: Who writes them.
    """

    folder: Path
    sender: str
    desk: Desk

    @property
    def domain(self) -> str:
        """That of the sender."""
        return sender_of(self.sender)[1].domain

    @property
    def limited(self) -> bool:
        """A folder takes any number."""
        return False

    @contextmanager
    def connect(self) -> Iterator[FileMailer]:
        """Nothing is opened."""
        yield self

    def send(self, mail: Mail, begins: Callable[[], None]) -> None:
        """One file a mail, whole or not at all; twice is harmless."""
        del begins  # the file is there once, however often it is written
        content = written(mail, self.sender)
        self.desk.replace_whole(self.folder / mail.file, content)
