"""A mapping file becomes a plan, or a list of every mistake in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import cast

from bridge.mapping import check_fields
from bridge.mapping import check_file
from bridge.mapping import check_format
from bridge.mapping import check_forms
from bridge.mapping import check_items
from bridge.mapping import check_reading
from bridge.mapping import check_rule
from bridge.mapping import check_tables
from bridge.mapping import check_types
from bridge.mapping import check_when
from bridge.mapping import items
from bridge.mapping import keywords
from bridge.mapping import notation
from bridge.mapping import vocabulary
from bridge.mapping.notation import Items
from bridge.mapping.notation import Place
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.plan import AsOf
from bridge.mapping.plan import Plan
from bridge.mapping.words import Desk
from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.notation import Node
    from bridge.mapping.plan import Rule

VERSION = "1"
HIGHEST = 9  # priority
AGES = ("from", "head", "name")
FACETS = ("stock", "price", "content", "relations", "media")
FIRST = Place(1, 1)
LISTING = "Listing"
#: The bridge joins them, or Amazon says them; no file states them.
MADE = frozenset({"Product", "Snapshot", "ShownPrice", "Fulfilment"})
DEFAULT_AGE = (
    AsOf("head", "Erstellt"),
    AsOf("name", "%Y%m%d_%H%M%S"),
    AsOf("mtime"),
)


def load(
    path: Path, folders: Iterable[Path] = ()
) -> tuple[Plan | None, list[Finding]]:
    """The plan of a mapping file and every mistake in it.

    Args:
        path: The YAML file.
        folders: Mapping folders where tables and, beside them in ``xsd/``,
            schemas are looked for, the first wins; the file's own folder
            comes last, so that a workspace's table beats the shipped one.

    Returns:
        The plan, ``None`` if there is any mistake; and the mistakes, each
        with line, column and the nearest right word.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [notation.mistake("mapping.not_utf8", FIRST, str(error))]
    root, found = notation.read(text)
    if not isinstance(root, Table):
        if not found:
            place = FIRST if root is None else root.place
            found.append(notation.mistake("mapping.not_a_table", place))
        return None, found
    desk = Desk(folders=(*folders, path.parent), found=found, used=[text])
    plan = _plan(desk, path, root)
    ordered = sorted(
        found, key=lambda item: (item.line or 0, item.column or 0)
    )
    return (None if found else plan), ordered


def _plan(desk: Desk, path: Path, root: Table) -> Plan:
    desk.direction = desk.choice(
        root.get("direction"),
        "direction",
        vocabulary.DIRECTIONS,
        _likely_direction(root),
    )
    words = desk.allowed(root, keywords.TOP, "mapping.unknown_key")
    _demand(desk, root, words)
    desk.tables.update(check_tables.tables(desk, words.get("tables")))
    document = desk.choice(words.get("document"), "document", KINDS)
    desk.several = check_types.SEVERAL in words
    profiles, heads = check_format.profiles(desk, words.get("formats"))
    facts = _by_direction(desk, words)
    types = check_types.types(desk, words, profiles)
    if types is not None:
        profiles, facts["fields"] = types.profiles(profiles), types.fields
        words["fields"] = types.node
    if desk.direction == "in":
        tests = (*facts["only"], *facts["skip"])
        node = words.get("pick")
        facts["pick"] = check_items.picks(desk, node, facts["fields"], tests)
    plan = Plan(
        name=path.name.removesuffix(".yaml").removesuffix(".yml"),
        path=path,
        title=desk.said(words.get("title"), "title"),
        direction=cast('Literal["in", "amazon", "out"]', desk.direction),
        document=document or "Article",
        fingerprint=_fingerprint(desk.used),
        heads=heads,
        profiles=profiles,
        tables=dict(desk.tables),
        **facts,
    )
    check_file.names(desk, plan, words)
    if document:  # else every name in it would be wrong
        _against_document(desk, plan, words, root.place)
    return plan if desk.found else _completed(plan)


def _likely_direction(root: Table) -> str:
    """What a mapping seems to be that does not say it."""
    words = set(root.keys())
    if "facets" in words:
        return "amazon"
    return "out" if "name" in words and "files" not in words else "in"


def _against_document(
    desk: Desk, plan: Plan, words: dict[str, Node], place: Place
) -> None:
    if plan.direction == "in" and plan.document in MADE:
        at, stated = words["document"].place, set(KINDS) - MADE - {LISTING}
        desk.unlike(plan.document, at, stated, "mapping.not_of_direction")
    if plan.direction == "in":
        check_fields.against_document(desk, plan, words, place)
        return
    if plan.direction == "amazon" and plan.document != LISTING:
        at = words["document"].place
        desk.unlike(plan.document, at, [LISTING], "mapping.not_of_direction")
        return
    check_reading.against_document(desk, plan)
    if plan.direction == "out":
        check_reading.chosen(desk, plan, words)
        check_file.written(desk, plan, words)


