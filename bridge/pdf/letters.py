"""A letter becomes the bytes of a PDF: the same letter, the same bytes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from bridge.pdf import frame
from bridge.pdf.archive import canvas_for
from bridge.pdf.faces import PLAIN
from bridge.pdf.faces import STRONG
from bridge.pdf.frame import BODY
from bridge.pdf.frame import GREY
from bridge.pdf.frame import LEAD
from bridge.pdf.frame import LEFT
from bridge.pdf.frame import RIGHT
from bridge.pdf.frame import SMALL
from bridge.pdf.frame import TEXT
from bridge.pdf.frame import put
from bridge.pdf.frame import rule
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
    from bridge.papers.letter import Column
    from bridge.papers.letter import Letter
    from bridge.papers.letter import Row
    from bridge.papers.letter import Sum
    from bridge.papers.letter import Table
    from bridge.pdf.paging import Drawn

ROW = TEXT - 0.5
ROW_LEAD, ROW_GAP = 4.0, 1.6
GAP = 4.0  # around what is not running text
SUM_LEFT = 110  # where the labels of sums begin


def drawn(letter: Letter) -> bytes:
    """The letter as PDF/A-3b.

    Args:
        letter: Its texts; signs no face has must be out of it already.
    """
    canvas, out = canvas_for(letter)
    heading = None if letter.table is None else _heading(letter.table)
    pages = paged(_blocks(letter), heading).placed
    for number, placed in enumerate(pages):
        around = frame.draw_next if number else frame.draw_first
        around(canvas, letter)
        for top, line in placed:
            line.draw(canvas, top)
        frame.draw_foot(canvas, letter, number + 1, len(pages))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _blocks(letter: Letter) -> Iterator[Block]:
    yield _text(letter.subject, 12, STRONG, gap=3, lead=5.2)
    for paragraph in letter.opening:
        yield _text(paragraph)
    sums = Block(lines=tuple(_sums(letter)))
    if letter.table is not None:
        yield _gap(1)
        yield from _rows(letter.table, sums.height)
    yield sums
    yield Block(lines=tuple(_end(letter)))


def _rows(table: Table, below: float) -> Iterator[Block]:
    """The lines of a paper; the last one stays with the sums below it."""
    rows = [_row(table, row) for row in table.rows]
    yield from rows[:-1]
    yield from (replace(last, below=below) for last in rows[-1:])


def _sums(letter: Letter) -> Iterator[Line]:
    if letter.table is not None:
        yield Line(GAP, _nothing)
    yield from map(_sum, letter.sums)
    if letter.sums:
        yield Line(GAP, _nothing)


def _end(letter: Letter) -> Iterator[Line]:
    """What stays together: how to pay, and the closing words."""
    for note in letter.notes:
        yield from _text(note).lines
    if letter.code is not None:
        yield _code(letter.code)
    for paragraph in letter.closing:
        yield from _text(paragraph).lines
    if letter.signature:
        yield _signed(letter.signature)


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


def _places(table: Table) -> list[float]:
    """Where each column ends, in millimetres."""
    ends, at = [], float(LEFT)
    for column in table.columns:
        at += column.width
        ends.append(at)
    return ends


def _cell(  # noqa: PLR0913 - where and what of a cell
    canvas: Canvas,
    column: Column,
    end: float,
    text: str,
    top: float,
    *,
    face: str = PLAIN,
    size: float = ROW,
) -> None:
    if text and column.right:
        put(canvas, text, end, top, size, face=face, right=True)
    elif text:
        put(canvas, text, end - column.width, top, size, face=face)


def _row(table: Table, row: Row) -> Block:
    """One line of the paper: its long text goes on below the rest."""
    column = table.columns[table.wide]
    parts = broken(row.cells[table.wide], PLAIN, ROW, (column.width - 3) * mm)
    lines = [Line(ROW_LEAD, partial(_first, table, row, parts[0]))]
    x = _places(table)[table.wide] - column.width
    lines += [Line(ROW_LEAD, _set(part, x, ROW, PLAIN)) for part in parts[1:]]
    lines.append(Line(ROW_GAP, _hair))
    return Block(lines=tuple(lines), row=True, carried=row.carried)


def _first(
    table: Table, row: Row, text: str, canvas: Canvas, top: float
) -> None:
    places = _places(table)
    for index, column in enumerate(table.columns):
        said = text if index == table.wide else row.cells[index]
        _cell(canvas, column, places[index], said, top)


def _hair(canvas: Canvas, top: float) -> None:
    rule(canvas, LEFT, top - ROW_LEAD + ROW_GAP + 0.4, BODY, 0.2, "#d5d9de")


def _heading(table: Table) -> Heading:
    carry = partial(_carried, table) if table.carry else None
    return Heading(Line(7.4, partial(_labels, table)), carry)


def _labels(table: Table, canvas: Canvas, top: float) -> None:
    canvas.setFillColor(HexColor("#eef1f5"))
    high = 6 * mm
    place = (frame.HEIGHT - top) * mm
    canvas.rect(
        LEFT * mm, place - high / 2 + 1.2, BODY * mm, high, stroke=0, fill=1
    )
    for end, column in zip(_places(table), table.columns, strict=True):
        _cell(canvas, column, end, column.label, top, face=STRONG, size=SMALL)


def _carried(table: Table, amount: str) -> Line:
    def draw(canvas: Canvas, top: float) -> None:
        place = LEFT + table.columns[0].width
        put(canvas, table.carry, place, top, ROW, colour=GREY)
        put(canvas, amount, RIGHT, top, ROW, colour=GREY, right=True)

    return Line(ROW_LEAD + ROW_GAP, draw)


def _sum(line: Sum) -> Line:
    face = STRONG if line.strong else PLAIN

    def draw(canvas: Canvas, top: float) -> None:
        if line.strong:
            rule(canvas, SUM_LEFT, top - 3.2, RIGHT - SUM_LEFT, 0.6)
            top += 1.2
        put(canvas, line.label, SUM_LEFT, top, TEXT, face=face)
        put(canvas, line.amount, RIGHT, top, TEXT, face=face, right=True)

    return Line(7 if line.strong else 4.8, draw)


def _code(code: Code) -> Line:
    def draw(canvas: Canvas, top: float) -> None:
        draw_code(canvas, code.text, LEFT * mm, (297 - top) * mm)
        for number, line in enumerate(code.lines):
            place = top + 7 + number * LEAD
            put(canvas, line, LEFT + SIDE + 3, place, TEXT)

    return Line(SIDE + GAP, draw)


def _signed(label: str) -> Line:
    def draw(canvas: Canvas, top: float) -> None:
        rule(canvas, LEFT, top + 14, 75, 0.4)
        put(canvas, label, LEFT, top + 18, SMALL, colour=GREY)

    return Line(20, draw)
