"""``bridge check --live``: what the others say when they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bridge.app import wiring
from bridge.app.amazoncheck import visit_amazon as ask_amazon
from bridge.app.clock import SystemClock
from bridge.app.logbook import silent
from bridge.cli.session import Session
from bridge.errors import BridgeError


def visit_amazon(session: Session) -> dict[str, Any] | None:
    """Ask Amazon, and tell what it said; ``None`` in rehearsal."""
    settings = session.settings()
    if settings.amazon.mode != "live":
        return None
    ledger = wiring.ledger_of(settings)
    ledger.migrate()
    found = ask_amazon(settings, ledger, SystemClock(), silent())
    ledger.close()
    _tell(session, "Amazon", found.errors)
    if found.marketplaces and not session.as_json:
        places = ", ".join(found.marketplaces)
        session.say(session.line("amazon_reached", marketplaces=places))
    errors = [error.told(session.language) for error in found.errors]
    return {"marketplaces": found.marketplaces, "errors": errors}


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


def _tell(session: Session, name: str, errors: Iterable[BridgeError]) -> None:
    for error in errors:
        session.code = max(session.code, error.exit_code)
        session.note(f"{name}: {error.told(session.language)}")
