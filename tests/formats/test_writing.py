from __future__ import annotations

import json
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from lxml import etree

from bridge.errors import ConfigError
from bridge.errors import DefectError
from bridge.formats.writing import write
from bridge.model.record import Profile
from bridge.model.record import Record

if TYPE_CHECKING:
    from bridge.errors import Finding
    from bridge.model.record import Value

CSV = Profile(
    format="csv",
    encoding="windows-1252",
    decimal=",",
    date="%d.%m.%Y",
    datetime="%d.%m.%Y %H:%M",
    boolean="sage",
)
XML = Profile(format="xml", root="Bestellungen", record="Bestellung")
JSON = Profile(format="json", record="Bestellungen")
VALUES: dict[str, Value] = {
    "Text": "Müller; & Söhne",
    "Betrag": Decimal("1.50"),
    "Gross": Decimal("1E+3"),
    "Ja": True,
    "Nein": False,
    "Tag": date(2026, 5, 1),
    "Zeit": datetime(2026, 5, 1, 12, 30, tzinfo=UTC),
    "Leer": None,
}
LINES: Value = [
    Record(1, {"Nr": "a", "Menge": Decimal(1)}),
    Record(1, {"Nr": "b", "Menge": Decimal(2)}),
]


def _written(
    profile: Profile, *records: Record, **head: Value
) -> tuple[bytes, list[Finding]]:
    stream = BytesIO()
    findings = write(stream, iter(records), profile, head)
    return stream.getvalue(), findings


def test_csv_is_written_as_the_profile_says() -> None:
    data, findings = _written(CSV, Record(1, VALUES))

    assert (
        "Text;Betrag;Gross;Ja;Nein;Tag;Zeit;Leer\r\n"
        '"Müller; & Söhne";1,50;1000;-1;0;01.05.2026;01.05.2026 12:30;\r\n'
    ).encode("cp1252") == data
    assert [] == findings


def test_without_forms_csv_has_iso_dates_and_words() -> None:
    data, _ = _written(Profile(format="csv"), Record(1, VALUES))

    assert "2026-05-01;2026-05-01T12:30:00+00:00" in data.decode()
    assert ";1.50;1000;true;false;" in data.decode()


def test_signs_the_encoding_lacks_are_replaced_and_told() -> None:
    record = Record(3, {"Name": "Łódź ő → 漢", "Ort": "Köln"})

    data, (finding,) = _written(CSV, record)

    assert "Name;Ort\r\nLódz o ? ?;Köln\r\n".encode("cp1252") == data
    assert ("formats.replaced", 3, "Name", "warn") == (
        finding.code,
        finding.line,
        finding.field,
        finding.severity,
    )
    assert "Lódz o ? ?" in finding.message("de")


def test_utf16_has_one_mark() -> None:
    profile = Profile(format="csv", encoding="utf-16")

    data, _ = _written(profile, Record(1, {"A": "ö"}), Record(2, {"A": "é"}))

    assert "A\r\nö\r\né\r\n" == data.decode("utf-16")


@pytest.mark.parametrize("rows", ["Pos/P", "Pos"])
@pytest.mark.parametrize("key", ["Pos/P", "Pos"])
def test_items_become_rows_at_their_place(rows: str, key: str) -> None:
    profile = Profile(format="csv", rows=rows)
    first = Record(1, {"Id": "1", key: LINES, "Summe": Decimal(3)})
    second = Record(2, {"Id": "2", key: [], "Summe": Decimal(0)})

    data, findings = _written(profile, second, first)

    assert (b"Id;Nr;Menge;Summe\r\n2;;;0\r\n1;a;1;3\r\n1;b;2;3\r\n") == data
    assert [] == findings


def test_columns_of_the_profile_win_and_the_lost_are_told() -> None:
    profile = Profile(format="csv", columns=("B", "A"))
    record = Record(4, {"A": "1", "C": "2", "L": LINES})

    data, findings = _written(profile, record, record)

    assert b"B;A\r\n;1\r\n;1\r\n" == data
    assert [("formats.no_column", "L"), ("formats.no_column", "C")] == [
        (finding.code, finding.field) for finding in findings
    ]


