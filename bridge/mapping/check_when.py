"""Conditions: ``only``, ``skip`` and ``when``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping import verbs
from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.plan import Condition
from bridge.mapping.words import nearest

if TYPE_CHECKING:
    from bridge.mapping.notation import Node
    from bridge.mapping.words import Desk

TESTS = ("is", "not", "empty")
WORDS = ("field", "as", *TESTS)
NUMBERS = frozenset({"integer", "decimal", "money"})
TYPES = ("text", "code", "boolean", *sorted(NUMBERS))
TRUTHS = frozenset({"true", "false"})


def conditions(
    desk: Desk, node: Node | None, word: str
) -> tuple[Condition, ...]:
    """The conditions of a word; all must hold."""
    table = desk.table(node, word)
    if table is None:
        return ()
    if _is_full(table):
        name = desk.said(table.get("field"), "field")
        return (_condition(desk, name, table),)
    return tuple(
        _short(desk, key.value, value) for key, value in table.entries
    )


def _is_full(table: Table) -> bool:
    """Whether a table names its field by ``field``, even if misspelt."""
    names = set(table.keys())
    others = names - {"field"}
    return "field" in names and any(nearest(key, WORDS[1:]) for key in others)


def _short(desk: Desk, name: str, node: Node) -> Condition:
    if isinstance(node, Table):
        return _condition(desk, name, node)
    values = _values(desk, name, node)
    yes_no = set(values) <= TRUTHS
    return Condition(name, "boolean" if yes_no else "text", "is", values)


def _condition(desk: Desk, name: str, table: Table) -> Condition:
    words = desk.closed(table, name, WORDS, "mapping.unknown_verb")
    kind = desk.choice(words.get("as"), "as", TYPES)
    tests = [word for word in TESTS if word in words]
    if len(tests) > 1:
        said = ", ".join(tests)
        desk.mistake("mapping.two_tests", table.place, name, tests=said)
    if not tests:
        if len(words) == len(table.entries):  # else the reason is told
            desk.mistake("mapping.no_condition", table.place, name)
        return Condition(name, kind or "text", "empty")
    test = tests[0]
    if test == "empty":
        wanted = desk.flag(words["empty"], "empty", default=True)
        return Condition(name, kind or "text", "empty", wanted=wanted)
    values = _values(desk, name, words[test], kind)
    kind = kind or ("boolean" if set(values) <= TRUTHS else "text")
    if test == "is":
        return Condition(name, kind, "is", values)
    return Condition(name, kind, "not", values)


def _values(
    desk: Desk, name: str, node: Node, kind: str = ""
) -> tuple[str, ...]:
    """What a field is compared with; misspelt truths are mistakes."""
    nodes = node.nodes if isinstance(node, Items) else (node,)
    if not nodes:
        desk.mistake("mapping.nothing_said", node.place, name)
    values = tuple(desk.text(item, name) for item in nodes)
    texts = [item for item in nodes if isinstance(item, Text)]
    truths = [item for item in texts if item.value in TRUTHS]
    for item in texts:
        if kind in NUMBERS | {"boolean"}:
            _readable(desk, item, kind)
        elif not kind and item not in truths and not item.quoted:
            near = item.value and nearest(item.value, TRUTHS)
            if near or any(not truth.quoted for truth in truths):
                desk.mistake(
                    "mapping.truth_expected", item.place, item.value, word=name
                )
    return values


def _readable(desk: Desk, item: Text, kind: str) -> None:
    read = verbs.boolean if kind == "boolean" else verbs.either
    try:
        read(item.value)
    except ValueError:
        desk.mistake("mapping.bad_constant", item.place, item.value, type=kind)
