"""Lines of xml elements where libxml2 does not know them.

It keeps a line in 16 bits: beyond line 65,535 it guesses from the texts
around. Here the text itself is read along, by its tags alone.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

KNOWN = 65535  # libxml2 is exact below

_CHUNK = 1024**2
_DECLARATION = 256  # bytes in which the declaration ends
# All that may hold a `<` that begins no tag, then the tags of one name.
# What is still open at the end of the chunk reaches to its end.
_PATTERN = r"""<(?:
      !--.*?(?:-->|\Z)
    | !\[CDATA\[.*?(?:\]\]>|\Z)
    | \?.*?(?:\?>|\Z)
    | (?P<end>/?) {prefix} {name} (?=[\s/>])
      (?: [^"'>]+ | "[^"]*(?:"|\Z) | '[^']*(?:'|\Z) )* (?P<close>>|\Z)
)"""
_PREFIX = r"(?:[^\s<>/:=]++:)?"


def is_plain(path: Path, encoding: str) -> bool:
    """Whether there are only elements and texts behind the declaration.

    Comments, CDATA and instructions would part a text from its lines.
    """
    if encoding.startswith("utf-16"):
        return False
    with path.open("rb") as file:
        rest = file.read(_DECLARATION).removeprefix(BOM_UTF8)[2:]
        while rest:
            if b"<!" in rest or b"<?" in rest:
                return False
            more = file.read(_CHUNK)
            rest = rest[-1:] + more if more else b""
    return True


def element_lines(file: TextIO, name: str) -> Iterator[int]:
    """The line where each start tag of a name ends, in order of end tags.

    That is what libxml2 takes for the line of an element.

    Args:
        file: A well-formed xml, decoded, its line ends untouched.
        name: The local name.
    """
    opened: list[int] = []
    for line, end, whole in _tags(file, name):
        if end:
            yield opened.pop()
        elif whole:
            yield line
        else:
            opened.append(line)


def _tags(file: TextIO, name: str) -> Iterator[tuple[int, bool, bool]]:
    """Line, whether an end tag, whether an empty element."""
    bare, prefixed = _compiled(name, ""), _compiled(name, _PREFIX)
    text, line = "", 1
    while chunk := file.read(_CHUNK):
        text += chunk
        # Looking for prefixes makes the whole pass three times slower.
        pattern = prefixed if f":{name}" in text else bare
        done = counted = 0
        for match in pattern.finditer(text):
            if match.end() == len(text):
                break  # perhaps cut off; seen again with the next chunk
            done = match.end()
            if match["close"]:
                line += text.count("\n", counted, done)
                counted = done
                empty = text[done - 2] == "/"
                yield line, match["end"] == "/", empty
        else:
            done = max(done, text.rfind("<"))
        match_start = _open_at(pattern, text, done)
        line += text.count("\n", counted, match_start)
        text = text[match_start:]


def _compiled(name: str, prefix: str) -> re.Pattern[str]:
    source = _PATTERN.format(name=re.escape(name), prefix=prefix)
    return re.compile(source, re.VERBOSE | re.DOTALL)


def _open_at(pattern: re.Pattern[str], text: str, done: int) -> int:
    match = pattern.search(text, done)
    return match.start() if match else done
