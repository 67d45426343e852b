from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.errors import InputError
from bridge.formats.reading import open_file
from bridge.model.record import Profile
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drop = Callable[[str, bytes | str], Path]

CSV = Profile(format="csv", encoding="windows-1252")
UTF8 = Profile(format="csv")


def _read(path: Path, profile: Profile = CSV) -> list[Record]:
    with open_file(path, profile) as reading:
        return list(reading.records)


def _refusal(path: Path, profile: Profile = CSV) -> InputError:
    with pytest.raises(InputError) as caught:
        _read(path, profile)
    return caught.value


def _codes(record: Record) -> list[str]:
    return [finding.code for finding in record.findings]


def test_a_row_is_a_record_by_column_name(drop: Drop) -> None:
    path = drop("a.csv", "A;B\r\n1;zwei\r\n")

    records = _read(path)

    assert [Record(2, {"A": "1", "B": "zwei"})] == records


def test_a_semicolon_inside_quotes_stays_text(drop: Drop) -> None:
    path = drop("a.csv", 'A;B\r\n"1;2";"sagt ""ja"""\r\n')

    assert [Record(2, {"A": "1;2", "B": 'sagt "ja"'})] == _read(path)


def test_the_line_is_where_a_record_begins(drop: Drop) -> None:
    path = drop("a.csv", 'A;B\r\n"x\r\ny";1\r\n\r\nz;2\r\n')

    records = _read(path)

    assert [2, 5] == [record.line for record in records]
    assert "x\r\ny" == records[0].values["A"]


@pytest.mark.parametrize("blank", ["", "   ", ";", " ; "])
def test_blank_lines_are_skipped(drop: Drop, blank: str) -> None:
    path = drop("a.csv", f"\r\nA;B\r\n{blank}\r\n1;2\r\n{blank}\r\n")

    assert [Record(4, {"A": "1", "B": "2"})] == _read(path)


def test_umlauts_come_as_the_profile_says(drop: Drop) -> None:
    path = drop("a.csv", "Größe\r\nM · groß €\r\n".encode("cp1252"))

    assert [Record(2, {"Größe": "M · groß €"})] == _read(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_bom_wins_over_the_profile(drop: Drop, encoding: str) -> None:
    path = drop("a.csv", "Größe\r\nM · €\r\n".encode(encoding))

    assert [Record(2, {"Größe": "M · €"})] == _read(path)


def test_txt_may_have_tabs_and_no_header(drop: Drop) -> None:
    profile = Profile(
        format="txt", delimiter="\t", header=False, columns=("A", "B")
    )
    path = drop("a.txt", "1\t2\r\n")

    assert [Record(1, {"A": "1", "B": "2"})] == _read(path, profile)


def test_header_cells_are_stripped(drop: Drop) -> None:
    path = drop("a.csv", " A ;B\t;\r\n1;2;\r\n")

    with open_file(path, CSV) as reading:
        assert ("A", "B") == reading.columns
        assert [Record(2, {"A": "1", "B": "2"})] == list(reading.records)


def test_the_dress_of_excel_is_taken_off(drop: Drop) -> None:
    path = drop("a.csv", '="A";B\r\n="0012";"=""0013"""\r\n')

    assert [Record(2, {"A": "0012", "B": "0013"})] == _read(path)


def test_an_undecodable_byte_refuses_only_its_row(drop: Drop) -> None:
    path = drop("a.csv", b"A;B\r\n1;gro\xdf\r\n2;x\r\n")

    bad, good = _read(path, UTF8)

    assert ["formats.byte"] == _codes(bad)
    assert ("B", 2) == (bad.findings[0].field, bad.findings[0].line)
    assert "0xDF" in bad.findings[0].message()
    assert {"A": "1", "B": "gro\ufffd"} == bad.values
    assert () == good.findings


def test_a_byte_that_windows_1252_lacks_is_found(drop: Drop) -> None:
    (record,) = _read(drop("a.csv", b"A\r\nx\x81y\r\n"))

    assert ["formats.byte"] == _codes(record)


@pytest.mark.parametrize(
    "text", ["Pfeffermühle", "„Muster“", "20 €", "Größe Ö", "Übergröße ß"]
)
def test_utf8_read_as_windows_1252_is_found(drop: Drop, text: str) -> None:
    path = drop("a.csv", f"A;B\r\n1;{text}\r\n2;x\r\n")

    bad, good = _read(path)

    assert ["formats.mojibake"] == _codes(bad)
    assert "B" == bad.findings[0].field
    assert "Windows-1252" in bad.findings[0].hint("de")
    assert () == good.findings


@pytest.mark.parametrize("text", ["Ångström", "CHÂTEAU", "São Paulo", "20 °C"])
def test_foreign_letters_are_not_mistaken(drop: Drop, text: str) -> None:
    path = drop("a.csv", f"A\r\n{text}\r\n".encode("cp1252"))

    assert [Record(2, {"A": text})] == _read(path)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1;2;3", "formats.cells_extra"),
        ("1", "formats.cells_missing"),
        ("#NAME?;1", "formats.sheet_error"),
        ("1;#BEZUG!", "formats.sheet_error"),
        ("1;\0", "formats.nul"),
        ('"12" Rohr;1', "formats.quote"),
        ("1;" + "x" * (1024**2 + 1), "formats.cell_size"),
    ],
)
def test_a_broken_row_leaves_the_others(
    drop: Drop, row: str, code: str
) -> None:
    path = drop("a.csv", f"A;B\r\n{row}\r\n3;4\r\n")

    bad, good = _read(path)

    assert [code] == _codes(bad)
    assert 2 == bad.findings[0].line
    assert Record(3, {"A": "3", "B": "4"}) == good


