"""From the words of a fixed-width block to the places of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping import keywords
from bridge.mapping.notation import Items
from bridge.mapping.notation import Text
from bridge.model.record import Span

if TYPE_CHECKING:
    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.words import Desk

WORDS = ("name", "at", "length", "align", "pad", "implied")
NEEDED = ("name", "at", "length")
ONLY_FIXED = ("count",)


def facts(desk: Desk, words: dict[str, Node]) -> dict[str, Any]:
    """What a block says of fixed width; nothing if it is not of that kind."""
    choices = keywords.FORMAT["layout"].choices
    layout = desk.choice(words.get("layout"), "layout", choices)
    if layout != "fixed":
        for word in ONLY_FIXED:
            if word in words:
                place = words[word].place
                desk.mistake(
                    "mapping.idle", place, word, outer="layout: delimited"
                )
        return {}
    for word in ("delimiter",) if desk.several else ("delimiter", "header"):
        if word in words:
            place = words[word].place
            desk.mistake("mapping.idle", place, word, outer="layout: fixed")
    found: dict[str, Any] = {
        word: desk.choice(words[word], word, keywords.FORMAT[word].choices)
        for word in ONLY_FIXED
        if word in words
    }
    if desk.several:  # each type of lines has columns of its own
        return found
    made = spans(desk, words.get("columns"), words["layout"].place)
    names = tuple(span.name for span in made)
    return found | {"spans": made, "columns": names, "header": False}


def spans(desk: Desk, node: Node | None, place: Place) -> tuple[Span, ...]:
    """The columns of a line.

    Args:
        desk: Where mistakes are noted.
        node: What stands right of ``columns``.
        place: Where it is missed.
    """
    if not isinstance(node, Items) or not node.nodes:
        place = place if node is None else node.place
        desk.mistake("mapping.spans_expected", place, "columns")
        return ()
    made: list[Span] = []
    for item in node.nodes:
        span = _span(desk, item)
        if span is None:
            continue
        if span.name in {known.name for known in made}:
            desk.mistake("mapping.doubled_column", item.place, span.name)
        made.append(span)
    return tuple(made)


def _span(desk: Desk, node: Node) -> Span | None:
    if isinstance(node, Text):
        desk.mistake("mapping.spans_expected", node.place, node.value)
        return None
    words = desk.closed(node, "columns", WORDS, "mapping.unknown_setting")
    for word in NEEDED:
        if word not in words:
            desk.mistake("mapping.span_misses", node.place, word)
    name = desk.said(words.get("name"), "name")
    places = [counted(desk, words.get(word), word) for word in NEEDED[1:]]
    pad = desk.text(words.get("pad"), "pad") if "pad" in words else " "
    if len(pad) != 1:
        desk.mistake("mapping.one_sign", words["pad"].place, pad)
        pad = " "
    if not name or not all(places):
        return None
    align = desk.choice(words.get("align"), "align", ("left", "right"), "left")
    return Span(
        name=name,
        at=places[0],
        length=places[1],
        align="right" if align == "right" else "left",
        pad=pad,
        implied=desk.whole(words.get("implied"), "implied") or 0,
    )


def counted(desk: Desk, node: Node | None, word: str) -> int:
    """A number counted from 1; 0 if none is given."""
    number = desk.whole(node, word)
    if number == 0 and node is not None:
        desk.mistake("mapping.not_zero", node.place, word)
    return number or 0
