"""Partners: their settings become connections."""

from __future__ import annotations

from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any

from bridge.config.partners import FILE
from bridge.config.secrets import secret
from bridge.files.inbox import Inbox
from bridge.partners.area import SftpPartner
from bridge.partners.keys import HostKeys
from bridge.partners.keys import load_key
from bridge.partners.session import Address

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.config.partners import Partner
    from bridge.config.settings import Settings
    from bridge.ports import Clock


def partner_of(settings: Settings, partner: Partner) -> SftpPartner:
    """How a partner is reached; nothing is read or opened yet."""
    known = partner.known_hosts
    hosts = HostKeys(
        partner.host_key, path_of(settings, known) if known else None
    )
    address = Address(
        name=partner.name,
        host=partner.host,
        port=partner.port,
        user=partner.user,
        hosts=hosts,
        credentials=partial(credentials, settings, partner),
        connect_within=partner.connect_within,
        answer_within=partner.answer_within,
    )
    return SftpPartner(address, partner.parallel)


def credentials(
    settings: Settings, partner: Partner
) -> tuple[Any, str | None]:
    """Our key and password at a partner's.

    Raises:
        ConfigError: A secret is not where it should be, or the key cannot
            be read.
    """
    base = settings.workspace
    key = None
    if partner.key:
        locked = secret(partner.passphrase, base) if partner.passphrase else ""
        key = load_key(path_of(settings, partner.key), locked)
    password = secret(partner.password, base) if partner.password else None
    return key, password


def path_of(settings: Settings, reference: str) -> Path:
    """The file that a ``file:PATH`` names."""
    return settings.workspace / reference.removeprefix(FILE)


def pickups_of(settings: Settings, clock: Clock) -> dict[str, Inbox]:
    """The folders whose files are brought to partners, by path.

    What the bridge itself writes is whole at once; elsewhere a file must
    stand still.
    """
    own = {box.folder for box in settings.outbox}
    found: dict[str, Inbox] = {}
    for partner in settings.partner:
        for entry in partner.push:
            where = str(entry.source)
            settle = partner.settle * (entry.source not in own)
            digest = blake2b(where.encode(), digest_size=8).hexdigest()
            spill = settings.folder(f"state/partners/.{digest}")
            found[where] = Inbox(
                partner.name, entry.source, settle, clock=clock, spill=spill
            )
    return found
