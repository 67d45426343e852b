"""Signs that no face of a letter has: emoji, Arabic, and what cannot be seen.

A face without a sign prints an empty box and says nothing; so they are looked
for before. Scripts written from the right would be printed backwards.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

INSTEAD = "?"
BREAK = "\n"
FROM_THE_RIGHT = frozenset({"R", "AL", "AN"})
UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me", "Co", "Cn"})


def settable(glyphs: Iterable[int]) -> frozenset[str]:
    """The signs that faces with these glyphs can set in a line."""
    return frozenset({BREAK}) | {
        chr(point)
        for point in glyphs
        if unicodedata.bidirectional(chr(point)) not in FROM_THE_RIGHT
        and unicodedata.category(chr(point)) not in UNSEEN
    }


def plain(text: str, known: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """A text as a face can set it.

    Args:
        text: Any.
        known: What ``settable`` says.

    Returns:
        The text, and the signs that stand as ``?`` in it now. What cannot
        be seen is left out without a word.
    """
    if known.issuperset(text):
        return text, ()
    tidy = text.replace("\r\n", BREAK).replace("\r", BREAK).replace("\t", " ")
    tidy = unicodedata.normalize("NFC", tidy)
    odd = [sign for sign in dict.fromkeys(tidy) if _is_odd(sign, known)]
    made = "".join(
        sign if sign in known else INSTEAD if sign in odd else ""
        for sign in tidy
    )
    return made, tuple(odd)


def _is_odd(sign: str, known: frozenset[str]) -> bool:
    return sign not in known and unicodedata.category(sign) not in UNSEEN
