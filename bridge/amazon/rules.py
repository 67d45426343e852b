"""A product type's schema, compiled; what breaks it, in our own words.

Amazon's schemas are JSON Schema 2019-09 with keywords of their own
(amazon.md M13), most of which count in arrays or bytes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from operator import gt
from operator import lt
from typing import TYPE_CHECKING
from typing import Any

import orjson
from jsonschema import Draft201909Validator
from jsonschema import ValidationError
from jsonschema import validators
from referencing.exceptions import Unresolvable

from bridge.ports.rules import ERROR
from bridge.ports.rules import WARNING
from bridge.ports.rules import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    Beyond = Callable[[int, int], bool]
    Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]

#: What a check of single attributes needs of a schema.
PARTS = ("$id", "$defs", "definitions", "properties")
LONGEST = 60  # characters of a value that are shown
MOST = 12  # allowed values that are shown
CODES = {
    "required": "amazon.rule_required",
    "type": "amazon.rule_type",
    "enum": "amazon.rule_choice",
    "const": "amazon.rule_choice",
    "maxLength": "amazon.rule_long",
    "minLength": "amazon.rule_short",
    "maxUtf8ByteLength": "amazon.rule_bytes",
    "minUtf8ByteLength": "amazon.rule_few_bytes",
    "maximum": "amazon.rule_high",
    "exclusiveMaximum": "amazon.rule_high",
    "minimum": "amazon.rule_low",
    "exclusiveMinimum": "amazon.rule_low",
    "multipleOf": "amazon.rule_step",
    "pattern": "amazon.rule_pattern",
    "maxItems": "amazon.rule_many",
    "maxUniqueItems": "amazon.rule_many",
    "minItems": "amazon.rule_few",
    "minUniqueItems": "amazon.rule_few",
    "uniqueItems": "amazon.rule_twice",
    "selectors": "amazon.rule_twice",
    "additionalProperties": "amazon.rule_unknown",
    "editable": "amazon.rule_fixed",
    "$lifecycle": "amazon.rule_outdated",
    "replacedBy": "amazon.rule_replaced",
}
OTHER = "amazon.rule_other"
#: What Amazon may well take; it says so itself if not.
MILD = frozenset(
    {
        *("additionalProperties", "selectors", "editable", "$lifecycle"),
        "replacedBy",
    }
)
SEVERAL = frozenset({"anyOf", "oneOf"})


class Rules:
    """What one definition demands.

    Args:
        schema: Amazon's schema; decimals as Decimal.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._names = frozenset(schema.get("properties") or ())
        parts = {key: schema[key] for key in PARTS if key in schema}
        shut = {"additionalProperties", "unevaluatedProperties"}
        whole = {k: v for k, v in schema.items() if k not in shut}
        self._whole, self._parts = CREATED(whole), CHANGED(parts)

    def faults(self, attributes: bytes, *, whole: bool) -> tuple[Fault, ...]:
        """What is wrong with attributes; each fault once.

        Args:
            attributes: JSON: instances by name.
            whole: Whether what is missing counts.
        """
        exact = json.loads(attributes, parse_float=Decimal)
        validator = self._whole if whole else self._parts
        found = [_unknown(name) for name in exact if name not in self._names]
        try:
            found += map(_fault, _leaves(validator.iter_errors(exact)))
        except Unresolvable:
            return ()  # a schema that leans on what we do not have
        once = {(one.code, str(one.facts)): one for one in found}
        return tuple(once.values())


def _leaves(errors: Iterator[ValidationError]) -> Iterator[ValidationError]:
    """Of several ways to be right, the one that is least wrong."""
    for error in errors:
        if error.validator not in SEVERAL or not error.context:
            yield error
            continue
        ways: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            ways.setdefault(inner.relative_schema_path[0], []).append(inner)
        best = min(ways.values(), key=_farness)
        yield from _leaves(iter(best))


def _farness(errors: list[ValidationError]) -> tuple[bool, int]:
    """How far off one way is: of another type before all."""
    return any(one.validator == "type" for one in errors), len(errors)


def _fault(error: ValidationError) -> Fault:
    path = [str(part) for part in error.absolute_path]
    keyword = str(error.validator)
    if keyword in {"required", "additionalProperties"}:
        path.append(error.message)
    return Fault(
        CODES.get(keyword, OTHER),
        path[0] if path else "-",
        WARNING if keyword in MILD else ERROR,
        {
            "path": ".".join(path),
            "value": _short(error.instance),
            "limit": _limit(keyword, error),
        },
    )


def _unknown(name: str) -> Fault:
    facts = {"path": name, "value": name, "limit": "-"}
    return Fault(CODES["additionalProperties"], name, WARNING, facts)