def test_a_row_of_wrong_width_keeps_its_values(drop: Drop) -> None:
    short, wide = _read(drop("a.csv", "A;B\r\n1\r\n2;3;4\r\n"))

    assert {"A": "1"} == short.values
    assert {"A": "2", "B": "3"} == wide.values


def test_a_number_sign_alone_is_no_fault(drop: Drop) -> None:
    assert [Record(2, {"A": "Farbe #3"})] == _read(
        drop("a.csv", "A\r\nFarbe #3\r\n")
    )


def test_every_missing_and_doubled_column_is_named(drop: Drop) -> None:
    profile = Profile(format="csv", required=frozenset({"A", "C", "D"}))
    path = drop("a.csv", "A;B;B\r\n1;2;3\r\n")

    refusal = _refusal(path, profile)

    assert [
        ("formats.column_twice", "B"),
        ("formats.column_missing", "C"),
        ("formats.column_missing", "D"),
    ] == [(finding.code, finding.field) for finding in refusal.findings]


def test_an_unclosed_quote_names_the_line_where_it_opens(drop: Drop) -> None:
    path = drop("a.csv", 'A;B\r\n1;2\r\n"x\r\ny";"z\r\n1;2\r\n')

    refusal = _refusal(path)

    assert "formats.unclosed_quote" == refusal.code
    assert refusal.where is not None
    assert 4 == refusal.where.line


def test_an_unclosed_quote_does_not_swallow_a_large_file(drop: Drop) -> None:
    path = drop("a.csv", 'A\r\n"x\r\n' + "1234567890\r\n" * 1_500_000)

    refusal = _refusal(path)

    assert "formats.unclosed_quote" == refusal.code
    assert refusal.where is not None
    assert 2 == refusal.where.line


@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b"\xff\xfe", b"\xff\xfe \0\n\0"],
)
def test_an_empty_file_is_refused(drop: Drop, content: bytes) -> None:
    assert "formats.empty" == _refusal(drop("a.csv", content)).code


def test_a_header_alone_has_no_records(drop: Drop) -> None:
    assert [] == _read(drop("a.csv", "A;B\r\n"))


@pytest.mark.parametrize(
    "start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_a_workbook_named_csv_is_refused(drop: Drop, start: bytes) -> None:
    path = drop("a.csv", start + b"1234567890")

    assert "formats.not_text" == _refusal(path).code


def test_half_a_character_of_utf16_is_refused(drop: Drop) -> None:
    path = drop("a.csv", "A\r\nxyz\r\n".encode("utf-16")[:-1])

    assert "formats.encoding" == _refusal(path).code


def test_an_unreadable_header_refuses_the_file(drop: Drop) -> None:
    assert (
        "formats.header"
        == _refusal(drop("a.csv", b"Gr\xf6\xdfe\r\n1\r\n"), UTF8).code
    )
    assert "formats.header" == _refusal(drop("b.csv", '"A"x;B\r\n1\r\n')).code


def test_closing_early_frees_the_file(drop: Drop) -> None:
    reading = open_file(drop("a.csv", "A\r\n1\r\n2\r\n"), CSV)

    next(reading.records)
    reading.close()
    reading.close()
