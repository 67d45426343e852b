"""Rows written one to one into somebody else's tables.

A document is one transaction: its head and the items of its lists, or
nothing. Rows are found again by their key, so that twice is harmless; what
other programs keep in further columns is left alone.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from sqlalchemy import MetaData
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.databases import matching
from bridge.databases.connection import engine_for
from bridge.databases.connection import missing
from bridge.databases.connection import told
from bridge.databases.refusals import blamed
from bridge.databases.values import bound
from bridge.databases.values import exact
from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy import Connection
    from sqlalchemy import Table as SqlTable

    from bridge.errors import Finding
    from bridge.model.record import Record
    from bridge.model.record import Value
    from bridge.model.table import Shape


class TableSink:
    """The port Table on a database SQLAlchemy knows.

    Args:
        name: As the settings call it.
        url: An SQLAlchemy URL.
        shape: The tables.
        create: Whether a missing table is made.
    """

    def __init__(
        self, name: str, url: str, shape: Shape, *, create: bool
    ) -> None:
        self._name, self._shape, self._create = name, shape, create
        self._engine = engine_for(name, url)
        self._tables: dict[str, SqlTable] = {}
        self._lock = threading.Lock()

    def mismatches(self) -> list[Finding]:
        """Why documents could not be written; nothing is changed.

        Raises:
            TransientError: ``databases.away``, ``databases.no_file``.
        """
        found = list(matching.key_mistakes(self._shape))
        path = missing(self._engine)
        if found or (path and self._create):
            return found
        if path:
            raise TransientError(
                "databases.no_file", table=self._name, file=path
            )
        with told(self._name), self._engine.connect() as connection:
            return list(self._unfit(connection))

    def write(self, record: Record) -> None:
        """Write one document whole; twice is harmless.

        Raises:
            ConfigError: ``databases.unfit``: the tables do not fit.
            TransientError: ``databases.away``.
            RefusedError: ``databases.refused``, ``databases.keyless``,
                ``databases.inexact``, or what ``blamed`` names.
        """
        self._known_by(record)
        with told(self._name):
            self._prepare()
            with self._engine.begin() as connection:
                self._write(connection, record)

    def close(self) -> None:
        """Let every connection go."""
        self._engine.dispose()

    def _prepare(self) -> None:
        """Find the tables, or make them, once."""
        with self._lock:
            if self._tables:
                return
            found = self.mismatches()
            if any(item.severity == "refuse" for item in found):
                raise ConfigError(
                    "databases.unfit", table=self._name, findings=found
                )
            with self._engine.begin() as connection:
                for shape in self._shape.all():
                    made = matching.wanted(shape, MetaData())
                    made.create(connection, checkfirst=True)
                found_now = {
                    shape.table: matching.there(connection, shape)
                    for shape in self._shape.all()
                }
            self._tables = {
                k: v for k, v in found_now.items() if v is not None
            }

    def _unfit(self, connection: Connection) -> Iterator[Finding]:
        for shape in self._shape.all():
            table = matching.there(connection, shape)
            if table is not None:
                yield from matching.mismatches(shape, table)
            elif not self._create:
                yield matching.no_table(shape)

    def _write(self, connection: Connection, record: Record) -> None:
        head = self._row(self._shape, record.values)
        self._put(connection, self._shape, head)
        for name, shape in self._shape.children:
            items = cast("list[Record]", record.values.get(name) or [])
            above = {key: record.values.get(key) for key in shape.key}
            kept = []
            for number, item in enumerate(items, start=1):
                counted = {**above, shape.counter: number, **item.values}
                row = self._row(shape, counted)
                self._put(connection, shape, row)
                kept.append(row[shape.counter])
            self._shorten(connection, shape, self._row(shape, above), kept)

    def _row(
        self, shape: Shape, values: Mapping[str, Value | int]
    ) -> dict[str, Any]:
        columns = self._tables[shape.table].columns
        row = {}
        for column in shape.columns:
            value = cast("Value", values.get(column.name))
            kind = columns[column.name].type
            if not exact(value, kind):
                raise RefusedError(
                    "databases.inexact", table=shape.table, column=column.name
                )
            row[column.name] = bound(value, kind)
        return row

    def _known_by(self, record: Record) -> None:
        """See that a row could be found again.

        Raises:
            RefusedError: ``databases.keyless``.
        """
        key = self._shape.key
        if all(record.values.get(name) in {None, ""} for name in key):
            raise RefusedError(
                "databases.keyless", table=self._name, column=", ".join(key)
            )

    def _put(
        self, connection: Connection, shape: Shape, row: dict[str, Any]
    ) -> None:
        """Update the row of the key, or insert it."""
        table = self._tables[shape.table]
        here = self._here(shape, row, shape.key)
        known = connection.execute(
            select(*(table.c[name] for name in shape.key)).where(here)
        ).first()
        if known is None:
            with blamed(table, row):
                connection.execute(insert(table).values(row))
        elif set(row) != set(shape.key):
            with blamed(table, row):
                connection.execute(update(table).where(here).values(row))

    def _shorten(
        self,
        connection: Connection,
        shape: Shape,
        head: dict[str, Any],
        kept: list[Any],
    ) -> None:
        """Take away the items a document no longer has."""
        table = self._tables[shape.table]
        above = tuple(name for name in shape.key if name != shape.counter)
        gone = table.c[shape.counter].not_in(kept)
        connection.execute(
            delete(table).where(self._here(shape, head, above), gone)
        )

    def _here(
        self, shape: Shape, row: Mapping[str, Any], key: tuple[str, ...]
    ) -> ColumnElement[bool]:
        table = self._tables[shape.table]
        return and_(*(table.c[name] == row[name] for name in key))
