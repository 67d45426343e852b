"""What stands around the text of a letter: DIN 5008, form B.

All measures are millimetres from the top left of the sheet, as the standard
states them (DIN 5008:2020, form B).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from bridge.pdf.faces import PLAIN
from bridge.pdf.faces import STRONG
from bridge.pdf.faces import width
from bridge.pdf.pictures import picture_of
from bridge.pdf.setting import broken

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from bridge.papers.letter import Head
    from bridge.papers.letter import Letter

HEIGHT, WIDTH = 297, 210
LEFT, RIGHT = 25, 190  # margins of the text
BODY = RIGHT - LEFT
SUBJECT = 103.4  # where the text of the first page begins
NEXT = 32  # ... and of the following ones
FOOT = 267  # where it ends
FOLDS, HOLE = (105, 210), 148.5
WINDOW, WINDOW_WIDE, WINDOW_HIGH = 62.7, 80, 27.3  # the recipient
SENDER = 59.6  # one small line above them
INFO_LEFT, INFO_TOP, INFO_LABEL, INFO_WIDE = 125, 50, 29, 75
GREY = HexColor("#5a5f66")
SMALL, TINY, TEXT, BIG = 8, 6.8, 9.5, 15
LEAD = 4.3  # from line to line of the text
SIZES = ((TEXT + 0.5, 4.4), (SMALL, 3.6), (TINY, 3.0))  # of an address
LOGO_WIDE, LOGO_HIGH = 62, 22


def draw_first(canvas: Canvas, letter: Letter) -> None:
    """The frame of the first page: head, window, information, marks."""
    _head(canvas, letter.head)
    put(canvas, letter.head.sender, LEFT, SENDER, TINY, colour=GREY)
    rule(canvas, LEFT, SENDER + 0.9, WINDOW_WIDE, 0.25)
    _window(canvas, letter.address)
    _information(canvas, letter)
    for place in FOLDS:
        canvas.line(4 * mm, _y(place), 8 * mm, _y(place))
    canvas.line(4 * mm, _y(HOLE), 9 * mm, _y(HOLE))


def _window(canvas: Canvas, address: tuple[str, ...]) -> None:
    """The recipient: nothing leaves the window, long names go on below."""
    size, lead = SIZES[0]
    for size, lead in SIZES:
        if len(_fitted(address, size)) * lead <= WINDOW_HIGH:
            break
    lines = _fitted(address, size)
    for number, line in enumerate(lines[: int(WINDOW_HIGH / lead)]):
        put(canvas, line, LEFT, WINDOW + 3.4 + number * lead, size)


def _fitted(address: tuple[str, ...], size: float) -> list[str]:
    return [
        part
        for line in address
        for part in broken(line, PLAIN, size, WINDOW_WIDE * mm)
    ]


def draw_next(canvas: Canvas, letter: Letter) -> None:
    """The frame of a following page: whose letter it is."""
    put(canvas, letter.head.company, LEFT, 20, SMALL, colour=GREY)
    room = BODY * mm - width(letter.head.company, PLAIN, SMALL) - 4 * mm
    title = broken(letter.title, PLAIN, SMALL, room)[-1]
    put(canvas, title, RIGHT, 20, SMALL, colour=GREY, right=True)
    rule(canvas, LEFT, 22.5, BODY, 0.4, letter.head.colour)


def draw_foot(canvas: Canvas, letter: Letter, page: int, pages: int) -> None:
    """The foot of every page: its number and who the firm is."""
    said = letter.page.format(page=page, pages=pages)
    put(canvas, said, RIGHT, 272, SMALL, colour=GREY, right=True)
    rule(canvas, LEFT, 274.2, BODY, 0.4, letter.head.colour)
    place = float(LEFT)
    columns = letter.head.footer
    for lines, wide in zip(columns, _widths(columns), strict=True):
        fitting = [
            part
            for line in lines
            for part in broken(line, PLAIN, TINY, (wide - 2) * mm)
        ]
        for row, line in enumerate(fitting):
            put(canvas, line, place, 278 + row * 2.9, TINY, colour=GREY)
        place += wide


def _widths(columns: tuple[tuple[str, ...], ...]) -> list[float]:
    """How wide each column of the foot is, by its longest line."""
    needed = [
        max(width(line, PLAIN, TINY) for line in lines) / mm + 2
        for lines in columns
    ]
    spare = BODY - sum(needed)
    if spare >= 0:
        return [wide + spare / len(needed) for wide in needed]
    return [wide * BODY / sum(needed) for wide in needed]


def _head(canvas: Canvas, head: Head) -> None:
    if head.logo:
        picture = picture_of(head.logo)
        wide, high = picture.getSize()
        scale = min(LOGO_WIDE / wide, LOGO_HIGH / high)
        canvas.drawImage(
            picture,
            LEFT * mm,
            _y(15 + high * scale),
            wide * scale * mm,
            high * scale * mm,
        )
    else:
        _company(canvas, head)
    for number, line in enumerate(head.contact):
        top = 18 + number * 3.8
        put(canvas, line, RIGHT, top, SMALL, colour=GREY, right=True)


def _company(canvas: Canvas, head: Head) -> None:
    """The firm's name, as large as it fits beside the contact lines."""
    size: float = BIG
    while width(head.company, STRONG, size) > 100 * mm and size > TEXT:
        size -= 0.5
    place, colour = 22, HexColor(head.colour)
    for line in broken(head.company, STRONG, size, 100 * mm)[:2]:
        put(canvas, line, LEFT, place, size, face=STRONG, colour=colour)
        place += 6
    rule(canvas, LEFT, place - 3, 18, 1.2, head.colour)


def _information(canvas: Canvas, letter: Letter) -> None:
    top = INFO_TOP + 3.2
    wide = (INFO_WIDE - INFO_LABEL) * mm
    for label, value in letter.info:
        put(canvas, label, INFO_LEFT, top, SMALL, colour=GREY)
        for line in broken(value, PLAIN, TEXT - 0.5, wide):
            put(canvas, line, INFO_LEFT + INFO_LABEL, top, TEXT - 0.5)
            top += 4.1
        top += 0.5


def put(  # noqa: PLR0913 - where, what and how of a text
    canvas: Canvas,
    text: str,
    x: float,
    top: float,
    size: float,
    *,
    face: str = PLAIN,
    colour: object = None,
    right: bool = False,
) -> None:
    """Set one line; ``x`` is its left edge, or its right one."""
    canvas.setFont(face, size)
    canvas.setFillColor(colour or HexColor("#000000"))
    set_ = canvas.drawRightString if right else canvas.drawString
    set_(x * mm, _y(top), text)


def rule(  # noqa: PLR0913, PLR0917 - where, how long and how
    canvas: Canvas,
    x: float,
    top: float,
    wide: float,
    thick: float,
    colour: str = "#9aa0a6",
) -> None:
    """Draw a line across."""
    canvas.setStrokeColor(HexColor(colour))
    canvas.setLineWidth(thick)
    canvas.line(x * mm, _y(top), (x + wide) * mm, _y(top))


def _y(top: float) -> float:
    """Points from the foot of the sheet of millimetres from its top."""
    return float((HEIGHT - top) * mm)
