"""The columns of an ``in`` mapping, as a person should fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping.checks import countries
from bridge.mapping.plan import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule

#: Countries most customers are from: they stand first.
NEAR = ("DE", "AT", "CH", "BE", "CZ", "DK", "FR", "LU", "NL", "PL")
YES_NO = ("ja", "nein")
NUMBERS = frozenset({"integer", "decimal", "money"})


def columns_of(plan: Plan) -> Iterator[Rule]:
    """The rules that take one column of their own, each column once."""
    seen: set[str] = set()
    for rule in plan.fields:
        name = rule.names[0] if rule.names else ""
        if rule.source == "from" and name and name not in seen:
            seen.add(name)
            yield rule


def choices(rule: Rule) -> tuple[str, ...]:
    """The values that may stand in a column; empty if any may."""
    if rule.check == "country":
        return (*NEAR, *sorted(countries().difference(NEAR)))
    if rule.type == "boolean":
        return YES_NO
    if rule.table is not None and rule.missing != "keep":
        return tuple(rule.table)
    return rule.one_of


def note_of(rule: Rule, language: str) -> str:
    """What a person should know of a column, in his language if possible."""
    return rule.note.get(language) or rule.note.get(ANY, "")


def is_number(rule: Rule) -> bool:
    """Whether a spreadsheet may keep the column as a number."""
    return rule.type in NUMBERS
