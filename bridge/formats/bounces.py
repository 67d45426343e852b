"""Mails that say that another one could not be delivered (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email import message_from_string
from email import policy
from email.message import Message

FAILED = "failed"  # what is only delayed may still arrive
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # else it may name somebody
ORIGINAL, HEADERS = "message/rfc822", "text/rfc822-headers"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back; to whom it went is not told.

    Attributes:
        message_id: Of the mail that could not be delivered, bare.
        status: Why, as RFC 3463 counts: ``5.1.1`` is an unknown address.
    """

    message_id: str
    status: str


def bounce_of(content: bytes) -> Bounce | None:
    """What a mail says of another one; ``None``: it is no bounce.

    Args:
        content: The mail, as programs save it (``.eml``).
    """
    mail = message_from_bytes(content, policy=policy.compat32)
    status, number = "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _failed(part)
        elif kind in {ORIGINAL, HEADERS}:
            number = number or _number(part, kind)
    return Bounce(number, status) if status and number else None


def _failed(part: Message) -> str:
    """The first status of a recipient it did not reach; empty: none."""
    for block in _inside(part):
        if str(block.get("Action", "")).strip().lower() == FAILED:
            found = STATUS.match(str(block.get("Status", "")).strip())
            return found[0] if found else FAILED
    return ""


def _number(part: Message, kind: str) -> str:
    """The Message-ID of the mail that came back."""
    if kind == HEADERS:
        raw = part.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
        originals = [message_from_string(text)]
    else:
        originals = _inside(part)
    numbers = (str(one.get("Message-ID", "")) for one in originals)
    return next(numbers, "").strip().strip("<>")


def _inside(part: Message) -> list[Message]:
    """The messages a part is made of."""
    inside = part.get_payload()
    if not isinstance(inside, list):
        return []
    return [one for one in inside if isinstance(one, Message)]
