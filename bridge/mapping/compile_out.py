"""An ``out`` plan becomes a function from a document to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.mapping import netting
from bridge.mapping.conditions import predicate
from bridge.mapping.expression import Scope
from bridge.mapping.expression import compile_rule
from bridge.mapping.expression import fill
from bridge.mapping.expression import lacking
from bridge.mapping.personal import harmless
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import TypeAlias

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.model.kinds import Field
    from bridge.model.record import Format
    from bridge.model.record import Value

    Fields: TypeAlias = Mapping[str, Field]
    Part: TypeAlias = Callable[[Scope], "Value"]


#: A list, and where it is not there, the one it adds to.
WITH_PARTS, PLAIN = "lines_and_parts", "lines"


class OutMapping:
    """A compiled plan of direction ``out``.

    Args:
        plan: The checked plan.
        timezone: Where a day begins, such as ``Europe/Berlin``.

    Attributes:
        harmless: The fields it writes that hold nothing of a person.
    """

    def __init__(self, plan: Plan, timezone: str) -> None:
        self.plan = plan
        self.harmless = harmless(plan)
        self._zone = ZoneInfo(timezone)
        self._parts = _parts(plan.fields, plan.kind.fields, self._zone)
        self._nets = netting.wanted(plan.fields)
        self._only = predicate(plan.only)
        self._skip = predicate(plan.skip)
        self._heads = {
            name: _parts(rules, plan.kind.fields, self._zone)
            for name, rules in plan.heads.items()
        }

    def wants(self, document: Mapping[str, Any]) -> bool:
        """Whether the mapping writes a coded document at all."""
        skipped = bool(self.plan.skip) and self._skip(document)
        return self._only(document) and not skipped

    def record(
        self,
        document: Mapping[str, Any],
        context: Mapping[str, str],
        found: list[Finding],
        *,
        form: Format | None = None,
    ) -> Record:
        """The record of a coded document, its fields in file order.

        Args:
            document: The coded document.
            context: What the bridge knows; ``now`` is frozen by the caller.
            found: Findings are appended here.
            form: The format to be written; without one every field stands,
                whatever its ``in_formats``.
        """
        said = netting.netted(document, found) if self._nets else document
        scope = Scope(_with_parts(said), context, found)
        rules = zip(self.plan.fields, self._parts, strict=True)
        return Record(
            1,
            {
                name: part(scope)
                for rule, (name, part) in rules
                if not (form and rule.in_formats) or form in rule.in_formats
            },
        )

    def head(
        self, name: Format, context: Mapping[str, str], found: list[Finding]
    ) -> dict[str, Value]:
        """What a file of the format says of itself."""
        scope = Scope({}, context, found)
        return {key: part(scope) for key, part in self._heads.get(name, ())}

    def file_name(
        self, document: Mapping[str, Any], context: Mapping[str, str]
    ) -> str:
        """The name of the document's file, without its ending."""
        scope = Scope(document, context, [])
        return fill(self.plan.file_name, scope, self._zone)


def _with_parts(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document whose sets nobody took apart has its lines alone."""
    if PLAIN not in document or WITH_PARTS in document:
        return document
    return {**document, WITH_PARTS: document[PLAIN]}


def _parts(
    rules: Iterable[Rule], fields: Fields, zone: ZoneInfo
) -> list[tuple[str, Part]]:
    return [_part(rule, fields, zone) for rule in rules]


def _part(rule: Rule, fields: Fields, zone: ZoneInfo) -> tuple[str, Part]:
    if rule.source != "each":
        return rule.field, compile_rule(rule, fields, zone)
    name = f"{rule.field}/{rule.element}" if rule.element else rule.field
    return name, _each(rule, fields, zone)


def _each(rule: Rule, fields: Fields, zone: ZoneInfo) -> Part:
    """The items of one or several lists, one after the other, counted."""
    lists = [
        (
            name,
            _when(rule, name),
            _parts(_own(rule, name), _of(fields, name), zone),
        )
        for name in rule.names
    ]

    def items(scope: Scope) -> list[Record]:
        made: list[Record] = []
        for name, test, parts in lists:
            for item in scope.value(name) or ():
                if test is not None and not test(item):
                    continue
                inner = Scope(
                    item,
                    scope.context,
                    scope.found,
                    scope.values,
                    len(made) + 1,
                )
                values = {key: part(inner) for key, part in parts}
                made.append(Record(1, values))
        if rule.required and not made:
            scope.found.append(lacking(rule))
        return made

    return items


def _of(fields: Fields, name: str) -> Fields:
    return fields[name].part if name in fields else {}


def _when(rule: Rule, name: str) -> Callable[[Mapping[str, Any]], bool] | None:
    for part in rule.rules:
        if name in part.names and part.when:
            return predicate(part.when)
    return None


def _own(rule: Rule, name: str) -> tuple[Rule, ...]:
    """A list's own fields in the order of the first list's, else shared."""
    for part in rule.rules:
        if name in part.names and part.fields:
            return part.fields
    return rule.fields
