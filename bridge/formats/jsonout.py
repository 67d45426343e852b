"""Writes json: the head's values, then the array of records."""

from __future__ import annotations

import re
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.formats.rendering import lost
from bridge.formats.rendering import number
from bridge.formats.rendering import writer_of
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import BinaryIO

    from bridge.errors import Finding
    from bridge.model.record import Profile
    from bridge.model.record import Value

_INDENT = b"  "
_SURROGATE = re.compile("[\ud800-\udfff]")


def write(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    head: Mapping[str, Value],
) -> list[Finding]:
    """Write an object of head and records; without a name, the array."""
    maker = _Maker(profile)
    steps = [step for step in profile.record.split("/") if step]
    if steps:
        stream.write(b"{\n" + maker.members(head))
    for level, step in enumerate(steps, 1):
        opening = b"" if level == len(steps) else b"{\n"
        stream.write(_INDENT * level + orjson.dumps(step) + b": " + opening)
    stream.write(b"[")
    deeper, separate = b"\n" + _INDENT * (len(steps) + 1), b""
    for record in records:
        data = orjson.dumps(maker.tree(record, ""), option=orjson.OPT_INDENT_2)
        stream.write(separate + deeper + data.replace(b"\n", deeper))
        separate = b","
    end = b"\n" + _INDENT * len(steps) if separate else b""
    stream.write(end + b"]\n")
    for level in reversed(range(len(steps))):
        stream.write(_INDENT * level + b"}\n")
    return maker.findings


class _Maker:
    """Makes what orjson writes and keeps what had to be replaced."""

    def __init__(self, profile: Profile) -> None:
        self.findings: list[Finding] = []
        self._text = writer_of(profile)

    def members(self, head: Mapping[str, Value]) -> bytes:
        """The head's members, a line each, with a comma at the end."""
        values = self.tree(Record(1, dict(head)), "")
        lines = [
            _INDENT + orjson.dumps(key) + b": " + orjson.dumps(value) + b",\n"
            for key, value in values.items()
        ]
        return b"".join(lines)

    def tree(self, record: Record, above: str) -> dict[str, Any]:
        """Nested members of a record; what is empty is left out."""
        found: dict[str, Any] = {}
        for key, value in record.values.items():
            if value is None:
                continue
            if isinstance(value, list):
                steps = key.split("/")
                path = steps[:-1] if len(steps) > 1 else steps
                listed = [self._item(item, f"{above}{key}/") for item in value]
                _put(found, path, listed)
            else:
                single = self._single(value, record.line, above + key)
                _put(found, key.split("/"), single)
        return found

    def _item(self, item: Record, above: str) -> Any:  # noqa: ANN401 - json
        if item.values.keys() == {"."}:
            value = item.values["."]
            if not isinstance(value, list):
                return self._single(value, item.line, above + ".")
        return self.tree(item, above)

    def _single(self, value: Value, line: int, name: str) -> Any:  # noqa: ANN401 - json
        if isinstance(value, Decimal):
            return orjson.Fragment(number(value))
        if isinstance(value, date | datetime):
            return self._text(value)
        if isinstance(value, str) and _SURROGATE.search(value):
            clean = _SURROGATE.sub("?", value)
            self.findings.append(lost(line, name, value, clean))
            return clean
        return value


def _put(found: dict[str, Any], steps: list[str], value: object) -> None:
    for step in steps[:-1]:
        below = found.setdefault(step, {})
        if not isinstance(below, dict):
            below = found[step] = {".": below}
        found = below
    found[steps[-1]] = value
