"""What the house asks of the world outside: clock, marketplace, folders."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from datetime import datetime
    from datetime import timedelta
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.errors import Finding
    from bridge.model.record import Record


class Clock(Protocol):
    """The only source of time, and the only one who waits."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def sleep(self, duration: timedelta) -> None:
        """Let so much time pass."""
        ...


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the Selling Partner API.

    Attributes:
        number: The submission's running number, part of every trace.
        operation: Amazon's operationId.
        marketplace: Country code, such as ``DE``.
        subject: The SKU or the order it is about.
        query: What stands in the address.
        body: JSON-ready; numbers are exact.
    """

    number: int
    operation: str
    marketplace: str
    subject: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One feed document.

    Attributes:
        number: The submission's running number.
        type: Amazon's feed type.
        marketplace: Country code.
        body: Exactly the bytes Amazon gets.
        options: What Amazon gets beside them (feedOptions).
        subject: The order it is about, where it is about one.
    """

    number: int
    type: str
    marketplace: str
    body: bytes
    options: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""


@dataclass(frozen=True)
class Outcome:
    """What Amazon made of a call or a feed.

    Attributes:
        accepted: Whether the whole was taken at all.
        refused: Issues by number of a refused message (a call is number 1).
        warned: Issues by number of an accepted message.
        issues: What was said of the whole.
    """

    accepted: bool
    refused: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)
    warned: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)
    issues: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Sale:
    """One order as Amazon states it, already in our words.

    Attributes:
        order: A coded Order without anything that identifies a person.
        persons: The coded fields that do.
        findings: What did not add up.
    """

    order: dict[str, Any]
    persons: dict[str, Any]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Page:
    """One page of orders.

    Attributes:
        sales: The orders.
        token: Asks for the next page, if there is one.
        broken: Orders that could not be understood, and why.
    """

    sales: tuple[Sale, ...]
    token: str | None
    broken: tuple[BridgeError, ...] = ()


@dataclass(frozen=True)
class Plan:
    """How often something may be asked for.

    Attributes:
        rate: Times a second in the long run.
        burst: Times at once.
    """

    rate: float
    burst: int


class Buckets(Protocol):
    """What all workers of an account still may ask for."""

    def take(self, name: str, plan: Plan, now: datetime) -> timedelta:
        """Take one; else how long to wait before asking again."""
        ...

    def learn(self, name: str, rate: float) -> None:
        """The other side told a rate; it holds from now on."""
        ...

    def empty(
        self, name: str, first: timedelta, longest: timedelta, now: datetime
    ) -> timedelta:
        """The other side was asked too often; nothing is left.

        Args:
            name: Of the bucket.
            first: How long to wait the first time; doubled while it lasts.
            longest: No wait is longer.
            now: The time.

        Returns:
            How long nothing is given out.
        """
        ...


class Marketplace(Protocol):
    """Amazon, or who stands in for it.

    Raises, from every verb: TransientError (the same may work later),
    ThrottledError (it was said how long to wait), RefusedError (understood
    and declined), DefectError (we asked nonsense).
    """

    def call(self, call: Call) -> Outcome:
        """Make one call. Repeating a PATCH or PUT is harmless."""
        ...

    def upload(self, feed: Feed) -> str:
        """Bring a feed's document to Amazon; its id. Twice is harmless."""
        ...

    def submit(self, feed: Feed, document: str) -> str:
        """Have a document processed; the receipt asks for its outcome.

        Twice would be two feeds: the caller looks for the first before it
        repeats.
        """
        ...

    def find(self, feed: Feed, sent_at: datetime) -> Sequence[str]:
        """Receipts of feeds like this one that arrived since an instant."""
        ...

    def outcome(self, receipt: str) -> Outcome | None:
        """The outcome of a feed, or nothing yet."""
        ...

    @property
    def most_present(self) -> int:
        """Of how many SKUs it is asked at once whether they are there."""
        ...

    def present(self, marketplace: str, skus: Sequence[str]) -> frozenset[str]:
        """Which of the SKUs Amazon already has a listing of."""
        ...


class OrderBook(Protocol):
    """Where orders are read; it raises what a marketplace raises."""

    def orders(self, since: datetime, until: datetime, token: str) -> Page:
        """Orders changed in a window, page by page."""
        ...


class Arrived(Protocol):
    """A settled file in an inbox."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    @property
    def name(self) -> str:
        """Relative to its inbox, as a person reads it."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def mtime_ns(self) -> int:
        """When it was last written, nanoseconds since 1970."""
        ...

    @property
    def marker(self) -> Path | None:
        """The file that said it is complete."""
        ...


class Inbox(Protocol):
    """A folder files are dropped into."""

    @property
    def blind(self) -> Sequence[Path]:
        """What the last scan could not read."""
        ...

    @property
    def restless(self) -> bool:
        """Whether the last scan saw a file that must stand longer."""
        ...

    def scan(self, *, patient: bool = True) -> Sequence[Arrived]:
        """The files that stand still."""
        ...

    def claim(self, arrival: Any, delivery_id: int) -> Path:  # noqa: ANN401
        """Take a file out of everyone's reach; twice is harmless."""
        ...

    def claimed(self, delivery_id: int) -> Path | None:
        """Where the file of a delivery lies that is not yet put away."""
        ...

    def archive(
        self, delivery_id: int, when: date, archive_root: Path
    ) -> Path:
        """Put an accepted file away; twice is harmless."""
        ...

    def quarantine(self, delivery_id: int, quarantine_root: Path) -> Path:
        """Put a refused file aside; twice is harmless."""
        ...

    def reclaim(
        self, delivery_id: int, name: str, roots: Iterable[Path]
    ) -> Path:
        """Take a file that was put away back; twice is harmless."""
        ...


class Outbox(Protocol):
    """A folder someone fetches files from."""

    def write_draft(self, name: str, chunks: Iterable[bytes]) -> str:
        """Write under a hidden name; the sha256 of the bytes."""
        ...

    def publish(self, name: str, sha256: str) -> None:
        """Give a draft its name; twice is harmless, nothing is replaced."""
        ...

    def holds(self, name: str) -> bool:
        """Whether a file of this name lies there now."""
        ...

    def publish_all(self, drafts: Iterable[tuple[str, str]]) -> None:
        """As ``publish``, for names and digests of several."""
        ...

    def waiting(
        self, older_than: timedelta, now: datetime
    ) -> Sequence[tuple[str, timedelta]]:
        """Files nobody has fetched for so long."""
        ...


class Table(Protocol):
    """A table of somebody else's database that documents go into."""

    def mismatches(self) -> Sequence[Finding]:
        """Why documents could not be written; nothing is changed."""
        ...

    def write(self, record: Record) -> None:
        """Write one document whole; twice is harmless."""
        ...


class Source(Protocol):
    """A table or view of somebody else's database that is read."""

    @property
    def last(self) -> str | None:
        """The mark to begin with next time."""
        ...

    def mismatches(self) -> Sequence[Finding]:
        """Why it could not be read; nothing is changed."""
        ...

    def rows(self, since: str | None) -> Iterator[Record]:
        """Rows that changed since a mark, the oldest change first."""


class Desk(Protocol):
    """Small files the house writes for people."""

    def write_whole(self, path: Path, content: bytes) -> None:
        """A file appears whole; the same bytes twice are harmless."""
        ...

    def replace_whole(self, path: Path, content: bytes) -> None:
        """A file changes from one whole content to another."""
        ...
