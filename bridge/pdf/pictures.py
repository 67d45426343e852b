"""The logo of a letterhead."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from reportlab.lib.utils import ImageReader


def opens(content: bytes) -> bool:
    """Whether bytes are a picture that can be printed."""
    try:
        picture_of(content)
    except (OSError, ValueError, SyntaxError):  # as Pillow refuses
        return False
    return True


@lru_cache(4)
def picture_of(content: bytes) -> ImageReader:
    """A picture, read once: its transparent parts white, as paper is.

    Raises:
        OSError: It is none.
    """
    from PIL import Image  # noqa: PLC0415 - where there is a logo

    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as opened:
        laid = opened.convert("RGBA")
    paper = Image.new("RGB", laid.size, "white")
    paper.paste(laid, mask=laid.getchannel("A"))
    return ImageReader(paper)
