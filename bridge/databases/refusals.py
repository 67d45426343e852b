"""Which column a database meant when it refused a row."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Integer
from sqlalchemy import Numeric
from sqlalchemy import SmallInteger
from sqlalchemy import String
from sqlalchemy.exc import DBAPIError

from bridge.databases.connection import state_of
from bridge.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from sqlalchemy import Column
    from sqlalchemy import Table

#: SQLSTATE classes of values that do not fit, and of rules that are broken.
UNFIT, BROKEN = "22", ("23", "SQLITE_CONSTRAINT_NOTNULL")


@contextmanager
def blamed(table: Table, row: Mapping[str, Any]) -> Iterator[None]:
    """Name the column of a row that a database refuses inside.

    Drivers quote the value or say nothing; here its length is told, never
    itself: it may be personal.

    Raises:
        RefusedError: ``databases.long_value``, ``databases.large_value``,
            ``databases.empty_value``; where no column can be blamed, the
            database's own error passes.
    """
    try:
        yield
    except DBAPIError as error:
        state = state_of(error)
        for name, value in row.items():
            if told := _fault(state, table.c[name], value):
                code, most, found = told
                raise RefusedError(
                    code,
                    table=table.name,
                    column=name,
                    state=state,
                    most=most,
                    found=found,
                ) from None
        raise


def _fault(
    state: str, column: Column[Any], value: object
) -> tuple[str, int, int] | None:
    """What is wrong with a value, how much fits and how much it is."""
    if state.startswith(BROKEN):
        empty = value is None and not column.nullable
        return ("databases.empty_value", 0, 0) if empty else None
    if not state.startswith(UNFIT):
        return None
    if isinstance(value, str) and isinstance(column.type, String):
        most, found = column.type.length, len(value)
        code = "databases.long_value"
    elif isinstance(value, Decimal | int):
        most, found = _digits(column), len(str(abs(int(value))))
        code = "databases.large_value"
    else:
        return None
    too_much = most is not None and found > most
    return (code, most or 0, found) if too_much else None


def _digits(column: Column[Any]) -> int | None:
    """How many digits before the point a column takes for certain."""
    kind = column.type
    if isinstance(kind, Integer):
        if isinstance(kind, BigInteger):
            return 18
        return 4 if isinstance(kind, SmallInteger) else 9
    if isinstance(kind, Numeric) and kind.precision is not None:
        return kind.precision - (kind.scale or 0)
    return None
