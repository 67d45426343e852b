"""``offer restore``, ``delivery undo``: what was before, to be confirmed."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.app.clock import SystemClock
from bridge.errors import InputError
from bridge.flows import restoring
from bridge.ledger import former
from bridge.ledger import submissions
from bridge.ledger.former import Once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.cli.session import Session
    from bridge.ledger.former import Revived
    from bridge.ledger.offers import Side

SHOWN = 50  # facets of a submission
SECOND = timedelta(seconds=1)
FORMS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


def instant(text: str, zone: str, now: datetime) -> datetime:
    """An instant a person names: ISO 8601, or as one writes it in German.

    Args:
        text: Such as ``2026-01-14T08:00`` or ``14.01.2026 08:00``.
        zone: Where it is meant, if it does not say so.
        now: The time; what is yet to come cannot be restored.

    Raises:
        InputError: ``cli.no_instant`` or ``cli.future``.
    """
    at = _read(text.strip())
    if at is None:
        raise InputError("cli.no_instant", value=text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(zone))
    if at > now:
        raise InputError("cli.future", value=text)
    return at


def _read(text: str) -> datetime | None:
    for form in FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - zone follows
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def restore(
    session: Session, side: Side, sku: str, at: str, facets: Sequence[str]
) -> None:
    """Hold what an offer was, and show it.

    Raises:
        InputError: Nothing was other then than it should be now, or nobody
            said when.
    """
    settings, ledger = session.ledger()
    if not at:
        raise _asks_when(session, side, sku, facets)
    now = SystemClock().now()
    when = instant(at, settings.bridge.timezone, now)
    once = Once(sku, when, facets)
    with ledger.write() as tx:
        number = restoring.hold_offer(tx, side, once, now, session.language)
    if number is None:
        raise InputError("cli.nothing_former", value=sku)
    _show(session, [number])


def _asks_when(
    session: Session, side: Side, sku: str, facets: Sequence[str]
) -> InputError:
    """Nobody said which moment is meant: those there are, to be copied."""
    settings, ledger = session.ledger()
    zone = ZoneInfo(settings.bridge.timezone)
    with ledger.read() as tx:
        found = former.moments(tx, side, sku, facets)
    if not found:
        names = ", ".join(facets)
        return InputError("cli.no_former", value=sku, facets=names)
    said: dict[str, list[str]] = {}
    for facet, begin, end in found:
        shown = _named(begin.astimezone(zone), end)
        said.setdefault(shown, []).append(session.term("heading", facet))
    known = "; ".join(f"{at} ({', '.join(who)})" for at, who in said.items())
    first = next(iter(said))
    return InputError("cli.which_moment", value=sku, known=known, first=first)


def _named(begin: datetime, end: datetime | None) -> str:
    """A moment that lies within, to the second if that is enough."""
    full = begin.replace(microsecond=0) + SECOND
    if end is None or full < end:
        return f"{full:{FORMS[0]}}"
    return begin.isoformat()


def undo(
    session: Session,
    sides: Sequence[Side],
    delivery: int,
    facets: Sequence[str],
) -> None:
    """Hold what offers were before a delivery, and show it.

    Raises:
        InputError: No offer is as the delivery made it, or that is held
            already.
    """
    _, ledger = session.ledger()
    now = SystemClock().now()
    with ledger.write() as tx:
        waits = former.held_delivery(tx, sides, delivery)
        if waits is not None:
            raise InputError("cli.undo_waits", value=delivery, number=waits)
        held = [
            restoring.hold_delivery(
                *(tx, side, delivery, facets, now, session.language)
            )
            for side in sides
        ]
    numbers = [number for number in held if number is not None]
    if not numbers:
        raise InputError("cli.nothing_undone", value=delivery)
    _show(session, numbers)


def _show(session: Session, numbers: Sequence[int]) -> None:
    _, ledger = session.ledger()
    told = []
    with ledger.read() as tx:
        for number in numbers:
            row = submissions.get(tx, number)
            revived = former.revived(tx, number, SHOWN)
            if row is not None:
                told.append((row, revived))
    if session.as_json:
        session.data([as_json(row, revived) for row, revived in told])
        return
    for row, revived in told:
        say(session, revived)
        more = row.messages - len(revived)
        if more:
            session.say(session.line("more_facets", number=more))
        command = f"bridge submission confirm {row.id}"
        session.say(session.line("to_confirm", command=command))


def as_json(
    row: submissions.Submission, revived: Sequence[Revived]
) -> dict[str, Any]:
    """A held submission as ``offer restore --json`` shows it."""
    return {
        "submission": row.id,
        "account": row.account,
        "state": row.state,
        "facets": row.messages,
        "shown": [item.shown() for item in revived],
    }


def say(session: Session, revived: Sequence[Revived]) -> None:
    """Each facet: what is wished for now, and what was."""
    for item in revived:
        name = session.term("heading", item.facet)
        state = f" ({session.state(item.outcome)})" if item.outcome else ""
        session.say(f"{item.sku} {item.marketplace} {name}{state}")
        shown = item.shown()
        names = dict.fromkeys([*(shown["now"] or {}), *shown["then"]])
        for attribute in names:
            now = (shown["now"] or {}).get(attribute)
            then = shown["then"].get(attribute)
            if now != then:
                old = session.reader.attribute(attribute, now)
                new = session.reader.attribute(attribute, then)
                session.say(f"  {attribute}: {old} -> {new}")
