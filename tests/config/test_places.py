"""Every setting is found where a person would look for it."""

from __future__ import annotations

import pytest

from bridge.config.places import Places
from bridge.config.places import Spot

TEXT = '''\
# a comment with [brackets] = "and signs"
title = """
two = lines"""

[bridge]  # whose house
  language = "de"
"time zone" = 'a = b # c'
amazon.mode = "live"

[[inbox]]
folder = "a"
files = { "A_*.txt" = "one", B = "two" }

[[inbox]]
folder = "b"
[inbox.files]
C = "three"

[amazon]
marketplaces = [
  "DE",  # home
  "XX",
]
share = 0.2
nested = [[1, 2], { deep = "x" }]
'''
PATHS = {
    ("title",): (2, 1, 2, 9),
    ("bridge",): (5, 1, 5, 1),
    ("bridge", "language"): (6, 3, 6, 14),
    ("bridge", "time zone"): (7, 1, 7, 15),
    ("bridge", "amazon", "mode"): (8, 1, 8, 15),
    ("inbox", 0, "folder"): (11, 1, 11, 10),
    ("inbox", 0, "files", "B"): (12, 30, 12, 34),
    ("inbox", 1): (14, 1, 14, 1),
    ("inbox", 1, "files", "C"): (17, 1, 17, 5),
    ("amazon", "marketplaces", 1): (20, 1, 22, 3),
    ("amazon", "share"): (24, 1, 24, 9),
    ("amazon", "nested", 0, 1): (25, 1, 25, 15),
    ("amazon", "nested", 1, "deep"): (25, 21, 25, 28),
}


@pytest.mark.parametrize(("path", "spots"), PATHS.items())
def test_a_setting_has_a_line_and_a_column(
    path: tuple[str | int, ...], spots: tuple[int, int, int, int]
) -> None:
    places = Places(TEXT)

    key, value = places.key(path), places.value(path)

    assert (Spot(*spots[:2]), Spot(*spots[2:])) == (key, value)


@pytest.mark.parametrize(
    ("path", "spot"),
    [
        (("inbox", 1, "settle"), Spot(14, 1)),
        (("stock",), None),
        (("stock", 0, "reserve"), None),
    ],
)
def test_what_is_missing_is_looked_for_in_its_section(
    path: tuple[str | int, ...], spot: Spot | None
) -> None:
    assert spot == Places(TEXT).value(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_windows_ends_its_lines_differently(end: str) -> None:
    text = f"[bridge]{end}{end}mandant = 1{end}"

    assert Spot(3, 11) == Places(text).value(("bridge", "mandant"))


@pytest.mark.parametrize("text", ["", "\n", "# only a word", "a = 1"])
def test_small_texts_have_places_too(text: str) -> None:
    assert Places(text).key(("b",)) is None
