"""Files in the inboxes become deliveries: claimed, then moved, then due.

What happens twice or halfway: the claim is committed before the file moves.
A crash between leaves a claim without its file; ``recover`` moves it. A file
that moved is known by the number in its path.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import BridgeError
from bridge.errors import Finding
from bridge.errors import PlaceError
from bridge.errors import TransientError
from bridge.flows import lockedfiles
from bridge.flows.identifying import encloses
from bridge.flows.identifying import identify
from bridge.flows.identifying import mappings_of
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.ports import Arrived
    from bridge.ports import Inbox

ERRAND = "intake"
AT_ONCE = 500  # claims of one commit
MICROS = 1_000  # nanoseconds


@dataclass(frozen=True)
class Offered:
    """A file as its inbox offers it, or once did."""

    path: Path
    name: str
    size: int
    mtime_ns: int
    marker: Path | None = None


def receive(parts: Parts, *, only: str = "", patient: bool = True) -> int:
    """Take every settled file of every inbox.

    An inbox that cannot be reached is a warning until it is back; the
    others are read.

    Args:
        parts: The pieces.
        only: One inbox; else all but those that tables are read into:
            their own errand looks after them.
        patient: Whether a file must stand still between two looks.

    Returns:
        How many files were taken.
    """
    number = 0
    boxes = parts.settings.inbox if not only else [parts.settings.box(only)]
    for box in boxes:
        try:
            number += _receive(parts, box.name, patient=patient)
        except PlaceError as error:
            if only:
                raise
            _warn(parts, f"{facts.AWAY}{box.name}", error)
    return number


def _receive(parts: Parts, name: str, *, patient: bool) -> int:
    """Take what one inbox offers; first what was claimed when it failed."""
    number, inbox, away = 0, parts.inboxes[name], f"{facts.AWAY}{name}"
    with parts.ledger.read() as tx:
        was_away = facts.known(tx, away) is not None
    if was_away:
        number += recover(parts, only=name)
        _warn(parts, away, None)
    arrivals = inbox.scan(patient=patient)
    _warn(parts, f"warning:inbox:{name}", _blind(name, inbox))
    for start in range(0, len(arrivals), AT_ONCE):
        number += take(parts, name, arrivals[start : start + AT_ONCE])
    return number


def _blind(name: str, inbox: Inbox) -> TransientError | None:
    """What keeps files of an inbox from being read, if anything."""
    if not inbox.blind:
        return None
    names = ", ".join(sorted(path.name for path in inbox.blind)[:20])
    return TransientError("intake.unreadable", inbox=name, names=names)


def _warn(parts: Parts, fact: str, error: BridgeError | None) -> None:
    """What is wrong stands among the warnings, while it is."""
    with parts.ledger.read() as tx:
        known = facts.known(tx, fact)
    language = parts.settings.bridge.language
    told = None if error is None else error.told(language)
    if told == known:
        return
    with parts.ledger.write() as tx:
        if told is None:
            facts.forget(tx, fact)
        else:
            facts.know(tx, fact, told)


def take(
    parts: Parts,
    name: str,
    arrivals: Sequence[Arrived],
    *,
    beside: Callable[[Transaction, Sequence[int]], None] | None = None,
) -> int:
    """Make files deliveries: written down, then moved, then due.

    Args:
        parts: The pieces.
        name: Whose files: an inbox, or a partner's staging.
        arrivals: As they lie there.
        beside: What belongs into the commit that writes them down, with
            their numbers.

    Returns:
        How many files were taken.

    Raises:
        PlaceError: Not all of them could be; the rest stays claimed.
    """
    now, inbox = parts.clock.now(), parts.inboxes[name]
    claims: list[tuple[int, Arrived]] = []
    with parts.ledger.write() as tx:
        for arrival in arrivals:
            number = deliveries.claim(
                tx,
                inbox=name,
                name=arrival.name,
                marker=None if arrival.marker is None else arrival.marker.name,
                received_at=now,
                modified_at=_instant(arrival.mtime_ns),
                size=arrival.size,
            )
            claims.append((number, arrival))
        if beside is not None:
            beside(tx, [number for number, _ in claims])
    return _move_all(parts, inbox, claims)


def _move_all(
    parts: Parts, inbox: Inbox, claims: Iterable[tuple[int, Arrived]]
) -> int:
    """Move claimed files; those that moved go on, whatever stops the rest.

    Raises:
        PlaceError: Inbox or disk fail; ``recover`` takes up what is left.
    """
    moved = []
    try:
        for number, arrival in claims:
            path = _move(parts, inbox, number, arrival)
            if path is not None:
                moved.append((number, path))
    finally:
        announce(parts, moved)
    return len(moved)


def _move(
    parts: Parts, inbox: Inbox, number: int, arrival: Arrived
) -> Path | None:
    """Move a claimed file; one that changed meanwhile is offered again."""
    try:
        return inbox.claim(arrival, number)
    except PlaceError:
        raise
    except BridgeError as error:
        _let_go(parts, number, error)
        return None


def _let_go(parts: Parts, number: int, error: BridgeError) -> None:
    found = Finding(error.code, severity="warn", turn="nobody")
    with parts.ledger.write() as tx:
        deliveries.note(tx, number, [found])
        deliveries.change(tx, number, state="discarded", step=deliveries.FILED)
    parts.log.info("delivery.let_go", delivery=number, code=error.code)


def announce(parts: Parts, moved: Sequence[tuple[int, Path]]) -> None:
    """Decide mapping, format and age of files, and make their intake due.

    What comes back from the archive locked is opened first.

    Args:
        parts: The pieces.
        moved: Deliveries by number, and where their file lies now.
    """
    opened = [
        (number, lockedfiles.unlock(path, parts.safe))
        for number, path in moved
    ]
    with parts.ledger.write() as tx:
        for number, path in opened:
            _announce(parts, tx, number, path)


def _announce(parts: Parts, tx: Transaction, number: int, path: Path) -> None:
    delivery = deliveries.get(tx, number)
    if delivery is None:
        return
    digest = _sha256(path)
    same = deliveries.same_content(tx, digest, number)
    if kind := encloses(parts, delivery):
        kept = {"format": kind, "sha256": digest, "same_content_as": same}
        _enclose(parts, tx, delivery, kept)
        return
    names, found = mappings_of(parts, delivery, path)
    owners = [delivery, *_parts_of(tx, delivery, len(names) - 1)]
    chosen: list[str | None] = [*names] or [None]
    for owner, name in zip(owners, chosen, strict=True):
        columns, more = identify(parts, owner, name, path)
        deliveries.note(tx, owner.id, [*found, *more])
        bad = bool(found or more)
        columns |= {
            "sha256": digest,
            "same_content_as": same,
            "state": "refused" if bad else "waiting",
            "step": deliveries.ACCEPTED if bad else deliveries.CLAIMED,
        }
        deliveries.change(tx, owner.id, **columns)
        due(tx, parts, replace(owner, **columns), ",".join(names))
        parts.log.info("delivery.taken", delivery=owner.id, mapping=name)


def _enclose(
    parts: Parts,
    tx: Transaction,
    delivery: Delivery,
    columns: dict[str, Any],
) -> None:
    """What no mapping reads is kept as it is: a PDF, a mail that came back."""
    accepted = {"state": "accepted", "step": deliveries.ACCEPTED}
    deliveries.change(tx, delivery.id, **columns, **accepted)
    due(tx, parts, delivery, columns["format"])
    parts.log.info("delivery.taken", delivery=delivery.id, mapping=None)


def _parts_of(
    tx: Transaction, delivery: Delivery, number: int
) -> list[Delivery]:
    """A delivery for each further mapping of the file; made only once."""
    made = deliveries.parts_of(tx, delivery.id)
    for _ in range(number - len(made)):
        deliveries.claim(
            tx,
            inbox=delivery.inbox,
            name=delivery.name,
            received_at=delivery.received_at,
            modified_at=delivery.modified_at,
            size=delivery.size,
            part_of=delivery.id,
        )
    return deliveries.parts_of(tx, delivery.id)[: max(number, 0)]


def due(
    tx: Transaction, parts: Parts, delivery: Delivery, mappings: str = ""
) -> None:
    """Make the intake of a delivery due, in the order of its age.

    Of one file the parts come first: who owns it puts it away at the end.
    """
    age = delivery.as_of or delivery.modified_at
    owner = delivery.part_of or delivery.id
    last = "a" if delivery.part_of else "b"
    dues.raise_due(
        tx,
        ERRAND,
        str(delivery.id),
        lane=f"{ERRAND}:{mappings or delivery.mapping or ''}",
        at=parts.clock.now(),
        rank=f"{age.isoformat()}|{delivery.name}|{owner:012d}|{last}",
    )


def _instant(nanoseconds: int) -> datetime:
    seconds, rest = divmod(nanoseconds // MICROS, 1_000_000)
    whole = datetime.fromtimestamp(seconds, UTC)
    return whole.replace(microsecond=rest)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recover(parts: Parts, *, only: str | None = None) -> int:
    """Take up what a crash left behind; before the first scan.

    Args:
        parts: The pieces.
        only: The inbox or partner it is about; default: all, but those
            that cannot be reached.

    Returns:
        How many deliveries go on.

    Raises:
        PlaceError: The one inbox cannot be reached.
    """
    with parts.ledger.read() as tx:
        left = deliveries.unfinished(tx)
        running = {
            item.key for item in dues.open_dues(tx) if item.errand == ERRAND
        }
    number = 0
    for name, inbox in parts.inboxes.items():
        if only not in {None, name}:
            continue
        claims = [
            (delivery.id, _offered(parts, delivery))
            for delivery in left
            if delivery.inbox == name
            and str(delivery.id) not in running
            and delivery.state != "held"
            and not delivery.part_of  # announced with its owner
        ]
        try:
            number += _move_all(parts, inbox, claims)
        except PlaceError as error:
            if only is not None:
                raise
            _warn(parts, f"{facts.AWAY}{name}", error)
    return number


def _offered(parts: Parts, delivery: Delivery) -> Offered:
    box = parts.settings.box(delivery.inbox)
    path = box.folder / delivery.name
    since = delivery.modified_at - datetime(1970, 1, 1, tzinfo=UTC)
    micros = since.days * 86_400_000_000 + since.seconds * 1_000_000
    micros += since.microseconds
    marker = path.parent / delivery.marker if delivery.marker else None
    return Offered(path, delivery.name, delivery.size, micros * MICROS, marker)
