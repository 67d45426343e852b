"""A rule in words, step by step in the order it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.mapping.plan import Condition
    from bridge.mapping.plan import Rule

#: Where a verb's word is kept in a rule, when it is not its own name.
KEPT = {"as": "type", "lookup": "", "map": "table", "else": "otherwise"}


def explain(rule: Rule) -> list[str]:
    """The source, every step and every test of a rule, one line each."""
    return list(_lines(rule, ""))


def _lines(rule: Rule, indent: str) -> Iterator[str]:
    if rule.when:
        yield f"{indent}only when {' and '.join(map(_condition, rule.when))}"
    about = vocabulary.SOURCES[rule.source].says
    what = ", ".join(rule.names) or rule.constant
    yield f"{indent}{rule.source}: {what}  ({about})"
    for part in rule.rules:
        yield from _lines(part, indent + "  ")
    for part in rule.fields:
        yield f"{indent}  {part.field}"
        yield from _lines(part, indent + "    ")
    yield from _steps(rule, indent)
    for inner in (rule.unit, rule.currency):
        if inner is not None:
            yield from _lines(inner, indent + "  ")


def _steps(rule: Rule, indent: str) -> Iterator[str]:
    """The steps and tests of a rule in the order they are applied."""
    words = {**vocabulary.STEPS, **vocabulary.TESTS}
    for word, verb in words.items():
        value = _value(rule, word)
        if value is not None:
            yield f"{indent}{word}: {value}  ({verb.says})"


def _condition(one: Condition) -> str:
    return f"{one.name} {one.test} {'/'.join(one.values)}".strip()


def _value(rule: Rule, word: str) -> str | None:
    kept = KEPT.get(word, word)
    value = getattr(rule, kept, None) if kept else None
    if value in (None, "", (), False) or word in {"unit", "currency"}:
        return None
    if isinstance(value, dict):
        pairs = [f"{key} → {item}" for key, item in list(value.items())[:10]]
        return ", ".join(pairs)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
