"""By what a raw row is known again: the digest of all that is in it."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING
from typing import Any

from bridge.formats.source import digest_of
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.formats.source import Reading
    from bridge.mapping.plan import Plan
    from bridge.model.record import Profile

DIGEST = 16  # bytes
HALF, LOWER = 64, 2**64 - 1  # bits
ABSENT, EMPTY = "\x00", "\x01"  # in a raw row: not given, given as null


class KnownRows:
    """The raw rows of known documents, and where the file holds them.

    A million of them take 24 MiB as sorted numbers, where Python's own bytes
    and a dictionary took 150; while they are few, a dictionary is quicker.

    Args:
        digests: Sorted, in parts.

    Attributes:
        idle: How many rows of the file were known.
        twice: Rows that stand again: digest and line of each after the first.
    """

    def __init__(self, digests: Iterable[Sequence[bytes]]) -> None:
        parts = iter(digests)
        few = [*next(parts, ()), *next(parts, ())]
        rest = next(parts, None)
        if rest is None:
            places = {raw: place for place, raw in enumerate(few)}
            self._place: Callable[[bytes], int | None] = places.get
            number = len(few)
        else:
            sorted_rows = _Sorted(chain((few, rest), parts))
            self._place, number = sorted_rows.place, len(sorted_rows)
        self._lines = array("Q", bytes(8 * number))
        self.idle = 0
        self.twice: list[tuple[bytes, int]] = []

    def meet(self, raw: bytes, line: int) -> bool:
        """Whether a row of the file is known; it is remembered, then."""
        place = self._place(raw)
        if place is None:
            return False
        self.idle += 1
        if self._lines[place]:
            self.twice.append((raw, line))
        else:
            self._lines[place] = line
        return True

    def line(self, raw: bytes) -> int:
        """Where the file holds a row first; 0 if it does not."""
        place = self._place(raw)
        return 0 if place is None else self._lines[place]


class _Sorted:
    """Digests as two columns of sorted numbers."""

    def __init__(self, digests: Iterable[Sequence[bytes]]) -> None:
        halves = array("Q")
        for part in digests:
            halves.frombytes(b"".join(part))
        if sys.byteorder == "little":
            halves.byteswap()
        self._upper, self._lower = halves[0::2], halves[1::2]

    def __len__(self) -> int:
        return len(self._upper)

    def place(self, raw: bytes) -> int | None:
        """Where a digest stands, if it is there."""
        number = int.from_bytes(raw)
        upper = number >> HALF
        place = bisect_left(self._upper, upper)
        if place == len(self._upper) or self._upper[place] != upper:
            return None
        return place if self._lower[place] == number & LOWER else None


def fingerprint(
    plan: Plan, profile: Profile, reading: Reading, context: Mapping[str, str]
) -> Any:  # noqa: ANN401 - a hash of hashlib
    """The start of every digest of a file: what else decides its documents.

    The mapping, the columns, what the mapping takes from the context (the
    file's name, ``[values]``), the time zone, and what the head of the file
    says to the mapping.
    """
    wanted = {"timezone", *plan.contexts()}
    known = sorted((name, context.get(name)) for name in wanted)
    reads = plan.reads()
    head = {k: str(v) for k, v in reading.head.items() if k in reads}
    decides = (plan.fingerprint, profile.format, reading.columns, known, head)
    return blake2b(repr(decides).encode(), digest_size=DIGEST)


def digest_of_values(
    names: tuple[str, ...],
    ages: Sequence[str],
    start: Any,  # noqa: ANN401
    default: datetime,
) -> Callable[[Mapping[str, Any]], bytes]:
    """The digest of what a mapping reads of a record without a text.

    Of a record without an age of its own, the file's age is a part.
    """
    join = KEY_SEPARATOR.join
    read, otherwise = (*names, *ages), f"{KEY_SEPARATOR}{default.isoformat()}"

    def digest(values: Mapping[str, Any]) -> bytes:
        cells = [values.get(name, ABSENT) for name in read]
        try:
            text = join(cells)
        except TypeError:
            text = join(map(_cell, cells))
        if ages and not any(values.get(name) for name in ages):
            text += otherwise
        return digest_of(start, text)

    return digest


def _cell(value: Any) -> str:  # noqa: ANN401 - a raw value has any type
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return repr([(record.values) for record in value])
    return EMPTY if value is None else f"{type(value).__name__}:{value}"
