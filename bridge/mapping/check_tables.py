"""Translation tables: written in the mapping, or in a csv beside it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.notation import Table
    from bridge.mapping.words import Desk

FILE_WORDS = ("file", "key", "value")


def tables(desk: Desk, node: Node | None) -> dict[str, dict[str, str]]:
    """Every table by its name; a broken one is empty."""
    table = desk.table(node, "tables")
    made: dict[str, dict[str, str]] = {}
    for key, value in table.entries if table else ():
        inner = desk.table(value, key.value)
        if inner is None:
            made[key.value] = {}  # so that what looks it up is not blamed
        elif "file" in set(inner.keys()):
            made[key.value] = _file_table(desk, inner)
        else:
            made[key.value] = pairs(desk, inner, key.value)
    return made


def pairs(desk: Desk, node: Node | None, word: str) -> dict[str, str]:
    """A table of texts; it must hold one at least."""
    table = desk.table(node, word)
    if table is None:
        return {}
    if not table.entries:
        desk.mistake("mapping.nothing_said", table.place, word)
    return {
        key.value: desk.text(value, key.value) for key, value in table.entries
    }


def _file_table(desk: Desk, table: Table) -> dict[str, str]:
    words = desk.closed(table, "tables", FILE_WORDS, "mapping.unknown_key")
    for word in FILE_WORDS:
        if word not in words:
            desk.mistake("mapping.table_misses", table.place, word)
    name, key, value = (
        desk.said(words.get(word), word) for word in FILE_WORDS
    )
    if not (name and key and value):
        return {}
    place = words["file"].place
    text = _content(desk, place, name)
    if text is None:
        return {}
    desk.used.append(text)
    rows = csv.DictReader(
        text.splitlines(keepends=True), delimiter=";", strict=True
    )
    try:
        columns = list(rows.fieldnames or ())
        missed = [
            _misses(desk, words[word], column, columns, name)
            for word, column in (("key", key), ("value", value))
        ]
        if any(missed):
            return {}
        return {
            row[key].strip(): row[value].strip()
            for row in rows
            if row[key] and row[value]
        }
    except csv.Error as error:
        desk.mistake("mapping.bad_table", place, name, problem=str(error))
        return {}


def _content(desk: Desk, place: Place, name: str) -> str | None:
    here = not set(name) & {"/", "\\"}  # a table lies in mappings/ itself
    found = (f / name for f in desk.folders if here and (f / name).is_file())
    path = next(found, None)
    if path is None:
        known = {
            item.name for f in desk.folders if here for item in f.glob("*.csv")
        }
        desk.unlike(name, place, known, "mapping.no_such_table")
        return None
    content = path.read_bytes()
    if content.startswith(b"PK"):
        desk.mistake("mapping.table_is_workbook", place, name)
        return None
    return _text(content)


def _misses(
    desk: Desk, node: Node, column: str, columns: list[str], name: str
) -> bool:
    if column in columns:
        return False
    desk.mistake(
        "mapping.no_such_column",
        node.place,
        column,
        file=name,
        known=", ".join(columns),
    )
    return True


def _text(content: bytes) -> str:
    """A table a person keeps in Excel: UTF-8 with BOM, or Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", errors="replace")
