from __future__ import annotations

import time
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

XML = Profile(
    format="xml",
    record="/Stamm/Artikel",
    head={"mandant": "@Mandant", "stand": "Kopf/Stand", "Ende": "Fuss"},
)
ORDERS = Profile(
    format="xml",
    record="/Stamm/Artikel",
    lists=frozenset(
        {"Bild", "Positionen/Position", "Positionen/Position/Rabatt"}
    ),
)
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="Stamm"><xs:complexType><xs:sequence>
  <xs:element name="Artikel" maxOccurs="unbounded"><xs:complexType>
    <xs:sequence>
      <xs:element name="Nr" type="xs:string"/>
      <xs:element name="Menge" type="xs:int"/>
      <xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
    </xs:sequence>
  </xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


def _read(path: Path, profile: Profile = XML) -> list[Record]:
    with open_file(path, profile) as reading:
        return list(reading.records)


def _refusal(path: Path, profile: Profile = XML) -> InputError:
    with pytest.raises(InputError) as caught:
        _read(path, profile)
    return caught.value


def _wrapped(content: str) -> str:
    return f"<Stamm>\n<Artikel>{content}</Artikel>\n</Stamm>"


def test_children_are_values_by_name_or_path(drop: Drop) -> None:
    path = drop(
        "a.xml",
        _wrapped(
            "<Nr>0012</Nr><Leer/><Text><![CDATA[a<b]]></Text><!-- x -->"
            '<Adresse art="P"><Ort>Köln</Ort></Adresse>'
            '<Preis waehrung="EUR">1.50</Preis>'
        ),
    )

    assert [
        Record(
            2,
            {
                "Nr": "0012",
                "Leer": "",
                "Text": "a<b",
                "Adresse/@art": "P",
                "Adresse/Ort": "Köln",
                "Preis": "1.50",
                "Preis/@waehrung": "EUR",
            },
        )
    ] == _read(path)


def test_attributes_of_the_record_are_values(drop: Drop) -> None:
    path = drop("a.xml", "<Stamm><Artikel Nr='1'/></Stamm>")

    assert [Record(1, {"@Nr": "1"})] == _read(path)


def test_an_element_may_have_attributes_only(drop: Drop) -> None:
    path = drop("a.xml", _wrapped("<A b='1'/>"))

    assert [Record(2, {"A": "", "A/@b": "1"})] == _read(path)


def test_a_nil_element_is_none(drop: Drop) -> None:
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    path = drop("a.xml", _wrapped(f"<A xmlns:x='{xsi}' x:nil='true'/>"))

    assert [Record(2, {"A": None})] == _read(path)


def test_repeated_elements_of_lists_are_records(drop: Drop) -> None:
    path = drop(
        "a.xml",
        _wrapped(
            "<Bild>a.jpg</Bild><Bild>b.jpg</Bild>\n<Positionen>\n"
            "<Position Nr='1'><Menge>2</Menge><Rabatt>5</Rabatt></Position>\n"
            "</Positionen>"
        ),
    )

    rebate = [Record(4, {".": "5"})]
    line = Record(4, {"@Nr": "1", "Menge": "2", "Rabatt": rebate})
    assert [
        Record(
            2,
            {
                "Bild": [Record(2, {".": "a.jpg"}), Record(2, {".": "b.jpg"})],
                "Positionen/Position": [line],
            },
        )
    ] == _read(path, ORDERS)


def test_an_empty_wrapper_is_an_empty_list(drop: Drop) -> None:
    path = drop("a.xml", _wrapped("<Positionen/>"))

    assert [Record(2, {"Positionen/Position": []})] == _read(path, ORDERS)


def test_a_repeated_element_outside_lists_is_warned_of_once(
    drop: Drop,
) -> None:
    path = drop(
        "a.xml", _wrapped("<A>1</A><A>2</A><A>3</A><B><C>1</C></B><B/>")
    )

    with open_file(path, XML) as reading:
        records = list(reading.records)

    assert {"A": "1", "B/C": "1"} == records[0].values
    assert [
        ("formats.repeated", "A", "warn"),
        ("formats.repeated", "B", "warn"),
    ] == [
        (finding.code, finding.field, finding.severity)
        for finding in reading.findings
    ]


def test_the_head_is_known_before_the_first_record(drop: Drop) -> None:
    path = drop(
        "a.xml",
        "<Stamm Mandant='1' Umfang='voll'><Kopf><Stand>heute</Stand></Kopf>"
        "<Artikel/><Artikel/><Fuss>2</Fuss></Stamm>",
    )

    with open_file(path, XML) as reading:
        early = dict(reading.head)
        count = len(list(reading.records))

    known = {
        "Mandant": "1",
        "Umfang": "voll",
        "mandant": "1",
        "stand": "heute",
    }
    assert known.items() <= early.items()
    assert 2 == count
    assert {**known, "Ende": "2"} == reading.head


