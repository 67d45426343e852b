"""Mails go by SMTP (RFC 5321); nobody hears of one twice.

smtplib says of an error what the server said, recipients included: nothing of
it leaves this module but code and words, addresses taken out.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.mail.letter import route
from bridge.mail.letter import sender_of
from bridge.mail.letter import written
from bridge.ports.mailer import DOUBT

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.mail.letter import Route
    from bridge.ports.mailer import Mail

READY, GO_ON, CLOSING = 250, 354, 421
ASKS, SIGNED_IN = 334, 235  # RFC 4954
MINE = 500  # from here on a reply is for good (RFC 5321 4.2.1)
TLS, STARTTLS = "tls", "starttls"
#: Longer than a server needs; RFC 5321 4.5.3.2 allows it minutes.
PATIENCE = timedelta(seconds=60)
AFTER_DATA = timedelta(minutes=10)  # RFC 5321 4.5.3.2.6: never shorter
LONGEST = 200  # signs of a server's words that are kept
HUSHED = "…"
BROKEN = (OSError, smtplib.SMTPException, UnicodeError)
_ADDRESS = re.compile(r"<?[^\s<>:;,]+@[^\s<>:;,]*>?")
_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a server is and how one gets in.

    Attributes:
        host: Name or address.
        port: TCP.
        security: ``starttls``, ``tls`` or ``none``.
        ca: Who vouches for the server, instead of those the system knows.
        credentials: Reads user and password; neither, where nobody asks.
        patience: How long each answer may take.
        after_data: How long the answer to a whole mail may take.
    """

    host: str
    port: int
    security: str
    ca: Path | None = None
    credentials: Callable[[], tuple[str, str] | None] = lambda: None
    patience: timedelta = PATIENCE
    after_data: timedelta = AFTER_DATA


@dataclass(frozen=True)
class SmtpMailer:
    """The port Mailer over SMTP.

    Attributes:
        server: Where mails go.
        sender: Name and address.
    """

    server: Server
    sender: str

    @property
    def domain(self) -> str:
        """That of the sender."""
        return sender_of(self.sender)[1].domain

    @property
    def limited(self) -> bool:
        """Providers count, and lock out who sends too much."""
        return True

    @contextmanager
    def connect(self) -> Iterator[SmtpPost]:
        """Open a connection, safe and signed in; closed at the end."""
        credentials = self.server.credentials()
        line = _greeted(self.server)
        post = SmtpPost(line, self.server, self.sender)
        try:
            with _door(self.server):
                _secured(line, self.server)
                _signed_in(line, self.server, credentials)
            yield post
        finally:
            _hung_up(line)


@dataclass
class SmtpPost:
    """One connection.

    Attributes:
        line: The open connection.
        server: Whose.
        sender: Name and address.
    """

    line: smtplib.SMTP
    server: Server
    sender: str
    _used: bool = field(default=False, init=False)

    def send(self, mail: Mail, begins: Callable[[], None]) -> None:
        """Send one mail, as the port promises."""
        content = written(mail, self.sender)
        self._hand_over(mail)
        begins_failed = True
        try:
            begins()
            begins_failed = False
        finally:
            if begins_failed:
                self.line.close()  # half a mail is none
        self._told(self._brought(content), route(mail.address))

    def _hand_over(self, mail: Mail) -> None:
        """All up to the mail itself; whatever goes wrong, it was not sent."""
        to, own = route(mail.address), sender_of(self.sender)[1]
        options, self.line.command_encoding = "", "ascii"
        if not (to.is_plain and own.is_plain):
            if not self.line.has_extn("smtputf8"):
                raise RefusedError("mail.no_utf8")
            options = " SMTPUTF8 BODY=8BITMIME"
            self.line.command_encoding = "utf-8"
        try:
            if self._used:
                self._expect(self.line.docmd("RSET"), READY)
            self._used = True
            start = self.line.docmd("MAIL", f"FROM:<{own.address}>{options}")
            self._expect(start, READY, no="mail.sender_refused")
            end = f"TO:<{to.address}>"
            self._expect(self.line.docmd("RCPT", end), READY, hide=to)
            self._expect(self.line.docmd("DATA"), GO_ON, hide=to)
        except BROKEN as error:
            self.line.close()
            raise TransientError("mail.cut") from error

    def _brought(self, content: bytes) -> tuple[int, bytes]:
        """The server's answer to a whole mail."""
        try:
            self._wait_at_most(self.server.after_data)
            self.line.send(_BEGINS_WITH_DOT.sub(b"..", content) + b".\r\n")
            answer: tuple[int, bytes] = self.line.getreply()
            self._wait_at_most(self.server.patience)
        except BROKEN as error:
            self.line.close()
            raise RefusedError(DOUBT) from error
        return answer

    def _wait_at_most(self, duration: timedelta) -> None:
        if self.line.sock is not None:
            self.line.sock.settimeout(duration.total_seconds())

    def _told(self, answer: tuple[int, bytes], to: Route) -> None:
        """Whether the server took a mail; a code it has not is no answer."""
        if answer[0] < READY:
            self.line.close()
            raise RefusedError(DOUBT)
        self._expect(answer, READY, hide=to)

    def _expect(
        self,
        answer: tuple[int, bytes],
        code: int,
        *,
        no: str = "mail.refused",
        hide: Route | None = None,
    ) -> None:
        """See that the server goes along.

        Args:
            answer: What it said.
            code: What it should say.
            no: What it means if it says no for good.
            hide: Whose address its words may hold.

        Raises:
            TransientError: ``mail.closing`` or ``mail.later``.
            RefusedError: ``no``.
        """
        # 251 and 252 are a yes as well (RFC 5321 3.4, 3.5.3)
        if answer[0] // 100 == code // 100:
            return
        said = words(answer, hide)
        if answer[0] == CLOSING:
            self.line.close()
            raise TransientError("mail.closing", said=said)
        if answer[0] >= MINE:
            raise RefusedError(no, said=said)
        raise TransientError("mail.later", said=said)


