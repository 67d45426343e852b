"""json: an array of objects inside an object, or an object a line."""

from __future__ import annotations

import json
from contextlib import ExitStack
from decimal import Decimal
from itertools import chain
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.formats import cells
from bridge.formats.jsonscan import Scanner
from bridge.formats.source import DEEPEST
from bridge.formats.source import Reading
from bridge.formats.source import check_file
from bridge.formats.source import check_text
from bridge.formats.source import fault
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.model.record import Profile
    from bridge.model.record import Value

    Item = tuple[int, Any, str]

_LINES = frozenset({".jsonl", ".ndjson"})
_SAMPLE = 1024**2  # bytes of a first line that is looked at
_NESTED = frozenset({dict, list})
_PLAIN = (str, bool, Decimal, type(None))


def read(path: Path, profile: Profile) -> Reading:
    """Open a json; it is read up to its first record.

    Raises:
        InputError: It is not json, or has no array of that name.
    """
    check_file(path)
    check_text(path)
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        reader = _Reader(Scanner(file, path), path, profile)
        records = reader.records()
        stack.callback(records.close)
        first = list(islice(records, 1))
        release = stack.pop_all().close
    return Reading(reader.head, None, chain(first, records), release=release)


def items(scanner: Scanner, path: Path, profile: Profile) -> Iterator[Item]:
    """Line, value and text of each record, as ``selection`` needs them."""
    return _Reader(scanner, path, profile).items()


def steps_of(profile: Profile) -> list[str]:
    """The keys on the way to the array; none if it is the file."""
    return [step for step in profile.record.split("/") if step]


def is_lines(path: Path, profile: Profile) -> bool:
    """Whether every line is a json of its own."""
    if path.suffix.lower() in _LINES:
        return True
    with path.open("rb") as file:
        first = file.readline(_SAMPLE).strip(b"\xef\xbb\xbf \t\r\n")
        second = file.readline(_SAMPLE).strip()
    if not first.startswith(b"{") or not first.endswith(b"}"):
        return False
    if not second.startswith(b"{"):
        return not profile.record
    return _is_record(first, steps_of(profile))


def _is_record(text: bytes, steps: list[str]) -> bool:
    """Whether a line is an object that does not hold the array itself."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return not steps or steps[0] not in found


class _Reader:
    """Turns what a scanner finds into records and a head."""

    def __init__(self, scanner: Scanner, path: Path, profile: Profile) -> None:
        self.head: dict[str, Value] = {}
        self._scanner = scanner
        self._path = path
        self._profile = profile
        self._names = {path: name for name, path in profile.head.items()}
        self._lists = _list_names(profile.lists)
        self._level = 2 + len(steps_of(profile))

    def records(self) -> Generator[Record]:
        """The records; the head is complete after the last."""
        new, suspicious = tuple.__new__, cells.suspicious
        flat = _NESTED.isdisjoint
        for line, value, raw in self.items():
            if value.__class__ is not dict:
                found = cells.shorten(raw)
                finding = Finding("formats.not_object", line, value=found)
                yield Record(line, {}, (finding,))
                continue
            if not flat(map(type, value.values())):
                value = self._flat(value, line)  # noqa: PLW2901 - same thing
            if "\\u" in raw or suspicious(raw):
                yield Record(line, value, cells.check(line, value))
            else:
                yield new(Record, (line, value, (), None))

    def items(self) -> Iterator[Item]:
        """Line, value and text of each item, up to the end of the file."""
        scanner, steps = self._scanner, steps_of(self._profile)
        if is_lines(self._path, self._profile):
            yield from self._sequence()
        elif steps:
            yield from self._object(steps, "")
        elif scanner.peek() == "[":
            yield from scanner.items()
        else:
            scanner.take("[")
        if scanner.peek():
            found = scanner.peek()
            scanner.fail("wanted", wanted="", found=found)

    def _sequence(self) -> Iterator[Item]:
        scanner = self._scanner
        while scanner.peek():
            line = scanner.line
            yield line, *scanner.raw_value()

    def _object(self, steps: list[str], above: str) -> Iterator[Item]:
        scanner, found = self._scanner, False
        keys = []
        for key in scanner.members():
            keys.append(key)
            if key != steps[0]:
                self._note(above + key, scanner.value(), 2)
                continue
            found = True
            sign = "[" if len(steps) == 1 else "{"
            if scanner.peek() not in {sign, ""}:
                found = False
                scanner.value()
            elif sign == "[":
                yield from scanner.items()
            else:
                yield from self._object(steps[1:], f"{above}{key}/")
        if not found:
            names, record = ", ".join(keys), self._profile.record
            raise fault(
                "formats.no_records", self._path, record=record, found=names
            )

    def _note(self, path: str, value: Any, depth: int) -> None:  # noqa: ANN401
        """Keep a member beside the records, if it is a plain value."""
        if isinstance(value, dict | list):
            self._check_depth(depth, self._scanner.line)
        if isinstance(value, dict):
            for key, inner in value.items():
                self._note(f"{path}/{key}", inner, depth + 1)
        elif isinstance(value, list):
            for inner in value:
                self._note("", inner, depth + 1)
        elif path and isinstance(value, _PLAIN):
            self.head.setdefault(path, value)
            if path in self._names:
                self.head[self._names[path]] = value

    def _flat(self, members: dict[str, Any], line: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        self._fill(values, members, "", "", (line, self._level))
        return values

    def _fill(
        self,
        values: dict[str, Value],
        members: dict[str, Any],
        near: str,
        far: str,
        place: tuple[int, int],
    ) -> None:
        """Add an object's members.

        Args:
            values: By path from the record or list item.
            members: What is added.
            near: The object's path from the record or list item.
            far: Its path from the record.
            place: The record's line, and how deep the object lies.
        """
        line, depth = place
        self._check_depth(depth, line)
        for key, value in members.items():
            named = self._lists.get(far + key)
            if named != far + key and isinstance(value, dict):
                # The list itself, or what it lies in as xml has it?
                last = (named or "").rpartition("/")[2]
                named = None if last in value else named
            if isinstance(value, list) or (isinstance(value, dict) and named):
                listed = value if isinstance(value, list) else [value]
                path = named or far + key
                items = self._list(listed, path, place)
                values[near + path[len(far) :]] = items
            elif isinstance(value, dict):
                inner = (line, depth + 1)
                deeper = f"{near}{key}/", f"{far}{key}/"
                self._fill(values, value, *deeper, inner)
            else:
                values[near + key] = value

    def _list(
        self, found: list[Any], far: str, place: tuple[int, int]
    ) -> list[Record]:
        line, depth = place
        self._check_depth(depth + 1, line)
        records = []
        for item in found:
            values: dict[str, Value] = {}
            if isinstance(item, dict):
                self._fill(values, item, "", f"{far}/", (line, depth + 2))
            elif isinstance(item, list):
                values["."] = self._list(item, far, (line, depth + 1))
            else:
                values["."] = item
            records.append(Record(line, values))
        return records

    def _check_depth(self, depth: int, line: int) -> None:
        if depth > DEEPEST:
            raise fault("formats.depth", self._path, line=line, most=DEEPEST)


def _list_names(lists: frozenset[str]) -> dict[str, str]:
    """The profile's lists by the key json has for them.

    ``Positionen/Belegposition`` is the array ``Positionen`` in json.
    """
    found = {path.rpartition("/")[0]: path for path in lists if "/" in path}
    return {**found, **{path: path for path in lists}}
