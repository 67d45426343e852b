"""The shape of the tests beside a mapping, before one of them runs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bridge.mapping import notation
from bridge.mapping.notation import Items
from bridge.mapping.notation import Place
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.words import Desk
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.notation import Node
    from bridge.mapping.plan import Plan

SHARED = ("name", "findings", "context", "marketplace")
#: The words of a test, by the direction of its mapping.
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "in": (*SHARED, "format", "input", "expect"),
        "out": (*SHARED, "format", "document", "file"),
        "amazon": (*SHARED, "document", "attributes"),
    }
)


def read(path: Path, plan: Plan) -> tuple[list[Table], list[Finding]]:
    """The tests of a file and every mistake in their shape."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(1, 1)
        return [], [notation.mistake("mapping.not_utf8", place, str(error))]
    root, found = notation.read(text)
    desk = Desk(direction=plan.direction, found=found)
    if root is not None and not isinstance(root, Items):
        desk.mistake("mapping.list_expected", root.place, path.name)
    nodes = root.nodes if isinstance(root, Items) else ()
    for node in nodes:
        _test(desk, plan, node)
    return [node for node in nodes if isinstance(node, Table)], found


def _test(desk: Desk, plan: Plan, node: Node) -> None:
    known = WORDS[plan.direction]
    words = desk.closed(node, "test", known, "mapping.unknown_test_word")
    for word in ("name", "file"):
        desk.text(words.get(word), word)
    desk.choice(words.get("format"), "format", plan.profiles)
    desk.choice(words.get("marketplace"), "marketplace", MARKETPLACES)
    for word in ("context", "document", "attributes"):
        if not _is_empty(words.get(word)):
            desk.table(words.get(word), word)
    for word in ("findings", "expect"):
        given = words.get(word)
        if given is not None and not isinstance(given, Items):
            _no_list(desk, given, word)
    _items(desk, words)


def _no_list(desk: Desk, node: Node, word: str) -> None:
    if not _is_empty(node):
        desk.mistake("mapping.list_expected", node.place, word)


def _items(desk: Desk, words: Mapping[str, Node]) -> None:
    """What stands in the lists of a test."""
    findings, rows = words.get("findings"), words.get("input")
    for item in findings.nodes if isinstance(findings, Items) else ():
        desk.text(item, "findings")
    for item in rows.nodes if isinstance(rows, Items) else ():
        desk.table(item, "input")


def _is_empty(node: Node | None) -> bool:
    return isinstance(node, Text) and node.value in {"", "~", "null"}
