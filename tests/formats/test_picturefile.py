"""Pictures are known by their bytes, not by their names."""

from __future__ import annotations

import pytest

from bridge.formats.picturefile import Picture
from bridge.formats.picturefile import picture_of
from tests.pictures import gif
from tests.pictures import jpeg
from tests.pictures import png


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (jpeg(1200, 800), Picture("jpeg", 1200, 800)),
        (png(640, 480), Picture("png", 640, 480)),
        (gif(300, 500), Picture("gif", 300, 500)),
        (b"II*\x00rest", Picture("tiff")),
        (b"MM\x00*rest", Picture("tiff")),
        (b"%PDF-1.4", None),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_a_picture_says_what_it_is_and_how_large(
    content: bytes, expected: Picture | None
) -> None:
    assert expected == picture_of(content)


def test_a_preview_inside_a_jpeg_is_not_taken_for_it() -> None:
    inside = jpeg(160, 120)
    exif = b"\xff\xe1" + (len(inside) + 2).to_bytes(2, "big") + inside

    found = picture_of(jpeg(2000, 1000, before=exif + b"\xff\xff"))

    assert Picture("jpeg", 2000, 1000) == found


@pytest.mark.parametrize(
    "content", [jpeg(900, 900), png(900, 900), gif(900, 900)]
)
def test_a_picture_that_was_cut_is_told_from_a_whole_one(
    content: bytes,
) -> None:
    for length in range(12, len(content)):
        found = picture_of(content[:length])
        assert found is not None
        assert not found.whole


def test_nothing_in_a_jpeg_can_keep_it_from_an_end() -> None:
    for broken in (
        b"\xff\xd8\xff\xe0\x00\x00" * 9,
        b"\xff\xd8\xff" + bytes(99),
    ):
        assert Picture("jpeg", whole=False) == picture_of(broken)
