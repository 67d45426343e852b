"""Rows of a table or view, read in the order of their change."""

from __future__ import annotations

import math
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import MetaData
from sqlalchemy import Numeric
from sqlalchemy import Table as SqlTable
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.types import NullType

from bridge.databases.connection import engine_for
from bridge.databases.connection import missing
from bridge.databases.connection import told
from bridge.databases.matching import parted
from bridge.databases.matching import problem
from bridge.errors import ConfigError
from bridge.errors import TransientError
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from sqlalchemy import Column
    from sqlalchemy import ColumnElement

    from bridge.errors import Finding
    from bridge.model.record import Value

AT_ONCE = 1_000  # rows the driver fetches


class TableSource:
    """The port Source on a database SQLAlchemy knows.

    Args:
        name: As the settings call it.
        url: An SQLAlchemy URL.
        table: Table or view; a schema may stand before it.
        changed: The column that grows with every change: an instant, a
            date or a number; empty: every row is read each time.
        overlap: So much is read again: a transaction that began earlier
            may have committed later.
        timezone: What instants without a zone mean.
    """

    def __init__(  # noqa: PLR0913 - the settings of a section
        self,
        name: str,
        url: str,
        table: str,
        changed: str,
        *,
        overlap: timedelta,
        timezone: str,
    ) -> None:
        self._name, self._table, self._changed = name, table, changed
        self._overlap, self._zone = overlap, ZoneInfo(timezone)
        self._engine = engine_for(name, url)
        self.last: str | None = None

    def mismatches(self) -> list[Finding]:
        """Why the table cannot be read; nothing is changed.

        Raises:
            TransientError: ``databases.away``, ``databases.no_file``.
        """
        with told(self._name):
            return self._mistakes()

    def rows(self, since: str | None) -> Iterator[Record]:
        """Rows that changed, the oldest change first; a stream.

        After the last row ``last`` is the mark to begin with next time;
        ``None`` if there was no row with a mark.

        Args:
            since: A mark of an earlier reading; ``None``: from the start.

        Raises:
            ConfigError: ``databases.unfit``: no such table or column.
            TransientError: ``databases.away``, ``databases.no_file``.
            RefusedError: ``databases.refused``.
        """
        self.last = since
        with told(self._name):
            found = self._mistakes()
            if found:
                raise ConfigError(
                    "databases.unfit", table=self._name, findings=found
                )
            yield from self._read(since)

    def close(self) -> None:
        """Let every connection go."""
        self._engine.dispose()

    def _read(self, since: str | None) -> Iterator[Record]:
        table = self._reflected()
        query = select(*map(_as_stored, table.c))
        if self._changed:
            column = table.c[self._changed]
            query = query.order_by(column)
            if since is not None:
                query = query.where(column >= self._earlier(since))
        options = {"yield_per": AT_ONCE}
        with self._engine.connect() as connection:
            result = connection.execution_options(**options).execute(query)
            for number, row in enumerate(result.mappings(), start=1):
                if self._changed and row[self._changed] is not None:
                    self.last = _mark(row[self._changed])
                values = {k: self._value(v) for k, v in row.items()}
                yield Record(number, values)

    def _reflected(self) -> SqlTable:
        schema, name = parted(self._table)
        return SqlTable(
            name,
            MetaData(),
            schema=schema,
            autoload_with=self._engine,
            resolve_fks=False,
        )

    def _mistakes(self) -> list[Finding]:
        if path := missing(self._engine):
            raise TransientError(
                "databases.no_file", table=self._name, file=path
            )
        try:
            table = self._reflected()
        except NoSuchTableError:
            return [problem("databases.no_view", self._table, "")]
        if self._changed and self._changed not in table.c:
            known = ", ".join(column.name for column in table.c)
            return [
                problem(
                    "databases.no_change",
                    self._table,
                    self._changed,
                    known=known,
                )
            ]
        return []

    def _earlier(self, since: str) -> Any:  # noqa: ANN401 - the column's type
        kind, _, text = since.partition(":")
        if kind == "number":
            return Decimal(text)
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "datetime":
            return datetime.fromisoformat(text) - self._overlap
        return text

    def _value(self, value: Any) -> Value:  # noqa: ANN401 - of a driver
        """What a driver gave, as records hold it; instants are local."""
        if isinstance(value, datetime):
            if value.tzinfo is None:
                return value.replace(tzinfo=self._zone)
            return value.astimezone(self._zone)
        if isinstance(value, bool | str | Decimal | date) or value is None:
            return value
        if isinstance(value, bytes | memoryview):
            return bytes(value).hex()
        if isinstance(value, float | int) and math.isfinite(value):
            return Decimal(repr(value))
        return str(value)


def _as_stored(column: Column[Any]) -> ColumnElement[Any]:
    """A number as the driver gives it: SQLite keeps any text in it."""
    if not isinstance(column.type, Numeric):
        return column
    return type_coerce(column, NullType()).label(column.name)


def _mark(value: Any) -> str:  # noqa: ANN401 - of a driver
    """A value of the change column, as it can be written down."""
    if isinstance(value, datetime):
        return f"datetime:{value.isoformat()}"
    if isinstance(value, date):
        return f"date:{value.isoformat()}"
    if isinstance(value, int | float | Decimal):
        return f"number:{value}"
    return f"text:{value}"
