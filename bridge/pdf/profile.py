"""The colour space letters are printed in: sRGB, as an ICC profile of ours.

PDF/A wants to know what its red is (ISO 19005-3, 6.2.3). The numbers are those
of IEC 61966-2-1, adapted to the white of the profile's connection space.
"""

from __future__ import annotations

import struct
from functools import cache

SIZE = 128  # bytes of an ICC header
WHITE = (0.9642, 1.0, 0.8249)  # D50, ICC.1:2001-04
PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
CURVES = (b"rTRC", b"gTRC", b"bTRC")
GAMMA = round(2.2 * 256)  # as an u8Fixed8Number
NAME, RIGHTS = b"sRGB IEC61966-2.1", b"No rights reserved"


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _described() -> bytes:
    text = NAME + b"\0"
    head = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text
    return head + bytes(8) + bytes(3) + bytes(67)


@cache
def srgb() -> bytes:
    """The profile, version 2, the same bytes each time."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, GAMMA)
    tags = {
        b"desc": _described(),
        b"cprt": b"text\0\0\0\0" + RIGHTS + b"\0",
        b"wtpt": _xyz(WHITE),
        **{name: _xyz(values) for name, values in PRIMARIES.items()},
        **dict.fromkeys(CURVES, curve),
    }
    table, data = _laid(tags)
    return _header(SIZE + len(table) + len(data)) + table + data


def _laid(tags: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """The table of tags and their data; equal data lies there once."""
    start = SIZE + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    table, data = [struct.pack(">I", len(tags))], b""
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(data)
            data += content + bytes(-len(content) % 4)
        place = places[content]
        table.append(name + struct.pack(">II", place, len(content)))
    return b"".join(table), data


def _header(size: int) -> bytes:
    day = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    made = struct.pack(">I", size) + bytes(4) + b"\x02\x40\0\0"
    kind = b"mntrRGB XYZ " + day + b"acsp"
    tail = bytes(28) + b"".join(map(_fixed, WHITE))
    head = made + kind + tail
    return head + bytes(SIZE - len(head))
