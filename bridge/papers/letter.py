"""A letter as its reader sees it: words in places, nothing to reckon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Whose paper it is; the same on every letter of a firm.

    Attributes:
        company: The firm with its legal form.
        sender: One line above the address window.
        contact: Lines at the top right.
        footer: Columns of lines at the foot.
        colour: Of rules and of the firm's name, ``#rrggbb``.
        logo: The bytes of a PNG or JPEG; empty: the firm's name is set.
    """

    company: str
    sender: str
    contact: tuple[str, ...] = ()
    footer: tuple[tuple[str, ...], ...] = ()
    colour: str = "#1f3a5f"
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table.

    Attributes:
        label: Its heading.
        width: Millimetres.
        right: Whether it is set to the right, as numbers are.
    """

    label: str
    width: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the paper.

    Attributes:
        cells: One text a column; the long one may have line breaks.
        carried: What the paper comes to up to here, as it is written.
    """

    cells: tuple[str, ...]
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a paper.

    Attributes:
        wide: Index of the column that takes long texts.
        carry: What stands before a sum that is carried over.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    wide: int
    carry: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One line below the table."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A picture that a telephone reads, and what stands beside it.

    Attributes:
        text: What it says, as EPC069-12 wants it.
        lines: What a person reads beside it.
    """

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The same invoice for a machine, inside the PDF.

    Attributes:
        name: ``factur-x.xml`` or ``xrechnung.xml``.
        level: ``EN 16931`` or ``XRECHNUNG``.
        content: The XML.
    """

    name: Literal["factur-x.xml", "xrechnung.xml"]
    level: Literal["EN 16931", "XRECHNUNG"]
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole letter.

    Attributes:
        language: ``de`` or ``en``.
        title: What a reader of PDF shows: ``Rechnung RE-2026-100456``.
        subject: The line above the text.
        address: Lines of the recipient, six at the most.
        info: Labels and values of the information block.
        opening: Paragraphs above the table.
        sums: What stands below it, kept together with its last line.
        notes: What law wants to be said, and how to pay.
        closing: Paragraphs at the end.
        signature: Label of a line to sign on; empty: none.
        issued: Its day; the time stamps of the file say the same.
        page: How pages are counted: ``Seite {page} von {pages}``.
    """

    language: str
    title: str
    subject: str
    head: Head
    address: tuple[str, ...]
    info: tuple[tuple[str, str], ...]
    issued: date
    page: str
    opening: tuple[str, ...] = ()
    table: Table | None = None
    sums: tuple[Sum, ...] = ()
    notes: tuple[str, ...] = ()
    code: Code | None = None
    closing: tuple[str, ...] = ()
    signature: str = ""
    enclosure: Enclosure | None = None
