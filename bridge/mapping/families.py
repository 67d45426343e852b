"""Files of several types of records: a line and those below it, one document.

What the last line counts and adds up is compared while the lines pass by.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.errors import InputError
from bridge.errors import Where
from bridge.mapping.verbs import number_parser
from bridge.model.record import TYPE
from bridge.model.record import Record
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.model.record import Profile
    from bridge.model.record import RecordType
    from bridge.model.record import Trailer

ALL = ""  # counts lines of every type
CORRECTED = ".zeilen."  # in the name of a file of refused rows
MOST_STRANGE = 10  # lines of no known type that are named


@dataclass
class Family:
    """A line that begins a document, and the lines that belong to it.

    Attributes:
        line: Where it begins.
        values: Its own, those of its parts, and a list for each type of
            lines it may have many of.
        lines: Every line of it.
        findings: What is wrong with any of them.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _open: dict[str, dict[str, Any]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def record(self) -> Record:
        """The document's values as one record."""
        return Record(self.line, self.values, tuple(self.findings))

    def begin(self, record: Record, profile: Profile) -> None:
        """Take the line that begins the document."""
        self._note(record)
        self._set(str(record.values.pop(TYPE)), record.values, profile)
        self.values = record.values

    def add(
        self, record: Record, kind: RecordType | None, profile: Profile
    ) -> None:
        """Take a line below another one; of no type, it is only noted."""
        self._note(record)
        if kind is None:
            return
        above = self._open.get(kind.parent)
        if above is None:
            self._wrong("mapping.no_parent", record.line, kind)
            return
        del record.values[TYPE]
        if kind.many:
            above[kind.name].append(record)
            self._set(kind.name, record.values, profile)
        elif kind.name in self._taken:
            self._wrong("mapping.part_twice", record.line, kind)
        else:
            for name, value in record.values.items():
                above.setdefault(name, value)
            self._taken.add(kind.name)
            self._set(kind.name, above, profile)

    def _set(
        self, name: str, values: dict[str, Any], profile: Profile
    ) -> None:
        """Later lines of some types belong to these values."""
        self._open[name] = values
        for kind in profile.types.values():
            if kind.parent == name:
                self._close(kind.name, profile)
                if kind.many:
                    values.setdefault(kind.name, [])

    def _close(self, name: str, profile: Profile) -> None:
        self._open.pop(name, None)
        self._taken.discard(name)
        for kind in profile.types.values():
            if kind.parent == name:
                self._close(kind.name, profile)

    def _note(self, record: Record) -> None:
        self.lines.append(record.line)
        self.findings += record.findings

    def _wrong(self, code: str, line: int, kind: RecordType) -> None:
        facts = {"parent": kind.parent}
        self.findings.append(Finding(code, line, value=kind.name, facts=facts))


def families(
    records: Iterable[Record], profile: Profile, name: str = ""
) -> Iterator[Family]:
    """The documents of a file of several types of records.

    A line that belongs to no document is a family without values.

    Args:
        records: The lines, each with its type.
        profile: How the file is written.
        name: The name of the file. One of rows that were corrected by hand
            has no trailer.

    Raises:
        InputError: The trailer is missing, is not the last line, or says
            something else than the lines before it.
    """
    totals = _Totals(profile, name)
    family: Family | None = None
    for record in records:
        kind = profile.types.get(str(record.values.get(TYPE)))
        if totals.take(record, kind):
            continue
        if kind is None or kind.parent:
            other = family or Family(record.line)
            other.add(record, kind, profile)
            if family is None:
                yield other
            continue
        if family is not None:
            yield family
        family = Family(record.line)
        family.begin(record, profile)
    if family is not None:
        yield family
    totals.close()


class _Totals:
    """What the lines add up to, held against what the last one says."""

    def __init__(self, profile: Profile, name: str) -> None:
        self._trailer = profile.trailer
        self._name = name
        self._number = number_parser(profile)
        self._lines: Counter[str] = Counter()
        self._sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._strange: list[str] = []
        self._last = 0
        self._closed = False

    def take(self, record: Record, kind: RecordType | None) -> bool:
        """Whether the line was the trailer; others are counted."""
        if self._trailer is None:
            return False
        if self._closed:
            raise self._refused("mapping.after_trailer", record.line)
        self._last = record.line
        if kind is not None and kind.name == self._trailer.type:
            self._closed = True
            self._compare(self._trailer, record)
            return True
        self._lines[ALL] += 1
        if kind is not None:
            self._lines[kind.name] += 1
        elif len(self._strange) <= MOST_STRANGE:
            self._strange.append(str(record.line))
        for column in self._trailer.sum.values():
            self._sums[column] += self._amount(record, column) or 0
        return False

    def close(self) -> None:
        """Refuse a file that ends without its trailer: it was cut."""
        if self._closed or CORRECTED in self._name:
            return
        if self._trailer is not None:
            wanted = self._trailer.type
            raise self._refused(
                "mapping.no_trailer", self._last, wanted=wanted
            )

    def _compare(self, trailer: Trailer, record: Record) -> None:
        counted = {
            column: Decimal(self._lines[kind])
            for column, kind in trailer.count.items()
        }
        added = {
            column: self._sums[own] for column, own in trailer.sum.items()
        }
        for column, number in {**counted, **added}.items():
            if self._amount(record, column) != number:
                raise self._refused(
                    "mapping.trailer_unknown"
                    if self._strange
                    else "mapping.trailer_differs",
                    record.line,
                    column,
                    value=str(record.values.get(column) or ""),
                    counted=canonical(number),
                    lines=self._named(),
                )

    def _named(self) -> str:
        """The lines of no known type, or the first of them."""
        more = " …" if len(self._strange) > MOST_STRANGE else ""
        return ", ".join(self._strange[:MOST_STRANGE]) + more

    def _amount(self, record: Record, column: str) -> Decimal | None:
        """A cell's number; the field that reads it says what is wrong."""
        try:
            return self._number(str(record.values.get(column) or "").strip())
        except ValueError:
            return None

    def _refused(
        self, code: str, line: int, column: str | None = None, **facts: str
    ) -> InputError:
        where = Where(self._name, line, column)
        return InputError(
            code, where=where, line=line, field=column, findings=(), **facts
        )
