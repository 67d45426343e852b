"""``bridge offer propose``: product types for article groups."""

from __future__ import annotations

from typing import Any

import typer

from bridge.cli.session import Session
from bridge.errors import InputError
from bridge.flows.proposing import Proposal
from bridge.flows.proposing import proposals
from bridge.flows.proposing import write

LATER = 4
NAMES = ("group", "title", "product_types")


def propose(context: typer.Context) -> None:
    """Ask Amazon which product types fit article groups that have none.

    The list lies in reports/, to be copied into warengruppen.csv.

    Example: bridge offer propose
    """
    session: Session = context.obj
    settings = session.settings()
    if settings.amazon.mode != "live":
        raise InputError("cli.propose_live")
    parts = session.assemble()
    session.closing.callback(parts.close)
    found = list(proposals(parts, settings.home))
    path = write(parts, settings.home, found)
    if any(one.error for one in found):
        session.code = LATER
    if session.as_json:
        session.data([_as_json(session, one) for one in found])
        return
    session.table(
        NAMES,
        [(one.group, one.words, _said(session, one)) for one in found],
    )
    session.note(session.line("proposed", path=path))


def _said(session: Session, one: Proposal) -> str:
    if one.error is not None:
        return one.error.message(session.language)
    return ", ".join(f"{name} ({called})" for name, called in one.types) or "-"


def _as_json(session: Session, one: Proposal) -> dict[str, Any]:
    said = one.error.told(session.language) if one.error else None
    types = [{"name": name, "title": called} for name, called in one.types]
    return {
        "group": one.group,
        "words": one.words,
        "product_types": types,
        "error": said,
    }
