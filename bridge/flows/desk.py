"""Everything needed to judge one record of the file at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from bridge.flows.persons import Persons
    from bridge.flows.rawrows import KnownRows
    from bridge.ledger.staging import Scope

    Place = tuple[str, int, str]  # article, variant and natural key


@dataclass(frozen=True)
class Desk:
    """A delivery's mapping at work.

    Attributes:
        delivery: Its number.
        scope: Whose documents it states.
        key: A document's place; nothing if a part of it is missing.
        convert: Raw values to a coded document.
        wanted: Whether the mapping admits a record.
        age: A record's age, UTC microseconds.
        raw: The digest of a record that has no text of its own.
        fields: How many fields a whole document has.
        together: Fields that are one statement.
        nameless: Whether a record without a key may still be somebody.
        otherwise: The age of records that do not state their own.
        aged: Whether records may state their own age at all.
        texts: Whether a record is known by its text.
        known: The rows that are known.
        persons: What must not be kept in the open.
    """

    delivery: int
    scope: Scope
    key: Callable[[Mapping[str, Any]], Place | None]
    convert: Callable[..., dict[str, Any]]
    wanted: Callable[[Mapping[str, Any]], bool]
    age: Callable[[Mapping[str, Any]], int]
    raw: Callable[[Mapping[str, Any]], bytes]
    fields: int
    together: tuple[str, ...]
    nameless: bool
    otherwise: int
    aged: bool
    texts: bool
    known: KnownRows
    persons: Persons
