"""What Amazon, or our own check, says of an offer, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.cli.session import Session
    from bridge.flows.origins import Origins


def told(
    issue: Mapping[str, Any], origins: Origins, language: str
) -> dict[str, Any]:
    """An issue with its sentence, its hint and where its values come from.

    Amazon's own words stay as they are.
    """
    found = {**issue, "origins": origins.of_issue(issue)}
    if "facts" in issue:
        code, facts = str(issue["code"]), issue["facts"]
        found["message"] = catalogue.sentence(code, facts, language)
        found["hint"] = catalogue.advice(code, facts, language)
    return found


def traced(finding: dict[str, Any], origins: Origins) -> dict[str, Any]:
    """A finding of the mapping with the columns its attribute is from."""
    if not finding["code"].startswith("mapping."):
        return finding
    of = {"attributeNames": [finding["field"]] if finding["field"] else []}
    return {**finding, "origins": origins.of_issue(of)}


def say(session: Session, issue: Mapping[str, Any]) -> None:
    """Print an issue that was told."""
    if "facts" in issue:
        message = issue["message"]
        session.say(f"  {session.line('own_check', message=message)}")
        session.say(f"    {issue['hint']}")
    else:
        said = f"{issue.get('code', '')} {issue.get('message', '')}"
        session.say(f"  Amazon: {said}")
    say_origins(session, issue)


def say_origins(session: Session, told: Mapping[str, Any]) -> None:
    """Print where the values of an issue or a finding come from."""
    for origin in told.get("origins") or ():
        session.say(f"    {_origin(origin)}")


def _origin(origin: Mapping[str, Any]) -> str:
    """``item_name: angebote.yaml:31 ← artikelstamm.yaml:40 [Name]``."""
    own = f"{origin['attribute']}: {origin['where']}"
    columns = " | ".join(_columns(origin))
    return f"{own} ← {columns}" if columns else own


def _columns(origin: Mapping[str, Any]) -> Iterator[str]:
    for one in origin["from"]:
        yield f"{one['where']} [{', '.join(one['columns'])}]"
