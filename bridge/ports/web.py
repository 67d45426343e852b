"""What somebody without a sign-in sees at an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Answer:
    """What a web server says of a file.

    Attributes:
        status: HTTP status; 0 if nobody answered.
        type: Content type without its parameters.
        size: Bytes, where that is said.
        start: The first bytes, where they were fetched.
    """

    status: int
    type: str = ""
    size: int | None = None
    start: bytes = b""


class Web(Protocol):
    """Who asks addresses; asking twice is harmless."""

    def ask(self, address: str) -> Answer:
        """What is at an http address; nothing is raised for an absence."""
        ...
