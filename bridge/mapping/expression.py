"""Rules that read a coded document: shared by ``out`` and ``amazon``.

Each rule becomes a closure over its parts; a document is asked seldom
enough that straight generated source would not be worth its weight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

from bridge.errors import Finding
from bridge.mapping import shortening
from bridge.mapping import verbs
from bridge.mapping.conditions import predicate
from bridge.mapping.generate_steps import quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from bridge.mapping.plan import Rule
    from bridge.model.kinds import Field

    Read: TypeAlias = Callable[["Scope"], Any]
    Step: TypeAlias = Callable[[Any, "Scope"], Any]

_PLACE = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
TWO_PLACES = 2


@dataclass(frozen=True)
class Scope:
    """What a rule may look at.

    Attributes:
        values: The coded document, or one part of it.
        above: The document around the part.
        context: What the bridge knows: ``now`` (ISO 8601), ``mandant``, …
        found: Where findings are collected.
        position: 1-based place of the part among its siblings.
    """

    values: Mapping[str, Any]
    context: Mapping[str, str]
    found: list[Finding]
    above: Mapping[str, Any] = field(default_factory=dict)
    position: int = 0

    def value(self, name: str) -> Any:  # noqa: ANN401 - coded values
        """A value by name, path (``a/b``) or from above (``../a``)."""
        if "/" not in name:
            return self.values.get(name)
        if name.startswith("../"):
            return _walk(self.above, name[3:])
        return _walk(self.values, name)


def _walk(values: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401
    here: Any = values
    for step in path.split("/"):
        here = here.get(step) if isinstance(here, dict) else None
    return here


def compile_rule(
    rule: Rule, fields: Mapping[str, Field], zone: ZoneInfo
) -> Read:
    """A function from a scope to the rule's typed value, or ``None``.

    Args:
        rule: A checked rule of an ``out`` or ``amazon`` mapping.
        fields: The fields it may read, for the types of their values.
        zone: Where a day begins.
    """
    read = _source(rule, fields, zone)
    kind = rule.type or implied(rule, fields)
    typed = _typed(kind, zone)
    steps = [*_cleaning(rule), *_typing(typed), *_shaping(rule)]
    test = predicate(rule.when) if rule.when else None
    above = any(item.name.startswith("../") for item in rule.when)

    def value(scope: Scope) -> Any:  # noqa: ANN401
        seen = {**scope.values, "..": scope.above} if above else scope.values
        if test is not None and not test(seen):
            return None
        found = read(scope)
        for step in steps:
            if found is None or found == "":
                break
            found = step(found, scope)
        return _ended(rule, found, scope, typed)

    return value


def _ended(rule: Rule, found: Any, scope: Scope, typed: Step) -> Any:  # noqa: ANN401
    if found is not None and found != "":
        return found
    if rule.otherwise is not None:
        return typed(rule.otherwise, scope)
    if rule.required:
        scope.found.append(lacking(rule))
    return None


def lacking(rule: Rule) -> Finding:
    """What a rule that must yield something says when it does not."""
    return Finding("mapping.required", None, rule.field, None, rule.severity)


def implied(rule: Rule, fields: Mapping[str, Field]) -> str:
    """The type of what a rule reads, where the rule itself says none."""
    if rule.source != "from":
        return ""
    head, _, rest = rule.names[0].partition("/")
    known = fields.get(head)
    if known is not None and rest:
        known = known.part.get(rest)
    return known.type if known is not None else ""


def _source(rule: Rule, fields: Mapping[str, Field], zone: ZoneInfo) -> Read:
    if rule.source == "first":
        options = [compile_rule(part, fields, zone) for part in rule.rules]
        return lambda scope: next(
            (v for option in options if (v := option(scope)) is not None),
            None,
        )
    reads: dict[str, Read] = {
        "from": lambda scope: _first(scope, rule.names),
        "join": lambda scope: _joined(scope, rule),
        "count": lambda scope: Decimal(len(scope.value(rule.names[0]) or ())),
        "context": lambda scope: _context(scope, rule.constant),
        "template": lambda scope: fill(rule.constant, scope, zone),
    }
    return reads.get(rule.source, lambda _scope: rule.constant)


def _first(scope: Scope, names: tuple[str, ...]) -> Any:  # noqa: ANN401
    for name in names:
        value = scope.value(name)
        if value not in (None, "", []):
            return value
    return None


def _joined(scope: Scope, rule: Rule) -> str | None:
    texts = [str(v) for name in rule.names if (v := scope.value(name))]
    return rule.joiner.join(texts) or None


def _context(scope: Scope, name: str) -> str:
    if name == "position":
        return str(scope.position)
    return scope.context.get(name, "")


def fill(template: str, scope: Scope, zone: ZoneInfo) -> str:
    """A text whose ``{field}`` and ``{now:%Y}`` places are filled.

    Args:
        template: The text; ``{now}`` is the context's instant.
        scope: Where the fields are.
        zone: The local time of ``now``.
    """

    def place(match: re.Match[str]) -> str:
        name, form = match.group(1), match.group(2)
        if name == "now":
            local = datetime.fromisoformat(scope.context["now"]).astimezone(
                zone
            )
            return local.strftime(form or "%Y%m%d_%H%M%S")
        value = scope.value(name)
        if value is None:
            value = scope.context.get(name, "")
        return str(value)

    return _PLACE.sub(place, template)


def _cleaning(rule: Rule) -> list[Step]:
    return [_cleaner(verbs.CLEANERS[word]) for word in rule.clean]


def _cleaner(clean: Callable[[str], str]) -> Step:
    def step(value: Any, _scope: Scope) -> Any:  # noqa: ANN401
        if isinstance(value, list):
            return [clean(str(item)) for item in value]
        return clean(str(value))

    return step


def _typed(kind: str, zone: ZoneInfo) -> Step:
    kinds: dict[str, Step] = {
        "decimal": lambda value, _scope: Decimal(str(value)),
        "integer": lambda value, _scope: Decimal(str(value)),
        "money": lambda value, _scope: _money(Decimal(str(value))),
        "boolean": lambda value, _scope: _truth(value),
        "date": lambda value, _scope: _day(str(value), zone),
        "datetime": lambda value, _scope: _instant(str(value), zone),
        "text": lambda value, _scope: str(value),
        "code": lambda value, _scope: str(value),
    }
    return kinds.get(kind, _as_it_is)


def _as_it_is(value: Any, _scope: Scope) -> Any:  # noqa: ANN401
    return value


def _typing(typed: Step) -> list[Step]:
    return [] if typed is _as_it_is else [typed]


def _truth(value: Any) -> bool:  # noqa: ANN401
    return value if isinstance(value, bool) else verbs.boolean(str(value))


def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def _money(number: Decimal) -> Decimal:
    """At least two decimals; further ones are kept, never rounded."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent < TWO_PLACES:
        return number.quantize(Decimal("0.01"))
    return number


