"""json read bit by bit: values, punctuation and the line one stands at."""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NoReturn

from bridge.formats import cells
from bridge.formats.source import DEEPEST
from bridge.formats.source import fault

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

LARGEST_VALUE = 64 * 1024**2  # characters of one record held in memory
LARGEST_EXPONENT = 400  # written out, 1e9999999 would fill the memory

_CHUNK = 1024**2
_SLACK = 16 * 1024**2  # a fault further from the end is no cut-off text
_SPACE = re.compile(r"[ \t\r\n]*")
_NEXT = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=\{)")  # another object


class Scanner:
    """A position in a json text that is read as it is needed.

    Args:
        file: The bytes; UTF-8, a BOM is skipped.
        path: Named in the faults.

    Attributes:
        kept: Where the text that is passed over goes, if it is wanted.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.kept: deque[str] | None = None
        self._file = file
        self._path = path
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._scan = _decoder().scan_once
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._end = False

    @property
    def line(self) -> int:
        """The line of the position, counted from 1."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next sign that is no blank; empty at the end."""
        while True:
            at = self._space(self._at)
            if at < len(self._text):
                self._move(at)
                return self._text[at]
            if not self._more():
                self._move(at)
                return ""

    def take(self, sign: str) -> None:
        """Step over a sign that must stand here."""
        found = self.peek()
        if found != sign:
            self.fail("wanted", wanted=sign, found=found)
        self._move(self._at + 1)

    def value(self) -> Any:  # noqa: ANN401 - whatever json holds
        """The value at the position, which moves behind it."""
        return self.raw_value()[0]

    def raw_value(self) -> tuple[Any, str]:
        """The value at the position and how it is written."""
        self.peek()
        value, end = self._decoded()
        raw = self._text[self._at : end]
        self._move(end)
        return value, raw

    def members(self) -> Iterator[str]:
        """The keys of the object here; the caller reads each value.

        Raises:
            InputError: A key stands twice.
        """
        seen: set[str] = set()
        self.take("{")
        while self.peek() != "}":
            if seen:
                self.take(",")
                self.peek()
            if self.peek() != '"':
                self.fail("wanted", wanted='"', found=self.peek())
            key = str(self.value())
            if key in seen:
                self.fail("doubled", key=key)
            seen.add(key)
            self.take(":")
            yield key
        self.take("}")

    def items(self) -> Iterator[tuple[int, Any, str]]:
        """Line, value and text of each item of the array here.

        The items themselves are not kept.
        """
        self.take("[")
        kept, self.kept = self.kept, None
        yield from self._items()
        self.kept = kept
        self.take("]")

    def _items(self) -> Iterator[tuple[int, Any, str]]:
        while self.peek() != "]":
            yield from self._in_a_row()
            line = self.line
            value, raw = self.raw_value()
            yield line, value, raw
            if self.peek() == "]":
                return
            self.take(",")
            if self.peek() == "]":
                self.fail("wanted", wanted="{", found="]")

    def _in_a_row(self) -> Iterator[tuple[int, Any, str]]:
        """Objects that lie whole in the text, each with its comma.

        Every record passes through this loop; whatever is odd about one is
        left to those who look at it slowly.
        """
        text, scan, following = self._text, self._scan, _NEXT.match
        while True:
            at = self._at
            try:
                value, end = scan(text, at)
            except (StopIteration, ValueError, RecursionError, _MemberError):
                return
            match = following(text, end)
            if match is None:
                return
            self._line += text.count("\n", self._counted, at)
            self._counted = at
            self._at = match.end()
            yield self._line, value, text[at:end]

    def fail(self, code: str, **facts: object) -> NoReturn:
        """Refuse the file at the position."""
        if facts.get("found") == "":
            self._refuse("formats.truncated", self.line)
        if code == "wanted":
            reason = f"{facts['found']!r} instead of {facts['wanted']!r}"
            self._refuse("formats.not_json", self.line, reason=reason)
        self._refuse(f"formats.{code}", self.line, **facts)

    def _refuse(self, code: str, line: int, **facts: object) -> NoReturn:
        error = fault(code, self._path, line=line)
        error.facts.update(facts)
        raise error

    def _move(self, at: int) -> None:
        if self.kept is not None:
            self.kept.append(self._text[self._at : at])
        self._at = at

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _decoded(self) -> tuple[Any, int]:
        """The value at the position and where it ends, complete."""
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except (StopIteration, json.JSONDecodeError) as error:
                at, reason = _complaint(error)
            except RecursionError:
                self._refuse("formats.depth", self.line, most=DEEPEST)
            except _MemberError as error:
                self._refuse(error.code, self.line, **error.facts)
            else:
                if self._complete(end):
                    return value, end
                continue
            if at + _SLACK < len(self._text) or not self._more():
                self._not_json(at, reason)

    def _complete(self, end: int) -> bool:
        """A number at the very end may go on in the next chunk."""
        return end < len(self._text) or not self._more()

    def _not_json(self, at: int, reason: str) -> NoReturn:
        line = self.line + self._text.count("\n", self._at, at)
        rest = self._text[at:].strip()
        half = "escape" in reason and '"' not in rest
        if not rest or "Unterminated" in reason or half or _cut_short(rest):
            last = self.line + self._text.count("\n", self._at)
            self._refuse("formats.truncated", last)
        self._refuse("formats.not_json", line, reason=reason)

    def _more(self) -> bool:
        """Read on; false at the end of the file."""
        if self._end:
            return False
        size = max(_CHUNK, len(self._text) - self._at)
        if size > LARGEST_VALUE:
            self._refuse("formats.record_size", self.line, most=LARGEST_VALUE)
        data = self._file.read(size)
        line = self.line
        self._end = not data
        try:
            more = self._decode(data, final=self._end)
        except UnicodeDecodeError as error:
            line += self._text.count("\n", self._at)
            line += data.count(b"\n", 0, error.start)
            byte = f"0x{error.object[error.start]:02X}"
            self._refuse("formats.not_utf8", line, byte=byte)
        self._text = self._text[self._at :] + more
        self._at = self._counted = 0
        return True


class _MemberError(Exception):
    """A fault inside a value, found by the decoder's hooks."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def _decoder() -> Any:  # noqa: ANN401 - scan_once is not in the stubs
    return json.JSONDecoder(
        parse_float=_number,
        parse_int=_number,
        parse_constant=_no_number,
        object_pairs_hook=_object,
    )


def _complaint(
    error: StopIteration | json.JSONDecodeError,
) -> tuple[int, str]:
    if isinstance(error, json.JSONDecodeError):
        return error.pos, error.msg
    return int(error.value), "Expecting value"


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except ArithmeticError as error:
        raise _MemberError("formats.number", value=text) from error
    if abs(found.adjusted()) > LARGEST_EXPONENT:
        raise _MemberError("formats.number", value=cells.shorten(text))
    return found


def _no_number(text: str) -> NoReturn:
    raise _MemberError("formats.number", value=text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _MemberError("formats.doubled", key=twice)
    return found


def _cut_short(rest: str) -> bool:
    """Whether a text is the beginning of a word json knows."""
    words = ("true", "false", "null", "-", "NaN", "Infinity", "-Infinity")
    return any(word.startswith(rest) for word in words)
