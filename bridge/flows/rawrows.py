"""By what a raw row is known again: the hash of all a mapping reads of it."""

from __future__ import annotations

from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any

from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.mapping.plan import Plan

DIGEST = 16  # bytes
ABSENT, EMPTY = "\x00", "\x01"  # in a raw row: not given, given as null


def read_columns(
    plan: Plan, columns: tuple[str, ...] | None
) -> tuple[str, ...]:
    """What the mapping reads and the file has, without the row's own age."""
    ages = {place.text for place in plan.as_of if place.source == "from"}
    return tuple(
        name
        for name in plan.reads()
        if name not in ages and (columns is None or name in columns)
    )


def raw_hash(
    columns: tuple[str, ...], start: str
) -> Callable[[Mapping[str, Any]], bytes]:
    """The hash of what the mapping reads of a raw row."""
    copied = blake2b(start.encode(), digest_size=DIGEST).copy
    join, pick = KEY_SEPARATOR.join, _picker(columns)

    def digest(values: Mapping[str, Any]) -> bytes:
        try:
            cells = pick(values)
        except KeyError:
            cells = [values.get(name, ABSENT) for name in columns]
        try:
            text = join(cells)
        except TypeError:
            text = join(map(_cell, cells))
        made = copied()
        made.update(text.encode("utf-8", "surrogatepass"))
        return made.digest()

    return digest


def _picker(
    columns: tuple[str, ...],
) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """All cells of a row that has every column, in one call."""
    if len(columns) > 1:
        return itemgetter(*columns)
    return lambda values: [values[name] for name in columns]


def _cell(value: Any) -> str:  # noqa: ANN401 - a raw value has any type
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return repr([(record.values) for record in value])
    return EMPTY if value is None else f"{type(value).__name__}:{value}"
