"""The two faces letters are set in: Liberation Sans, inside the package.

Each document holds the glyphs it uses. Making such a part of a face is half
of the work of a letter, and letters use the same ones: what was made is kept.
"""

from __future__ import annotations

import zlib
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfbase.ttfonts import TTFontFace

from bridge.papers.signs import settable

PLAIN, STRONG = "Letter", "Letter-Strong"
FILES = {
    PLAIN: "LiberationSans-Regular.ttf",
    STRONG: "LiberationSans-Bold.ttf",
}
FOLDER = Path(__file__).parent / "fonts"
KEPT = 64  # parts of faces; few are ever used
#: Letters begin with the same glyphs, so that they share one part.
SEED = "ÄÖÜäöüßéèàáâçñ€–„“”‚‘’·×§•…½²³°"  # noqa: RUF001 - of print


class _Packed:
    """What is packed already; the stream only says how."""

    pdfname = pdfdoc.PDFZCompress.pdfname

    @staticmethod
    @lru_cache(KEPT)
    def encode(content: bytes) -> bytes:
        """The bytes packed, the same ones once."""
        return zlib.compress(content)


class _Face(TTFontFace):  # type: ignore[misc]
    """A face that makes each part of it once."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._made = lru_cache(KEPT)(super().makeSubset)

    def makeSubset(self, subset: list[int]) -> bytes:  # noqa: N802
        """A font of the glyphs of these characters."""
        return bytes(self._made(tuple(subset)))

    def addSubsetObjects(  # noqa: N802
        self,
        doc: Any,  # noqa: ANN401 - reportlab has no types
        fontname: str,
        subset: list[int],
    ) -> Any:  # noqa: ANN401
        """The part as objects of a document, packed once."""
        made = super().addSubsetObjects(doc, fontname, subset)
        stream = doc.idToObject[f"fontFile:{self.filename}({fontname})"]
        stream.filters = [_Packed]
        return made


@cache
def ready() -> None:
    """Read the faces; once is enough."""
    rl_config.useA85 = 0
    rl_config.ttfAsciiReadable = 1
    for name, file in FILES.items():
        font = TTFont(name, str(FOLDER / file))
        font.face = _Face(FOLDER / file)
        pdfmetrics.registerFont(font)


def seed(doc: Any) -> None:  # noqa: ANN401 - reportlab has no types
    """Let a document begin with the glyphs every letter may use."""
    for name in FILES:
        pdfmetrics.getFont(name).splitString(SEED, doc)


@lru_cache(4_000)
def width(text: str, face: str, size: float) -> float:
    """How wide a text is, in points."""
    ready()
    return float(pdfmetrics.getFont(face).stringWidth(text, size))


@cache
def signs() -> frozenset[str]:
    """The signs every face can set."""
    ready()
    found = [pdfmetrics.getFont(name).face for name in FILES]
    glyphs = [frozenset(face.charToGlyph) for face in found]
    return settable(frozenset.intersection(*glyphs))
