"""What kind of picture bytes are, how large, and whether all are there.

Only headers are read: JPEG (ITU T.81, annex B), PNG (W3C, 11.2.2) and GIF
(89a, 18) say their size there; a TIFF is known by its first bytes alone.
"""

from __future__ import annotations

from dataclasses import dataclass

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
JPEG_END = b"\xff\xd9"
GIFS = (b"GIF87a", b"GIF89a")
TIFFS = (b"II*\x00", b"MM\x00*")
#: Frames of a JPEG: C0 to CF, without the tables that lie between them.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
FILL = 0xFF


@dataclass(frozen=True)
class Picture:
    """What a picture says of itself.

    Attributes:
        width: Pixels; nothing where only the kind is known.
        height: Likewise.
        whole: Whether its end is there, as far as that can be seen.
    """

    kind: str
    width: int | None = None
    height: int | None = None
    whole: bool = True

    @property
    def longest(self) -> int | None:
        """Pixels of the longest side."""
        if self.width is None or self.height is None:
            return None
        return max(self.width, self.height)


def picture_of(content: bytes) -> Picture | None:
    """What bytes show; nothing if they are none of the four kinds."""
    if content.startswith(JPEG):
        return _jpeg(content)
    if content.startswith(PNG):
        return _png(content)
    if content.startswith(GIFS):
        return _gif(content)
    return Picture("tiff") if content.startswith(TIFFS) else None


def _png(content: bytes) -> Picture:
    width, height = (_whole(content, at, 4) for at in (16, 20))
    return Picture("png", width, height, whole=b"IEND" in content[24:])


def _gif(content: bytes) -> Picture:
    width, height = content[6:8], content[8:10]
    return Picture(
        "gif",
        int.from_bytes(width, "little"),
        int.from_bytes(height, "little"),
        whole=content.rstrip(b"\x00").endswith(b";"),
    )


def _jpeg(content: bytes) -> Picture:
    """The size stands in the first frame; in front of it lie segments.

    What follows the frame cannot hold the end by chance: such bytes are
    written as two (B.1.1.5). Previews with an end of their own lie before.
    """
    at = 2
    while at + 9 <= len(content):
        if content[at] != FILL:
            break
        marker = content[at + 1]
        if marker == FILL:  # what fills the space in front of a marker
            at += 1
        elif marker in FRAMES:
            height, width = (_whole(content, at + k, 2) for k in (5, 7))
            ends = content.find(JPEG_END, at + 9) > 0
            return Picture("jpeg", width, height, whole=ends)
        elif marker in ALONE:
            at += 2
        else:
            at += 2 + _whole(content, at + 2, 2)
    return Picture("jpeg", whole=False)


def _whole(content: bytes, at: int, length: int) -> int:
    return int.from_bytes(content[at : at + length], "big")
