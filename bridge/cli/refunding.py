"""``order refund``: which credit note is meant, and whether it may go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import InputError
from bridge.flows import refunds
from bridge.ledger.parcels import ACCEPTED
from bridge.ledger.parcels import REFUSED
from bridge.ledger.tellings import DOUBT
from bridge.ledger.tellings import PERSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.cli.session import Session

FAILED = frozenset({REFUSED, DOUBT})  # what --again is for
#: What is said of a credit note that nothing can be done for now.
STANDING = {
    PERSON: "refunds.not_asked",
    ACCEPTED: "refunds.given",
    DOUBT: "refunds.in_doubt_now",
}
OWN = ("invoices.", "refunds.")  # what the bridge itself found


def is_ours(issue: Mapping[str, Any]) -> bool:
    """Whether the bridge found it, not Amazon."""
    return str(issue.get("code", "")).startswith(OWN)


def see_that_it_may(
    session: Session, account: str, wish: Mapping[str, Any]
) -> None:
    """Judge a credit note once more, before a person's word is noted.

    Raises:
        InputError: ``refunds.refused_here`` or ``refunds.together``: nothing
            good could follow.
    """
    parts = session.assemble()
    session.closing.callback(parts.close)
    with parts.ledger.read() as tx:
        found = refunds.hindrance(parts.of_account(account), tx, wish)
    if found is not None:
        facts: dict[str, Any] = dict(found.facts)
        raise InputError(found.code, **facts)


def asked_for(
    papers: list[dict[str, Any]], number: str, paper: str, *, again: bool
) -> dict[str, Any]:
    """The credit note whose money is to be given back.

    Raises:
        InputError: None fits, or several do: what is there, and what to do.
    """
    notes = [one for one in papers if one["kind"] == "refund"]
    named = [one for one in notes if paper in {"", one["number"]}]
    if not notes:
        raise InputError("refunds.none", order=number)
    if not named:
        known = ", ".join(one["number"] for one in notes)
        raise InputError(
            "refunds.unknown_paper", order=number, value=paper, known=known
        )
    states = FAILED if again else {PERSON}
    found = [one for one in named if _standing(one) in states]
    if not found:
        raise _not_now(named[0], number)
    if len(found) > 1:
        known = ", ".join(one["number"] for one in found)
        raise InputError("refunds.several", order=number, known=known)
    return found[0]


def _standing(paper: dict[str, Any]) -> str:
    return str(paper["lacks"] or paper["state"])


def _not_now(paper: dict[str, Any], order: str) -> InputError:
    """Why nothing can be given back for a credit note at this moment."""
    facts = {"value": paper["number"], "order": order}
    standing = _standing(paper)
    if standing == REFUSED:
        why = " ".join(str(one.get("message")) for one in paper["issues"])
        if any(map(is_ours, paper["issues"])):
            return InputError("refunds.refused_here", **facts, why=why)
        return InputError("refunds.refused_there", **facts, why=why)
    otherwise = "refunds.waits" if paper["lacks"] else "refunds.under_way"
    return InputError(STANDING.get(standing, otherwise), **facts)
