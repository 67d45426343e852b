"""The formats, lent to the tests beside a mapping."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bridge.formats import reading
from bridge.formats import writing
from bridge.formats import xsd
from bridge.mapping.trial import Tools

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.model.record import Value


def tools(timezone: str) -> Tools:
    """What ``trial.run`` needs to read inputs and write files.

    Args:
        timezone: Where a day begins, such as ``Europe/Berlin``.
    """
    return Tools(_read, _write, timezone)


def _read(
    content: bytes, profile: Profile
) -> tuple[Mapping[str, Value], list[Record]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"test.{profile.format}"
        path.write_bytes(content)
        with reading.open_file(path, profile) as file:
            records = list(file.records)
            return file.head, records


def _write(record: Record, profile: Profile, head: Mapping[str, Value]) -> str:
    """The file's text and, below it, whatever breaks its schema."""
    stream = BytesIO()
    writing.write(stream, [record], profile, head)
    data = stream.getvalue()
    text = data.decode(profile.encoding)
    if profile.xsd is None:
        return text
    broken = xsd.validate_bytes(data, profile.xsd)
    return text + "".join(f"\n{item.told('test')}" for item in broken)
