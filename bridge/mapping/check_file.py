"""The files a mapping reads or writes: their names, columns, elements."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.mapping import check_forms
from bridge.mapping import check_sense
from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.model.record import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.notation import Node
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk

_ENDING = re.compile(r"\.([a-z]+)$", re.IGNORECASE).search
ALIKE = {"jsonl": "json", "ndjson": "json"}
#: Files people have that the bridge does not read.
FOREIGN = frozenset({"xls", "xlsm", "xlsb", "ods", "pdf", "zip", "docx"})
_NAME = r"(?:[^\W\d][\w.-]*:)?[^\W\d][\w.-]*"
_STEP = rf"{_NAME}(?:\[[1-9]\d*\])?"
#: ``A/B[2]/@c``: in A, of the second B the attribute c.
_ELEMENT = re.compile(rf"(?:{_STEP}/)*(?:@{_NAME}|{_STEP})").fullmatch


def names(desk: Desk, plan: Plan, words: dict[str, Node]) -> None:
    """Patterns of files that are read, or the name of one written."""
    if plan.direction == "out" and plan.file_name:
        place = words["name"].place
        check_forms.file_name(desk, plan.file_name, place)
        check_forms.template(desk, plan.file_name, place, plan.kind.fields)
    files = words.get("files")
    inner = files.nodes if isinstance(files, Items) else (files,)
    for node in inner:
        if isinstance(node, Text) and plan.direction == "in":
            _pattern(desk, plan, node)


def _pattern(desk: Desk, plan: Plan, node: Text) -> None:
    if set(node.value) & {"/", "\\"}:
        desk.mistake("mapping.no_folder", node.place, node.value)
    found = _ENDING(node.value)
    ending = found.group(1).lower() if found else ""
    form = ALIKE.get(ending, ending)
    if form in FOREIGN or form in set(FORMATS).difference(plan.profiles):
        desk.mistake(
            "mapping.unread_ending",
            node.place,
            node.value,
            format=form,
            known=", ".join(plan.profiles),
        )


def unfolded(
    desk: Desk, rules: Iterable[Rule], above: Rule | None = None
) -> Iterator[Rule]:
    """The rules of elements with each ``object`` spelled out as paths.

    What must hold of the object must hold of all that is in it.
    """
    for rule in rules:
        own = rule
        if above is not None:
            field, when = f"{above.field}/{rule.field}", above.when + rule.when
            own = replace(rule, field=field, when=when)
        if rule.source == "object":
            check_sense.idle(desk, rule, check_sense.WORK, "object")
            yield from unfolded(desk, rule.fields, own)
        else:
            yield replace(
                own,
                fields=tuple(unfolded(desk, rule.fields)),
                rules=tuple(
                    replace(part, fields=tuple(unfolded(desk, part.fields)))
                    for part in rule.rules
                ),
            )


def written(desk: Desk, plan: Plan, words: dict[str, Node]) -> None:
    """What a format asks of the fields it writes."""
    for rule in plan.fields:
        for name in rule.in_formats[:1]:
            if not set(rule.in_formats) & set(plan.profiles):
                place = desk.at(rule.place, "in_formats", name)
                desk.unlike(name, place, plan.profiles, "mapping.no_block")
        xml = not rule.in_formats or "xml" in rule.in_formats
        if xml and "xml" in plan.profiles:
            _elements(desk, rule)
    _rows(desk, plan, words.get("formats"))
    _roots(desk, plan, words.get("formats"))


def _rows(desk: Desk, plan: Plan, formats: Node | None) -> None:
    """The list whose items become rows must be one of the fields."""
    lists = list(_lists(plan.fields))
    for key, block in formats.entries if isinstance(formats, Table) else ():
        node = block.get("rows") if isinstance(block, Table) else None
        if key.value not in plan.profiles or not isinstance(node, Text):
            continue
        if node.value and node.value not in lists:
            desk.unlike(node.value, node.place, lists, "mapping.unknown_rows")


def _roots(desk: Desk, plan: Plan, formats: Node | None) -> None:
    """An xml has a root, and its root and records have names.

    ``/A`` is the root itself: one file is one document.
    """
    for key, block in formats.entries if isinstance(formats, Table) else ():
        if key.value != "xml" or not isinstance(block, Table):
            continue
        record = block.get("record")
        path = record.value if isinstance(record, Text) else "/"
        alone = block.get("root") is None and "/" not in path.strip("/")
        if alone and not path.startswith("/"):
            desk.mistake("mapping.no_root", key.place, key.value)
        if alone and path.strip("/") and plan.one_file_per == "run":
            place = key.place if record is None else record.place
            desk.mistake("mapping.one_document", place, path)
        for word in ("root", "record"):
            node = block.get(word)
            if isinstance(node, Text) and node.value:
                name = node.value.rpartition("/")[2]
                if not _ELEMENT(name):
                    desk.mistake("mapping.no_element", node.place, node.value)


def _lists(rules: tuple[Rule, ...]) -> Iterator[str]:
    """The lists of a document, as ``rows`` names them."""
    for rule in rules:
        if rule.source == "each":
            yield (
                f"{rule.field}/{rule.element}" if rule.element else rule.field
            )


def _elements(desk: Desk, rule: Rule) -> None:
    """Names that an xml cannot have."""
    if not _ELEMENT(rule.field):
        desk.mistake("mapping.no_element", rule.place, rule.field)
    if rule.element and not _ELEMENT(rule.element):
        place = desk.at(rule.place, "element")
        desk.mistake("mapping.no_element", place, rule.element)
    inner = (part for own in (rule, *rule.rules) for part in own.fields)
    for part in inner if rule.source == "each" else ():
        _elements(desk, part)
