"""From the words of ``formats`` to profiles and heads."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from bridge.mapping import check_forms
from bridge.mapping import check_rule
from bridge.mapping import check_spans
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


TABULAR = ("csv", "txt", "xlsx")
#: Words that say something of some formats only.
OF_FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delimiter": ("csv", "txt"),
        **dict.fromkeys(("header", "columns", "rows"), TABULAR),
        **dict.fromkeys(("layout", "count"), ("txt",)),
        "short": ("csv", "txt"),
        **dict.fromkeys(("record", "head"), ("xml", "json")),
        **dict.fromkeys(("root", "attributes", "namespaces", "xsd"), ("xml",)),
        "sheet": ("xlsx",),
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
        words = _block(desk, name, block)
        made[name] = _profile(desk, name, words, made)
        _paths(desk, made[name], words, key)
        heads[name] = _head(desk, words)
    if not made and not table.entries:
        desk.mistake("mapping.nothing_said", table.place, "formats")
    return made, heads


def _format(name: str) -> Format:
    return cast("Format", name)


def _block(desk: Desk, name: Format, node: Node) -> dict[str, Node]:
    table = desk.table(node, name)
    if table is None:
        return {}
    words = desk.allowed(table, keywords.FORMAT, "mapping.unknown_setting")
    for key, _ in table.entries:
        formats = OF_FORMATS.get(key.value, (name,))
        if key.value in words and name not in formats:
            desk.mistake(
                "mapping.not_of_format",
                key.place,
                key.value,
                format=name,
                known=", ".join(formats),
            )
    return words


def _paths(
    desk: Desk, profile: Profile, words: dict[str, Node], key: Text
) -> None:
    """Where the records are, and names for columns without a header."""
    broken = not isinstance(words.get("record", key), Text)
    if profile.format == "xml" and not profile.record and not broken:
        desk.mistake("mapping.no_record", key.place, key.value)
    if profile.format == "xml" and desk.direction == "in":
        head = words.get("head")
        inner = [n for _, n in head.entries] if isinstance(head, Table) else []
        for node in (words.get("record"), *inner):
            if isinstance(node, Text):
                check_forms.path(desk, node, profile.namespaces)
    # What fixed width and several types of lines lack is told elsewhere.
    if (
        desk.direction == "in"
        and not desk.several
        and profile.format in TABULAR
        and "layout" not in words
    ):
        _header_or_columns(desk, profile, words, key)


def _header_or_columns(
    desk: Desk, profile: Profile, words: dict[str, Node], key: Text
) -> None:
    if not profile.header and not profile.columns:
        place = words["header"].place if "header" in words else key.place
        desk.mistake("mapping.no_columns", place, key.value)
    if profile.header and "columns" in words:
        place = words["columns"].place
        desk.mistake("mapping.idle", place, "columns", outer="header: true")


def _head(desk: Desk, words: dict[str, Node]) -> tuple[Rule, ...]:
    if desk.direction == "in":
        return ()
    given = [word for word in ("head", "attributes") if word in words]
    for word in given[1:]:
        place = words[word].place
        desk.mistake("mapping.idle", place, word, outer=given[0])
    for word in given[:1]:
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
        choice = _like(desk, words["like"], earlier)
        if choice:
            start = replace(earlier[cast("Format", choice)], format=name)
            if name == "txt":
                start = replace(start, delimiter="\t")
    return replace(start, **_facts(desk, words))


def _like(desk: Desk, node: Node, earlier: Mapping[Format, Profile]) -> str:
    """The block above that another one starts from."""
    name = desk.said(node, "like")
    if name and name not in earlier:
        desk.unlike(name, node.place, earlier, "mapping.unknown_block")
    return name if name in earlier else ""


def _facts(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    fixed = check_spans.facts(desk, words)
    facts = {
        word: read(desk, words[word], word)
        for word, read in _READ.items()
        if word in words and word not in fixed
    }
    return facts | _tables(desk, words) | fixed


def _tables(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for word in ("namespaces", "head"):
        if word not in words or (word == "head" and desk.direction == "out"):
            continue
        table = desk.table(words[word], word) or Table((), words[word].place)
        facts[word] = {
            key.value: desk.said(node, key.value)
            for key, node in table.entries
        }
    return facts


def _choice(desk: Desk, node: Node, word: str) -> str:
    choices = keywords.FORMAT[word].choices
    return desk.choice(node, word, choices, choices[0])


def _form(desk: Desk, node: Node, word: str) -> str:
    """The form of a date; empty means ISO 8601."""
    form = desk.text(node, word)
    if form and desk.direction == "in":
        check_forms.whole_form(desk, form, node.place)
    elif form:
        check_forms.date_form(desk, form, node.place, check_forms.DIRECTIVES)
    return form


def _delimiter(desk: Desk, node: Node, word: str) -> str:
    sign = desk.text(node, word)
    if isinstance(node, Text) and (len(sign) != 1 or sign in '"\r\n'):
        desk.mistake("mapping.one_sign", node.place, sign)
        return ";"
    return sign or ";"


def columns(desk: Desk, node: Node, word: str) -> tuple[str, ...]:
    """The names of cells, none of them twice."""
    names = desk.texts(node, word)
    for name in sorted({name for name in names if names.count(name) > 1}):
        desk.mistake("mapping.doubled_column", node.place, name)
    return names


def _header(desk: Desk, node: Node, word: str) -> bool:
    return desk.flag(node, word, default=True)


def _sheet(desk: Desk, node: Node, word: str) -> int | str:
    sheet = desk.said(node, word)
    if not sheet.isdecimal():
        return sheet
    if not int(sheet):
        desk.mistake("mapping.not_zero", node.place, word)
    return int(sheet)


def _encoding(desk: Desk, node: Node, word: str) -> str:
    name = desk.text(node, word)
    try:
        "".encode(name)
    except (LookupError, ValueError):
        known = ("windows-1252", "iso-8859-1", "utf-8")
        desk.unlike(name, node.place, known, "mapping.unknown_encoding")
        return "utf-8"
    return name


def _schema(desk: Desk, node: Node, word: str) -> Path | None:
    name = desk.said(node, word)
    places = [
        path
        for folder in desk.folders
        for path in (folder / name, folder.parent / "xsd" / name)
    ]
    for path in places:
        if name and path.is_file():
            desk.used.append(path.read_text("utf-8", errors="replace"))
            return path
    if name:
        near = {
            item.name for path in places for item in path.parent.glob("*.xsd")
        }
        desk.unlike(name, node.place, near, "mapping.no_such_schema")
    return None


def _text(desk: Desk, node: Node, word: str) -> str:
    return desk.said(node, word)


_READ: Mapping[str, Callable[[Desk, Node, str], Any]] = MappingProxyType(
    {
        "decimal": _choice,
        "boolean": _choice,
        "short": _choice,
        "encoding": _encoding,
        "header": _header,
        "columns": columns,
        "sheet": _sheet,
        "xsd": _schema,
        "delimiter": _delimiter,
        "date": _form,
        "datetime": _form,
        **dict.fromkeys(("record", "root", "rows"), _text),
    }
)
