"""A table that is there, held against the table that is wanted."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import Column as SqlColumn
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table as SqlTable
from sqlalchemy import inspect

from bridge.databases.values import fits
from bridge.databases.values import type_for
from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from bridge.model.table import Column
    from bridge.model.table import Shape


def parted(name: str) -> tuple[str | None, str]:
    """Schema and table of ``dbo.Bestellung``."""
    schema, _, table = name.rpartition(".")
    return schema or None, table


def wanted(shape: Shape, metadata: MetaData) -> SqlTable:
    """The table as it would be made."""
    schema, name = parted(shape.table)
    columns = [
        SqlColumn(
            column.name,
            type_for(column),
            primary_key=column.name in shape.key,
            autoincrement=False,
        )
        for column in shape.columns
    ]
    return SqlTable(name, metadata, *columns, schema=schema)


def there(connection: Connection, shape: Shape) -> SqlTable | None:
    """The table as it is, if it is."""
    schema, name = parted(shape.table)
    if not inspect(connection).has_table(name, schema=schema):
        return None
    return SqlTable(
        name,
        MetaData(),
        schema=schema,
        autoload_with=connection,
        resolve_fks=False,
    )


def mismatches(shape: Shape, table: SqlTable) -> Iterator[Finding]:
    """Why rows of the shape cannot be written into the table."""
    names = {column.name: column for column in table.columns}
    for column in shape.columns:
        found = names.get(column.name)
        if found is None:
            near = get_close_matches(column.name, names, n=1)
            yield _problem(
                "databases.no_column",
                shape,
                column.name,
                nearest=near[0] if near else "",
            )
        else:
            yield from _unfit(shape, column, found)
    given = {column.name for column in shape.columns}
    for name, found in names.items():
        if name not in given and _must_be_given(found):
            yield _problem("databases.not_filled", shape, name)


def _unfit(
    shape: Shape, column: Column, there: SqlColumn[Any]
) -> Iterator[Finding]:
    kind = there.type
    if not fits(column, kind):
        yield _problem(
            "databases.wrong_type",
            shape,
            column.name,
            wanted=column.content,
            found=type(kind).__name__,
        )
    elif isinstance(kind, String) and kind.length and column.content == "text":
        length = column.length
        if length is None:
            facts = {"found": str(kind.length)}
            found = _problem("databases.no_cut", shape, column.name, **facts)
            yield replace(found, severity="warn")
        elif length > kind.length:
            yield _problem(
                "databases.too_short",
                shape,
                column.name,
                found=str(kind.length),
                wanted=str(length),
            )


def _must_be_given(column: SqlColumn[Any]) -> bool:
    """Whether the database refuses a row that does not name the column."""
    given = column.server_default or column.computed or column.identity
    counts = column.primary_key and column.autoincrement is True
    return not column.nullable and not given and not counts


def _problem(code: str, shape: Shape, column: str, **facts: str) -> Finding:
    return problem(code, shape.table, column, **facts)


def problem(code: str, table: str, column: str, **facts: str) -> Finding:
    """What is wrong with a table, or with one of its columns."""
    return Finding(
        code,
        None,
        f"{table}.{column}" if column else table,
        table,
        turn="operator",
        facts={"column": column, **facts},
    )


def no_table(shape: Shape) -> Finding:
    """The finding of a table that is not there and may not be made."""
    return _problem("databases.no_table", shape, "")


def no_key(shape: Shape) -> Finding:
    """The finding of a mapping that does not give what a row is known by."""
    return _problem("databases.no_key", shape, "")
