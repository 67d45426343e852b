"""From the words of ``formats`` to profiles and heads."""

from __future__ import annotations

import codecs
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from bridge.mapping import check_rule
from bridge.mapping import keywords
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.model.record import FORMATS
from bridge.model.record import Profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.mapping.notation import Node
    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk
    from bridge.model.record import Format

#: What Sage's own exports look like; a block only says what differs.
HOUSE: Mapping[Format, Profile] = MappingProxyType(
    {
        "csv": Profile(
            format="csv",
            encoding="windows-1252",
            decimal=",",
            date="%d.%m.%Y",
            datetime="%d.%m.%Y %H:%M:%S",
            boolean="sage",
        ),
        "txt": Profile(
            format="txt",
            encoding="windows-1252",
            delimiter="\t",
            decimal=",",
            date="%d.%m.%Y",
            datetime="%d.%m.%Y %H:%M:%S",
            boolean="sage",
        ),
        "xml": Profile(format="xml"),
        "json": Profile(format="json"),
        "xlsx": Profile(
            format="xlsx",
            decimal=",",
            date="%d.%m.%Y",
            datetime="%d.%m.%Y %H:%M:%S",
            boolean="sage",
        ),
    }
)


def profiles(
    desk: Desk, node: Node | None
) -> tuple[dict[Format, Profile], dict[Format, tuple[Rule, ...]]]:
    """The profile of each format the mapping speaks, and written heads.

    Without ``formats`` a mapping reads csv, txt and xlsx as Sage writes
    them; xml and json need at least to say where their records are.
    """
    made: dict[Format, Profile] = {}
    heads: dict[Format, tuple[Rule, ...]] = {}
    table = desk.table(node, "formats")
    if table is None:
        return {name: HOUSE[name] for name in ("csv", "txt", "xlsx")}, {}
    for key, block in table.entries:
        if key.value not in FORMATS:
            desk.unknown(key, FORMATS, "mapping.unknown_format")
            continue
        name = _format(key.value)
        words = _block(desk, block)
        made[name] = _profile(desk, name, words, made)
        if name == "xml" and not made[name].record:
            desk.mistake("mapping.no_record", key.place, name)
        heads[name] = _head(desk, words)
    return made, heads


def _format(name: str) -> Format:
    return cast("Format", name)


def _block(desk: Desk, node: Node) -> dict[str, Node]:
    table = desk.table(node, "formats")
    if table is None:
        return {}
    return desk.allowed(table, keywords.FORMAT, "mapping.unknown_setting")


def _head(desk: Desk, words: dict[str, Node]) -> tuple[Rule, ...]:
    if desk.direction == "in":
        return ()
    for word in ("head", "attributes"):
        if word in words:
            return check_rule.rules(desk, words[word], word)
    return ()


def _profile(
    desk: Desk,
    name: Format,
    words: dict[str, Node],
    earlier: Mapping[Format, Profile],
) -> Profile:
    start = HOUSE[name]
    if "like" in words:
        choice = desk.choice(words["like"], earlier, "")
        if choice:
            start = replace(earlier[cast("Format", choice)], format=name)
            if name == "txt":
                start = replace(start, delimiter="\t")
    return replace(start, **_facts(desk, words))


def _facts(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    facts = {
        word: read(desk, words[word], word)
        for word, read in _READ.items()
        if word in words
    }
    return facts | _tables(desk, words)


def _tables(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for word in ("namespaces", "head"):
        if word not in words or (word == "head" and desk.direction == "out"):
            continue
        table = desk.table(words[word], word) or Table((), words[word].place)
        facts[word] = {
            key.value: desk.text(node, key.value)
            for key, node in table.entries
        }
    return facts


def _choice(desk: Desk, node: Node, word: str) -> str:
    choices = keywords.FORMAT[word].choices
    return desk.choice(node, choices, choices[0])


def _text(desk: Desk, node: Node, word: str) -> str:
    return desk.text(node, word)


def _delimiter(desk: Desk, node: Node, word: str) -> str:
    sign = desk.text(node, word)
    if len(sign) != 1:
        desk.mistake("mapping.one_sign", node.place, sign)
        return ";"
    return sign


def _columns(desk: Desk, node: Node, word: str) -> tuple[str, ...]:
    return desk.texts(node, word)


def _header(desk: Desk, node: Node, word: str) -> bool:
    return desk.flag(node, word, default=True)


def _sheet(desk: Desk, node: Node, word: str) -> int | str:
    sheet = desk.text(node, word)
    return int(sheet) if sheet.isdigit() else sheet


def _encoding(desk: Desk, node: Node, word: str) -> str:
    name = desk.text(node, word)
    try:
        codecs.lookup(name)
    except LookupError:
        desk.mistake("mapping.unknown_encoding", node.place, name)
        return "utf-8"
    return name


def _schema(desk: Desk, node: Node, word: str) -> Path | None:
    name = desk.text(node, word)
    for folder in desk.folders:
        for path in (folder / name, folder.parent / "xsd" / name):
            if path.is_file():
                desk.used.append(path.read_text("utf-8"))
                return path
    if isinstance(node, Text):
        desk.mistake("mapping.no_such_schema", node.place, name)
    return None


_READ: Mapping[str, Callable[[Desk, Node, str], Any]] = MappingProxyType(
    {
        "decimal": _choice,
        "boolean": _choice,
        "encoding": _encoding,
        "header": _header,
        "columns": _columns,
        "sheet": _sheet,
        "xsd": _schema,
        "delimiter": _delimiter,
        **dict.fromkeys(("date", "datetime", "record", "root", "rows"), _text),
    }
)
