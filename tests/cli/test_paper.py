"""Nothing is cut off, whatever the width of the screen."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from bridge.cli.paper import table
from bridge.cli.paper import wrapped

HEADS = ("id", "name", "state", "pieces", "findings")
ROWS = (
    ("302-0000001-0000001", "Artikelstamm_20260114_073000.csv", "ok", 7, ""),
    ("1", "Käse", None, 1200, "mapping.cut, offers.generic_type"),
)


@pytest.mark.parametrize("width", [60, 80, 100, 140, None])
def test_every_cell_is_shown_whole(width: int | None) -> None:
    text = "\n".join(table(HEADS, ROWS, width))

    for cell in (cell for row in ROWS for cell in row):
        assert cell is None or str(cell) in text


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    for line in table(HEADS, ROWS, width):
        assert cell_len(line) <= width


def test_what_has_no_room_stands_below_its_row() -> None:
    lines = table(HEADS, ROWS, 60)

    assert [
        "id                   state  pieces",
        "302-0000001-0000001  ok          7",
        "    name: Artikelstamm_20260114_073000.csv",
        "1                             1200",
        "    name: Käse",
        "    findings: mapping.cut, offers.generic_type",
    ] == lines


def test_where_there_is_room_a_row_is_a_line() -> None:
    assert 3 == len(table(HEADS, ROWS, 140))


def test_a_table_without_rows_is_its_heading() -> None:
    assert ["id  name"] == table(("id", "name"), [], 80)


def test_text_is_broken_between_words_and_stays_indented() -> None:
    text = "ok\n  one two-three /a/very/long/path/that/is/never/broken four"

    assert (
        "ok\n  one two-three\n    /a/very/long/path/that/is/never/broken\n"
        "    four"
    ) == wrapped(text, 20)


def test_text_for_a_pipe_is_left_alone() -> None:
    assert "a " * 200 == wrapped("a " * 200, None)
