"""From the words of one field to a checked rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping import verbs
from bridge.mapping import vocabulary
from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.plan import Condition
from bridge.mapping.plan import Rule
from bridge.model.record import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from bridge.mapping.notation import Node
    from bridge.mapping.words import Desk

KEEP = "keep"
DROP = "drop"
PLAIN_SOURCES = frozenset({"text", "plain", "measure", "offer"})
TESTS = ("is", "not", "empty")
CONSTANTS: Mapping[str, Callable[[str], object]] = {
    "boolean": verbs.boolean,
    "integer": verbs.whole,
    "decimal": verbs.point,
    "money": verbs.point,
    "date": verbs.day(""),
}
LIST_WORDS = ("from", "when", "fields")  # of one list of an each


def rules(desk: Desk, node: Node | None, word: str) -> tuple[Rule, ...]:
    """The rules of a table of fields."""
    table = desk.table(node, word)
    if table is None:
        return ()
    made = (rule(desk, key.value, value) for key, value in table.entries)
    return tuple(item for item in made if item is not None)


def rule(desk: Desk, field: str, node: Node) -> Rule | None:
    """One checked rule, or nothing and the mistakes noted at the desk."""
    if isinstance(node, Text):  # `Position: Pos` is short for `from: Pos`
        desk.mistake("mapping.rule_expected", node.place, field)
        return None
    table = desk.table(node, field)
    if table is None:
        return None
    words = desk.allowed(table, vocabulary.VERBS, "mapping.unknown_verb")
    sources = [word for word in words if word in vocabulary.SOURCES]
    if len(sources) != 1:
        code = "mapping.two_sources" if sources else "mapping.no_source"
        desk.mistake(code, table.place, field, sources=", ".join(sources))
        return None
    return _rule(desk, field, table, words, sources[0])


def _rule(
    desk: Desk, field: str, table: Table, words: dict[str, Node], source: str
) -> Rule:
    facts: dict[str, Any] = _source(desk, field, words, source)
    facts |= _steps(desk, words)
    facts |= _translation(desk, words)
    facts |= _tests(desk, words)
    facts["when"] = conditions(desk, words.get("when"))
    facts["severity"] = desk.choice(
        words.get("severity"), ("refuse", "warn"), "refuse"
    )
    made = Rule(field=field, place=table.place, source=source, **facts)
    _sensible(desk, made, words)
    return made


def _source(
    desk: Desk, field: str, words: dict[str, Node], source: str
) -> dict[str, Any]:
    node = words[source]
    facts: dict[str, Any] = {
        "joiner": desk.text(words.get("with"), "with"),
        "element": desk.text(words.get("element"), "element"),
        "in_formats": _several(desk, words.get("in_formats"), FORMATS),
    }
    if source in {"from", "join"} or source in PLAIN_SOURCES:
        facts["names"] = desk.texts(node, source)
    elif source == "each":
        facts |= _each(desk, words)
    elif source == "first":
        facts["rules"] = _alternatives(desk, field, node)
    elif source == "object":
        facts["fields"] = rules(desk, node, source)
    else:
        facts["constant"] = desk.text(node, source)
    if source == "context":
        _known_context(desk, node)
    return facts


def _known_context(desk: Desk, node: Node) -> None:
    if not isinstance(node, Text) or node.value in vocabulary.CONTEXTS:
        return
    if not node.value.startswith(vocabulary.SETTING):
        desk.unknown(node, vocabulary.CONTEXTS, "mapping.unknown_choice")


def _alternatives(desk: Desk, field: str, node: Node) -> tuple[Rule, ...]:
    if not isinstance(node, Items):
        desk.mistake("mapping.list_expected", node.place, "first")
        return ()
    made = (rule(desk, field, item) for item in node.nodes)
    return tuple(item for item in made if item is not None)


def _each(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    node = words["each"]
    parts = node.nodes if isinstance(node, Items) else (node,)
    names: list[str] = []
    lists: list[Rule] = []
    for part in parts:
        if isinstance(part, Text):
            names.append(part.value)
        elif isinstance(part, Table):
            _only(desk, part, LIST_WORDS)
            names.append(desk.text(part.get("from"), "from"))
            lists += _list_rule(desk, part)
        else:
            desk.mistake("mapping.text_expected", part.place, "each")
    fields = rules(desk, words.get("fields"), "fields")
    if not fields and "fields" not in words:
        desk.mistake("mapping.each_without_fields", node.place, "each")
    return {"names": tuple(names), "rules": tuple(lists), "fields": fields}


def _only(desk: Desk, table: Table, known: tuple[str, ...]) -> None:
    for key, _ in table.entries:
        if key.value not in known:
            desk.unknown(key, known, "mapping.unknown_verb")


def _list_rule(desk: Desk, table: Table) -> list[Rule]:
    """One list of several: where it is, when it counts, its own fields."""
    name = desk.text(table.get("from"), "from")
    return [
        Rule(
            field=name,
            place=table.place,
            source="each",
            names=(name,),
            when=conditions(desk, table.get("when")),
            fields=rules(desk, table.get("fields"), "fields"),
        )
    ]


def _steps(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    steps = vocabulary.STEPS
    kinds = steps["as"].choices
    inner = {
        word: rule(desk, word, _as_rule(node))
        for word in ("unit", "currency")
        if (node := words.get(word)) is not None
    }
    return {
        "split": desk.text(words["split"], "split")
        if "split" in words
        else None,
        "clean": _several(desk, words.get("clean"), vocabulary.CLEANERS),
        "type": desk.choice(words.get("as"), kinds, ""),
        "decimal": desk.choice(
            words.get("decimal"), steps["decimal"].choices, ""
        ),
        "scale": desk.number(words.get("scale"), "scale"),
        "round": desk.whole(words.get("round"), "round"),
        "cut": desk.whole(words.get("cut"), "cut"),
        "most": desk.whole(words.get("most"), "most"),
        "otherwise": desk.text(words["else"], "else")
        if "else" in words
        else None,
        "units": _pairs(desk, words.get("units"), "units"),
        "marketplace_id": desk.flag(
            words.get("marketplace_id"), "marketplace_id", default=True
        ),
        "clear": desk.flag(words.get("clear"), "clear", default=False),
        **inner,
    }


def _as_rule(node: Node) -> Node:
    """``unit: kg`` is short for ``unit: {value: kg}``."""
    if isinstance(node, Text):
        return Table(((Text("value", node.place), node),), node.place)
    return node


def _several(
    desk: Desk, node: Node | None, choices: tuple[str, ...]
) -> tuple[str, ...]:
    nodes = node.nodes if isinstance(node, Items) else (node,)
    words = [desk.choice(item, choices, "") for item in nodes if item]
    return tuple(word for word in words if word)


def _pairs(desk: Desk, node: Node | None, word: str) -> dict[str, str]:
    table = desk.table(node, word)
    if table is None:
        return {}
    return {
        key.value: desk.text(value, key.value) for key, value in table.entries
    }


def _translation(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    missing = (
        desk.text(words["missing"], "missing") if "missing" in words else None
    )
    if "map" in words:
        pairs = _pairs(desk, words["map"], "map")
        return {"table": pairs, "missing": missing}
    node = words.get("lookup")
    if node is None:
        return {"missing": missing}
    name = desk.text(node, "lookup")
    if isinstance(node, Text) and name not in desk.tables:
        desk.unknown(node, desk.tables, "mapping.unknown_table")
    return {"table": desk.tables.get(name, {}), "missing": missing}


def _tests(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    pattern = words.get("pattern")
    if isinstance(pattern, Text):
        _valid_pattern(desk, pattern)
    return {
        "required": desk.flag(
            words.get("required"), "required", default=False
        ),
        "min_length": desk.whole(words.get("min_length"), "min_length"),
        "max_length": desk.whole(words.get("max_length"), "max_length"),
        "min": desk.number(words.get("min"), "min"),
        "max": desk.number(words.get("max"), "max"),
        "pattern": desk.text(pattern, "pattern") if pattern else None,
        "one_of": desk.texts(words.get("one_of"), "one_of"),
        "check": desk.choice(words.get("check"), vocabulary.CHECKS, "")
        or None,
    }


def _valid_pattern(desk: Desk, node: Text) -> None:
    try:
        re.compile(node.value)
    except re.error as error:
        desk.mistake(
            "mapping.bad_pattern", node.place, node.value, problem=str(error)
        )


def conditions(desk: Desk, node: Node | None) -> tuple[Condition, ...]:
    """The conditions of ``only``, ``skip`` and ``when``; all must hold."""
    table = desk.table(node, "when")
    if table is None:
        return ()
    full = desk.text(table.get("field"), "field") if _is_full(table) else ""
    if full:
        return (_condition(desk, full, table),)
    return tuple(
        _short(desk, key.value, value) for key, value in table.entries
    )


def _is_full(table: Table) -> bool:
    return {"field"} < set(table.keys()) <= {"field", "as", *TESTS}


def _short(desk: Desk, name: str, node: Node) -> Condition:
    if isinstance(node, Table):
        return _condition(desk, name, node)
    values = desk.texts(node, name)
    yes_no = set(values) <= {"true", "false"}
    return Condition(name, "boolean" if yes_no else "text", "is", values)


def _condition(desk: Desk, name: str, table: Table) -> Condition:
    kind = desk.choice(table.get("as"), vocabulary.TYPES, "")
    if (empty := table.get("empty")) is not None:
        wanted = desk.flag(empty, "empty", default=True)
        return Condition(name, kind or "text", "empty", wanted=wanted)
    for key, node in table.entries:
        if key.value in {"is", "not"}:
            values = desk.texts(node, key.value)
            yes_no = set(values) <= {"true", "false"}
            kind = kind or ("boolean" if yes_no else "text")
            if key.value == "is":
                return Condition(name, kind, "is", values)
            return Condition(name, kind, "not", values)
    known = {"as", "field", *TESTS}
    for key, _ in table.entries:
        if key.value not in known:
            desk.unknown(key, known, "mapping.unknown_verb")
            break
    else:
        desk.mistake("mapping.no_condition", table.place, name)
    return Condition(name, kind or "text", "empty")


def _sensible(desk: Desk, made: Rule, words: dict[str, Node]) -> None:
    """Combinations that cannot work are said now, not at the first row."""
    if made.missing is not None and made.table is None:
        desk.mistake(
            "mapping.missing_alone", words["missing"].place, "missing"
        )
    if made.currency is not None and made.type != "money":
        desk.mistake(
            "mapping.currency_alone", words["currency"].place, "currency"
        )
    _not_nothing(desk, made, words)
    _plausible(desk, made)
    number = made.type in {"decimal", "money", "integer"}
    for word in ("scale", "round", "unit", "min", "max"):
        if word in words and made.type and not number:
            desk.mistake(
                "mapping.needs_number", words[word].place, word, type=made.type
            )
    if made.source == "join" and "with" not in words:
        desk.mistake("mapping.join_without_with", made.place, made.field)


def _not_nothing(desk: Desk, made: Rule, words: dict[str, Node]) -> None:
    """Steps that would leave nothing of any value."""
    empty = {"cut": made.cut == 0, "most": made.most == 0}
    empty["split"] = made.split == ""
    for word, nothing in empty.items():
        if nothing:
            desk.mistake("mapping.not_zero", words[word].place, word)


def _plausible(desk: Desk, made: Rule) -> None:
    """A constant that its own type cannot read fails now, not in each row."""
    read = CONSTANTS.get(made.type)
    for text in (
        made.constant if made.source == "value" else None,
        made.otherwise,
    ):
        if read is None or not text:
            continue
        try:
            read(text)
        except ValueError:
            desk.mistake(
                "mapping.bad_constant", made.place, text, type=made.type
            )
