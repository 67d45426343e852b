"""A value as the column of a database takes it, without losing anything."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy import Date
from sqlalchemy import DateTime
from sqlalchemy import Integer
from sqlalchemy import Numeric
from sqlalchemy import String

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from bridge.model.record import Value
    from bridge.model.table import Column

#: Amounts and quantities of Sage have at most so many places.
DIGITS, PLACES = 19, 6
#: What column types may hold what; a text column holds everything.
FITTING: dict[str, tuple[type[TypeEngine[Any]], ...]] = {
    "text": (),
    "integer": (Integer, Numeric),
    "decimal": (Numeric,),
    "boolean": (Boolean, Integer, Numeric),
    "date": (Date, DateTime),
    "datetime": (DateTime,),
}
SAGE_TRUE = -1  # Sage's own tables keep truth as -1 and 0


def type_for(column: Column) -> TypeEngine[Any]:
    """The type a new column gets.

    SQLite has no exact decimals: there they are texts.
    """
    if column.content == "decimal":
        exact = Numeric(DIGITS, PLACES)
        return exact.with_variant(String(DIGITS + PLACES), "sqlite")
    if column.content == "text":
        return String(column.length)
    plain: dict[str, TypeEngine[Any]] = {
        "integer": Integer(),
        "boolean": Boolean(),
        "date": Date(),
        "datetime": DateTime(),
    }
    return plain[column.content]


def least(column: Column) -> int:
    """How many characters a value needs where it is kept as text."""
    return {"date": 10, "datetime": 25, "boolean": 2}.get(column.content, 0)


def fits(column: Column, kind: TypeEngine[Any]) -> bool:
    """Whether a column of a type can hold what is written."""
    return isinstance(kind, (String, *FITTING[column.content]))


def exact(value: Value, kind: TypeEngine[Any]) -> bool:
    """Whether a column of a type keeps every digit of a value."""
    if not isinstance(value, Decimal):
        return True
    places = 0 if isinstance(kind, Integer) else getattr(kind, "scale", None)
    return places is None or value == round(value, places)


def bound(value: Value, kind: TypeEngine[Any]) -> Any:  # noqa: ANN401
    """The value a driver is given for a column of a type.

    An instant becomes local time where the column knows no zone, truth
    becomes -1 and 0 in a column of numbers, as in Sage's own tables.
    """
    if value is None or value == "":
        return None
    if isinstance(kind, String):
        return _text(value)
    if isinstance(value, bool):
        return value if isinstance(kind, Boolean) else _truth(value)
    if isinstance(value, Decimal) and isinstance(kind, Integer):
        return int(value)
    return _moment(value, kind) if isinstance(value, date) else value


def _truth(value: bool) -> int:  # noqa: FBT001 - it is the value
    return SAGE_TRUE if value else 0


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(_truth(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(value: date, kind: TypeEngine[Any]) -> date:
    if not isinstance(value, datetime):
        midnight = datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return midnight if isinstance(kind, DateTime) else value
    if isinstance(kind, Date):
        return value.date()
    zoned = getattr(kind, "timezone", False)
    return value if zoned else value.replace(tzinfo=None)