def _demand(desk: Desk, root: Table, words: dict[str, Node]) -> None:
    needed = ["mapping", "title", "direction", "document"]
    if check_types.SEVERAL not in words:
        needed += ["facets"] if desk.direction == "amazon" else ["fields"]
    needed += {"in": ["files"], "out": ["name"]}.get(desk.direction, [])
    for word in needed:
        if word not in words:
            desk.mistake("mapping.missing_key", root.place, word)
    version = words.get("mapping")
    if isinstance(version, Text) and version.value != VERSION:
        desk.mistake("mapping.version", version.place, version.value)


def _fingerprint(texts: Iterable[str]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for text in texts:
        digest.update(text.encode())
    return digest.hexdigest()


def _by_direction(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    if desk.direction == "amazon":
        return _amazon(desk, words)
    fields = check_rule.rules(desk, words.get("fields"), "fields")
    tests = {
        word: check_when.conditions(desk, words.get(word), word)
        for word in ("only", "skip")
    }
    if desk.direction == "out":
        fields = tuple(check_file.unfolded(desk, fields))
        choices = keywords.TOP["one_file_per"].choices
        per = desk.choice(
            words.get("one_file_per"), "one_file_per", choices, "document"
        )
        name = desk.said(words.get("name"), "name")
        said = {"fields": fields, "file_name": name, "one_file_per": per}
        return said | tests
    complete, unless = _complete(desk, words.get("complete"))
    priority = desk.whole(words.get("priority"), "priority")
    if priority is not None and priority > HIGHEST:
        place = words["priority"].place
        desk.mistake("mapping.priority", place, str(priority))
    return {
        "fields": fields,
        "files": desk.texts(words.get("files"), "files"),
        "complete": complete,
        "complete_unless": unless,
        "priority": 5 if priority is None else min(priority, 9),
        "as_of": _ages(desk, words.get("as_of")),
        "key": desk.texts(words.get("key"), "key"),
        **tests,
        "group_by": desk.texts(words.get("group_by"), "group_by"),
        "each": desk.texts(words.get("each"), "each"),
    }


def _amazon(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    table = desk.table(words.get("facets"), "facets")
    if table is not None and not table.entries:
        desk.mistake("mapping.nothing_said", table.place, "facets")
    facets: dict[str, tuple[Rule, ...]] = {}
    for key, node in table.entries if table else ():
        if key.value not in FACETS:
            desk.unknown(key, FACETS, "mapping.unknown_facet")
            continue
        facets[key.value] = check_rule.rules(desk, node, key.value)
    kind = words.get("product_type")
    name = "product_type"
    return {
        "facets": facets,
        name: check_rule.rule(desk, Text(name, kind.place), kind)
        if kind is not None
        else None,
    }


def _complete(desk: Desk, node: Node | None) -> tuple[bool, str]:
    if not isinstance(node, Table):
        return desk.flag(node, "complete", default=False), ""
    words = desk.closed(
        node, "complete", ["unless_name"], "mapping.unknown_key"
    )
    return True, desk.said(words.get("unless_name"), "unless_name")


def _ages(desk: Desk, node: Node | None) -> tuple[AsOf, ...]:
    if node is None:
        return DEFAULT_AGE
    parts = node.nodes if isinstance(node, Items) else (node,)
    if not parts:
        desk.mistake("mapping.nothing_said", node.place, "as_of")
    return tuple(age for part in parts for age in _age(desk, part))


def _age(desk: Desk, node: Node) -> list[AsOf]:
    if isinstance(node, Text):
        desk.choice(node, "as_of", ["mtime"])
        return [AsOf("mtime")]
    words = desk.closed(node, "as_of", AGES, "mapping.unknown_key")
    made = []
    for word, value in words.items():
        source = cast('Literal["from", "head", "name"]', word)
        text = desk.said(value, word)
        made.append(AsOf(source, text))
        if text and word == "name":
            known = check_forms.NAME_DIRECTIVES
            check_forms.date_form(desk, text, value.place, known)
    return made


def _completed(plan: Plan) -> Plan:
    """The plan with what follows from its fields: lists and must-haves."""
    if plan.direction != "in":
        return plan
    fields = check_fields.with_types(plan.fields, plan.kind.fields)
    whole = replace(plan, fields=fields)
    lists, reads = items.lists(whole), items.reads(whole)
    required = frozenset(
        rule.names[0]
        for rule in fields
        if rule.required
        and rule.source == "from"
        and len(rule.names) == 1
        and not rule.when
    )
    profiles = {
        name: replace(
            profile,
            lists=lists,
            reads=reads,
            required=frozenset(
                column for column in required if column not in profile.head
            ),
        )
        for name, profile in plan.profiles.items()
    }
    return replace(plan, fields=fields, profiles=profiles)
