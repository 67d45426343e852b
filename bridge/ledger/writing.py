"""Insert or update, said once for SQLite and PostgreSQL.

What meets every row of a large file goes past SQLAlchemy's conversions by
``run``: they cost more there than the database itself.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy import CursorResult
    from sqlalchemy import Table

    from bridge.ledger.engine import Transaction

Value = TypeVar("Value")

AT_ONCE = 1_000  # rows that are in memory where they are taken one by one
CHUNK = 5_000  # rows of one statement


def put(
    tx: Transaction,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    change: Iterable[str] | None = None,
) -> None:
    """Insert rows; where the key exists, change the named columns.

    Args:
        tx: The transaction.
        table: Where to.
        rows: All with the same keys.
        change: Columns taken from the new row; ``None`` means every one
            that is not part of the key, an empty list none.
    """
    if not rows:
        return
    if change is None:
        keys = {column.name for column in table.primary_key}
        change = [name for name in rows[0] if name not in keys]
    statement = _upsert(tx.dialect.name, table, tuple(change))
    for start in range(0, len(rows), CHUNK):
        tx.execute(statement, [dict(r) for r in rows[start : start + CHUNK]])


@cache
def _upsert(dialect: str, table: Table, change: tuple[str, ...]) -> Any:  # noqa: ANN401 - two dialects' own
    """The statement, made once: making it takes longer than running it."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement: Any = make(table)
    keys = [column.name for column in table.primary_key]
    if not change:
        return statement.on_conflict_do_nothing(index_elements=keys)
    new = {name: statement.excluded[name] for name in change}
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


def run(
    tx: Transaction,
    statement: str,
    values: tuple[object, ...] | list[tuple[object, ...]],
) -> CursorResult[Any]:
    """Run a statement as the driver takes it.

    Args:
        tx: The transaction.
        statement: With ``?`` for each value, and no other question mark.
        values: Of plain types (text, whole numbers, truth, bytes), as the
            table keeps them; a list of tuples runs once for each.
    """
    if tx.dialect.name != "sqlite":
        statement = statement.replace("?", "%s")
    return tx.exec_driver_sql(statement, values)


def stream(
    tx: Transaction, statement: str, values: tuple[object, ...]
) -> CursorResult[Any]:
    """As ``run``; the rows come as they are asked for, on any database."""
    if tx.dialect.name != "sqlite":
        statement = statement.replace("?", "%s")
    options = {"stream_results": True, "max_row_buffer": CHUNK}
    return tx.exec_driver_sql(statement, values, execution_options=options)


def each(tx: Transaction, query: Any) -> Generator[Any]:  # noqa: ANN401 - SQL
    """The rows of a query as they are asked for, on any database.

    Whoever does not take all of them closes it.
    """
    rows = tx.execute(query, execution_options={"yield_per": AT_ONCE})
    try:
        yield from rows
    finally:
        rows.close()


def at(table: Table, *columns: str) -> ColumnElement[bool]:
    """The rows whose columns have the values given under their names.

    For a statement that is made once and asked often.
    """
    return and_(*(table.c[name] == bindparam(name) for name in columns))


def pieces(
    values: Iterable[Value], most: int = AT_ONCE
) -> Iterator[list[Value]]:
    """Values in lists that an ``IN`` of any database takes."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some


def marks(number: int) -> str:
    """So many ``?``, as ``IN`` and ``VALUES`` want them.

    PostgreSQL takes no empty ``IN ()``; nothing is in ``(NULL)``.
    """
    return ", ".join("?" * number) or "NULL"