def _day(text: str, zone: ZoneInfo) -> date:
    if "T" in text:
        return _instant(text, zone).date()
    return date.fromisoformat(text)


def _shaping(rule: Rule) -> list[Callable[[Any, Scope], Any]]:
    steps: list[Callable[[Any, Scope], Any]] = []
    if rule.type == "integer":
        steps.append(lambda value, scope: _whole(rule, value, scope))
    if rule.table is not None:
        steps.append(lambda value, scope: _translated(rule, value, scope))
    if rule.scale is not None:
        scale = rule.scale
        steps.append(lambda value, _scope: Decimal(str(value)) * scale)
    if rule.round is not None:
        places = rule.round
        steps.append(
            lambda value, _scope: verbs.rounded(Decimal(str(value)), places)
        )
    if rule.cut is not None:
        steps.append(lambda value, scope: _cut(rule, value, scope))
    if rule.cut_bytes is not None:
        steps.append(lambda value, scope: _cut_bytes(rule, value, scope))
    if rule.most is not None:
        steps.append(lambda value, scope: _most(rule, value, scope))
    return steps


def _whole(rule: Rule, value: Any, scope: Scope) -> Any:  # noqa: ANN401
    """A number without decimals; with some it is told and left out."""
    if value == int(value):
        return value
    scope.found.append(
        Finding(
            "mapping.not_whole",
            None,
            rule.field,
            quoted(value),
            rule.severity,
            "mapping",
        )
    )
    return None


def _translated(rule: Rule, value: Any, scope: Scope) -> Any:  # noqa: ANN401
    table, text = rule.table or {}, _key(value)
    if text in table:
        return table[text]
    if rule.missing == "keep":
        return value
    if rule.missing is not None:
        return None if rule.missing == "drop" else rule.missing
    facts = {"known": ", ".join(sorted(table)[:30])}
    scope.found.append(
        Finding(
            "mapping.not_in_table",
            None,
            rule.field,
            quoted(text),
            rule.severity,
            "mapping",
            facts,
        )
    )
    return None


def _key(value: object) -> str:
    """A value as the left side of a table writes it."""
    return (
        verbs.text(value) or "" if not isinstance(value, int) else _int(value)
    )


def _int(value: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _cut(rule: Rule, value: Any, scope: Scope) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_cut(rule, item, scope) for item in value]
    length = rule.cut or 0
    if len(str(value)) <= length:
        return value
    facts = {"length": str(length)}
    scope.found.append(
        Finding(
            "mapping.cut",
            None,
            rule.field,
            quoted(value),
            "warn",
            "nobody",
            facts,
        )
    )
    return shortening.cut(str(value), length)


def _cut_bytes(rule: Rule, value: Any, scope: Scope) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_cut_bytes(rule, item, scope) for item in value]
    length = rule.cut_bytes or 0
    kept, lost = shortening.cut_bytes(str(value), length)
    if not lost:
        return value
    facts = {"length": str(length), "lost": quoted(lost)}
    scope.found.append(
        Finding(
            "mapping.cut_bytes",
            None,
            rule.field,
            quoted(value),
            "warn",
            "sender",
            facts,
        )
    )
    return kept


def _most(rule: Rule, value: Any, scope: Scope) -> Any:  # noqa: ANN401
    most = rule.most or 0
    if not isinstance(value, list) or len(value) <= most:
        return value
    facts = {"most": str(most)}
    scope.found.append(
        Finding(
            "mapping.too_many",
            None,
            rule.field,
            str(len(value)),
            "warn",
            "nobody",
            facts,
        )
    )
    return value[:most]
