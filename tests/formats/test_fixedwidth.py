"""Lines of fixed width: places, filling, implied decimals, odd lines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InputError
from bridge.formats.fixedwidth import slices
from bridge.formats.reading import open_file
from bridge.formats.selection import extract
from bridge.model.record import Profile
from bridge.model.record import Span

if TYPE_CHECKING:
    from pathlib import Path

SPANS = (
    Span(name="Artikel", at=1, length=6),
    Span(name="Menge", at=7, length=5, align="right", pad="0"),
    Span(name="Preis", at=12, length=7, align="right", pad="0", implied=2),
)
PROFILE = Profile(
    format="txt",
    encoding="windows-1252",
    header=False,
    decimal=",",
    spans=SPANS,
)


def rows(path: Path, content: str, **change: Any) -> list[Any]:  # noqa: ANN401
    profile = Profile(**{**vars(PROFILE), **change})
    path.write_bytes(content.encode(profile.encoding))
    with open_file(path, profile) as reading:
        return list(reading.records)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("M001  000120001995", ("M001", "12", "19,95")),
        ("Mühle 000000000000", ("Mühle", "0", "0,00")),
        ("0010  000120000005", ("0010", "12", "0,05")),
        ("A     00001 00199-", ("A", "1", "-1,99")),
        ("A     0000100019X5", ("A", "1", "19X5")),
        ("A", ("A", "", "")),
    ],
)
def test_a_line_is_cut_at_its_places(
    tmp_path: Path, line: str, values: tuple[str, ...]
) -> None:
    (record,) = rows(tmp_path / "a.txt", f"{line}\r\n\r\n")

    assert values == tuple(record.values.values())
    assert () == record.findings


def test_places_may_be_bytes(tmp_path: Path) -> None:
    content = "Mühle" + "00012" + "0001995\n"

    (record,) = rows(
        tmp_path / "a.txt", content, encoding="utf-8", count="bytes"
    )

    assert ("Mühle", "12", "19,95") == tuple(record.values.values())


def test_a_line_that_is_too_long_or_too_short_is_a_finding(
    tmp_path: Path,
) -> None:
    content = (
        "A     000010000199rest\nB     0000\nC     00001\nD     000010000199\n"
    )

    found = rows(tmp_path / "a.txt", content, short="refuse")

    codes = [[f.code for f in record.findings] for record in found]
    short = ["formats.line_short"]
    assert [["formats.line_long"], short, short, []] == codes
    assert ["Menge", "Preis"] == [x.findings[0].field for x in found[1:3]]


def test_refused_lines_come_back_as_they_were(tmp_path: Path) -> None:
    content = "A     000010000199\r\nB     0000\r\nC     000010000199\r\n"
    (tmp_path / "a.txt").write_bytes(content.encode())

    extract(tmp_path / "a.txt", PROFILE, frozenset({2}), tmp_path / "b.txt")

    assert b"B     0000\r\n" == (tmp_path / "b.txt").read_bytes()


@given(st.text(max_size=60))
def test_columns_side_by_side_lose_nothing(line: str) -> None:
    parts = slices(PROFILE.xsd, PROFILE)(line)  # type: ignore[arg-type]

    assert line == "".join(parts)


def test_a_cut_sign_of_two_bytes_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffM001  00012\n".encode("utf-16-le") + b"0")

    with (
        open_file(path, PROFILE) as reading,
        pytest.raises(InputError) as caught,
    ):
        list(reading.records)

    assert "formats.encoding" == caught.value.code
