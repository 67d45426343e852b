"""From the words of one field to a checked rule."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping import check_forms
from bridge.mapping import check_sense
from bridge.mapping import check_tables
from bridge.mapping import check_when
from bridge.mapping import vocabulary
from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.plan import ANY
from bridge.mapping.plan import Rule
from bridge.messages.catalogue import LANGUAGES
from bridge.model.record import FORMATS

if TYPE_CHECKING:
    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.words import Desk

PLAIN_SOURCES = frozenset({"text", "plain", "measure", "offer"})
LIST_WORDS = ("from", "when", "fields")  # of one list of an each


def rules(desk: Desk, node: Node | None, word: str) -> tuple[Rule, ...]:
    """The rules of a table of fields."""
    table = desk.table(node, word)
    if table is None:
        return ()
    if not table.entries:
        desk.mistake("mapping.nothing_said", table.place, word)
    made = (rule(desk, key, value) for key, value in table.entries)
    return tuple(item for item in made if item is not None)


def rule(desk: Desk, key: Text, node: Node) -> Rule | None:
    """One checked rule, or nothing and the mistakes noted at the desk.

    Args:
        desk: Where mistakes are noted.
        key: The name on the left.
        node: What stands on the right.
    """
    if isinstance(node, Text):  # `Position: Pos` is short for `from: Pos`
        verb = key.value in vocabulary.VERBS
        code = "mapping.verb_outside" if verb else "mapping.rule_expected"
        desk.mistake(code, key.place if verb else node.place, key.value)
        return None
    return _checked(desk, key.value, node, key.place)


def _checked(desk: Desk, field: str, node: Node, place: Place) -> Rule | None:
    table = desk.table(node, field)
    if table is None:
        return None
    words = desk.allowed(table, vocabulary.VERBS, "mapping.unknown_verb")
    sources = [word for word in words if word in vocabulary.SOURCES]
    if len(sources) != 1:
        code = "mapping.two_sources" if sources else "mapping.no_source"
        desk.mistake(code, table.place, field, sources=", ".join(sources))
        _facts(desk, words)
        return None
    desk.rules[place] = words
    made = Rule(
        field=field,
        place=place,
        source=sources[0],
        **_source(desk, field, words, sources[0]),
        **_facts(desk, words),
    )
    check_sense.alone(desk, made)
    check_sense.context(desk, made)
    return made


def _facts(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    """Everything but the source."""
    return {
        **_steps(desk, words),
        **_translation(desk, words),
        **_tests(desk, words),
        "when": check_when.conditions(desk, words.get("when"), "when"),
        "severity": desk.choice(
            words.get("severity"), "severity", ("refuse", "warn"), "refuse"
        ),
    }


def _note(desk: Desk, node: Node | None) -> dict[str, str]:
    """A text, or one in every language."""
    if not isinstance(node, Table):
        text = desk.text(node, "note")
        return {ANY: text} if text else {}
    said = desk.closed(node, "note", LANGUAGES, "mapping.unknown_choice")
    for language in LANGUAGES:
        if language not in said:
            desk.mistake("mapping.note_missing", node.place, language)
    return {name: desk.said(one, "note") for name, one in said.items()}


def _source(
    desk: Desk, field: str, words: dict[str, Node], source: str
) -> dict[str, Any]:
    node = words[source]
    facts: dict[str, Any] = {
        "joiner": desk.text(words.get("with"), "with"),
        "element": desk.text(words.get("element"), "element"),
        "note": _note(desk, words.get("note")),
        "example": desk.text(words.get("example"), "example"),
        "in_formats": _several(
            desk, words.get("in_formats"), "in_formats", FORMATS
        ),
    }
    if source in {"from", "join", "sum"} or source in PLAIN_SOURCES:
        facts["names"] = desk.texts(node, source)
    elif source == "count":
        facts["names"] = (desk.said(node, source),)
    elif source == "each":
        facts |= _each(desk, words)
    elif source == "first":
        facts["rules"] = _alternatives(desk, field, node)
    elif source == "object":
        facts["fields"] = rules(desk, node, source)
    else:
        facts["constant"] = desk.said(node, source)
    return facts


def _alternatives(desk: Desk, field: str, node: Node) -> tuple[Rule, ...]:
    if not isinstance(node, Items):
        desk.mistake("mapping.list_expected", node.place, "first")
        return ()
    if not node.nodes:
        desk.mistake("mapping.nothing_said", node.place, "first")
    made = (_checked(desk, field, item, item.place) for item in node.nodes)
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
            made = _list(desk, part)
            names += made.names
            lists.append(made)
        else:
            desk.mistake("mapping.text_expected", part.place, "each")
    fields = rules(desk, words.get("fields"), "fields")
    if not fields and "fields" not in words:
        desk.mistake("mapping.each_without_fields", node.place, "each")
    return {"names": tuple(names), "rules": tuple(lists), "fields": fields}


def _list(desk: Desk, table: Table) -> Rule:
    """One list of several: where it is, when it counts, its own fields."""
    words = desk.closed(table, "each", LIST_WORDS, "mapping.unknown_verb")
    if "from" not in words:
        desk.mistake("mapping.no_source", table.place, "each")
    name = desk.said(words.get("from"), "from")
    own = words.get("fields")
    desk.rules[table.place] = words
    return Rule(
        field=name,
        place=table.place,
        source="each",
        names=(name,) if name else (),
        when=check_when.conditions(desk, words.get("when"), "when"),
        fields=rules(desk, own, "fields") if own is not None else (),
    )


def _steps(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    steps = vocabulary.STEPS
    kinds = steps["as"].choices
    inner = {
        word: _checked(desk, word, _as_rule(node), node.place)
        for word in ("unit", "currency")
        if (node := words.get(word)) is not None
    }
    return {
        "split": desk.text(words["split"], "split")
        if "split" in words
        else None,
        "clean": _several(
            desk, words.get("clean"), "clean", vocabulary.CLEANERS
        ),
        "take": _pattern(desk, words, "take"),
        "type": desk.choice(words.get("as"), "as", kinds),
        "decimal": desk.choice(
            words.get("decimal"), "decimal", steps["decimal"].choices
        ),
        "scale": desk.number(words.get("scale"), "scale"),
        "round": desk.whole(words.get("round"), "round"),
        "cut": desk.whole(words.get("cut"), "cut"),
        "cut_bytes": desk.whole(words.get("cut_bytes"), "cut_bytes"),
        "most": desk.whole(words.get("most"), "most"),
        "otherwise": desk.text(words["else"], "else")
        if "else" in words
        else None,
        "units": check_tables.pairs(desk, words.get("units"), "units"),
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
    desk: Desk, node: Node | None, word: str, choices: tuple[str, ...]
) -> tuple[str, ...]:
    nodes = node.nodes if isinstance(node, Items) else (node,)
    texts = [desk.choice(item, word, choices) for item in nodes if item]
    return tuple(text for text in texts if text)


def _translation(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    missing = (
        desk.text(words["missing"], "missing") if "missing" in words else None
    )
    if "map" in words:
        pairs = check_tables.pairs(desk, words["map"], "map")
        return {"table": pairs, "missing": missing}
    node = words.get("lookup")
    if node is None:
        return {"missing": missing}
    name = desk.text(node, "lookup")
    if isinstance(node, Text) and name not in desk.tables:
        desk.unknown(node, desk.tables, "mapping.unknown_table")
    return {"table": desk.tables.get(name, {}), "missing": missing}


def _tests(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    return {
        "required": desk.flag(
            words.get("required"), "required", default=False
        ),
        "min_length": desk.whole(words.get("min_length"), "min_length"),
        "max_length": desk.whole(words.get("max_length"), "max_length"),
        "min": desk.number(words.get("min"), "min"),
        "max": desk.number(words.get("max"), "max"),
        "pattern": _pattern(desk, words, "pattern"),
        "one_of": desk.texts(words.get("one_of"), "one_of"),
        "check": desk.choice(words.get("check"), "check", vocabulary.CHECKS)
        or None,
    }


def _pattern(desk: Desk, words: dict[str, Node], word: str) -> str | None:
    """A regular expression; nothing if none is said."""
    node = words.get(word)
    if isinstance(node, Text):
        check_forms.pattern(desk, node)
    return None if node is None else desk.said(node, word)
