"""Documents as rows of one table, for the formats that are flat."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.model.record import Value


class Table:
    """The rows of some records, with the columns of the first.

    Args:
        records: Documents, or rows already.
        profile: Its ``columns`` come before what the records say; its
            ``rows`` is the list whose items become rows.

    Attributes:
        columns: The names of the header; empty if nothing says any.
        findings: A warning for each value that has no column.
    """

    def __init__(self, records: Iterable[Record], profile: Profile) -> None:
        self.findings: list[Finding] = []
        self._told: set[str] = set()
        self._list = profile.rows
        self._waiting: list[Record] = []
        self._rest = iter(records)
        self.columns = profile.columns or self._from_records()
        self._known = frozenset(self.columns)

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        """Line of the record and its cells in the order of the columns."""
        for record in chain(self._waiting, self._rest):
            for values in self._flat(record):
                self._look_for_lost(record, values)
                yield record.line, [values.get(c) for c in self.columns]

    def _from_records(self) -> tuple[str, ...]:
        """The keys of the first record, items included once one has any."""
        for record in self._rest:
            self._waiting.append(record)
            if not self._list or self._items(record):
                break
        if not self._waiting:
            return ()
        first = next(iter(self._flat(self._waiting[-1])))
        return tuple(first)

    def _flat(self, record: Record) -> Iterator[dict[str, Value]]:
        """A row for each item, or one if there are none."""
        items: list[Record | None] = [*self._items(record)]
        for item in items or [None]:
            values: dict[str, Value] = {}
            for name, value in record.values.items():
                if not isinstance(value, list):
                    values.setdefault(name, value)
                elif not self._is_rows(name):
                    self._tell(record, name)
                elif item is not None:
                    values.update(self._singles(item, name))
            yield values

    def _singles(self, item: Record, above: str) -> dict[str, Value]:
        """The item's own values; a list in it has no row."""
        for name, value in item.values.items():
            if isinstance(value, list):
                self._tell(item, f"{above}/{name}")
        return {
            name: value
            for name, value in item.values.items()
            if not isinstance(value, list)
        }

    def _items(self, record: Record) -> list[Record]:
        for name, value in record.values.items():
            if isinstance(value, list) and self._is_rows(name):
                return value
        return []

    def _is_rows(self, name: str) -> bool:
        """``Positionen`` and ``Positionen/Belegposition`` are the same."""
        own = f"{self._list}/"
        return bool(self._list) and (
            f"{name}/".startswith(own) or own.startswith(f"{name}/")
        )

    def _look_for_lost(self, record: Record, values: dict[str, Value]) -> None:
        for name in values.keys() - self._known:
            self._tell(record, name)

    def _tell(self, record: Record, name: str) -> None:
        if name in self._told:
            return
        self._told.add(name)
        finding = Finding(
            "formats.no_column",
            record.line,
            name,
            severity="warn",
            turn="mapping",
        )
        self.findings.append(finding)
