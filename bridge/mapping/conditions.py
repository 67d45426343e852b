"""Conditions of ``only``, ``skip`` and ``when`` as one predicate."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping import verbs

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from bridge.mapping.plan import Condition

Predicate = "Callable[[Mapping[str, Any]], bool]"


def predicate(
    conditions: tuple[Condition, ...],
) -> Callable[[Mapping[str, Any]], bool]:
    """A test of raw or coded values that holds if every condition does.

    A value that cannot be read as the condition's type satisfies no ``is``.
    """
    tests = tuple(_test(condition) for condition in conditions)
    if len(tests) == 1:
        return tests[0]
    return lambda values: all(test(values) for test in tests)


def _test(condition: Condition) -> Callable[[Mapping[str, Any]], bool]:
    name = condition.name
    if condition.test == "empty":
        wanted = condition.wanted
        return lambda values: _is_empty(_value(values, name)) is wanted
    read = _reader(condition.type)
    allowed = frozenset(read(value) for value in condition.values)
    if condition.test == "is":
        return lambda values: read(_value(values, name)) in allowed
    return lambda values: read(_value(values, name)) not in allowed


def _value(values: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401
    """A value by name, or by a path into a coded document."""
    found = values.get(name)
    if found is None and "/" in name:
        head, _, rest = name.partition("/")
        inner = values.get(head)
        return _value(inner, rest) if isinstance(inner, dict) else None
    return found


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list) and not value)


def _reader(kind: str) -> Callable[[Any], object]:
    if kind == "boolean":
        return _boolean
    if kind in {"integer", "decimal", "money"}:
        return _number
    return _text


def _text(value: Any) -> object:  # noqa: ANN401 - raw values have any type
    try:
        return verbs.text(value) or ""
    except ValueError:  # several values where one is due
        return None


def _boolean(value: Any) -> object:  # noqa: ANN401
    try:
        return verbs.boolean_typed(value)
    except ValueError:
        return None


def _number(value: Any) -> object:  # noqa: ANN401
    try:
        return verbs.number(value, verbs.either)
    except ValueError:
        return None
