"""A mail that came back is told at the mail that went out.

Somebody saves it, or a rule of the mail program does, as ``.eml`` into an
inbox. Twice is harmless: a mail that came back stays so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.flows.enclosures import pdf_of
from bridge.flows.identifying import EML
from bridge.formats.bounces import bounce_of
from bridge.ledger import deliveries
from bridge.ledger import mails

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.formats.bounces import Bounce
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction


def read(parts: Parts, delivery: Delivery) -> Bounce | None:
    """What a file says of a mail of ours; ``None``: nothing."""
    if delivery.format != EML or delivery.step != deliveries.ACCEPTED:
        return None
    return bounce_of(pdf_of(parts, delivery.id))


def returned(
    parts: Parts, tx: Transaction, delivery: Delivery, bounce: Bounce | None
) -> None:
    """Keep that a mail came back; a file that says nothing is told."""
    if bounce is None:
        _note(tx, delivery, "mail.no_bounce")
        return
    place = parts.side.mode, parts.mandant
    row = mails.of_message(tx, *place, bounce.message_id)
    if row is None:
        _note(tx, delivery, "mail.unknown_bounce")
        return
    issue = {"code": "mail.returned", "facts": {"status": bounce.status}}
    now = parts.clock.now()
    mails.change(tx, row.id, state=mails.RETURNED, issue=issue, done_at=now)
    parts.log.warning("mail.returned", mail=row.name, status=bounce.status)


def _note(tx: Transaction, delivery: Delivery, code: str) -> None:
    name = delivery.name.rpartition("/")[2]
    found = Finding(code, None, None, name, "warn", "nobody")
    deliveries.note(tx, delivery.id, [found])
