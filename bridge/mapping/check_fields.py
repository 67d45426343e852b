"""An ``in`` plan held against its document: names, types, keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.mapping import check_sense
from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk
    from bridge.model.kinds import Field

#: Which ``as`` may fill which field of a document.
FITS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text", "code"}),
    "integer": frozenset({"integer"}),
    "decimal": frozenset({"decimal", "integer", "money"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"datetime"}),
    "list": frozenset({"list"}),
    "measure": frozenset({"decimal", "integer"}),
    "money": frozenset({"money"}),
}
PARTS = frozenset({"part", "parts"})
TREES = frozenset({"xml", "json"})
CELLS = frozenset({"csv", "txt", "xlsx"})


def against_document(
    desk: Desk, plan: Plan, words: Mapping[str, Node], place: Place
) -> None:
    """Note every name the document lacks and every type that cannot fit.

    Args:
        desk: Where mistakes are noted.
        plan: What could be read of the mapping.
        words: The words at its top.
        place: Where the mapping begins.
    """
    _filled(desk, plan.fields, plan.kind.fields)
    _keys(desk, plan, words, place)
    _sources(desk, plan)
    _heads(desk, plan, words.get("as_of"))


def with_types(
    rules: Iterable[Rule], fields: Mapping[str, Field]
) -> tuple[Rule, ...]:
    """Rules whose ``else`` is read as the field's type, if none is said."""
    return tuple(_with_type(rule, fields[rule.field]) for rule in rules)


def _with_type(rule: Rule, field: Field) -> Rule:
    if rule.source == "each":
        return replace(rule, fields=with_types(rule.fields, field.part))
    parts = tuple(_with_type(part, field) for part in rule.rules)
    if rule.otherwise is None or rule.type or field.type in {"text", "list"}:
        return replace(rule, rules=parts)
    return replace(rule, rules=parts, type=field.type)


def _filled(
    desk: Desk, rules: Iterable[Rule], fields: Mapping[str, Field]
) -> None:
    for rule in rules:
        field = fields.get(rule.field)
        if field is None:
            desk.unlike(
                rule.field, rule.place, fields, "mapping.unknown_field"
            )
        elif rule.source == "each" and field.type == "parts":
            check_sense.in_sense(desk, rule, field.type)
            _filled(desk, rule.fields, field.part)
        elif rule.source == "each" or field.type in PARTS:
            code = "mapping.each_alone"
            code = "mapping.needs_each" if field.type in PARTS else code
            desk.mistake(code, rule.place, rule.field)
        else:
            _fits(desk, rule, field)
            _measured(desk, rule, field)


def _fits(desk: Desk, rule: Rule, field: Field) -> None:
    """A rule, or an alternative of it, and the type of its field."""
    if rule.type and rule.type not in FITS[field.type]:
        desk.mistake(
            "mapping.type_mismatch",
            desk.at(rule.place, "as"),
            rule.type,
            field=rule.field,
            wanted=min(FITS[field.type] & {field.type, "decimal"}),
        )
    plain = "decimal" if field.type == "measure" else field.type
    check_sense.in_sense(desk, rule, rule.type or plain)
    if rule.currency is not None and field.type != "money":
        desk.mistake(
            "mapping.no_effect",
            desk.at(rule.place, "currency"),
            "currency",
            type=field.type,
            known="money",
        )
    for inner in (rule.unit, rule.currency):
        if inner is not None:
            check_sense.in_sense(desk, inner, "text")
            _of_text(desk, inner)
    for part in rule.rules:
        _fits(desk, part, field)


def _of_text(desk: Desk, rule: Rule) -> None:
    """Units and currencies are words."""
    if rule.type and rule.type not in check_sense.TEXTS:
        desk.mistake(
            "mapping.type_mismatch",
            desk.at(rule.place, "as"),
            rule.type,
            field=rule.field,
            wanted="text",
        )


def _measured(desk: Desk, rule: Rule, field: Field) -> None:
    """Measures have a unit once, other fields have none."""
    inner = [part for part in rule.rules if part.unit is not None]
    if field.type == "measure":
        each = bool(inner) and len(inner) == len(rule.rules)
        given = "unit" in desk.rules[rule.place]  # even if it is broken
        if not given and not each:
            desk.mistake("mapping.needs_unit", rule.place, rule.field)
        if rule.otherwise:
            place = desk.at(rule.place, "else")
            desk.mistake("mapping.idle", place, "else", outer="unit")
    if field.type != "measure" or rule.unit is not None:
        wrong = inner if field.type == "measure" else [rule, *inner]
        for part in wrong:
            if part.unit is not None:
                place = desk.at(part.place, "unit")
                desk.mistake("mapping.no_measure", place, rule.field)


def _keys(
    desk: Desk, plan: Plan, words: Mapping[str, Node], place: Place
) -> None:
    """Fields that tell documents apart, or without which there is none."""
    desk.rules[place] = words
    given = words.get("fields")
    if not isinstance(given, Table):
        return
    stated = set(given.keys())  # a broken rule states its field, too
    known = plan.kind.fields
    for name in plan.key:
        at = desk.at(place, "key", name)
        if name and name not in known:
            desk.unlike(name, at, known, "mapping.unknown_field")
        elif name and name not in stated and name not in plan.kind.key:
            form = _form(known[name].type)
            desk.mistake("mapping.key_missing", at, name, form=form)
    fields = next((key.place for key, _ in given.entries), given.place)
    for name, field in known.items():
        if field.needed and name not in stated:
            key = name in plan.own_key
            code = "mapping.key_missing" if key else "mapping.needed_missing"
            desk.mistake(code, fields, name, form=_form(field.type))


def _form(kind: str) -> str:
    """How a field of a kind is read, as a hint says it."""
    return "code" if kind == "text" else kind


def _heads(desk: Desk, plan: Plan, node: Node | None) -> None:
    """Ages that stand in a head some format must name."""
    known = {name for p in plan.profiles.values() for name in p.head}
    nodes = node.nodes if isinstance(node, Items) else (node,)
    for item in nodes:
        head = item.get("head") if isinstance(item, Table) else None
        if known and isinstance(head, Text) and head.value not in known:
            desk.unknown(head, known, "mapping.unknown_head")


def _sources(desk: Desk, plan: Plan) -> None:
    """Columns that a mapping names itself are all there are."""
    if set(plan.profiles) <= TREES:
        _relative(desk, plan)
    known: set[str] = set()
    for profile in plan.profiles.values():
        named = not profile.header and profile.columns
        if not named or profile.format not in CELLS:
            return
        known |= {*profile.columns, *profile.head}
    for rule in plan.fields if known else ():
        for name in rule.reads():
            if name and name not in known:
                at = desk.at(rule.place, rule.source, name)
                desk.unlike(name, at, known, "mapping.no_column")


def _relative(desk: Desk, plan: Plan) -> None:
    """Paths of xml and json begin below the record."""
    for rule in plan.fields:
        for name in rule.reads():
            if name.startswith("/") or set(name) & {"[", "*"}:
                at = desk.at(rule.place, rule.source, name)
                desk.mistake("mapping.not_below", at, name)
