"""The columns of an ``in`` mapping, as a person should fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale

from bridge.mapping.checks import country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule

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
        codes = map(str, Locale("en").territories)
        return tuple(sorted(filter(country, codes)))
    if rule.type == "boolean":
        return YES_NO
    if rule.table is not None and rule.missing != "keep":
        return tuple(rule.table)
    return rule.one_of


def is_number(rule: Rule) -> bool:
    """Whether a spreadsheet may keep the column as a number."""
    return rule.type in NUMBERS
