"""``[mail]``: papers and parcels that customers hear of by mail."""

from __future__ import annotations

from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated
from typing import Literal

from pydantic import AfterValidator
from pydantic import Field

from bridge.config.names import PerhapsHost
from bridge.config.partners import KeyFile
from bridge.config.secrets import Secret
from bridge.config.section import Section

SMTP, FILE = "smtp", "file"
NONE = "none"  # of security: nothing is locked
LOCAL = "localhost"
Event = Literal[
    "quotes",
    "confirmations",
    "delivery_notes",
    "invoices",
    "credit_notes",
    "payment_requests",
    "tracking",
]


def _sender(text: str) -> str:
    """One address, with a name before it or not."""
    name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    plain = text.isprintable() and not any(map(str.isspace, address))
    if text and not (plain and local and at and "." in domain):
        raise ValueError("config.not_a_sender")
    if text and not (text.strip() == address or name):
        raise ValueError("config.not_a_sender")
    return text


def is_here(host: str) -> bool:
    """Whether a server is this machine, by its name or address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == LOCAL


class Mail(Section):
    """``[mail]``: who brings mails, from whom, and about what.

    Attributes:
        events: What customers get a mail about; nothing by itself.
        amazon_aliases: Whether invoices may go to addresses Amazon made up.
    """

    deliver: Literal["file", "smtp"] = "file"
    host: PerhapsHost = ""
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca: KeyFile = ""
    user: Secret = ""
    password: Secret = ""
    sender: Annotated[str, AfterValidator(_sender)] = ""
    events: tuple[Event, ...] = ()
    per_hour: int = Field(default=200, ge=1)
    per_day: int = Field(default=2_000, ge=1)
    amazon_aliases: bool = False
