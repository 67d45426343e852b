"""What can be wrong with a single text, whatever the format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.formats.source import LONGEST_CELL
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.model.record import Value

# What a spreadsheet shows instead of a result, English and German.
SHEET_ERRORS = frozenset(
    {
        "#NAME?",
        "#REF!",
        "#BEZUG!",
        "#VALUE!",
        "#WERT!",
        "#DIV/0!",
        "#N/A",
        "#NV",
        "#NUM!",
        "#ZAHL!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
    }
)
REPLACEMENT = "�"

_LONGEST_QUOTE = 80  # characters of a bad value that a message shows
# The bytes 80 to BF, which follow the first byte of a pair in UTF-8, as
# Windows-1252 shows them; the five without a sign come as surrogates.
_TAIL = (
    "[\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039"
    "\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122"
    "\u0161\u203a\u0153\u017e\u0178\x80-\xbf"
    "\udc81\udc8d\udc8f\udc90\udc9d]"
)
# Ã and Â begin letters, â the typographic signs, ð the pictographs.
MOJIBAKE = re.compile(
    f"\xc3{_TAIL}|\xc2[\xa0-\xbf]|\xe2[\u20ac\u201a\u201e]{_TAIL}|\xf0\u0178"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def check(line: int, values: dict[str, Value]) -> tuple[Finding, ...]:
    """What is wrong with the texts of a record.

    Bytes that could not be decoded are replaced in ``values``, so that
    nothing behind this room meets a surrogate.
    """
    return tuple(_facts(line, values, ""))


def suspicious(text: str) -> bool:
    """Whether a closer look at some joined cells is worth its time."""
    return (
        "#" in text
        or "\0" in text
        or len(text) > LONGEST_CELL
        or not (text.isascii() or is_clean(text))
    )


def is_clean(text: str) -> bool:
    """Whether nothing begins a mojibake and every byte was decoded.

    Four searches and an encoding take a third of the time of one regular
    expression, and this meets every row with an umlaut.
    """
    if "\xc2" in text or "\xc3" in text or "\xe2" in text or "\xf0" in text:
        return False
    try:
        text.encode()  # a surrogate has no UTF-8
    except UnicodeEncodeError:
        return False
    return True


def shorten(text: str) -> str:
    """The text as a message quotes it: one line, not too long."""
    text = _SURROGATE.sub(REPLACEMENT, text[: _LONGEST_QUOTE + 1])
    tail = "…" if len(text) > _LONGEST_QUOTE else ""
    return text[:_LONGEST_QUOTE].replace("\0", "\u2400") + tail


def _facts(
    line: int, values: dict[str, Value], prefix: str
) -> Iterator[Finding]:
    for name, value in values.items():
        if isinstance(value, str):
            fact = _fact(line, prefix + name, value)
            if fact is not None:
                values[name] = _SURROGATE.sub(REPLACEMENT, value)
                yield fact
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Record):
                    yield from _facts(item.line, item.values, f"{name}/")


def _fact(line: int, name: str, text: str) -> Finding | None:
    shown = shorten(text)
    if len(text) > LONGEST_CELL:
        most = {"length": str(len(text)), "most": str(LONGEST_CELL)}
        return Finding("formats.cell_size", line, name, shown, facts=most)
    if MOJIBAKE.search(text):
        return Finding("formats.mojibake", line, name, shown)
    bad = _SURROGATE.search(text)
    if bad:
        byte = {"byte": _hex(bad.group())}
        return Finding("formats.byte", line, name, shown, facts=byte)
    if "\0" in text:
        return Finding("formats.nul", line, name, shown)
    if text in SHEET_ERRORS:
        return Finding("formats.sheet_error", line, name, text)
    return None


def _hex(surrogate: str) -> str:
    code = ord(surrogate)
    kept = 0xDC80 <= code <= 0xDCFF  # noqa: PLR2004 - PEP 383's own range
    return f"0x{code - 0xDC00:02X}" if kept else f"U+{code:04X}"
