"""``bridge check --live``: what the others say when they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bridge.app import wiring
from bridge.app.amazoncheck import visit_amazon as ask_amazon
from bridge.app.clock import SystemClock
from bridge.app.logbook import silent
from bridge.app.mail import visit_server
from bridge.cli.session import Session
from bridge.config.mail import SMTP
from bridge.config.settings import Settings
from bridge.errors import BridgeError
from bridge.ledger import tellings
from bridge.ledger.engine import Ledger
from bridge.ledger.offers import Side
from bridge.ledger.tellings import FULFILMENT


def visit_amazon(session: Session) -> dict[str, Any] | None:
    """Ask Amazon, and tell what it said; ``None`` in rehearsal."""
    settings = session.settings()
    if settings.amazon.mode != "live":
        return None
    ledger = wiring.ledger_of(settings)
    ledger.migrate()
    visits = {
        name: _visit_account(session, ledger, name)
        for name in settings.accounts
    }
    ledger.close()
    return {**visits[settings.amazon.account], "accounts": visits}


def _visit_account(
    session: Session, ledger: Ledger, account: str
) -> dict[str, Any]:
    """Ask Amazon as one of the accounts."""
    settings = session.settings()
    own = settings.of_account(account)
    found = ask_amazon(
        own,
        ledger,
        SystemClock(),
        silent(),
        ships=_ships(settings, ledger, account),
    )
    alone = not settings.account
    _tell(session, "Amazon" if alone else f"Amazon ({account})", found.errors)
    if found.marketplaces and not session.as_json:
        places = ", ".join(found.marketplaces)
        facts = {"account": account, "marketplaces": places}
        session.say(session.line("amazon_reached", **facts))
    errors = [error.told(session.language) for error in found.errors]
    return {"marketplaces": found.marketplaces, "errors": errors}


def _ships(settings: Settings, ledger: Ledger, account: str) -> bool:
    """Whether Amazon is to ship this account's stock for orders of Sage.

    Nothing switches it on: the section is there, or an order was marked.
    """
    whose = settings.warehouse.account or settings.amazon.account
    if account == whose and "warehouse" in settings.model_fields_set:
        return True
    side = Side(settings.amazon.mode, account)
    with ledger.read() as tx:
        return bool(tellings.of_kind(tx, side, FULFILMENT))


def visit_partners(session: Session) -> list[dict[str, Any]]:
    """Visit every partner: who was reached, and what lies there."""
    settings = session.settings()
    if not settings.partner:
        return []
    from bridge.app import partnercheck  # noqa: PLC0415 - paramiko: 10 MiB

    visits = [partnercheck.visit(settings, one) for one in settings.partner]
    for one in visits:
        _tell(session, one.name, one.errors)
        if one.folders and not session.as_json:
            number = sum(one.folders.values())
            facts = {"partner": one.name, "fingerprint": one.fingerprint}
            session.say(session.line("reached", number=number, **facts))
    return [
        {
            "name": one.name,
            "fingerprint": one.fingerprint,
            "folders": dict(one.folders),
            "errors": [error.told(session.language) for error in one.errors],
        }
        for one in visits
    ]


def visit_mail(session: Session) -> dict[str, Any] | None:
    """Sign in at the mail server; ``None`` where mails become files.

    It is asked in rehearsal too: nothing is sent by it.
    """
    settings = session.settings()
    if settings.mail.deliver != SMTP:
        return None
    error = visit_server(settings)
    _tell(session, settings.mail.host, [error] if error else [])
    if error is None and not session.as_json:
        session.say(session.line("mail_reached"))
    told = [error.told(session.language)] if error else []
    return {"host": settings.mail.host, "errors": told}


def _tell(session: Session, name: str, errors: Iterable[BridgeError]) -> None:
    for error in errors:
        session.code = max(session.code, error.exit_code)
        session.note(f"{name}: {error.told(session.language)}")
