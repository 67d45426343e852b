"""An ``out`` plan as a table: fields are columns, lists are child tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from bridge.mapping.expression import implied
from bridge.model.table import Column
from bridge.model.table import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.model.kinds import Field
    from bridge.model.table import Content

COUNTER = "Zeile"  # where the mapping counts nothing itself
CONTENTS: Final[dict[str, Content]] = {
    "integer": "integer",
    "decimal": "decimal",
    "money": "decimal",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}


def shape_of(plan: Plan, table: str, key: tuple[str, ...] = ()) -> Shape:
    """The table that a mapping fills.

    Args:
        plan: Of direction ``out``.
        table: The table's name; a list's table is called ``TABLE_list``.
        key: The columns by which a row is found again; default: those
            that hold the key of the document itself.

    Returns:
        The shape; its key is empty if the mapping has no such column.
    """
    rules = [rule for rule in plan.fields if rule.source != "each"]
    columns = _columns(rules, plan.kind.fields)
    names = key or _natural(rules, plan.kind.key)
    held = tuple(column for column in columns if column.name in names)
    return Shape(
        table=table,
        columns=columns,
        key=names,
        children=tuple(
            (_listed(rule), _child(rule, table, held, plan.kind.fields))
            for rule in plan.fields
            if rule.source == "each"
        ),
    )


def _listed(rule: Rule) -> str:
    """What a record calls the list."""
    return f"{rule.field}/{rule.element}" if rule.element else rule.field


def _natural(rules: Iterable[Rule], key: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of the document's own key, and whose house it is."""
    found = {
        rule.names[0]: rule.field
        for rule in rules
        if rule.source == "from" and len(rule.names) == 1
    }
    if any(name not in found for name in key):
        return ()
    owner = [
        rule.field
        for rule in rules
        if (rule.source, rule.constant) == ("context", "mandant")
    ]
    return (*owner, *(found[name] for name in key))


def _child(
    rule: Rule,
    table: str,
    held: tuple[Column, ...],
    fields: Mapping[str, Field],
) -> Shape:
    """A list's table: the document's key, a counter, the list's fields."""
    own = rule.fields or rule.rules[0].fields
    part = fields[rule.names[0]].part if rule.names[0] in fields else {}
    columns = _columns(own, part)
    counter = next(
        (
            item.field
            for item in own
            if (item.source, item.constant) == ("context", "position")
        ),
        COUNTER,
    )
    taken = {column.name for column in columns}
    above = tuple(column for column in held if column.name not in taken)
    counted = (
        () if counter in taken else (Column(name=counter, content="integer"),)
    )
    return Shape(
        table=f"{table}_{rule.field.lower()}",
        columns=(*above, *counted, *columns),
        key=(*(column.name for column in held), counter),
        counter=counter,
    )


def _columns(
    rules: Iterable[Rule], fields: Mapping[str, Field]
) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=rule.field,
            content=_content(rule, fields),
            length=_length(rule),
        )
        for rule in rules
    )


def _content(rule: Rule, fields: Mapping[str, Field]) -> Content:
    """What a rule yields; alternatives that differ make a text."""
    if rule.table is not None:
        return "text"
    if rule.type:
        return CONTENTS.get(rule.type, "text")
    if rule.source == "first":
        kinds = {_content(part, fields) for part in rule.rules}
        return kinds.pop() if len(kinds) == 1 else "text"
    if rule.source == "count":
        return "integer"
    return CONTENTS.get(implied(rule, fields), "text")


def _length(rule: Rule) -> int | None:
    """The most characters a rule yields, where it says so."""
    if rule.cut is not None or rule.max_length is not None:
        return min(n for n in (rule.cut, rule.max_length) if n is not None)
    if rule.source == "first" and rule.rules:
        lengths = [_length(part) for part in rule.rules]
        known = [length for length in lengths if length is not None]
        return max(known) if len(known) == len(lengths) else None
    if rule.table and rule.missing != "keep":
        return max(map(len, (*rule.table.values(), rule.missing or "")))
    return None
