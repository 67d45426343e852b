"""Names of files: which are not ours yet, and which are safe to give."""

from __future__ import annotations

import os
import re
import unicodedata

NOT_YET = (".tmp", ".part", ".filepart", ".crdownload", ".protokoll.csv")
MOST_CHARACTERS = 150
MOST_BYTES = 200  # of 255, leaves room for "<id>_" and ".protokoll.csv"
MOST_SUFFIX = 20  # characters; what is longer is no extension

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # Windows; ":" hides a stream
_EDGES = re.compile(r"^[\s.]+|[\s.]+$")  # hide a name, or Windows drops them
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])"
    r" *(\..*)?",
    re.IGNORECASE | re.DOTALL,
)
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, bidi, surrogates


def ignored(name: str) -> bool:
    """Whether a file of this bare name is hidden or still being made."""
    lowered = name.lower()
    return lowered.startswith((".", "~$")) or lowered.endswith(NOT_YET)


def readable(name: str) -> str:
    """The name as NFC text; bytes that are not UTF-8 are read as cp1252."""
    if name.isascii():
        return name
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", name)


def safe_name(name: str) -> str:
    """The bare name a file gets in archive and quarantine.

    Umlauts stay; what a screen does not show is left out; what Windows
    forbids becomes ``_``. At most 150 characters and 200 bytes, the
    extension kept. A safe name is its own safe name.

    Args:
        name: A bare name, or a path below the inbox.
    """
    return _shortened(cleaned(name))


def allowed(name: str) -> bool:
    """Whether a file that goes out may be called exactly so."""
    return readable(name) == cleaned(name)


def cleaned(name: str) -> str:
    """The bare name without what no file may be called; of any length."""
    shown = "".join(
        character
        for character in readable(name)
        if unicodedata.category(character) not in _INVISIBLE
    )
    bare = _EDGES.sub("", _FORBIDDEN.sub("_", shown))
    bare = f"_{bare}" if _DEVICE.fullmatch(bare) else bare
    return unicodedata.normalize("NFC", bare) or "unnamed"


def _shortened(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > MOST_SUFFIX:
        stem, dot, suffix = name, "", ""
    tail = dot + suffix
    stem = stem[: MOST_CHARACTERS - len(tail)]
    room = MOST_BYTES - len(tail.encode())
    stem = stem.encode()[:room].decode(errors="ignore")
    return stem + tail if tail else _EDGES.sub("", stem)
