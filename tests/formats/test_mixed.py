"""Lines of several types: by a cell, by a place, by their order."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.errors import InputError
from bridge.formats.reading import open_file
from bridge.formats.selection import extract
from bridge.model.record import TYPE
from bridge.model.record import Mark
from bridge.model.record import Profile
from bridge.model.record import RecordType
from bridge.model.record import Span

if TYPE_CHECKING:
    from pathlib import Path

CELLS = Profile(
    format="csv",
    encoding="windows-1252",
    header=False,
    mark=Mark(column=2, skip=("V0",)),
    types={
        "A0": RecordType(name="A0", columns=("Nr", "Art", "Datum")),
        "P0": RecordType(name="P0", columns=("Pos", "Art", "Text", "Menge")),
    },
)
PLACES = Profile(
    format="txt",
    encoding="utf-8",
    header=False,
    mark=Mark(at=6, length=2),
    count="bytes",
    types={
        "A0": RecordType(
            name="A0",
            columns=("Name", "Nr"),
            spans=(
                Span(name="Name", at=1, length=5),
                Span(name="Nr", at=8, length=4),
            ),
        )
    },
)


def rows(path: Path, text: str, profile: Profile) -> list[Any]:
    path.write_bytes(text.encode(profile.encoding))
    with open_file(path, profile) as reading:
        assert reading.columns is None
        assert reading.sift is None
        return list(reading.records)


def test_a_cell_tells_the_type_of_its_line(tmp_path: Path) -> None:
    text = '1;A0;15.01.\r\n\r\n0;V0\r\n9; P0 ;"a;\r\nb";2\r\n'

    head, line = rows(tmp_path / "a.csv", text, CELLS)

    assert {TYPE: "A0", "Nr": "1", "Art": "A0", "Datum": "15.01."} == (
        head.values
    )
    assert ("a;\r\nb", 4) == (line.values["Text"], line.line)
    assert () == head.findings + line.findings


@pytest.mark.parametrize(
    ("line", "code", "values"),
    [
        ("1;X9;a", "formats.record_type", {}),
        ("1", "formats.record_type", {}),
        ('1;A0;"a"b', "formats.quote", {}),
        ("1;A0", "formats.cells_missing", {"Nr": "1", "Art": "A0"}),
        ("1;A0;a;b", "formats.cells_extra", {"Datum": "a"}),
        ("1;A0;Ã¼", "formats.mojibake", {"Datum": "Ã¼"}),
    ],
)
def test_an_odd_line_is_a_finding_of_its_own(
    tmp_path: Path, line: str, code: str, values: dict[str, str]
) -> None:
    path = tmp_path / "a.csv"

    odd, good = rows(path, f"{line}\r\n2;A0;x\r\n", CELLS)

    assert [(code, 1)] == [(x.code, x.line) for x in odd.findings]
    assert values.items() <= odd.values.items()
    assert "2" == good.values["Nr"]


def test_cells_that_may_be_missing_are_not_given(tmp_path: Path) -> None:
    profile = Profile(**{**vars(CELLS), "short": "pad"})

    (record,) = rows(tmp_path / "a.csv", "1;A0\n", profile)

    assert "Datum" not in record.values
    assert () == record.findings


def test_the_first_line_may_be_of_another_type(tmp_path: Path) -> None:
    mark = Mark(first="A0", rest="P0")
    profile = Profile(**{**vars(CELLS), "mark": mark})

    found = rows(tmp_path / "a.csv", "1;x;a\n1;x;b;2\n2;x;c;3\n", profile)

    assert ["A0", "P0", "P0"] == [record.values[TYPE] for record in found]


def test_a_place_tells_the_type_even_if_bytes_are_counted(
    tmp_path: Path,
) -> None:
    text = "MüllA04711\r\nMill X94712\r\n\x1a"

    good, odd = rows(tmp_path / "a.txt", text, PLACES)

    assert {TYPE: "A0", "Name": "Müll", "Nr": "4711"} == good.values
    assert ["X9"] == [item.value for item in odd.findings]


def test_a_quote_without_end_is_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="quotation"):
        rows(tmp_path / "a.csv", '1;A0;x\n2;A0;"y\n', CELLS)


@pytest.mark.parametrize(
    ("profile", "text", "kept"),
    [
        (CELLS, '1;A0;x\n1;P0;"a\nb";2\n2;A0;y\n', '1;P0;"a\nb";2\n'),
        (PLACES, "Müll A04711\nMillnA04712\n", "MillnA04712\n"),
    ],
)
def test_refused_lines_are_cut_out_as_they_were(
    tmp_path: Path, profile: Profile, text: str, kept: str
) -> None:
    path, target = tmp_path / "a", tmp_path / "b"
    path.write_bytes(text.encode(profile.encoding))

    extract(path, profile, frozenset({2}), target)

    assert kept == target.read_bytes().decode(profile.encoding)
