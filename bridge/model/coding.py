"""Documents as JSON-ready dictionaries, and back.

A coded document holds only text, integers, booleans, lists and
dictionaries; a decimal is its canonical text, a date ISO 8601, an instant
ISO 8601 in UTC. The ledger stores it, mappings make and read it.
"""

from __future__ import annotations

from dataclasses import fields
from dataclasses import is_dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias
from typing import TypeVar

from bridge.model.kinds import PARTS
from bridge.model.values import Measure
from bridge.model.values import Money
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable

Coded: TypeAlias = dict[str, Any]
Model = TypeVar("Model")


def code(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """A value as JSON can carry it; ``None`` fields are left out."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, date):
        return _moment(value)
    if isinstance(value, tuple | list):
        return [code(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: code(inner)
            for name in _names(type(value))
            if (inner := getattr(value, name)) is not None
        }
    return value


def _moment(value: date) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return value.isoformat()


@cache
def _names(model: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    return tuple(item.name for item in fields(model))


def decode(model: type[Model], coded: Coded) -> Model:
    """The typed value of a coded one; unknown keys are ignored."""
    shape: Hashable = model  # type: ignore[assignment]
    known = _decoders(shape)
    return model(
        **{
            name: known[name](value)
            for name, value in coded.items()
            if name in known and value is not None
        }
    )


@cache
def _decoders(model: Hashable) -> dict[str, Callable[[Any], Any]]:
    shape: Any = model
    return {item.name: _decoder(str(item.type)) for item in fields(shape)}


def _decoder(annotation: str) -> Callable[[Any], Any]:
    text = annotation.removesuffix(" | None")
    inner = text.removeprefix("tuple[").removesuffix(", ...]")
    if inner in PARTS:
        part = PARTS[inner]
        if text.startswith("tuple["):
            return lambda items: tuple(decode(part, item) for item in items)
        return lambda item: decode(part, item)
    return _PLAIN[text]


def _measure(coded: Coded) -> Measure:
    return Measure(Decimal(coded["value"]), coded["unit"])


def _money(coded: Coded) -> Money:
    return Money(Decimal(coded["amount"]), coded["currency"])


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "str": str,
    "int": int,
    "bool": bool,
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Measure": _measure,
    "Money": _money,
    "tuple[str, ...]": tuple,
}
