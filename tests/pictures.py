"""Small pictures and papers that say they are large."""

from __future__ import annotations

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    """A JPEG with a frame of this size and a scan of nothing."""
    frame = b"\xff\xc0\x00\x0b\x08" + _two(height) + _two(width) + b"\x01" * 4
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00"
    return (
        b"\xff\xd8"
        + (before or b"\xff\xe0\x00\x04ab")
        + frame
        + scan
        + b"\xff\xd9"
    )


def png(width: int, height: int) -> bytes:
    """A PNG with a header of this size and no rows."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = b"\x00\x00\x00\rIHDR" + size + b"\x08\x02\x00\x00\x00CRC!"
    return b"\x89PNG\r\n\x1a\n" + head + b"\x00\x00\x00\x00IEND"


def gif(width: int, height: int) -> bytes:
    """A GIF with a screen of this size and no frames."""
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return b"GIF89a" + size + b"\x00\x00\x00" + b";"


def _two(number: int) -> bytes:
    return number.to_bytes(2, "big")
