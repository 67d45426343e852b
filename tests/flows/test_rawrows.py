"""Known rows are found again, few or many, and once each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bridge.flows.rawrows import KnownRows

digests = st.binary(min_size=16, max_size=16)


@given(st.sets(digests), st.lists(digests), st.integers(1, 4))
def test_few_and_many_rows_answer_alike(
    known: set[bytes], asked: list[bytes], size: int
) -> None:
    rows = sorted(known)
    parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    few, many = KnownRows([rows]), KnownRows([[], [], *parts])

    for line, raw in enumerate([*rows, *asked], 1):
        assert (raw in known) == few.meet(raw, line) == many.meet(raw, line)

    assert (few.idle, few.twice) == (many.idle, many.twice)
    for place, raw in enumerate(rows, 1):
        assert place == few.line(raw) == many.line(raw)
