"""Pieces over parcels: none lost, none doubled, none out of nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.flows.parcelling import Goods
from bridge.flows.parcelling import packed

PIECES = st.dictionaries(
    st.sampled_from("abcd"), st.integers(1, 9), min_size=1
)


def said(*tracking: str, **lines: Any) -> dict[str, Any]:  # noqa: ANN401
    """A statement; its lines by item."""
    return {
        "tracking": ";".join(tracking),
        "parcels": list(tracking),
        "lines": [{"item": i, "quantity": n} for i, n in lines.items()],
    }


@given(pieces=PIECES, number=st.integers(1, 12))
def test_a_whole_order_lies_in_its_parcels(
    pieces: dict[str, int], number: int
) -> None:
    trackings = [str(one) for one in range(number)]

    made = packed(Goods(pieces), {"whole": said(*trackings)})

    total: Counter[str] = Counter()
    for one in made.parcels.values():
        total += one
    filled = [one for one in made.parcels.values() if one]
    assert Counter(pieces) == total
    assert min(number, sum(pieces.values())) == len(filled)


@given(pieces=PIECES, taken=PIECES)
def test_what_is_stated_and_the_rest_are_the_order(
    pieces: dict[str, int], taken: dict[str, int]
) -> None:
    statements = {"some": said("1", **taken), "rest": said("2")}

    made = packed(Goods(pieces), statements)

    fits = Counter(taken) <= Counter(pieces)
    assert fits == (made.faults == {})
    assert Counter(pieces) == made.parcels["1"] + made.parcels["2"]
    assert (Counter(taken) if fits else Counter()) == made.parcels["1"]


def test_an_article_that_stands_twice_fills_its_lines_in_turn() -> None:
    goods = Goods({"a": 1, "b": 2}, {"0010": ("a", "b")})
    line = {"article": "0010", "quantity": "2"}
    first = {"tracking": "1", "lines": [line]}
    second = {"tracking": "2", "lines": [{"article": "0010"}]}

    made = packed(goods, {"first": first, "second": second})

    assert {"1": {"a": 1, "b": 1}, "2": {"b": 1}} == made.parcels


BOX = Goods(
    {"box": 2, "own": 1},
    {"0090": ("box",), "0010": ("own",)},
    frozenset({"0010", "0011"}),
    {"box": frozenset({"0010", "0011"})},
)
OWN_ROW = {"article": "0010", "quantity": "1"}
PART_ROW = {"article": "0011", "quantity": "4"}


def found(*lines: dict[str, str]) -> tuple[Counter[str], list[str]]:
    """What a parcel of such lines holds, and the codes of its faults."""
    made = packed(BOX, {"one": {"tracking": "1", "lines": list(lines)}})
    codes = [one.code for one in made.faults.get("one", ())]
    return made.parcels["1"], codes


@pytest.mark.parametrize(
    "line", [{"article": "0090", "quantity": "2"}, PART_ROW]
)
def test_a_row_that_is_a_part_or_an_item_of_its_own_is_refused(
    line: dict[str, str],
) -> None:
    pieces, codes = found(line, OWN_ROW)

    assert {} == pieces
    assert "shipments.part_or_item" in codes


def test_parts_beside_the_item_of_their_set_are_passed_over() -> None:
    box = {"item": "box", "article": "0090", "quantity": "2"}

    pieces, codes = found(box, OWN_ROW, PART_ROW)

    assert ({"box": 2}, []) == (pieces, codes)


def test_parts_that_bear_the_item_of_their_set_are_no_pieces_of_it() -> None:
    box = {"item": "box", "article": "0090", "quantity": "1"}
    own = {"item": "own", **OWN_ROW}

    pieces, codes = found(box, own, *({"item": "box", **OWN_ROW},) * 2)

    assert ({"box": 1, "own": 1}, []) == (pieces, codes)


@pytest.mark.parametrize("item", [{}, {"item": "box"}])
def test_parts_without_the_line_of_their_set_are_refused(
    item: dict[str, str],
) -> None:
    pieces, codes = found({**item, **PART_ROW})

    assert ({}, ["shipments.no_set"]) == (pieces, codes)


def test_parts_that_follow_a_set_which_was_told_are_passed_over() -> None:
    first = {"tracking": "1", "lines": [{"item": "box", "quantity": "2"}]}
    second = {"tracking": "2", "lines": [PART_ROW]}

    made = packed(BOX, {"first": first, "second": second})

    assert {} == made.faults
    assert {"1": {"box": 2}, "2": {}} == made.parcels
