"""Pieces over parcels: none lost, none doubled, none out of nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

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
