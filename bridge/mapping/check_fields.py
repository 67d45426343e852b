"""A plan held against its document: names, types, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.mapping.notation import Place
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk
    from bridge.model.kinds import Field

#: Which ``as`` may fill which field of a document.
FITS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text", "code", "integer", "decimal"}),
    "integer": frozenset({"integer"}),
    "decimal": frozenset({"decimal", "integer", "money"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"datetime", "date"}),
    "list": frozenset({"list", "text"}),
    "measure": frozenset({"decimal", "integer"}),
    "money": frozenset({"money"}),
}


def against_document(desk: Desk, plan: Plan) -> None:
    """Note every name the document lacks and every type that cannot fit."""
    if plan.direction == "in":
        _filled(desk, plan.fields, plan.kind.fields)
        _keys(desk, plan)
    elif plan.direction == "out":
        _read(desk, plan.fields, plan.kind.fields, {})
    else:
        for rules in plan.facets.values():
            _read(desk, rules, plan.kind.fields, {})
        if plan.product_type is not None:
            _read(desk, (plan.product_type,), plan.kind.fields, {})


def _filled(
    desk: Desk, rules: Iterable[Rule], fields: Mapping[str, Field]
) -> None:
    for rule in rules:
        field = fields.get(rule.field)
        if field is None:
            _unknown(desk, rule.field, rule.place, fields)
        elif field.type in {"part", "parts"}:
            _filled(desk, rule.fields, field.part)
        else:
            _fits(desk, rule, field)


def _fits(desk: Desk, rule: Rule, field: Field) -> None:
    if rule.type and rule.type not in FITS[field.type]:
        desk.mistake(
            "mapping.type_mismatch",
            rule.place,
            rule.type,
            field=rule.field,
            wanted=field.type,
        )
    if field.type == "measure" and rule.unit is None:
        desk.mistake("mapping.needs_unit", rule.place, rule.field)


def _keys(desk: Desk, plan: Plan) -> None:
    for name in plan.key:
        if name not in plan.kind.fields and plan.fields:
            _unknown(desk, name, plan.fields[0].place, plan.kind.fields)
    stated = {rule.field for rule in plan.fields}
    for name in plan.kind.key:
        if plan.kind.fields[name].needed and name not in stated:
            place = plan.fields[0].place if plan.fields else None
            if place is not None:
                desk.mistake("mapping.key_missing", place, name)


def _read(
    desk: Desk,
    rules: Iterable[Rule],
    fields: Mapping[str, Field],
    above: Mapping[str, Field],
) -> None:
    for rule in rules:
        _read_one(desk, rule, fields, above)


def _read_one(
    desk: Desk,
    rule: Rule,
    fields: Mapping[str, Field],
    above: Mapping[str, Field],
) -> None:
    for name in rule.names:
        _known(desk, name, rule.place, fields, above)
    for condition in rule.when:
        _known(desk, condition.name, rule.place, fields, above)
    for inner in rule.rules:
        _read_list(desk, inner, rule, fields, above)
    if rule.source == "each":
        for name in rule.names:
            if name in fields and not any(
                inner.fields and name in inner.names for inner in rule.rules
            ):
                _read(desk, rule.fields, fields[name].part, fields)
    else:
        _read(desk, rule.fields, fields, above)


def _read_list(
    desk: Desk,
    inner: Rule,
    outer: Rule,
    fields: Mapping[str, Field],
    above: Mapping[str, Field],
) -> None:
    """Alternatives of ``first``, or one of several lists of ``each``."""
    if outer.source != "each":
        _read_one(desk, inner, fields, above)
        return
    name = inner.names[0]
    part = fields[name].part if name in fields else {}
    if part:
        for condition in inner.when:
            _known(desk, condition.name, inner.place, part, fields)
        _read(desk, inner.fields, part, fields)


def _known(
    desk: Desk,
    name: str,
    place: Place,
    fields: Mapping[str, Field],
    above: Mapping[str, Field],
) -> None:
    head, _, rest = name.partition("/")
    if head == "..":
        _known(desk, rest, place, above, {})
    elif head not in fields:
        _unknown(desk, name, place, fields)
    elif rest and rest not in fields[head].part:
        _unknown(desk, name, place, fields[head].part)


def _unknown(
    desk: Desk, name: str, place: Place, fields: Mapping[str, Field]
) -> None:
    desk.mistake(
        "mapping.unknown_field",
        place,
        name,
        nearest=nearest(name.rpartition("/")[2], fields),
        known=", ".join(sorted(fields)),
    )
