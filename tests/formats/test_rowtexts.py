"""Rows that are known are passed over; the others keep their lines."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from bridge.formats.reading import open_file
from bridge.formats.source import Sieve
from bridge.model.record import Profile

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = Profile(format="csv")
ROWS = ("1;eins\n", '2;"zwei\nund mehr"\n', "3;drei\n", '4;"vier"\n', "5;\n")


def digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def sifted(
    path: Path, content: str, known: set[bytes]
) -> tuple[list[tuple[int, str]], list[int]]:
    """Line and key of each record, and the lines that were passed over."""
    path.write_text(content, "utf-8", newline="")
    passed: list[int] = []

    def meet(raw: bytes, line: int) -> bool:
        if raw in known:
            passed.append(line)
        return raw in known

    with open_file(path, PROFILE) as reading:
        assert reading.sift is not None
        reading.sift(Sieve(blake2b(digest_size=16), meet))
        found = [
            (record.line, str(record.values.get("K")))
            for record in reading.records
        ]
    return found, passed


def test_each_row_is_known_by_its_whole_text(tmp_path: Path) -> None:
    lines = (2, 3, 5, 6, 7)
    for place, row in enumerate(ROWS):
        found, passed = sifted(
            tmp_path / "a.csv", "K;V\n" + "".join(ROWS), {digest(row)}
        )

        expected = [
            (line, str(number))
            for number, line in enumerate(lines, 1)
            if number != place + 1
        ]
        assert (expected, [lines[place]]) == (found, passed)


def test_a_broken_row_behind_known_ones_is_told_at_its_line(
    tmp_path: Path,
) -> None:
    content = "K;V\n" + ROWS[0] + ROWS[2] + '6;"sechs"x\n' + ROWS[4]

    found, _ = sifted(
        tmp_path / "a.csv", content, {digest(ROWS[0]), digest(ROWS[2])}
    )

    assert [(4, "None"), (5, "5")] == found


def test_a_record_bears_the_digest_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("K;V\n" + "".join(ROWS), "utf-8", newline="")

    with open_file(path, PROFILE) as reading:
        assert reading.sift is not None
        reading.sift(Sieve(blake2b(digest_size=16), lambda _raw, _line: False))
        found = [record.raw for record in reading.records]

    assert [digest(row) for row in ROWS] == found
