"""How a line tells its type, and what the last line says of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping import check_format
from bridge.mapping import check_spans
from bridge.mapping import keywords
from bridge.mapping.families import ALL
from bridge.mapping.notation import Text
from bridge.model.record import Mark
from bridge.model.record import RecordType
from bridge.model.record import Trailer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import TypeAlias

    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.words import Desk
    from bridge.model.record import Span

    Columns: TypeAlias = tuple[str, ...]
    Known: TypeAlias = Mapping[str, Columns]

#: The ways a line may tell its type; each needs all of its words.
WAYS = (("column",), ("at", "length"), ("first", "rest"))
UNKNOWN = "mapping.unknown_type"


def mark(
    desk: Desk, words: Mapping[str, Node], known: Known, *, fixed: bool
) -> Mark:
    """How a line tells its type; an empty one if that is not well said.

    Args:
        desk: Where mistakes are noted.
        words: The words at the top of the mapping.
        known: The columns of each type.
        fixed: Whether cells stand at fixed places.
    """
    node = words.get("record_type")
    said = _closed(desk, node, "record_type")
    given = [way for way in WAYS if said.keys() & set(way)]
    if node is not None and (
        len(given) != 1 or not said.keys() >= set(given[0])
    ):
        desk.mistake("mapping.type_place", node.place, "record_type")
        return Mark()
    if "rest" in said and "trailer" in words:
        place = words["trailer"].place
        desk.mistake("mapping.idle", place, "trailer", outer="rest")
    before = len(desk.found)
    column, at, length = _places(desk, said, fixed=fixed)
    first, rest = (_end(desk, said.get(x), x, known) for x in WAYS[2])
    if len(desk.found) > before:
        return Mark()
    return Mark(
        column=column,
        at=at,
        length=length,
        first=first,
        rest=rest,
        skip=desk.texts(said.get("skip"), "skip"),
    )


def _places(
    desk: Desk, said: Mapping[str, Node], *, fixed: bool
) -> tuple[int, int, int]:
    """The cell; the place and its length in a line of fixed width."""
    for word in ("column", "at", "length"):
        if word in said and fixed is (word == "column"):
            layout = "fixed" if fixed else "delimited"
            place, outer = said[word].place, f"layout: {layout}"
            desk.mistake("mapping.idle", place, word, outer=outer)
    return (
        check_spans.counted(desk, said.get("column"), "column"),
        check_spans.counted(desk, said.get("at"), "at"),
        check_spans.counted(desk, said.get("length"), "length"),
    )


def _end(desk: Desk, node: Node | None, word: str, known: Known) -> str:
    """The type of the first line, or that of all others."""
    name = desk.said(node, word)
    if node is not None and name and name not in known:
        desk.unlike(name, node.place, known, UNKNOWN)
    return name


def trailer(
    desk: Desk, words: Mapping[str, Node], known: Known, *, fixed: bool
) -> tuple[Trailer | None, RecordType | None]:
    """What the last line says, and how it looks; nothing if there is none.

    The arguments are those of ``mark``.
    """
    node = words.get("trailer")
    if node is None:
        return None, None
    words = _closed(desk, node, "trailer")
    kind = words.get("type")
    if kind is None:
        desk.mistake("mapping.missing_key", node.place, "type")
    name = desk.said(kind, "type")
    if kind is not None and name in known:
        desk.mistake("mapping.doubled_column", kind.place, name)
    names, spans = columns(desk, words, node.place, fixed=fixed)
    if not words.keys() & {"count", "sum"}:
        desk.mistake("mapping.nothing_said", node.place, "count")
    counted = _counts(desk, words.get("count"), names, known)
    cells = {column for own in known.values() for column in own}
    added = _pairs(desk, words.get("sum"), "sum", names)
    for own in added.values():
        _among(desk, own, cells)
    summed = {word.value: own.value for word, own in added.items()}
    return (
        Trailer(type=name, count=counted, sum=summed),
        RecordType(name=name, columns=names, spans=spans),
    )


def columns(
    desk: Desk, words: Mapping[str, Node], place: Place, *, fixed: bool
) -> tuple[Columns, tuple[Span, ...]]:
    """The columns of a type, and where they stand in fixed width.

    Args:
        desk: Where mistakes are noted.
        words: What is said of the type.
        place: Where ``columns`` is missed.
        fixed: Whether cells stand at fixed places.
    """
    node = words.get("columns")
    if node is None:
        desk.mistake("mapping.missing_key", place, "columns")
        return (), ()
    if not fixed:
        return check_format.columns(desk, node, "columns"), ()
    spans = check_spans.spans(desk, node, node.place)
    return tuple(span.name for span in spans), spans


def _closed(desk: Desk, node: Node | None, word: str) -> dict[str, Node]:
    known = {"trailer": keywords.TRAILER, "record_type": keywords.RECORD_TYPE}
    return desk.closed(node, word, known[word], "mapping.unknown_setting")


def _counts(
    desk: Desk,
    node: Node | None,
    columns: Columns,
    known: Known,
) -> dict[str, str]:
    """What is counted, by the trailer's columns."""
    if isinstance(node, Text):
        _among(desk, node, columns)
        return {node.value: ALL}
    pairs = _pairs(desk, node, "count", columns)
    for kind in pairs.values():
        if kind.value not in known:
            desk.unknown(kind, known, UNKNOWN)
    return {word.value: kind.value for word, kind in pairs.items()}


def _pairs(
    desk: Desk, node: Node | None, word: str, columns: Iterable[str]
) -> dict[Text, Text]:
    """Columns of the trailer and what they say something of."""
    table = desk.table(node, word)
    pairs: dict[Text, Text] = {}
    for key, value in table.entries if table else ():
        _among(desk, key, columns)
        if isinstance(value, Text) and desk.said(value, word):
            pairs[key] = value
        else:
            desk.text(value, key.value)
    return pairs


def _among(desk: Desk, word: Text, columns: Iterable[str]) -> None:
    if word.value not in set(columns):
        desk.unknown(word, columns, "mapping.no_column")
