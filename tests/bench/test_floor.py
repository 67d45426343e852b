from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"
ROWS = 2_500  # two of them faulty


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The scripts of bench/, writing their files where a test may."""
    monkeypatch.syspath_prepend(str(BENCH))
    names = ("convert", "data", "floor")
    found = {name: importlib.import_module(name) for name in names}
    monkeypatch.setattr(found["data"], "DATA", tmp_path)
    return found


@pytest.mark.parametrize(
    "case", ["stock-csv", "stock-xml", "stock-json", "article-csv"]
)
def test_the_floor_makes_the_documents_we_make(
    bench: dict[str, Any], case: str
) -> None:
    what, _, kind = case.partition("-")
    data, floor, convert = bench["data"], bench["floor"], bench["convert"]
    path = str(data.made(data.Wanted(what, kind, ROWS, faults=True)))
    by_hand = list(floor.CASES[case][0](path))
    ours = list(convert.documents(convert.plan_of(case), kind, path))
    assert ROWS == len(by_hand) == len(ours)
    assert 2 == by_hand.count(None)
    assert by_hand == ours


def test_a_changed_file_differs_in_one_row_of_a_hundred(
    bench: dict[str, Any],
) -> None:
    data = bench["data"]
    first = data.made(data.Wanted("stock", "csv", ROWS)).read_bytes()
    other = data.made(data.Wanted("stock", "csv", ROWS, data.CHANGED))
    pairs = zip(
        first.splitlines(), other.read_bytes().splitlines(), strict=True
    )
    changed = sum(one != two for one, two in pairs)
    assert 10 <= changed <= 50
