"""What a table of somebody else's database must look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias

Content: TypeAlias = Literal[
    "text", "integer", "decimal", "boolean", "date", "datetime"
]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column that is written.

    Attributes:
        name: As the mapping calls the field.
        content: What is in it.
        length: The most characters of a text; ``None``: nobody knows.
    """

    name: str
    content: Content
    length: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One table, and the tables of the lists inside its documents.

    Attributes:
        table: Its name; a schema may stand before it (``dbo.Bestellung``).
        columns: In the order of the mapping; those of the key are among
            them.
        key: The columns by which a row is found again.
        natural: The columns that hold the document's own number: two rows
            are never told apart by less.
        counter: The column that counts the items of a document; empty at
            the head's own table.
        children: By the list's name in a record.
    """

    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    natural: tuple[str, ...] = ()
    counter: str = ""
    children: tuple[tuple[str, Shape], ...] = ()

    def all(self) -> tuple[Shape, ...]:
        """This table and those of its lists."""
        return (self, *(child for _, child in self.children))