def test_a_list_within_an_item_has_no_row() -> None:
    profile = Profile(format="csv", rows="Pos")
    items: Value = [Record(1, {"A": "1", "L": LINES})]

    data, findings = _written(profile, Record(1, {"Pos": items}))

    assert b"A\r\n1\r\n" == data
    assert ["Pos/L"] == [finding.field for finding in findings]


@pytest.mark.parametrize("header", [True, False])
def test_no_records_leave_at_most_a_header(header: bool) -> None:  # noqa: FBT001 - a parameter
    named = Profile(format="csv", columns=("A",), header=header)

    assert b"A\r\n" * header == _written(named)[0]
    assert b"" == _written(Profile(format="csv"))[0]


def test_xml_has_head_records_and_lists() -> None:
    record = Record(
        1,
        {
            "@Nr": "7",
            "Adresse/Ort": "Köln",
            "Adresse/@Art": "P",
            "Betrag": Decimal("1.50"),
            "Ja": True,
            "Leer": "",
            "Positionen/Position": LINES,
            "Nichts": [],
            "Bild": [Record(1, {".": "a.jpg", "@x": "1"})],
        },
    )

    data, findings = _written(
        XML, record, Mandant=Decimal(1), Erstellt=date(2026, 5, 1), Leer=None
    )

    assert (
        """<?xml version='1.0' encoding='utf-8'?>
<Bestellungen Mandant="1" Erstellt="2026-05-01">
  <Bestellung Nr="7">
    <Adresse Art="P">
      <Ort>Köln</Ort>
    </Adresse>
    <Betrag>1.50</Betrag>
    <Ja>true</Ja>
    <Positionen>
      <Position>
        <Nr>a</Nr>
        <Menge>1</Menge>
      </Position>
      <Position>
        <Nr>b</Nr>
        <Menge>2</Menge>
      </Position>
    </Positionen>
    <Bild x="1">a.jpg</Bild>
  </Bestellung>
</Bestellungen>
"""
    ) == data.decode()
    assert [] == findings


def test_xml_drops_what_it_cannot_hold_and_tells() -> None:
    data, (finding,) = _written(XML, Record(5, {"A": "a\x01b\ud800"}))

    assert b"<A>ab</A>" in data
    assert ("formats.replaced", 5, "A") == (
        finding.code,
        finding.line,
        finding.field,
    )
    assert "U+0001" in finding.message()


def test_xml_may_have_namespaces() -> None:
    profile = Profile(
        format="xml",
        root="R",
        record="b:A",
        namespaces={"": "urn:a", "b": "urn:b"},
    )

    data, _ = _written(profile, Record(1, {"X": "1", "@b:y": "2"}), M="3")

    assert b'<R xmlns="urn:a" xmlns:b="urn:b" M="3">' in data
    root = etree.fromstring(data)
    assert "2" == root[0].get("{urn:b}y")
    assert ["{urn:b}A", "{urn:a}X"] == [root[0].tag, root[0][0].tag]


def test_xml_has_elements_at_its_top_and_records_further_down() -> None:
    profile = Profile(format="xml", record="/K/T/A")
    head: dict[str, Value] = {"v": "1", "H/N": "x", "T/@p": Decimal(0)}
    records = [Record(1, {"B[1]/C": "1", "B[2]/C": "2", "B[2]/@d": "3"})]

    data, found = _written(profile, *records, **head)

    assert not found
    assert data.decode().splitlines()[1:] == [
        '<K v="1">',
        "  <H>",
        "    <N>x</N>",
        "  </H>",
        '  <T p="0">',
        "    <A>",
        "      <B>",
        "        <C>1</C>",
        "      </B>",
        '      <B d="3">',
        "        <C>2</C>",
        "      </B>",
        "    </A>",
        "  </T>",
        "</K>",
    ]


def test_the_root_of_a_xml_may_be_the_record() -> None:
    profile = Profile(format="xml", record="/O")

    record = Record(1, {"A/B": "1"})

    data, _ = _written(profile, record, v="2")

    assert data.decode().splitlines()[1:] == [
        '<O v="2">',
        "  <A>",
        "    <B>1</B>",
        "  </A>",
        "</O>",
    ]


