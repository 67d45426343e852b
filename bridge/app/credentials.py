"""How long what proves who we are is still good.

Amazon does not tell. The bridge counts from the day it first saw a secret:
an application's secret lives for 180 days, an authorisation for 365
(amazon.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bridge.config.faults import found_at
from bridge.config.loading import places_of
from bridge.config.secrets import secret
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.ledger import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.settings import Settings
    from bridge.ledger.engine import Transaction

LIVES = {
    "client_secret": timedelta(days=180),
    "refresh_token": timedelta(days=365),
}
SECRETS = ("client_id", *LIVES)
WARNED = timedelta(days=30)


@dataclass(frozen=True)
class _Seen:
    """A secret by its fingerprint, and the day it was first seen."""

    fingerprint: str
    since: datetime


def missing(settings: Settings) -> Iterator[Finding]:
    """Secrets of Amazon's that are not where the settings say."""
    if settings.amazon.mode != "live":
        return
    sections = [
        ("amazon",),
        *(("account", n) for n in range(len(settings.account))),
    ]
    for account, section in zip(settings.accounts, sections, strict=True):
        amazon = settings.of_account(account).amazon
        for name in SECRETS:
            reference, path = getattr(amazon, name), (*section, name)
            try:
                secret(reference, settings.workspace)
            except ConfigError as error:
                spot = places_of(settings.workspace).value(path)
                yield found_at(spot, error.code, path, reference)


def remember(tx: Transaction, settings: Settings, now: datetime) -> None:
    """Note which secrets are used; a new one is counted from today."""
    for name in LIVES:
        fact = _fact(settings, name)
        mark = _fingerprint(settings, name)
        seen = _seen(facts.known(tx, fact))
        if mark and (seen is None or seen.fingerprint != mark):
            facts.know(tx, fact, f"{mark} {now.isoformat()}")


def expiring(
    tx: Transaction, settings: Settings, now: datetime
) -> list[Finding]:
    """What ends within thirty days, or should have ended.

    Args:
        tx: A transaction of the ledger.
        settings: Whose ``[amazon]`` is live; else there is nothing to tell.
        now: The time.
    """
    if settings.amazon.mode != "live":
        return []
    return [
        finding
        for account in settings.accounts
        for finding in _expiring(tx, settings.of_account(account), now)
    ]


def _expiring(
    tx: Transaction, settings: Settings, now: datetime
) -> Iterator[Finding]:
    """What ends of one account's."""
    for name, lives in LIVES.items():
        seen = _seen(facts.known(tx, _fact(settings, name)))
        if seen is not None and seen.since + lives - now < WARNED:
            yield Finding(
                "ledger.key_ends",
                field=name,
                value=str(max(0, (seen.since + lives - now).days)),
                severity="warn",
                turn="operator",
                facts={"account": settings.amazon.account},
            )


def _fact(settings: Settings, name: str) -> str:
    return f"amazon:{settings.amazon.account}:{name}"


def _fingerprint(settings: Settings, name: str) -> str:
    """A short digest: it tells two secrets apart, and nothing of either."""
    reference = getattr(settings.amazon, name)
    try:
        text = secret(reference, settings.workspace)
    except ConfigError:
        return ""
    return sha256(text.encode()).hexdigest()[:12]


def _seen(kept: str | None) -> _Seen | None:
    if kept is None:
        return None
    mark, _, since = kept.partition(" ")
    return _Seen(mark, datetime.fromisoformat(since))
