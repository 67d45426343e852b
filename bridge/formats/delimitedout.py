"""Writes csv and txt."""

from __future__ import annotations

import codecs
import csv
from typing import TYPE_CHECKING

from bridge.formats.rendering import encodable
from bridge.formats.rendering import lost
from bridge.formats.rendering import writer_of
from bridge.formats.tabular import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import BinaryIO

    from bridge.errors import Finding
    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.model.record import Value


class _Echo:
    """Gives back the line that ``csv`` makes, instead of storing it."""

    def write(self, text: str) -> str:
        return text


def write(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    _head: Mapping[str, Value],
) -> list[Finding]:
    """Write a header and a row for each record or item; CRLF."""
    table = Table(records, profile)
    echo = csv.writer(_Echo(), delimiter=profile.delimiter)
    encode = codecs.getincrementalencoder(profile.encoding)().encode
    text = writer_of(profile)
    if profile.header and table.columns:
        names = [encodable(name, profile.encoding) for name in table.columns]
        stream.write(encode(echo.writerow(names)))
    for line, values in table.rows():
        cells = list(map(text, values))
        row = echo.writerow(cells)
        try:
            data = encode(row)
        except UnicodeEncodeError:
            near = [encodable(cell, profile.encoding) for cell in cells]
            for name, cell, form in zip(
                table.columns, cells, near, strict=True
            ):
                if cell != form:
                    table.findings.append(lost(line, name, cell, form))
            data = encode(echo.writerow(near))
        stream.write(data)
    return table.findings
