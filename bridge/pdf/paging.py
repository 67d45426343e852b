"""Blocks are laid on pages: what belongs together stays together.

Heights only; nothing is drawn before it is known how many pages there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from bridge.pdf.frame import FOOT
from bridge.pdf.frame import NEXT
from bridge.pdf.frame import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from reportlab.pdfgen.canvas import Canvas

    Drawn = Callable[[Canvas, float], None]  # at which millimetre from the top


@dataclass(frozen=True, slots=True)
class Line:
    """Something of one height that is drawn at a place."""

    height: float
    draw: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together.

    Attributes:
        row: Whether it is a line of the table.
        carried: What the table comes to with it.
        below: Millimetres that must be free below it, for what it is not
            parted from: the sums under the last line of a table.
    """

    lines: tuple[Line, ...]
    row: bool = False
    carried: str = ""
    below: float = 0

    @property
    def height(self) -> float:
        """Millimetres."""
        return sum(line.height for line in self.lines)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a table repeats on each page.

    Attributes:
        top: Its heading.
        carry: Draws a sum that is carried over; ``None``: nothing is.
    """

    top: Line
    carry: Callable[[str], Line] | None


@dataclass
class Pages:
    """Where everything stands: by page, with its millimetre."""

    placed: list[list[tuple[float, Line]]] = field(
        default_factory=lambda: [[]]
    )
    at: float = SUBJECT

    def put(self, line: Line) -> None:
        """Place a line below the last one."""
        self.placed[-1].append((self.at, line))
        self.at += line.height

    def turn(self) -> None:
        """Go on at the top of a new page."""
        self.placed.append([])
        self.at = NEXT

    @property
    def left(self) -> float:
        """Millimetres to the foot of the text."""
        return FOOT - self.at


def paged(blocks: Iterable[Block], heading: Heading | None) -> Pages:
    """Lay blocks on as few pages as they need."""
    pages, carried = Pages(), ""
    in_table = False
    for block in blocks:
        if block.row and heading is not None:
            if not in_table:
                _begin(pages, heading, block)
            _row(pages, heading, block, carried)
            carried = block.carried or carried
        else:
            _whole(pages, block)
        in_table = block.row
    return pages


def _begin(pages: Pages, heading: Heading, first: Block) -> None:
    """A heading never stands alone at the foot of a page."""
    least = min(first.height, 30) + first.below
    if heading.top.height + least > pages.left:
        pages.turn()
    pages.put(heading.top)


def _row(pages: Pages, heading: Heading, block: Block, carried: str) -> None:
    """A row of the table; one that no page can hold is split."""
    foot = _carry(heading, block.carried)
    room = FOOT - NEXT - heading.top.height - 2 * foot
    needed = block.height + max(foot, block.below)
    if needed > pages.left and needed - foot <= room:
        _turn(pages, heading, carried)
    for line in block.lines:
        if line.height + foot > pages.left:
            _turn(pages, heading, carried)
        pages.put(line)


def _carry(heading: Heading, carried: str) -> float:
    if heading.carry is None or not carried:
        return 0
    return heading.carry(carried).height


def _turn(pages: Pages, heading: Heading, carried: str) -> None:
    """The sum so far stands at the foot and again at the head."""
    over = heading.carry(carried) if heading.carry and carried else None
    if over is not None:
        pages.put(over)
    pages.turn()
    pages.put(heading.top)
    if over is not None:
        pages.put(over)


def _whole(pages: Pages, block: Block) -> None:
    """Text and sums: whole where a page can hold them."""
    if block.height > pages.left and block.height <= FOOT - NEXT:
        pages.turn()
    for line in block.lines:
        if line.height > pages.left:
            pages.turn()
        pages.put(line)
