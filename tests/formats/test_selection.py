from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bridge.formats.reading import open_file
from bridge.formats.selection import extract
from bridge.model.record import Profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drop = Callable[[str, bytes | str], Path]


def _cut(path: Path, profile: Profile, *lines: int) -> bytes:
    target = path.with_name(f"zeilen{path.suffix}")
    extract(path, profile, frozenset(lines), target)
    return target.read_bytes()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_csv_rows_stay_byte_for_byte(drop: Drop, encoding: str) -> None:
    head, bad = 'Größe;"B"\r\n', '"x\r\n;ö";="01"\r\n'
    text = f"\r\n{head}gut;1\r\n{bad}gut;2\n"
    path = drop("a.csv", text.encode(encoding))
    profile = Profile(format="csv", encoding="windows-1252")

    assert f"{head}{bad}".encode(encoding) == _cut(path, profile, 4)


def test_csv_rows_that_nobody_can_read_are_kept(drop: Drop) -> None:
    path = drop("a.csv", b'A;B\n1;\x81\n"x"y;2\n3;4\n')
    profile = Profile(format="csv", encoding="windows-1252")

    assert b'A;B\n1;\x81\n"x"y;2\n' == _cut(path, profile, 2, 3)


def test_csv_without_header_has_rows_only(drop: Drop) -> None:
    path = drop("a.txt", "1;2\n3;4\n5;6")
    profile = Profile(format="txt", header=False, columns=("A", "B"))

    assert b"1;2\n5;6" == _cut(path, profile, 1, 3)


def test_xml_keeps_root_head_and_wanted_records(drop: Drop) -> None:
    path = drop(
        "a.xml",
        (
            '<?xml version="1.0" encoding="windows-1252"?>\n'
            '<S xmlns="urn:a" M="1"><Kopf><Stand>heute</Stand></Kopf>'
            '<L Nr="2">\n<A>\n<B x="1">a</B></A>\n<A><B>Ö</B></A>\n'
            "<A/></L></S>"
        ).encode("cp1252"),
    )
    profile = Profile(
        format="xml", record="/S/L/A", head={"stand": "Kopf/Stand"}
    )
    target = path.with_name("zeilen.xml")

    extract(path, profile, frozenset({5}), target)

    with open_file(target, profile) as reading:
        assert [{"B": "Ö"}] == [r.values for r in reading.records]
        assert {"M": "1", "stand": "heute"} == reading.head
    assert b'Nr="2"' in target.read_bytes()
    assert b"<B>\xd6</B>" in target.read_bytes()


@pytest.mark.parametrize("content", ["<S M='1'/>", "<S M='1'><A/></S>"])
def test_xml_without_wanted_records_is_its_head(
    drop: Drop, content: str
) -> None:
    profile = Profile(format="xml", record="/S/A")
    path = drop("a.xml", content)
    target = path.with_name("zeilen.xml")

    extract(path, profile, frozenset({7}), target)

    with open_file(target, profile) as reading:
        assert [] == list(reading.records)
        assert {"M": "1"} == reading.head


def test_json_keeps_everything_but_the_other_records(drop: Drop) -> None:
    path = drop(
        "a.json",
        '\ufeff{"M": "ä", "K": {"x": [1]},\n "S": [\n{"A": 1.50},\n'
        '{"A":  "two"},\n{"A": 3}\n], "U": true}',
    )

    data = _cut(path, Profile(format="json", record="S"), 3, 5)

    assert b'"A": 1.50' in data
    assert {
        "M": "ä",
        "K": {"x": [1]},
        "S": [{"A": 1.5}, {"A": 3}],
        "U": True,
    } == json.loads(data)


def test_json_without_wanted_records_is_its_head(drop: Drop) -> None:
    path = drop("a.json", '{"S": [{"A": 1}], "U": true}')

    data = _cut(path, Profile(format="json", record="S"), 7)

    assert {"S": [], "U": True} == json.loads(data)


def test_json_lines_stay_lines(drop: Drop) -> None:
    path = drop("a.jsonl", '{"A": 1}\n{"A": 2}\n{"A": 3}\n')

    assert b'{"A": 1}\n{"A": 3}\n' == _cut(path, Profile(format="json"), 1, 3)


def test_workbook_rows_keep_their_values_and_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Preise")
    for row in (["A", "B"], ["=x", 1.5], ["y", None], ["z", True]):
        book["Preise"].append(row)
    book["Preise"]["A2"].data_type = "s"
    path = tmp_path / "a.xlsx"
    book.save(path)
    profile = Profile(format="xlsx", sheet=2)
    target = tmp_path / "zeilen.xlsx"

    extract(path, profile, frozenset({2, 4}), target)

    with open_file(target, profile) as reading:
        assert [["=x", 1.5], ["z", True]] == [
            list(record.values.values()) for record in reading.records
        ]
