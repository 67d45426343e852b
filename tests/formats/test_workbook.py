from __future__ import annotations

import zipfile
from datetime import date
from datetime import datetime
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bridge.errors import InputError
from bridge.formats import workbook
from bridge.formats.reading import open_file
from bridge.model.record import Profile
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drop = Callable[[str, bytes | str], Path]

XLSX = Profile(format="xlsx")


def _book(
    folder: Path, *rows: list[object], sheets: tuple[str, ...] = ("Blatt",)
) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    *_, last = [book.create_sheet(name) for name in sheets]
    for row in rows:
        last.append(row)
    path = folder / "a.xlsx"
    book.save(path)
    return path


def _read(path: Path, profile: Profile = XLSX) -> list[Record]:
    with open_file(path, profile) as reading:
        return list(reading.records)


def _refusal(path: Path, profile: Profile = XLSX) -> InputError:
    with pytest.raises(InputError) as caught:
        _read(path, profile)
    return caught.value


def test_cells_have_the_types_of_the_sheet(tmp_path: Path) -> None:
    moment = datetime(2026, 5, 1, 12, 30)  # noqa: DTZ001 - as in a sheet
    path = _book(
        tmp_path,
        ["Text", "Ganz", "Bruch", "Rund", "Wahr", "Zeit", "Leer", " "],
        [" 0012 ", 7, 0.1, 12.0, True, moment, None, None],
        ["x", 10**12, 1e-7, -3.0, False, time(12, 5), "", None],
    )

    first, second = _read(path)

    assert 2 == first.line
    assert [" 0012 ", 7, Decimal("0.1"), 12, True, moment, None] == list(
        first.values.values()
    )
    assert "12" == str(first.values["Rund"])
    assert Decimal("0.0000001") == second.values["Bruch"]
    assert "12:05:00" == second.values["Zeit"]


def test_dates_stay_dates(tmp_path: Path) -> None:
    (record,) = _read(_book(tmp_path, ["A"], [date(2026, 5, 1)]))

    assert datetime(2026, 5, 1) == record.values["A"]  # noqa: DTZ001 - a sheet


def test_blank_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    path = _book(tmp_path, ["A", "B"], [], ["x"], [None, ""], ["y", 1])

    assert [
        Record(3, {"A": "x", "B": None}),
        Record(5, {"A": "y", "B": Decimal(1)}),
    ] == _read(path)


@pytest.mark.parametrize("sheet", [2, "Preise"])
def test_a_sheet_is_found_by_number_or_name(
    tmp_path: Path, sheet: int | str
) -> None:
    path = _book(tmp_path, ["A"], ["x"], sheets=("Info", "Preise"))
    profile = Profile(format="xlsx", sheet=sheet)

    assert [Record(2, {"A": "x"})] == _read(path, profile)


@pytest.mark.parametrize("sheet", [0, 3, "Lager"])
def test_a_missing_sheet_names_those_there(
    tmp_path: Path, sheet: int | str
) -> None:
    path = _book(tmp_path, ["A"], sheets=("Info", "Preise"))
    refusal = _refusal(path, Profile(format="xlsx", sheet=sheet))

    assert "formats.no_sheet" == refusal.code
    assert "Info, Preise" in refusal.message("de")


def test_columns_may_come_from_the_profile(tmp_path: Path) -> None:
    profile = Profile(format="xlsx", header=False, columns=("A", "B"))

    assert [Record(1, {"A": "x", "B": "y"})] == _read(
        _book(tmp_path, ["x", "y"]), profile
    )


def test_missing_and_doubled_columns_are_named(tmp_path: Path) -> None:
    profile = Profile(format="xlsx", required=frozenset({"C"}))
    refusal = _refusal(_book(tmp_path, ["A", "A"], [1, 2]), profile)

    assert ["A", "C"] == [finding.field for finding in refusal.findings]


def test_a_sheet_without_header_is_refused(tmp_path: Path) -> None:
    assert "formats.header_missing" == _refusal(_book(tmp_path)).code


def test_an_error_cell_refuses_its_row(tmp_path: Path) -> None:
    bad, good = _read(_book(tmp_path, ["A"], ["#NAME?"], ["x"]))

    assert ["formats.sheet_error"] == [f.code for f in bad.findings]
    assert () == good.findings


def test_a_cell_beyond_the_header_refuses_its_row(tmp_path: Path) -> None:
    (record,) = _read(_book(tmp_path, ["A"], ["x", "y"]))

    assert ["formats.cells_extra"] == [f.code for f in record.findings]


def test_a_password_or_xls_is_told(drop: Drop) -> None:
    path = drop("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600)

    assert "formats.locked" == _refusal(path).code


def test_what_is_no_workbook_is_refused(drop: Drop, tmp_path: Path) -> None:
    archive = tmp_path / "z.xlsx"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("x.txt", "x")

    assert "formats.not_workbook" == _refusal(archive).code
    assert "formats.not_workbook" == _refusal(drop("a.xlsx", "A;B")).code


def test_a_workbook_cut_off_anywhere_is_refused(
    drop: Drop, tmp_path: Path
) -> None:
    whole = _book(tmp_path, ["A"], ["x"]).read_bytes()

    for length in range(0, len(whole), 97):
        assert _refusal(drop("b.xlsx", whole[:length])).told()


def test_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path, ["A"], ["x"])
    broken = tmp_path / "b.xlsx"
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(broken, "w") as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            cut = data[:300] if "sheet1" in name else data
            target.writestr(name, cut)

    assert "formats.not_workbook" == _refusal(broken).code


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"\0" * (70 * 1024**2))

    assert "formats.bomb" == _refusal(path).code


def test_a_row_behind_the_last_is_a_forgery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LAST_ROW", 2)

    assert (
        "formats.not_workbook"
        == _refusal(_book(tmp_path, ["A"], ["x"], ["y"])).code
    )
