"""Texts broken into lines that fit."""

from __future__ import annotations

from functools import lru_cache

from bridge.pdf.faces import width

KEPT = 1_000
JOINTS = "/\u00a0-"  # where a word that is too long is broken first


@lru_cache(KEPT)
def broken(text: str, face: str, size: float, wide: float) -> tuple[str, ...]:
    """The lines of a text, each at most so wide.

    Args:
        text: Its own line breaks are kept; what has none and is longer than
            a line is cut, behind a hyphen if it has one.
        face: One of ``faces``.
        size: Points.
        wide: Points.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _filled(paragraph, face, size, wide)
    return tuple(lines)


def _filled(text: str, face: str, size: float, wide: float) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, face, size) <= wide:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _cut(word, face, size, wide)
        lines += whole
    return [*lines, line]


def _cut(word: str, face: str, size: float, wide: float) -> list[str]:
    """The pieces of a word; most words are one."""
    pieces = []
    while width(word, face, size) > wide and len(word) > 1:
        end = _joint(word, _fitting(word, face, size, wide))
        pieces.append(word[:end].rstrip())
        word = word[end:]
    return [*pieces, word]


def _joint(word: str, end: int) -> int:
    """The last hyphen that fits, if a word has one: it is broken there."""
    return max(map(word[:end].rfind, JOINTS)) + 1 or end


def _fitting(word: str, face: str, size: float, wide: float) -> int:
    """How many signs of a word fit, one at the least."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(word[:middle], face, size) <= wide
        low, high = (middle, high) if fits else (low, middle - 1)
    return low
