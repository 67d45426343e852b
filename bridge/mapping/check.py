"""A mapping file becomes a plan, or a list of every mistake in it."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import cast

from bridge.mapping import check_fields
from bridge.mapping import check_format
from bridge.mapping import check_rule
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
    from bridge.model.record import Format
    from bridge.model.record import Profile

VERSION = "1"
HIGHEST = 9  # priority
FACETS = ("stock", "price", "content", "relations", "media")
FIRST = Place(1, 1)
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
        root.get("direction"), vocabulary.DIRECTIONS, "in"
    )
    words = desk.allowed(root, keywords.TOP, "mapping.unknown_key")
    _demand(desk, root, words)
    desk.tables.update(_tables(desk, words.get("tables")))
    document = desk.choice(words.get("document"), KINDS, "Article")
    profiles, heads = check_format.profiles(desk, words.get("formats"))
    facts = _by_direction(desk, words)
    plan = Plan(
        name=path.name.removesuffix(".yaml").removesuffix(".yml"),
        path=path,
        title=desk.text(words.get("title"), "title"),
        direction=cast('Literal["in", "amazon", "out"]', desk.direction),
        document=document,
        fingerprint=_fingerprint(desk.used),
        heads=heads,
        profiles=profiles,
        **facts,
    )
    check_fields.against_document(desk, plan)
    return replace(plan, profiles=_completed(plan, profiles))


def _demand(desk: Desk, root: Table, words: dict[str, Node]) -> None:
    needed = ["mapping", "title", "direction", "document"]
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
    if desk.direction == "out":
        choices = keywords.TOP["one_file_per"].choices
        per = desk.choice(words.get("one_file_per"), choices, "document")
        name = desk.text(words.get("name"), "name")
        return {"fields": fields, "file_name": name, "one_file_per": per}
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
        "only": check_rule.conditions(desk, words.get("only")),
        "skip": check_rule.conditions(desk, words.get("skip")),
        "group_by": desk.texts(words.get("group_by"), "group_by"),
    }


def _amazon(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    table = desk.table(words.get("facets"), "facets")
    facets: dict[str, tuple[Rule, ...]] = {}
    for key, node in table.entries if table else ():
        if key.value not in FACETS:
            desk.unknown(key, FACETS, "mapping.unknown_facet")
            continue
        facets[key.value] = check_rule.rules(desk, node, key.value)
    kind = words.get("product_type")
    return {
        "facets": facets,
        "product_type": check_rule.rule(desk, "product_type", kind)
        if kind is not None
        else None,
    }


def _complete(desk: Desk, node: Node | None) -> tuple[bool, str]:
    if isinstance(node, Table):
        for key, _ in node.entries:
            if key.value != "unless_name":
                desk.unknown(key, ["unless_name"], "mapping.unknown_key")
        return True, desk.text(node.get("unless_name"), "unless_name")
    return desk.flag(node, "complete", default=False), ""


def _ages(desk: Desk, node: Node | None) -> tuple[AsOf, ...]:
    if node is None:
        return DEFAULT_AGE
    parts = node.nodes if isinstance(node, Items) else (node,)
    return tuple(age for part in parts for age in _age(desk, part))


def _age(desk: Desk, node: Node) -> list[AsOf]:
    if isinstance(node, Text):
        desk.choice(node, ["mtime"], "")
        return [AsOf("mtime")]
    table = desk.table(node, "as_of")
    made = []
    for key, value in table.entries if table else ():
        kinds = ("from", "head", "name")
        if key.value in kinds:
            source = cast('Literal["from", "head", "name"]', key.value)
            made.append(AsOf(source, desk.text(value, key.value)))
        else:
            desk.unknown(key, kinds, "mapping.unknown_key")
    return made


def _tables(desk: Desk, node: Node | None) -> dict[str, dict[str, str]]:
    table = desk.table(node, "tables")
    made = {}
    for key, value in table.entries if table else ():
        inner = desk.table(value, key.value)
        if inner is not None and "file" in set(inner.keys()):
            made[key.value] = _file_table(desk, inner)
        elif inner is not None:
            made[key.value] = {
                name.value: desk.text(item, name.value)
                for name, item in inner.entries
            }
    return made


def _file_table(desk: Desk, words: Table) -> dict[str, str]:
    name, key, value = (
        desk.text(words.get(word), word) for word in ("file", "key", "value")
    )
    here = not set(name) & {"/", "\\"}  # a table lies in mappings/ itself
    found = (f / name for f in desk.folders if here and (f / name).is_file())
    path = next(found, None)
    if path is None:
        desk.mistake("mapping.no_such_table", words.place, name)
        return {}
    text = _table_text(path.read_bytes())
    desk.used.append(text)
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    columns = rows.fieldnames or []
    for column in (key, value):
        if column not in columns:
            desk.mistake(
                "mapping.no_such_column",
                words.place,
                column,
                file=name,
                known=", ".join(columns),
            )
            return {}
    return {
        row[key].strip(): row[value].strip()
        for row in rows
        if row[key] and row[value]
    }


def _table_text(content: bytes) -> str:
    """A table a person keeps in Excel: UTF-8 with BOM, or Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", errors="replace")


def _completed(
    plan: Plan, profiles: dict[Format, Profile]
) -> dict[Format, Profile]:
    """Profiles with what follows from the fields: lists and must-haves."""
    if plan.direction != "in":
        return profiles
    lists = frozenset(_lists(plan.fields))
    required = frozenset(
        rule.names[0]
        for rule in plan.fields
        if rule.required
        and rule.source == "from"
        and len(rule.names) == 1
        and not rule.when
    )
    return {
        name: replace(
            profile,
            lists=lists,
            required=frozenset(
                column for column in required if column not in profile.head
            ),
        )
        for name, profile in profiles.items()
    }


def _lists(fields: Iterable[Rule]) -> Iterable[str]:
    for rule in fields:
        if rule.source == "each" or rule.type == "list":
            yield from rule.names
            for name in rule.names:
                for inner in _lists(rule.fields):
                    yield f"{name}/{inner}"
