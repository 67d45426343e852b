"""``bridge transfer run products --preview``: Amazon's opinion beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.cli import issues
from bridge.errors import InputError
from bridge.flows.origins import origins
from bridge.flows.previewing import REFUSED
from bridge.flows.previewing import Previewed
from bridge.flows.previewing import preview

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.cli.session import Session
    from bridge.flows.parts import Parts

PRODUCTS = "products"
SAID_NO = 5


def run(session: Session, name: str) -> None:
    """Show what would be said of every offer that would be sent now.

    Raises:
        InputError: ``cli.no_preview``: the module sends no offers.
    """
    if name != PRODUCTS:
        raise InputError("cli.no_preview", value=name, known=PRODUCTS)
    parts = session.assemble()
    session.closing.callback(parts.close)
    asked = parts.settings.amazon.mode == "live"
    if not asked:
        session.note(session.line("not_asked"))
    told = _told(session, parts)
    if session.as_json:
        session.data({"asked": asked, "offers": list(told)})
        return
    counted = {"valid": 0, REFUSED: 0, "unchecked": 0}
    for one in told:
        counted[one["state"]] += 1
        _say(session, one)
    session.say(session.line("previewed", **counted))


def _told(session: Session, parts: Parts) -> Iterator[dict[str, Any]]:
    """Each offer as it is answered; a refusal is the exit code."""
    for item in preview(parts):
        session.code = SAID_NO if item.state == REFUSED else session.code
        yield _as_json(session, parts, item)


def _as_json(
    session: Session, parts: Parts, item: Previewed
) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    if item.issues:
        of = (parts.mandant, item.article, item.variant)
        with parts.ledger.read() as tx:
            where = origins(tx, parts.book, *of)
        language = session.language
        found = [issues.told(one, where, language) for one in item.issues]
    return {
        "sku": item.sku,
        "account": item.account,
        "marketplace": item.marketplace,
        "operation": item.operation,
        "state": item.state,
        "issues": found,
    }


def _say(session: Session, one: dict[str, Any]) -> None:
    state = session.state(one["state"])
    place = f"{one['sku']} {one['marketplace']}"
    session.say(f"{place}: {state}, {one['operation']}")
    for issue in one["issues"]:
        issues.say(session, issue)
