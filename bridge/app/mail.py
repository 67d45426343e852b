"""Who brings mails: a folder, or a server; chosen by ``[mail] deliver``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bridge.config.faults import found_at
from bridge.config.loading import places_of
from bridge.config.mail import SMTP
from bridge.config.partners import FILE
from bridge.config.secrets import secret
from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.mail.files import FileMailer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.settings import Settings
    from bridge.errors import Finding
    from bridge.mail.smtp import SmtpMailer
    from bridge.ports import Desk
    from bridge.ports.mailer import Mailer

REHEARSAL = "rehearsal"
SECRETS = ("user", "password")


def sender_of(settings: Settings) -> str:
    """Name and address of the sender; else those of the letterhead."""
    if settings.mail.sender:
        return settings.mail.sender
    head = settings.letterhead
    name = head.company.replace("\\", "").replace('"', "")
    return f'"{name}" <{head.email}>' if head.email else ""


def is_by_server(settings: Settings) -> bool:
    """Whether mails leave this machine; in rehearsal they never do."""
    return settings.mail.deliver == SMTP and settings.amazon.mode != REHEARSAL


def mailer_of(settings: Settings, desk: Desk) -> Mailer:
    """Who brings mails; nothing is opened yet."""
    if is_by_server(settings):
        return server_of(settings)
    folder = settings.folder("outbox/mail")
    return FileMailer(folder, sender_of(settings), desk)


def server_of(settings: Settings) -> SmtpMailer:
    """The server of the settings, in whatever mode."""
    from bridge.mail.smtp import Server  # noqa: PLC0415 - smtplib, for few
    from bridge.mail.smtp import SmtpMailer  # noqa: PLC0415

    said = settings.mail
    ca = said.ca.removeprefix(FILE)
    server = Server(
        host=said.host,
        port=said.port,
        security=said.security,
        ca=settings.workspace / ca if ca else None,
        credentials=partial(_credentials, settings),
    )
    return SmtpMailer(server, sender_of(settings))


def _credentials(settings: Settings) -> tuple[str, str] | None:
    said = settings.mail
    if not said.user:
        return None
    base = settings.workspace
    return secret(said.user, base), secret(said.password, base)


def missing(settings: Settings) -> Iterator[Finding]:
    """Secrets of ``[mail]`` that are not where the settings say."""
    if not is_by_server(settings):
        return
    for name in SECRETS:
        reference, path = getattr(settings.mail, name), ("mail", name)
        try:
            if reference:
                secret(reference, settings.workspace)
        except ConfigError as error:
            spot = places_of(settings.workspace).value(path)
            yield found_at(spot, error.code, path, reference)


def visit_server(settings: Settings) -> BridgeError | None:
    """Sign in and say goodbye; nothing is sent. What went wrong, if any."""
    try:
        with server_of(settings).connect():
            return None
    except BridgeError as error:
        return error
