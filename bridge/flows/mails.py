"""Mails that are to be sent are written down, in the commit of their cause.

1. one commit with the paper that was printed, or the parcels a file tells
   of: a mail waits, if ``[mail] events`` has its event.
2. the errand ``mail`` sends it (``flows.mailing``).

Twice is harmless: a mail is known by its event and document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.flows import papering
from bridge.flows.accounts import is_amazons
from bridge.flows.mailtexts import SHIPMENT
from bridge.flows.papering import DOCUMENT
from bridge.flows.parcelling import trackings
from bridge.ledger import dues
from bridge.ledger import mails
from bridge.ledger import papers
from bridge.ledger.mails import SENDING
from bridge.ledger.mails import WAITING
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.dues import Due
    from bridge.ledger.engine import Transaction
    from bridge.ledger.mails import Mail
    from bridge.ledger.papers import Paper

ERRAND = "mail"
TRACKING = "tracking"
#: The event of each kind of paper.
EVENTS = {
    "quote": "quotes",
    "confirmation": "confirmations",
    "delivery_note": "delivery_notes",
    "invoice": "invoices",
    "partial_invoice": "invoices",
    "correction": "invoices",
    "credit_note": "credit_notes",
    "cancellation": "credit_notes",
    papers.REQUEST: "payment_requests",
}


def owe_paper(parts: Parts, tx: Transaction, row: Paper) -> None:
    """A paper was printed: its customer is told, if that is wanted."""
    if EVENTS[row.kind] in parts.settings.mail.events:
        _owe(parts, tx, _of_paper(parts, row))


def owe_parcels(parts: Parts, tx: Transaction, delivery: int) -> None:
    """A file tells of parcels: their customers are told, if wanted.

    Amazon tells its own.
    """
    if TRACKING not in parts.settings.mail.events:
        return
    for body in papering.bodies_of(parts, tx, SHIPMENT, delivery):
        said = orjson.loads(body.body)
        if is_amazons(parts, tx, said["order"]):
            continue
        for tracking in trackings(said):
            facts = {
                "event": TRACKING,
                "document": SHIPMENT,
                "key": KEY_SEPARATOR.join((said["order"], tracking)),
                "about": body.key,
                "name": tracking,
                "order_id": said["order"],
                "delivery_id": body.delivery_id,
                "line": body.line,
            }
            _owe(parts, tx, _whose(parts) | facts)


def remember(parts: Parts, tx: Transaction, delivery: int) -> None:
    """Papers of an order know the address of who waits for its parcels."""
    if TRACKING not in parts.settings.mail.events:
        return
    found = [
        (order, body.key)
        for body in papering.bodies_of(parts, tx, DOCUMENT, delivery)
        if (order := orjson.loads(body.body).get("order"))
    ]
    mails.speak_of(tx, parts.mandant, found)
    numbers = {order for order, _ in found}
    now, mode = parts.clock.now(), parts.side.mode
    if numbers and mails.wake(tx, mode, parts.mandant, numbers, now):
        raise_mail(parts, tx)


def again(parts: Parts, tx: Transaction, name: str) -> bool:
    """A person wants a paper or parcel mailed once more, as a further mail.

    What still waits is only hastened.
    """
    now, mode = parts.clock.now(), parts.side.mode
    known = mails.named(tx, mode, parts.mandant, name)
    last = {(one.event, one.document, one.key): one for one in known}
    printed = [
        row for row in papers.named(tx, parts.mandant, name) if row.there
    ]
    for row in printed:
        event = EVENTS[row.kind]
        if (event, row.document, row.key) not in last:
            mails.owe(tx, _of_paper(parts, row), now)
    for one in last.values():
        _once_more(parts, tx, one)
    raise_mail(parts, tx, asked=True)
    return bool(printed or last)


def raise_mail(parts: Parts, tx: Transaction, *, asked: bool = False) -> None:
    """Have mails sent that wait.

    A server that does not let us in is asked again when somebody asks, or
    the bridge starts anew; one that did not answer keeps its wait. So a new
    mail never makes us knock more often.
    """
    key = str(parts.mandant)
    due = dues.known(tx, ERRAND, key)
    if asked or due is None or not _is_in_trouble(due):
        lane, at = f"{ERRAND}:{key}", parts.clock.now()
        dues.raise_due(tx, ERRAND, key, lane=lane, at=at)


def _is_in_trouble(due: Due) -> bool:
    return due.parked or due.attempt > 0


def _once_more(parts: Parts, tx: Transaction, row: Mail) -> None:
    now = parts.clock.now()
    if row.state == WAITING:
        mails.change(tx, row.id, not_before=now)
        return
    if row.state == SENDING:
        return
    names = (
        *("event", "document", "key", "about"),
        *("name", "order_id", "delivery_id", "line"),
    )
    facts = {name: getattr(row, name) for name in names}
    number = mails.last_number(tx, row) + 1
    mails.owe(tx, _whose(parts) | facts | {"number": number}, now)


def _owe(parts: Parts, tx: Transaction, facts: dict[str, Any]) -> None:
    if mails.owe(tx, facts, parts.clock.now()):
        raise_mail(parts, tx)


def _whose(parts: Parts) -> dict[str, Any]:
    return {"mode": parts.side.mode, "mandant": parts.mandant, "number": 1}


def _of_paper(parts: Parts, row: Paper) -> dict[str, Any]:
    return _whose(parts) | {
        "event": EVENTS[row.kind],
        "document": row.document,
        "key": row.key,
        "about": row.key,
        "name": row.name,
        "order_id": row.order_id,
        "delivery_id": row.delivery_id,
        "line": row.line,
    }
