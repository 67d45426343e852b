"""Which fields a mapping writes from what names a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule

IN_LINES = frozenset({"gift_message"})  # personal parts of lists
PLACE = re.compile(r"\{([^{}:]+)")  # of a template


def harmless(plan: Plan) -> frozenset[str]:
    """The fields on the left of a mapping that hold nothing of a person."""
    every = list(_every(plan.fields))
    personal = {rule.field for rule in every if _is_personal(plan, rule)}
    return frozenset(rule.field for rule in every) - personal


def _every(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules and those of lists inside them, alternatives included."""
    for rule in rules:
        yield rule
        if rule.source == "each":
            yield from _every(rule.fields)
            yield from _every(rule.rules)


def _is_personal(plan: Plan, rule: Rule) -> bool:
    names = {*rule.reads(), *PLACE.findall(rule.constant)}
    roots = {name.removeprefix("../").partition("/")[0] for name in names}
    return not roots.isdisjoint({*plan.kind.persons, *IN_LINES})
