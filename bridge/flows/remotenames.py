"""Names at partners: bytes of a stranger, until they are judged."""

from __future__ import annotations

import secrets
import unicodedata
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bridge.model.filenames import ignored
from bridge.model.filenames import readable
from bridge.model.filenames import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 255  # bytes; no disk takes more
MOST_DRAFT = 50  # signs of a name that a draft shows
PATHS = frozenset({".", ".."})
SEPARATORS = frozenset("/\\")
ANSWERS = (OK, FAULTS) = (".ok", ".fehler.csv")


def shown(wire: bytes) -> str:
    """A name as a person reads it; what is not UTF-8 is read as cp1252."""
    try:
        return readable(wire.decode())
    except UnicodeDecodeError:
        return readable(wire.decode("cp1252", errors="replace"))


def hostile(wire: bytes) -> bool:
    """Whether a name is a path, or holds what no name should hold."""
    name = shown(wire)
    return (
        not 0 < len(wire) <= LONGEST
        or name in PATHS
        or any(
            sign in SEPARATORS or unicodedata.category(sign) == "Cc"
            for sign in name
        )
    )


def local(wire: bytes) -> str:
    """What a file is called here: safe on every disk."""
    return safe_name(shown(wire))


def wanted(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is finished and matches one of the patterns."""
    plain = _plain(name)
    return not ignored(name) and any(
        fnmatchcase(plain, _plain(pattern)) for pattern in patterns
    )


def draft(name: str) -> str:
    """A name nobody reads, never the same again: for one file only."""
    return f".{name[:MOST_DRAFT]}.{secrets.token_hex(4)}.part"


def answers_of(name: str) -> tuple[str, ...]:
    """What the answers to the file of an answer may be called."""
    ending = next(one for one in ANSWERS if name.endswith(one))
    return tuple(name.removesuffix(ending) + one for one in ANSWERS)


def is_answer(name: str) -> bool:
    """Whether a file is one of our own receipts."""
    return name.casefold().endswith(ANSWERS)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