def test_names_are_local_unless_prefixes_are_given(drop: Drop) -> None:
    path = drop(
        "a.xml",
        "<Stamm xmlns='urn:a' xmlns:b='urn:b'><Artikel><A>1</A><b:A>2</b:A>"
        "</Artikel><b:Artikel/></Stamm>",
    )
    spaces = {"": "urn:a", "bb": "urn:b"}
    prefixed = Profile(
        format="xml", record="/Stamm/Artikel", namespaces=spaces
    )

    assert [{"A": "1"}, {}] == [r.values for r in _read(path)]
    assert [{"A": "1", "bb:A": "2"}] == [
        r.values for r in _read(path, prefixed)
    ]


def test_only_the_whole_path_is_a_record(drop: Drop) -> None:
    path = drop(
        "a.xml",
        "<Stamm><Kopf><Artikel>x</Artikel></Kopf>"
        "<Artikel><Artikel>y</Artikel></Artikel></Stamm>",
    )

    assert [Record(1, {"Artikel": "y"})] == _read(path)


@pytest.mark.parametrize(
    ("record", "begin"),
    [
        ("<Artikel>\n<Nr>1</Nr>\n</Artikel>\n", 0),
        ("<Artikel><Nr>1</Nr></Artikel>\n", 0),
        ("<Artikel Nr='1'/>\n", 0),
        ("<Artikel/>\n\n", 0),
        ("<x:Artikel xmlns:x='urn:x'>\n</x:Artikel>\n", 0),
        (
            (
                "<!-- <Artikel>\n -->\n<Artikel><T><![CDATA[\n<Artikel>\n"
                "]]></T>\n<Nr>é\n\n</Nr></Artikel>\n\n"
            ),
            2,
        ),
        (
            (
                "<Kopf><Artikel/>\n</Kopf>"
                "<Artikel a='\n>'\n><Artikel/>\n</Artikel>\n"
            ),
            3,  # libxml2 takes the line where the start tag ends
        ),
    ],
)
def test_lines_are_exact_beyond_what_libxml2_counts(
    drop: Drop, record: str, begin: int
) -> None:
    """It stops counting at 65,535."""
    height = record.count("\n")
    first = 2 + begin
    count = 70_000 // height
    path = drop("a.xml", "<Stamm>\n" + record * count + "</Stamm>")

    lines = [found.line for found in _read(path)]

    assert [first + height * number for number in range(count)] == lines


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lines_are_exact_whatever_the_encoding(
    drop: Drop, encoding: str
) -> None:
    content = "<Stamm>\n" + "<Artikel>\n</Artikel>\n" * 40_000 + "</Stamm>"

    records = _read(drop("a.xml", content.encode(encoding)))

    assert 80_000 == records[-1].line


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_declaration_says_the_encoding(drop: Drop, encoding: str) -> None:
    named = {"cp1252": "windows-1252", "utf-8-sig": "utf-8"}
    name = named.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{name}"?>\n' + _wrapped("<A>Ö</A>")

    path = drop("a.xml", text.encode(encoding))

    assert [Record(3, {"A": "Ö"})] == _read(path)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Stamm [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Stamm SYSTEM "x.dtd" [<!ELEMENT Stamm ANY>]>',
        '<!-- <Stamm> --><?pi <x?><!DOCTYPE Stamm [<!ENTITY a "aaaaaaaaaa">'
        + "".join(
            f'<!ENTITY {b} "{f"&{a};" * 10}">'
            for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "]>",
        f"<!--{'x' * 70_000}--><!DOCTYPE Stamm [<!ENTITY x 'y'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused(drop: Drop, doctype: str, encoding: str) -> None:
    path = drop("a.xml", (doctype + _wrapped("<A>&x;</A>")).encode(encoding))

    assert "formats.doctype" == _refusal(path).code


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Stamm SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE Stamm SYSTEM 'a>b.dtd' >",
        '<!DOCTYPE Stamm PUBLIC "-//X//DTD Y//DE" "x.dtd">',
        "<!DOCTYPE Stamm>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_somewhere_else_is_not_loaded(
    drop: Drop, doctype: str, encoding: str
) -> None:
    path = drop("a.xml", (doctype + _wrapped("<A>x</A>")).encode(encoding))

    assert [{"A": "x"}] == [record.values for record in _read(path)]


@pytest.mark.parametrize("inside", ["<A>a&uuml;b</A>", "<A b='&uuml;'/>"])
def test_an_entity_only_the_dtd_knows_refuses_the_file(
    drop: Drop, inside: str
) -> None:
    path = drop("a.xml", '<!DOCTYPE Stamm SYSTEM "x.dtd">' + _wrapped(inside))

    assert _refusal(path).code in {"formats.entity", "formats.not_xml"}


def test_a_record_may_have_one_of_several_names(drop: Drop) -> None:
    path = drop("a.xml", "<S><T><A><N>1</N></A></T><U><A/></U></S>")
    profile = Profile(format="xml", record="/R|S/T|V/A|B")

    with open_file(path, profile) as reading:
        assert [{"N": "1"}] == [record.values for record in reading.records]


@pytest.mark.parametrize(
    ("reads", "told"),
    [((), ["A", "B"]), (("A", "C"), ["A"]), (("B/D",), ["B"]), (("C",), [])],
)
def test_what_is_repeated_is_told_if_somebody_reads_it(
    drop: Drop, reads: tuple[str, ...], told: list[str]
) -> None:
    path = drop("a.xml", "<S><R><A/><A/><B><D>1</D></B><B><D/></B></R></S>")
    profile = Profile(format="xml", record="/S/R", reads=frozenset(reads))

    with open_file(path, profile) as reading:
        list(reading.records)

        assert told == [finding.field for finding in reading.findings]


def test_the_root_may_be_the_record(drop: Drop) -> None:
    path = drop("a.xml", "<O v='1'><H><N>7</N></H><I/><I/></O>")
    profile = Profile(format="xml", record="/O", lists=frozenset({"I"}))

    with open_file(path, profile) as reading:
        (record,) = reading.records

    assert ("1", "7", 2) == (
        record.values["@v"],
        record.values["H/N"],
        len(record.values["I"]),  # type: ignore[arg-type]
    )


def test_another_root_is_refused(drop: Drop) -> None:
    refusal = _refusal(drop("a.xml", "<Preise><Artikel/></Preise>"))

    assert "formats.root" == refusal.code
    assert "'Preise'" in refusal.message()


def test_a_root_without_the_record_is_refused(drop: Drop) -> None:
    refusal = _refusal(drop("a.xml", "<Stamm><Preis/></Stamm>"))

    assert "formats.no_records" == refusal.code
    assert "Preis" in refusal.message()


@pytest.mark.parametrize(
    "content", ["<Stamm/>", "<Stamm><Kopf><Stand/></Kopf></Stamm>"]
)
def test_a_root_without_content_has_no_records(
    drop: Drop, content: str
) -> None:
    assert [] == _read(drop("a.xml", content))


@pytest.mark.parametrize("depth", [63, 100, 5000])
def test_a_depth_bomb_is_refused(drop: Drop, depth: int) -> None:
    bomb = "<A>" * depth + "</A>" * depth

    within = _refusal(drop("a.xml", _wrapped(bomb)))
    beside = _refusal(
        drop("b.xml", f"<Stamm><Kopf>{bomb}</Kopf><Artikel/></Stamm>")
    )

    assert ["formats.depth"] * 2 == [within.code, beside.code]


def test_sixty_four_levels_are_read(drop: Drop) -> None:
    bomb = "<A>" * 62 + "</A>" * 62

    assert 1 == len(_read(drop("a.xml", _wrapped(bomb))))


@pytest.mark.parametrize(
    "content",
    ["no xml", "<Stamm><A></B></Stamm>", "<Stamm/>x", "<Stamm>&x;</Stamm>"],
)
def test_what_is_not_xml_is_refused(drop: Drop, content: str) -> None:
    assert "formats.not_xml" == _refusal(drop("a.xml", content)).code


def test_a_file_cut_off_anywhere_is_refused(drop: Drop) -> None:
    whole = (
        '<?xml version="1.0" encoding="utf-8"?>\n<Stamm Mandant="1">\n'
        '<!-- c --><Artikel a="1"><A>ö</A><B><![CDATA[x]]></B></Artikel>'
        "<Artikel/></Stamm>"
    ).encode()

    for length in range(len(whole)):
        refusal = _refusal(drop("a.xml", whole[:length]))
        assert refusal.told("de")
        assert refusal.code in {
            "formats.empty",
            "formats.not_xml",
            "formats.root",  # of which half the name is there
            "formats.truncated",
        }


def test_a_cut_off_file_says_so_after_its_good_records(drop: Drop) -> None:
    path = drop("a.xml", "<Stamm>\n<Artikel/>\n<Artikel><A>x")

    with open_file(path, XML) as reading:
        assert Record(2, {}) == next(reading.records)
        with pytest.raises(InputError) as caught:
            next(reading.records)

    assert "formats.truncated" == caught.value.code
    assert caught.value.where is not None
    assert 3 == caught.value.where.line


def test_a_broken_text_refuses_its_record(drop: Drop) -> None:
    path = drop(
        "a.xml",
        _wrapped("<Bild>GrÃ¶ÃŸe</Bild>") + "\n",
    )

    for profile in (XML, ORDERS):
        (record,) = _read(path, profile)
        assert ["formats.mojibake"] == [f.code for f in record.findings]


def test_a_file_that_satisfies_its_schema_warns_of_unknown_names(
    drop: Drop,
) -> None:
    profile = Profile(
        format="xml", record="/Stamm/Artikel", xsd=drop("s.xsd", XSD)
    )
    content = "<Nr>1</Nr><Menge>2</Menge><Neu>3</Neu>"
    path = drop("a.xml", _wrapped(content))

    with open_file(path, profile) as reading:
        records = list(reading.records)

    assert 1 == len(records)
    assert [("formats.unknown_element", "Neu", 2)] == [
        (finding.code, finding.field, finding.line)
        for finding in reading.findings
    ]


def test_every_place_that_breaks_the_schema_is_named(drop: Drop) -> None:
    profile = Profile(
        format="xml", record="/Stamm/Artikel", xsd=drop("s.xsd", XSD)
    )
    path = drop(
        "a.xml",
        "<Stamm>\n<Artikel><Nr>1</Nr>\n<Menge>viel</Menge></Artikel>\n"
        "<Artikel/>\n<Preis/></Stamm>",
    )

    refusal = _refusal(path, profile)

    assert "formats.schema" == refusal.code
    assert [
        ("formats.schema_value", 3, "Menge", "viel"),
        ("formats.schema_missing", 4, "Artikel", None),
        ("formats.schema_element", 5, "Preis", None),
    ] == [(f.code, f.line, f.field, f.value) for f in refusal.findings]
    assert "Nr" in refusal.findings[1].hint()


@pytest.mark.parametrize(
    "end",
    ["", "<Artikel>", "<Artikel><Nr>1", "<Artikel><Nr>1</Nr><Menge/>", "<Ar"],
)
def test_a_cut_off_file_with_a_schema_is_refused(drop: Drop, end: str) -> None:
    """With ``resolve_entities=False`` lxml 6 takes it for whole."""
    profile = Profile(
        format="xml", record="/Stamm/Artikel", xsd=drop("s.xsd", XSD)
    )
    start = "<Stamm>\n<Artikel><Nr>1</Nr><Menge>1</Menge></Artikel>\n"
    path = drop("a.xml", start + end)

    assert _refusal(path, profile).code in {
        "formats.not_xml",
        "formats.truncated",
    }


def test_the_root_may_be_the_only_record(drop: Drop) -> None:
    profile = Profile(format="xml", record="/Artikel")
    path = drop("a.xml", "<Artikel Mandant='1'>\n<Nr>1</Nr></Artikel>")

    with open_file(path, profile) as reading:
        assert [Record(1, {"@Mandant": "1", "Nr": "1"})] == list(
            reading.records
        )
        assert {"Mandant": "1"} == reading.head


def test_text_between_elements_in_another_encoding_is_not_xml(
    drop: Drop,
) -> None:
    content = b"<Stamm><Artikel><Nr>1</Nr>_\xffI</Artikel></Stamm>"
    profile = Profile(**{**vars(XML), "xsd": drop("s.xsd", XSD)})

    error = _refusal(drop("a.xml", content), profile)

    assert "formats.not_xml" == error.code
    assert "encoding" in error.message()


@pytest.mark.parametrize(
    "content",
    ["<?x?>" * 40 + "<Stamm>", "<Stamm><a" + " " * 70_000 + "<b></Stamm>"],
)
def test_a_broken_file_is_judged_at_once(drop: Drop, content: str) -> None:
    before = time.process_time()

    error = _refusal(drop("a.xml", content))

    assert 1 > time.process_time() - before
    assert 1_000 > len(error.message())


def test_a_root_whose_name_is_none_is_told_as_it_stands(drop: Drop) -> None:
    error = _refusal(drop("a.xml", "<IN99:99/>"))

    assert "formats.root" == error.code
    assert "IN99:99" in error.message()