def _limit(keyword: str, error: ValidationError) -> str:
    """The rule as a person reads it."""
    rule: Any = error.validator_value
    if keyword == "enum":
        said: Any = error.schema
        return _choices(rule, said.get("enumNames") or [])
    if keyword == "selectors":
        return ", ".join(rule)
    if keyword not in CODES:
        return _short(f"{keyword}: {error.message}")
    return _short(rule)


def _choices(values: list[Any], names: list[str]) -> str:
    told = [
        f"{value} ({names[n]})"
        if n < len(names) and str(names[n]) != str(value)
        else str(value)
        for n, value in enumerate(values[:MOST])
    ]
    return ", ".join(told) + (", …" if len(values) > MOST else "")


def _short(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        value = len(value)
    elif isinstance(value, dict):
        value = value.get("value", ", ".join(value))
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _required(
    _validator: Any,  # noqa: ANN401 - jsonschema has no type for it
    names: list[str],
    instance: Any,  # noqa: ANN401
    _schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        missing = (name for name in names if name not in instance)
        yield from map(ValidationError, missing)


def _closed(
    validator: Any,  # noqa: ANN401
    rule: Any,  # noqa: ANN401
    instance: Any,  # noqa: ANN401
    schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in known or any(re.search(one, name) for one in patterns):
            continue
        if rule is False:
            yield ValidationError(name)
        elif rule is not True:
            yield from validator.descend(value, rule, path=name)


def _pattern(
    _validator: Any,  # noqa: ANN401
    pattern: str,
    instance: Any,  # noqa: ANN401
    _schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    """A pattern Python cannot read (it is ECMA's) is left to Amazon."""
    try:
        fits = not isinstance(instance, str) or re.search(pattern, instance)
    except re.error:
        return
    if not fits:
        yield ValidationError(pattern)


def _groups(instance: Any, schema: Any) -> list[int]:  # noqa: ANN401
    """How many instances stand under each combination of selectors."""
    keys = schema.get("selectors", ())
    items = instance if isinstance(instance, list) else ()
    found = Counter(
        orjson.dumps([item.get(key) for key in keys])
        for item in items
        if isinstance(item, dict)
    )
    return list(found.values())


def _unique(beyond: Beyond) -> Keyword:
    """A bound on the instances under one combination of selectors."""

    def check(
        _validator: Any,  # noqa: ANN401
        bound: int,
        instance: Any,  # noqa: ANN401
        schema: Any,  # noqa: ANN401
    ) -> Iterator[ValidationError]:
        if any(beyond(n, bound) for n in _groups(instance, schema)):
            yield ValidationError(str(bound))

    return check


def _selectors(
    _validator: Any,  # noqa: ANN401
    _keys: list[str],
    instance: Any,  # noqa: ANN401
    schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    """Without a number of its own, one instance a selector is usual."""
    if "maxUniqueItems" in schema:
        return
    if any(number > 1 for number in _groups(instance, schema)):
        yield ValidationError("-")


def _bytes(beyond: Beyond) -> Keyword:
    """A bound on the length of a text in UTF-8."""

    def check(
        _validator: Any,  # noqa: ANN401
        bound: int,
        instance: Any,  # noqa: ANN401
        _schema: Any,  # noqa: ANN401
    ) -> Iterator[ValidationError]:
        if isinstance(instance, str) and beyond(len(instance.encode()), bound):
            yield ValidationError(str(bound))

    return check


def _editable(
    _validator: Any,  # noqa: ANN401
    editable: bool,  # noqa: FBT001 - the keyword's value
    _instance: Any,  # noqa: ANN401
    schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    """What is hidden as well, such as a selector, nobody would edit."""
    if editable is False and not schema.get("hidden"):
        yield ValidationError("-")


def _lifecycle(
    _validator: Any,  # noqa: ANN401
    states: Mapping[str, Any],
    instance: Any,  # noqa: ANN401
    _schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    if instance in (states.get("enumDeprecated") or ()):
        yield ValidationError("-")


def _replaced(
    _validator: Any,  # noqa: ANN401
    _other: str,
    _instance: Any,  # noqa: ANN401
    _schema: Any,  # noqa: ANN401
) -> Iterator[ValidationError]:
    yield ValidationError("-")


#: ``hidden``, ``enumNames`` and ``replaces`` say nothing about a value.
KEYWORDS: dict[str, Keyword] = {
    "required": _required,
    "additionalProperties": _closed,
    "pattern": _pattern,
    "selectors": _selectors,
    "maxUniqueItems": _unique(gt),
    "minUniqueItems": _unique(lt),
    "maxUtf8ByteLength": _bytes(gt),
    "minUtf8ByteLength": _bytes(lt),
    "$lifecycle": _lifecycle,
    "replacedBy": _replaced,
}
_extend: Any = validators.extend  # it has no types
CREATED = _extend(Draft201909Validator, KEYWORDS)
#: What cannot be edited may still be said of a new listing.
CHANGED = _extend(Draft201909Validator, {**KEYWORDS, "editable": _editable})
