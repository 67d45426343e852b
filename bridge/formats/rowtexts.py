"""The lines of a csv or txt; rows that are known are passed over.

Most rows of most files are as they were. A line without a quote is a whole
row: its digest is looked up before the row is taken apart, which is most of
the work. A row with quotes is looked up once its end is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.formats.source import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.formats.source import Sieve

QUOTE = '"'


class RowTexts:
    """What a csv reader is given, line by line.

    Args:
        text: The lines; the reader asks for one at a time.
        sieve: Which rows are known.
        line: The physical line that was read last.
    """

    def __init__(self, text: Iterable[str], sieve: Sieve, line: int) -> None:
        self._text = text
        self._sieve = sieve
        self._line = line
        self._begin = 0  # 0: the next line begins a row
        self._raw: bytes | None = None
        self._quoted: Any = None

    def __iter__(self) -> Iterator[str]:
        """The lines of the rows that are not known."""
        start, known = self._sieve
        number = self._line
        for line in self._text:
            number += 1
            if self._begin:
                self._quoted.update(line.encode("utf-8", "surrogatepass"))
                yield line
                continue
            if QUOTE in line:
                self._raw, self._quoted = None, start.copy()
                self._quoted.update(line.encode("utf-8", "surrogatepass"))
            else:
                self._raw = raw = digest_of(start, line)
                if known(raw, number):
                    continue
            self._begin = number
            yield line

    def taken(self) -> tuple[int, bytes] | None:
        """The line and digest of the row the reader has just completed.

        Returns:
            Nothing if the row is known.
        """
        line, raw = self._begin, self._raw
        self._begin = 0
        if raw is None:
            raw = self._quoted.digest()
            if self._sieve.known(raw, line):
                return None
        return line, raw

    def begun(self) -> int:
        """The line of the row the reader has given up; a new one begins."""
        line, self._begin = self._begin, 0
        return line
