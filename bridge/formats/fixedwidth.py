"""txt whose columns stand at fixed places of a line."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.formats import cells
from bridge.formats.delimited import guarded
from bridge.formats.delimited import open_text
from bridge.formats.source import LONGEST_CELL
from bridge.formats.source import Reading
from bridge.formats.source import check_file
from bridge.formats.source import check_text
from bridge.formats.source import digest_of
from bridge.formats.source import encoding_of
from bridge.formats.source import fault
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Generator
    from collections.abc import Iterable
    from io import TextIOWrapper
    from pathlib import Path

    from bridge.formats.source import Sieve
    from bridge.model.record import Profile
    from bridge.model.record import Span
    from bridge.model.record import Value

    Slice = Callable[[str], list[str]]

ENDS = "\r\n\x1a"  # the last one ends files of old systems


def read(path: Path, profile: Profile) -> Reading:
    """Open a txt of fixed width; it has no header.

    Raises:
        InputError: The file is empty, or a workbook.
    """
    check_file(path)
    check_text(path)
    with ExitStack() as stack:
        text = stack.enter_context(open_text(path, profile))
        lines = _Lines(text)
        records = _records(lines, path, profile)
        stack.callback(records.close)
        release = stack.pop_all().close
    columns = tuple(span.name for span in profile.spans)
    return Reading({}, columns, records, release=release, sift=lines.sift)


class _Lines:
    """The lines with their numbers, all or those a sieve lets by."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._sieve: Sieve | None = None

    def sift(self, sieve: Sieve) -> None:
        self._sieve = sieve

    def __iter__(self) -> Generator[tuple[int, str, bytes | None]]:
        raw = None
        for number, line in enumerate(self._text, 1):
            if self._sieve is not None:
                raw = digest_of(self._sieve.start, line)
                if self._sieve.known(raw, number):
                    continue
            yield number, line.rstrip(ENDS), raw


def _records(lines: _Lines, path: Path, profile: Profile) -> Generator[Record]:
    cut = slices(path, profile)
    with guarded(path, profile):
        for number, line, raw in lines:
            if len(line) > LONGEST_CELL:
                raise fault("formats.not_fixed", path, line=number)
            if line.strip():
                yield record(number, line, cut, profile)._replace(raw=raw)


def record(number: int, line: str, cut: Slice, profile: Profile) -> Record:
    """The record of a line that ``slices`` has been asked to cut."""
    parts = cut(line)
    values: dict[str, Value] = {
        span.name: _cell(part, span, profile)
        for span, part in zip(profile.spans, parts, strict=False)
    }
    found = cells.check(number, values)
    return Record(number, values, (*found, *_width(number, parts, profile)))


def slices(path: Path, profile: Profile) -> Slice:
    """A function from a line to its columns' texts, and what is behind them.

    Characters are counted after decoding, or bytes where the profile says
    so: an umlaut of UTF-8 takes two.
    """
    ends = [(s.at - 1, s.at - 1 + s.length) for s in profile.spans]
    last = max(end for _, end in ends)
    if profile.count == "bytes":
        encoding, _ = encoding_of(path, profile.encoding)
        return partial(_of_bytes, (*ends, (last, None)), encoding)
    return partial(_of_text, (*ends, (last, None)))


def _of_text(ends: Iterable[tuple[int, int | None]], line: str) -> list[str]:
    return [line[begin:end] for begin, end in ends]


def _of_bytes(
    ends: Iterable[tuple[int, int | None]], encoding: str, line: str
) -> list[str]:
    data = line.encode(encoding, "surrogateescape")
    return [
        data[begin:end].decode(encoding, "surrogateescape")
        for begin, end in ends
    ]


def _cell(part: str, span: Span, profile: Profile) -> str:
    text = part.strip() if span.align == "right" else part.rstrip()
    if span.pad != " ":
        bare = (
            text.lstrip(span.pad)
            if span.align == "right"
            else text.rstrip(span.pad)
        )
        text = bare or text[-1:] if span.pad == "0" else bare
    return _pointed(text, span, profile) if span.implied and text else text


def _pointed(text: str, span: Span, profile: Profile) -> str:
    """``1995`` with two implied places is ``19,95``; ``1995-`` is negative."""
    sign = "-" if "-" in {text[0], text[-1]} else ""
    digits = text.strip("+-")
    if not digits.isdecimal():
        return text  # the mapping says what is wrong with it
    digits = digits.rjust(span.implied + 1, "0")
    point = "." if profile.decimal == "." else ","
    whole, places = digits[: -span.implied], digits[-span.implied :]
    return f"{sign}{whole}{point}{places}"


def _width(
    number: int, parts: list[str], profile: Profile
) -> tuple[Finding, ...]:
    """A line may be short if the mapping fills it up, and never too long."""
    if parts[-1].strip():
        behind = cells.shorten(parts[-1].strip())
        return (Finding("formats.line_long", number, value=behind),)
    if profile.short != "refuse":
        return ()
    for span, part in zip(profile.spans, parts, strict=False):
        cut = span.align == "right" and len(part) < span.length
        if cut or not part:  # what stands at the right cannot be trimmed
            facts = {"at": str(span.at)}
            return (
                Finding("formats.line_short", number, span.name, facts=facts),
            )
    return ()