@pytest.mark.parametrize("name", ["A B", "1", "@a b"])
def test_a_name_that_xml_forbids_is_a_fault_of_the_mapping(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _written(XML, Record(1, {name: "x"}))

    assert "formats.element_name" == caught.value.code


def test_json_has_head_records_and_exact_numbers() -> None:
    record = Record(
        1,
        {
            **VALUES,
            "Adresse/Ort": "Köln",
            "Adresse/PLZ": "",
            "Positionen/Position": LINES,
            "Bild": [Record(1, {".": "a.jpg"})],
        },
    )

    data, findings = _written(JSON, record, Typ="x", Version=Decimal(1))

    assert b'"Betrag": 1.50,' in data
    assert {
        "Typ": "x",
        "Version": 1,
        "Bestellungen": [
            {
                "Text": "Müller; & Söhne",
                "Betrag": 1.5,
                "Gross": 1000,
                "Ja": True,
                "Nein": False,
                "Tag": "2026-05-01",
                "Zeit": "2026-05-01T12:30:00+00:00",
                "Adresse": {"Ort": "Köln", "PLZ": ""},
                "Positionen": [
                    {"Nr": "a", "Menge": 1},
                    {"Nr": "b", "Menge": 2},
                ],
                "Bild": ["a.jpg"],
            }
        ],
    } == json.loads(data)
    assert [] == findings


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("a", b'{\n  "a": [\n    {\n      "x": "1"\n    }\n  ]\n}\n'),
        ("", b'[\n  {\n    "x": "1"\n  }\n]\n'),
        (
            "a/b",
            (
                b'{\n  "a": {\n    "b": [\n      {\n        "x": "1"\n'
                b"      }\n    ]\n  }\n}\n"
            ),
        ),
    ],
)
def test_json_is_indented_wherever_the_array_lies(
    record: str, expected: bytes
) -> None:
    profile = Profile(format="json", record=record)

    assert expected == _written(profile, Record(1, {"x": "1"}))[0]


def test_json_without_records_is_json() -> None:
    assert {"a": "b", "Bestellungen": []} == json.loads(
        _written(JSON, a="b")[0]
    )


def test_json_replaces_half_characters() -> None:
    data, (finding,) = _written(JSON, Record(2, {"A": "x\ud800"}))

    assert b'"A": "x?"' in data
    assert "formats.replaced" == finding.code


def test_a_number_that_is_none_is_a_defect() -> None:
    for profile in (CSV, XML, JSON):
        with pytest.raises(DefectError):
            _written(profile, Record(1, {"A": Decimal("NaN")}))


def test_a_huge_exponent_does_not_flood_the_file() -> None:
    data, _ = _written(CSV, Record(1, {"A": Decimal("1E+999999")}))

    assert 20 > len(data)


def test_a_workbook_defuses_formulas() -> None:
    texts = ["=1+1", "+49", "-x", "@SUM", "\ta", "a=b"]
    records = [Record(1, {"A": text, "B": Decimal("1.50")}) for text in texts]

    data, findings = _written(Profile(format="xlsx", sheet="Liste"), *records)

    sheet = openpyxl.load_workbook(BytesIO(data))["Liste"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [
        ("A", "B"),
        *[(f"'{text}", 1.5) for text in texts[:-1]],
        ("a=b", 1.5),
    ] == rows
    assert [] == findings


def test_a_workbook_has_dates_and_no_control_characters() -> None:
    record = Record(1, {**VALUES, "Text": "a\x01"})

    data, (finding,) = _written(Profile(format="xlsx"), record)

    sheet = openpyxl.load_workbook(BytesIO(data)).active
    assert sheet is not None
    assert "a" == sheet["A2"].value
    moment = datetime(2026, 5, 1, 12, 30)  # noqa: DTZ001 - as in a sheet
    assert moment == sheet["G2"].value
    assert "formats.replaced" == finding.code
