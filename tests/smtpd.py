"""A real SMTP server on a loopback port, that can be told to misbehave."""

# ruff: noqa: ANN401, N802 - names and types are the library's

from __future__ import annotations

import asyncio
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from email import message_from_bytes
from email import policy
from ipaddress import ip_address
from typing import TYPE_CHECKING
from typing import Any

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

HOST, USER, PASSWORD = "127.0.0.1", "bridge", "kennwort"
TAKEN = "250 2.0.0 taken"


@dataclass
class Smtpd:
    """What a server got, and how it misbehaves.

    Attributes:
        port: Where it listens.
        greets: What it says first, instead of hello.
        replies: By verb (``MAIL``, ``RCPT``, ``DATA``) or by recipient: what
            it says instead of yes. ``DATA`` is the answer to a whole mail.
        breaks: The verb after which it hangs up without a word; a mail it
            has by then is taken.
        mute: The verb it never answers.
        taken: The mails it took, as they came.
        routes: Sender and recipient of each.
        logins: How often somebody signed in, or tried to.
        connections: How often somebody came.
    """

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    breaks: str = ""
    mute: str = ""
    taken: list[bytes] = field(default_factory=list)
    routes: list[tuple[str, str]] = field(default_factory=list)
    logins: int = 0
    connections: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails it took, as a reader sees them."""
        return [read(content) for content in self.taken]

    def authenticate(self, *said: Any) -> AuthResult:
        self.logins += 1
        data = said[-1]
        good = (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=good, handled=good)

    async def handle_MAIL(
        self, server: SMTP, _session: Any, envelope: Any, *said: Any
    ) -> str:
        address, options = said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer(server, "MAIL", address)

    async def handle_RCPT(
        self, server: SMTP, _session: Any, envelope: Any, *said: Any
    ) -> str:
        address, _ = said
        envelope.rcpt_tos.append(address)
        return await self._answer(server, "RCPT", address)

    async def handle_DATA(
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        if "DATA" not in self.replies:
            self.taken.append(envelope.content)
            self.routes.append((envelope.mail_from, envelope.rcpt_tos[0]))
        return await self._answer(server, "DATA", "")

    async def _answer(self, server: SMTP, verb: str, address: str) -> str:
        if self.mute == verb:
            await asyncio.Event().wait()
        if self.breaks == verb:
            transport: Any = server.transport
            transport.abort()
        own = self.replies.get(address)
        return own or self.replies.get(verb, TAKEN)


def read(content: bytes) -> EmailMessage:
    """A mail as a reader sees it."""
    made: Any = message_from_bytes(content, policy=policy.default)
    return made  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Certificate:
    """A certificate that vouches for itself, and for this machine."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "server.pem"

    def make(self, name: str = HOST) -> Certificate:
        """Write it down, for a name or address."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        whose = x509.Name(
            [x509.NameAttribute(x509.NameOID.COMMON_NAME, "Muster")]
        )
        now = datetime.now(UTC)  # noqa: TID251 - OpenSSL looks at the time
        alternative = (
            x509.IPAddress(ip_address(name))
            if name == HOST
            else x509.DNSName(name)
        )
        made = (
            x509.CertificateBuilder()
            .subject_name(whose)
            .issuer_name(whose)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([alternative]), critical=False
            )
            .add_extension(
                x509.BasicConstraints(ca=True, path_length=None),
                critical=True,
            )
            .sign(key, hashes.SHA256())
        )
        encoding = serialization.Encoding.PEM
        self.path.write_bytes(made.public_bytes(encoding))
        (self.folder / "key.pem").write_bytes(
            key.private_bytes(
                encoding,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return self

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.path, self.folder / "key.pem")
        return made


@contextmanager
def serving(
    certificate: Certificate | None = None,
    *,
    tls: bool = False,
    auth: bool = False,
    utf8: bool = True,
) -> Iterator[Smtpd]:
    """A server, while it is needed.

    Args:
        certificate: With one, STARTTLS is offered.
        tls: Whether everything is locked from the first word on.
        auth: Whether one has to sign in.
        utf8: Whether addresses may be in any script.
    """
    server, loop = Smtpd(), asyncio.new_event_loop()
    context = None if certificate is None else certificate.context()

    def meet() -> SMTP:
        server.connections += 1
        made = SMTP(
            server,
            hostname="smtp.example",
            enable_SMTPUTF8=utf8,
            tls_context=None if tls else context,
            auth_required=auth,
            authenticator=server.authenticate,
            loop=loop,
        )
        made._auth_require_tls = False  # it sees no TLS but STARTTLS
        return made

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            meet, HOST, 0, ssl=context if tls else None
        )

    listening = loop.run_until_complete(listen())
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    own = asyncio.current_task()
    left = [one for one in asyncio.all_tasks() if one is not own]
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
