"""A record: one row of raw named values and where it stood; and its file."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple
from typing import TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.errors import Finding

Format = Literal["csv", "txt", "xml", "json", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "txt", "xml", "json", "xlsx")

Value: TypeAlias = (
    str | bool | Decimal | date | datetime | list["Record"] | None
)


#: Under this name a line of a file of several types keeps its own.
TYPE = ""


class Record(NamedTuple):
    """Raw named values of one row, item or element.

    Attributes:
        line: Physical line, counted from 1 (csv, txt: where the record
            begins; xlsx: the row; xml: the element; json: its ``{``).
        values: By column name, or path below the record (``A/B``, ``@id``).
            A missing key was not given; ``None`` or ``""`` is empty. Repeated
            elements the profile names in ``lists`` are a list of records; a
            repeated scalar is a record with the one key ``"."``.
        findings: What the format itself found wrong with this row.
        raw: The digest of the row as it stands in the file, where it was
            asked for.
    """

    line: int
    values: dict[str, Value]
    findings: tuple[Finding, ...] = ()
    raw: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Span:
    """Where a column stands in lines of fixed width.

    Attributes:
        name: The column's.
        at: Its first place, counted from 1.
        length: How many places it takes.
        align: To which side its text is put.
        pad: What fills the rest.
        implied: Decimal places of a number that is written without a sign.
    """

    name: str
    at: int
    length: int
    align: Literal["left", "right"] = "left"
    pad: str = " "
    implied: int = 0


@dataclass(frozen=True, kw_only=True)
class RecordType:
    """One of several types of records in a file.

    Attributes:
        name: What a line of it bears.
        columns: The names of its cells.
        spans: Where they stand, in lines of fixed width.
        parent: The type it belongs to; empty: it begins a document.
        many: Whether its lines are a list of their parent, or each a part
            of it.
    """

    name: str
    columns: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    parent: str = ""
    many: bool = False


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How a line tells its type: by a cell, by a place or by its order.

    Attributes:
        column: The cell, counted from 1.
        at: The first place in a line of fixed width, counted from 1.
        length: How many places.
        first: The type of the first line of the file.
        rest: The type of all others.
        skip: Types that are passed over.
    """

    column: int = 0
    at: int = 0
    length: int = 0
    first: str = ""
    rest: str = ""
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trailer:
    """The last line, which says what should have come before it.

    Attributes:
        type: What it bears.
        count: Column to the type whose lines it counts; empty: all lines.
        sum: Column to the column of other types it adds up.
    """

    type: str
    count: Mapping[str, str] = field(default_factory=dict)
    sum: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How one kind of file is written.

    Attributes:
        format: The family of the file.
        encoding: Used where no BOM says otherwise.
        delimiter: Between cells of csv and txt.
        header: Whether the first row names the columns.
        columns: The names where there is no header.
        required: Columns without which the whole file is refused.
        decimal: The decimal sign, ``,`` or ``.``; ``any`` takes both.
        date: strftime form of dates; empty means ISO 8601.
        datetime: strftime form of instants; empty means ISO 8601.
        boolean: ``sage`` (-1/0 and friends) or ``json`` (true/false).
        record: xml: absolute path of the record's element, ``A|B`` for
            either name; json: key (or path) of the array; out: name of the
            record's element or array.
        root: out: name of the xml root.
        head: Name to path of what the file says about itself (``@Mandant``);
            out: ignored, the head's values are given when writing.
        lists: Paths that may repeat and are read as lists of records.
        reads: xml: paths that are looked at; others may repeat unsaid. Of
            none, all are.
        namespaces: Prefix to URI for paths in xml.
        xsd: Schema file a xml must satisfy.
        sheet: xlsx: 1-based number or name.
        rows: out, csv and txt: the list whose items become rows, their
            document's own fields repeated on each.
        spans: txt: the columns of lines of fixed width.
        short: csv and txt: what becomes of a line that ends early; unsaid,
            one of fixed width is filled up and one of cells refused.
        count: txt of fixed width: what a place is.
        types: csv and txt: the types of records, where there are several.
        mark: How a line tells its type.
        trailer: What the last line says of the others.
    """

    format: Format
    encoding: str = "utf-8"
    delimiter: str = ";"
    header: bool = True
    columns: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    decimal: str = "."
    date: str = ""
    datetime: str = ""
    boolean: str = "json"
    record: str = ""
    root: str = ""
    head: Mapping[str, str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    namespaces: Mapping[str, str] = field(default_factory=dict)
    xsd: Path | None = None
    sheet: int | str = 1
    rows: str = ""
    spans: tuple[Span, ...] = ()
    short: Literal["", "pad", "refuse"] = ""
    count: Literal["characters", "bytes"] = "characters"
    types: Mapping[str, RecordType] = field(default_factory=dict)
    mark: Mark | None = None
    trailer: Trailer | None = None

    @property
    def fixed(self) -> bool:
        """Whether cells stand at fixed places of a line."""
        return bool(self.spans) or any(t.spans for t in self.types.values())
