"""A letter becomes the bytes of a PDF: the same letter, the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from bridge.pdf import frame
from bridge.pdf.archive import canvas_for
from bridge.pdf.cells import MM
from bridge.pdf.cells import ROW
from bridge.pdf.cells import lines_of
from bridge.pdf.cells import places_of
from bridge.pdf.faces import PLAIN
from bridge.pdf.faces import STRONG
from bridge.pdf.faces import width
from bridge.pdf.frame import BODY
from bridge.pdf.frame import GREY
from bridge.pdf.frame import LEAD
from bridge.pdf.frame import LEFT
from bridge.pdf.frame import RIGHT
from bridge.pdf.frame import SMALL
from bridge.pdf.frame import TEXT
from bridge.pdf.frame import put
from bridge.pdf.frame import rule
from bridge.pdf.girocode import LEAST_SIDE
from bridge.pdf.girocode import SIDE
from bridge.pdf.girocode import draw_code
from bridge.pdf.paging import Block
from bridge.pdf.paging import Heading
from bridge.pdf.paging import Line
from bridge.pdf.paging import paged
from bridge.pdf.setting import broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportlab.pdfgen.canvas import Canvas

    from bridge.papers.letter import Code
    from bridge.papers.letter import Letter
    from bridge.papers.letter import Row
    from bridge.papers.letter import Sum
    from bridge.papers.letter import Table
    from bridge.pdf.cells import Place
    from bridge.pdf.paging import Drawn

ROW_LEAD, ROW_GAP = 4.0, 1.6
GAP = 4.0  # around what is not running text
GREETING = 2  # paragraphs at the end: the greeting, and who greets
SUM_LEFT = 110  # where the labels of sums begin


@dataclass(frozen=True, slots=True)
class Air:
    """How much space a letter has.

    Attributes:
        around: Millimetres around what is not running text.
        side: Millimetres of the code to pay with.
    """

    around: float
    side: float


AIRY, CLOSE = Air(GAP, SIDE), Air(GAP / 2, LEAST_SIDE)


def drawn(letter: Letter) -> bytes:
    """The letter as PDF/A-3b.

    Args:
        letter: Its texts; signs no face has must be out of it already.
    """
    canvas, out = canvas_for(letter)
    pages = _laid(letter)
    for number, placed in enumerate(pages):
        around = frame.draw_next if number else frame.draw_first
        around(canvas, letter)
        for top, line in placed:
            line.draw(canvas, top)
        frame.draw_foot(canvas, letter, number + 1, len(pages))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _laid(letter: Letter) -> list[list[tuple[float, Line]]]:
    """The lines of each page; set closer where that saves a page."""
    heading, rows = None, []
    if letter.table is not None:
        places = places_of(letter.table, LEFT)
        heading = _heading(letter.table, places)
        rows = [_row(places, row) for row in letter.table.rows]
    pages = paged(_blocks(letter, rows, AIRY), heading).placed
    if len(pages) > 1:
        closer = paged(_blocks(letter, rows, CLOSE), heading).placed
        pages = closer if len(closer) < len(pages) else pages
    return pages


def _blocks(letter: Letter, rows: list[Block], air: Air) -> Iterator[Block]:
    """All of a letter; the last row stays with what is below it."""
    yield _text(letter.subject, 12, STRONG, gap=3, lead=5.2)
    for paragraph in letter.opening:
        yield _text(paragraph)
    below = _below(letter, air)
    if letter.table is not None:
        yield _gap(1)
    yield from rows[:-1]
    yield from (replace(last, below=below[0].height) for last in rows[-1:])
    yield from below


def _below(letter: Letter, air: Air) -> list[Block]:
    """Sums, how to pay, and the greeting with what stands before it.

    A greeting never stands alone on a page; what is above it fills the page
    before as far as it goes.
    """
    *words, last = (
        Block(lines=tuple(_sums(letter, air))),
        *(_text(note) for note in letter.notes),
    )
    if letter.code is not None:
        last = _joined(last, Block(lines=(_code(letter.code, air),)))
    words += [last, *(_text(one) for one in letter.closing[:-GREETING])]
    *words, last = words
    return [*words, _joined(last, *_greeting(letter))]


def _greeting(letter: Letter) -> Iterator[Block]:
    for paragraph in letter.closing[-GREETING:]:
        yield _text(paragraph)
    if letter.signature:
        yield Block(lines=(_signed(letter.signature),))


def _joined(*blocks: Block) -> Block:
    return Block(lines=tuple(line for one in blocks for line in one.lines))


def _sums(letter: Letter, air: Air) -> Iterator[Line]:
    if letter.table is not None:
        yield Line(air.around, _nothing)
    left = _sums_left(letter.sums)
    yield from (_sum(line, left) for line in letter.sums)
    if letter.sums:
        yield Line(air.around, _nothing)


def _nothing(canvas: Canvas, top: float) -> None:
    """Empty space."""


def _gap(height: float) -> Block:
    return Block(lines=(Line(height, _nothing),))


def _text(
    text: str,
    size: float = TEXT,
    face: str = PLAIN,
    gap: float = 2.2,
    lead: float = LEAD,
) -> Block:
    """A paragraph, with the space below it."""
    parts = broken(text, face, size, BODY * mm)
    lines = [Line(lead, _set(part, LEFT, size, face)) for part in parts]
    return Block(lines=(*lines, Line(gap, _nothing)))


def _set(text: str, x: float, size: float, face: str) -> Drawn:
    """Something that sets a text where it is told to."""

    def draw(canvas: Canvas, top: float) -> None:
        put(canvas, text, x, top, size, face=face)

    return draw


def _row(places: tuple[Place, ...], row: Row) -> Block:
    """One line of the paper: what is long goes on below the rest."""
    lines = [
        Line(ROW_LEAD, partial(_cells, places, texts))
        for texts in lines_of(row, places)
    ]
    lines.append(Line(ROW_GAP, _hair))
    return Block(lines=tuple(lines), row=True, carried=row.carried)


def _cells(
    places: tuple[Place, ...],
    texts: tuple[str, ...],
    canvas: Canvas,
    top: float,
) -> None:
    for place, text in zip(places, texts, strict=True):
        _cell(canvas, place, text, top, size=place.size)


def _cell(  # noqa: PLR0913 - where and what of a cell
    canvas: Canvas,
    place: Place,
    text: str,
    top: float,
    *,
    face: str = PLAIN,
    size: float,
) -> None:
    if text:
        x = place.left + place.width * place.right
        put(canvas, text, x, top, size, face=face, right=place.right)


def _hair(canvas: Canvas, top: float) -> None:
    rule(canvas, LEFT, top - ROW_LEAD + ROW_GAP + 0.4, BODY, 0.2, "#d5d9de")


def _heading(table: Table, places: tuple[Place, ...]) -> Heading:
    carry = partial(_carried, table, places) if table.carry else None
    return Heading(Line(7.4, partial(_labels, table, places)), carry)


def _labels(
    table: Table, places: tuple[Place, ...], canvas: Canvas, top: float
) -> None:
    canvas.setFillColor(HexColor("#eef1f5"))
    high = 6 * mm
    place = (frame.HEIGHT - top) * mm
    canvas.rect(
        LEFT * mm, place - high / 2 + 1.2, BODY * mm, high, stroke=0, fill=1
    )
    for place, column in zip(places, table.columns, strict=True):
        _cell(canvas, place, column.label, top, face=STRONG, size=SMALL)


def _carried(table: Table, places: tuple[Place, ...], amount: str) -> Line:
    def draw(canvas: Canvas, top: float) -> None:
        place = places[0].left + places[0].width
        put(canvas, table.carry, place, top, ROW, colour=GREY)
        put(canvas, amount, RIGHT, top, ROW, colour=GREY, right=True)

    return Line(ROW_LEAD + ROW_GAP, draw)


def _sums_left(sums: tuple[Sum, ...]) -> float:
    """Where the labels of sums begin: earlier if one is very long."""
    needed = [
        width(line.label, _face(line), TEXT)
        + width(line.amount, _face(line), TEXT)
        for line in sums
    ]
    return min(SUM_LEFT, RIGHT - GAP - max(needed, default=0.0) / MM)


def _face(line: Sum) -> str:
    return STRONG if line.strong else PLAIN


def _sum(line: Sum, left: float) -> Line:
    face = _face(line)

    def draw(canvas: Canvas, top: float) -> None:
        if line.strong:
            rule(canvas, left, top - 3.2, RIGHT - left, 0.6)
            top += 1.2
        put(canvas, line.label, left, top, TEXT, face=face)
        put(canvas, line.amount, RIGHT, top, TEXT, face=face, right=True)

    return Line(7 if line.strong else 4.8, draw)


def _code(code: Code, air: Air) -> Line:
    left = LEFT + air.side + 3
    lines = [
        part
        for line in code.lines
        for part in broken(line, PLAIN, TEXT, (RIGHT - left) * mm)
    ]

    def draw(canvas: Canvas, top: float) -> None:
        place = (LEFT * mm, (frame.HEIGHT - top) * mm)
        draw_code(canvas, code.text, *place, air.side)
        for number, line in enumerate(lines):
            put(canvas, line, left, top + 7 + number * LEAD, TEXT)

    high = max(air.side, 7 + len(lines) * LEAD)
    return Line(high + GAP / 2 + air.around, draw)


def _signed(label: str) -> Line:
    def draw(canvas: Canvas, top: float) -> None:
        rule(canvas, LEFT, top + 14, 75, 0.4)
        put(canvas, label, LEFT, top + 18, SMALL, colour=GREY)

    return Line(20, draw)
