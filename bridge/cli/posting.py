"""Mails to customers, as a person reads of them; never to whom they went."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.cli.session import Session
    from bridge.ledger.mails import Mail


def troubles(session: Session, found: dict[str, Any]) -> Iterator[str]:
    """Mails a person has to look at, with the next command."""
    for item in found["mails_troubled"]:
        facts = {name: item[name] for name in ("count", "name")}
        yield session.term("troubled_mails", item["state"], **facts)


def show(session: Session, posted: Iterable[Mail]) -> None:
    """The mails about a parcel."""
    if session.as_json:
        session.data({"mails": rows_of(session, posted)})
        return
    say(session, posted)


def rows_of(session: Session, posted: Iterable[Mail]) -> list[dict[str, Any]]:
    """Mails as JSON says them."""
    return [
        {
            "number": one.number,
            "event": one.event,
            "state": one.state,
            "message_id": one.message_id,
            "order": one.order_id,
            "delivery": one.delivery_id,
            "at": one.done_at and one.done_at.isoformat(),
            "findings": _told(session, one),
        }
        for one in posted
    ]


def say(session: Session, posted: Iterable[Mail]) -> None:
    """Mails for a person, each with what became of it."""
    for one in posted:
        at = one.done_at or one.sending_at
        moment = session.reader.moment(at.isoformat()) if at else ""
        said = session.line(
            "mail",
            number=one.number,
            event=session.term("event", one.event),
            state=session.state(one.state) or "",
            at=moment,
        )
        session.say(said.rstrip())
        for item in _told(session, one):
            session.say(f"  {item['message']}\n  {item['hint']}".rstrip())


def _told(session: Session, one: Mail) -> list[dict[str, str]]:
    """Code, sentence and next step of what became of a mail."""
    if one.issue is None:
        return []
    found = Finding(
        one.issue["code"], value=one.name, facts=one.issue["facts"]
    )
    return [
        {
            "code": found.code,
            "message": found.message(session.language),
            "hint": found.hint(session.language),
        }
    ]
