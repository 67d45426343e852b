"""The square a telephone reads a transfer from, drawn as one path."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import segno
from reportlab.lib.units import mm

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

EDGE = 4  # modules of empty space around (ISO/IEC 18004)
SIDE = 34.0  # millimetres with the empty space: 26 or more are read well
LEAST_SIDE = 28.0  # ... where there is little room


@lru_cache(32)
def _runs(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """The size and, for each row, where dark modules begin and how many.

    The mask is fixed: trying all eight takes three times as long, and any of
    them can be read.
    """
    code = segno.make(
        text,
        error="m",
        encoding="utf-8",
        eci=False,
        boost_error=False,
        micro=False,
        mask=3,
    )
    runs = []
    for row, modules in enumerate(code.matrix):
        start = None
        for column, dark in enumerate([*modules, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((row, start, column - start))
                start = None
    return len(code.matrix), tuple(runs)


def draw_code(
    canvas: Canvas, text: str, x: float, top: float, side: float = SIDE
) -> None:
    """Draw a code as a square.

    Args:
        canvas: Where.
        text: What it says.
        x: Its left edge with the empty space, in points.
        top: Its upper edge, in points from the foot of the page.
        side: Millimetres with the empty space.
    """
    size, runs = _runs(text)
    module = side * mm / (size + 2 * EDGE)
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.transform(
        *(module, 0, 0, -module),
        *(x + EDGE * module, top - EDGE * module),
    )
    rows = [f"{start} {row} {length} 1 re" for row, start, length in runs]
    canvas._code.append("n " + " ".join(rows) + " f")  # noqa: SLF001 - as one path
    canvas.restoreState()