def words(answer: tuple[int, bytes], hide: Route | None = None) -> str:
    """What a server said, short, and without anybody's address."""
    text = " ".join(answer[1].decode("utf-8", "replace").split())
    plain = "".join(sign for sign in text if sign.isprintable())
    plain = _ADDRESS.sub(HUSHED, plain)
    for part in (hide.local, hide.domain) if hide else ():
        own = rf"(?i)(?<!\w){re.escape(part)}(?!\w)"
        plain = re.sub(own, HUSHED, plain)
    return f"{answer[0]} {plain}"[:LONGEST].strip()


def _greeted(server: Server) -> smtplib.SMTP:
    place = (server.host, server.port, _own_name())
    seconds = server.patience.total_seconds()
    with _door(server):
        if server.security == TLS:
            return smtplib.SMTP_SSL(
                *place, timeout=seconds, context=_trust(server)
            )
        return smtplib.SMTP(*place, timeout=seconds)


def _own_name() -> str:
    """How we introduce ourselves; no name server is asked for it."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _secured(line: smtplib.SMTP, server: Server) -> None:
    """Speak in the dark from here on, as the settings want it."""
    line.ehlo()
    if server.security != STARTTLS:
        return
    if not line.has_extn("starttls"):
        raise RefusedError("mail.no_tls", host=server.host)
    code, said = line.starttls(context=_trust(server))
    if code >= MINE:
        raise RefusedError("mail.no_tls", host=server.host)
    if code != 220:  # noqa: PLR2004 - ready (RFC 3207)
        raise _unreachable(server, words((code, said)))
    line.ehlo()


def _trust(server: Server) -> ssl.SSLContext:
    """Only a server whose certificate is good, and for its name.

    Raises:
        ConfigError: ``mail.no_ca``: no certificate is in the file.
    """
    try:
        context = ssl.create_default_context(cafile=server.ca)
    except OSError as error:
        raise ConfigError("mail.no_ca", path=str(server.ca)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _signed_in(
    line: smtplib.SMTP, server: Server, credentials: tuple[str, str] | None
) -> None:
    """Sign in, by one way and once: who fails often is locked out.

    smtplib would try every way with the same password, and only in ASCII.
    """
    if credentials is None:
        return
    ways = line.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        secret = _coded("\0".join(("", *credentials)))  # RFC 4616
        answer = line.docmd("AUTH", f"PLAIN {secret}")
    elif "LOGIN" in ways:
        answer = line.docmd("AUTH", "LOGIN")
        for one in credentials:
            if answer[0] == ASKS:
                answer = line.docmd(_coded(one))
    else:
        raise RefusedError("mail.no_login", host=server.host)
    if answer[0] >= MINE:
        raise RefusedError("mail.not_let_in", host=server.host)
    if answer[0] != SIGNED_IN:
        raise _unreachable(server, str(answer[0]))


def _coded(text: str) -> str:
    return b64encode(text.encode()).decode()


@contextmanager
def _door(server: Server) -> Iterator[None]:
    """Whatever goes wrong on the way in becomes an error of ours.

    Raises:
        TransientError: ``mail.unreachable``.
        RefusedError: ``mail.bad_certificate``.
    """
    try:
        yield
    except BridgeError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise RefusedError(
            "mail.bad_certificate",
            host=server.host,
            reason=error.verify_message,
        ) from error
    except smtplib.SMTPResponseException as error:
        said = (error.smtp_code, _bytes(error.smtp_error))
        raise _unreachable(server, words(said)) from error
    except BROKEN as error:
        raise _unreachable(server, _reason(error)) from error


def _bytes(said: object) -> bytes:
    return said if isinstance(said, bytes) else str(said).encode()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _unreachable(server: Server, reason: str) -> TransientError:
    return TransientError(
        "mail.unreachable", host=server.host, port=server.port, reason=reason
    )


def _hung_up(line: smtplib.SMTP) -> None:
    """Say goodbye; who hung up before us does not mind."""
    if line.sock is None:
        return
    with suppress(*BROKEN):
        line.sock.settimeout(1)
        line.quit()
    line.close()
