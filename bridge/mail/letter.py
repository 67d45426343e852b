"""A mail as bytes: headers, text, html and what goes along.

Nothing a header is made of can hold a line break: whoever could write one
into a name could write a header of his own (CWE-93).
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.policy import SMTPUTF8
from email.utils import format_datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING

import idna

from bridge.errors import ConfigError
from bridge.errors import RefusedError

if TYPE_CHECKING:
    from bridge.ports.mailer import Mail

LONGEST = 254  # characters of an address (RFC 5321, erratum 1690)
LONGEST_LOCAL = 64  # octets before the @ (RFC 5321 4.5.3.1.1)
MOST_SUBJECT = 200  # signs; a reader shows fewer
MOST_NAME = 100
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, repr=False)
class Route:
    """Where a mail goes, as a server wants it.

    Attributes:
        local: Before the @.
        domain: Behind it, in ASCII.
    """

    local: str
    domain: str

    @property
    def address(self) -> str:
        """Both."""
        return f"{self.local}@{self.domain}"

    @property
    def is_plain(self) -> bool:
        """Whether every server takes it; else only one with SMTPUTF8."""
        return self.local.isascii()


def route(address: str) -> Route:
    """An address in any script as a server wants it.

    Raises:
        RefusedError: ``mail.bad_address``: no server could bring it there.
    """
    local, at, domain = address.strip().rpartition("@")
    if not (at and local and domain) or _is_odd(local):
        raise RefusedError("mail.bad_address")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise RefusedError("mail.bad_address") from error
    found = Route(unicodedata.normalize("NFC", local), ascii_domain)
    if len(found.address) > LONGEST or len(local.encode()) > LONGEST_LOCAL:
        raise RefusedError("mail.bad_address")
    return found


def _is_odd(local: str) -> bool:
    """Whether somebody could mean more by it than an address."""
    return any(
        sign in ' \t"(),:;<>@[\\]' or unicodedata.category(sign) in HIDDEN
        for sign in local
    )


def line(text: str, most: int) -> str:
    """A text as one line of signs that are seen."""
    shown = (
        " " if sign.isspace() or unicodedata.category(sign) in HIDDEN else sign
        for sign in text
    )
    return " ".join("".join(shown).split())[:most]


def sender_of(text: str) -> tuple[str, Route]:
    """Name and address of ``[mail] sender``.

    Raises:
        ConfigError: ``mail.no_sender``: there is none.
    """
    name, address = parseaddr(text)
    try:
        return line(name, MOST_NAME), route(address)
    except RefusedError as error:
        raise ConfigError("mail.no_sender", value=text) from error


def written(mail: Mail, sender: str) -> bytes:
    """The bytes of a mail; the same mail, the same bytes.

    Raises:
        RefusedError: ``mail.bad_address``.
        ConfigError: ``mail.no_sender``.
    """
    to, (own_name, own) = route(mail.address), sender_of(sender)
    plain = to.is_plain and own.is_plain
    made = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    made["From"] = Address(own_name, own.local, own.domain)
    made["To"] = Address(line(mail.name, MOST_NAME), to.local, to.domain)
    made["Subject"] = line(mail.subject, MOST_SUBJECT)
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.id}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: robots do not answer
    made.set_content(mail.text, cte="quoted-printable")
    made.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for one in mail.attachments:
        main, _, sub = one.kind.partition("/")
        made.add_attachment(
            one.content, maintype=main, subtype=sub, filename=one.name
        )
    _bound(made, mail.id)
    return made.as_bytes()


def _bound(made: EmailMessage, id_: str) -> None:
    """Give each part its own border, made of the mail's id."""
    for number, part in enumerate(made.walk()):
        if part.is_multipart():
            digest = hashlib.sha256(f"{id_}|{number}".encode())
            part.set_boundary(f"={digest.hexdigest()[:32]}=")
