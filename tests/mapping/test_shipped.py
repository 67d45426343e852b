from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from bridge.errors import InputError
from bridge.flows.trials import tools
from bridge.formats import writing
from bridge.formats import xsd
from bridge.formats.reading import open_file
from bridge.mapping import notation
from bridge.mapping.book import TEST_ENDING
from bridge.mapping.book import open_book
from bridge.mapping.check import load
from bridge.mapping.compile_out import OutMapping
from bridge.mapping.generate_in import compile_in
from bridge.mapping.notation import Items
from bridge.mapping.trial import NOW
from bridge.mapping.trial import plain
from bridge.mapping.trial import run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.mapping.trial import Outcome
    from bridge.model.record import Format

ROOT = Path(__file__).parents[2]
MAPPINGS = ROOT / "mappings"
XSD = ROOT / "xsd"
NAMES = sorted(
    path.name.removesuffix(".yaml")
    for path in MAPPINGS.glob("*.yaml")
    if not path.name.endswith(TEST_ENDING)
)
INWARD = (
    "artikelbezeichnung",
    "artikeldokumente",
    "artikelgruppen",
    "artikelstamm",
    "auftragsrueckmeldung",
    "auftragssaetze",
    "belege",
    "bestand",
    "bmecat_artikel",
    "bmecat_bilder",
    "bmecat_preise",
    "bmecat_verweise",
    "kunden",
    "kundenpreise",
    "kundenvorlage",
    "lagerliste",
    "opentrans_dispatchnotification",
    "opentrans_invoice",
    "opentrans_invoicelist",
    "opentrans_order",
    "opentrans_orderresponse",
    "opentrans_quotation",
    "preise",
    "shopbestellung",
    "stueckliste",
    "varianten",
    "versand",
    "zahlungsaufforderung",
    "zubehoer",
)

OUTWARD = (
    *("artikel_von_amazon", "bestand_von_amazon", "preise_von_amazon"),
    "bestellaenderung",
    "bestellung",
    "bmecat_artikel_aus",
    "bmecat_preise_aus",
    "kundenanlage",
    "kundenpreise_fuer_amazon",
    "opentrans_dispatchnotification_aus",
    "opentrans_invoice_aus",
    "opentrans_order_aus",
    "opentrans_orderresponse_aus",
    "versand_von_amazon",
)
#: Files of others are read without a schema: all kinds of them are met.
OF_XML = tuple(name for name in INWARD if (XSD / f"{name}.xsd").is_file())


@cache
def _plan(name: str) -> Plan:
    plan, found = load(MAPPINGS / f"{name}.yaml")
    assert plan, [item.told(name) for item in found]
    return plan


@cache
def _outcomes(name: str) -> list[Outcome]:
    path = MAPPINGS / f"{name}{TEST_ENDING}"
    return run(_plan(name), path, tools("Europe/Berlin"))


def _trials(name: str) -> list[dict[str, Any]]:
    text = (MAPPINGS / f"{name}{TEST_ENDING}").read_text("utf-8")
    root, _ = notation.read(text)
    assert isinstance(root, Items)
    return [plain(node) for node in root.nodes]


CASES = [
    pytest.param(name, number, id=f"{name}: {trial['name']}")
    for name in NAMES
    for number, trial in enumerate(_trials(name))
]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_shipped_mapping_does_what_its_tests_say(
    name: str, number: int
) -> None:
    outcome = _outcomes(name)[number]

    assert not outcome.differences


def test_the_shipped_mappings_are_these() -> None:
    book = open_book([MAPPINGS])

    assert not book.problems
    assert sorted([*INWARD, *OUTWARD, "angebote"]) == sorted(book.plans)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_mapping_has_five_tests_and_a_fault(name: str) -> None:
    trials = _trials(name)

    assert len(trials) >= 5
    assert any(trial.get("findings") for trial in trials)


@pytest.mark.parametrize("name", [*INWARD, *OUTWARD])
def test_every_format_of_a_shipped_mapping_is_tested(name: str) -> None:
    first, *others = _plan(name).profiles

    tested = {trial.get("format", first) for trial in _trials(name)}

    assert {first, *others} == tested


@pytest.mark.parametrize("name", NAMES)
def test_names_of_tests_are_not_doubled(name: str) -> None:
    names = [trial["name"] for trial in _trials(name)]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Artikelgruppen_20260114_073000.csv", ["artikelgruppen"]),
        ("Artikelstamm_20260114_073000.xlsx", ["artikelstamm"]),
        ("artikelstamm_geaendert_20260114_073000.TXT", ["artikelstamm"]),
        ("Preise_20260114_073000.xml", ["preise"]),
        ("Bestand_20260114_073000.json", ["bestand"]),
        ("Auftragsrueckmeldung_1.csv", ["auftragsrueckmeldung"]),
        ("Versand_20260115_140500.csv", ["versand"]),
        ("Kunden_20260114_073000.csv", ["kunden"]),
        ("1_kunden.zeilen.csv", ["kunden"]),
        ("KUNDEN.XML", ["kunden"]),
        ("Belege_20260115_150000.json", ["belege"]),
        ("Kundenpreise_20260114_073000.csv", ["kundenpreise"]),
        ("Varianten_20260114_073000.xlsx", ["varianten"]),
        ("Artikelbezeichnung_20260114_073000.csv", ["artikelbezeichnung"]),
        ("Zubehoer_20260114_073000.csv", ["zubehoer"]),
        ("Artikeldokumente_20260114_073000.csv", ["artikeldokumente"]),
        ("Stueckliste_20260114_073000.csv", ["stueckliste"]),
        ("Zahlungsaufforderung_20260114_073000.csv", ["zahlungsaufforderung"]),
        ("ORDER_4711.xml", ["opentrans_order"]),
        ("OrderResponse_4711.xml", ["opentrans_orderresponse"]),
        ("openTRANS_INVOICE_1.xml", ["opentrans_invoice"]),
        (
            "BMEcat_2026.xml",
            [
                *("bmecat_artikel", "bmecat_bilder"),
                *("bmecat_preise", "bmecat_verweise"),
            ],
        ),
        ("Shopbestellung_4711.csv", ["shopbestellung"]),
        ("Lagerliste_20260115.txt", ["lagerliste"]),
        ("Auftragssaetze_20260115.txt", ["auftragssaetze"]),
        ("Bestellung_305_20260114.csv", []),
        ("AmazonVersand_1-VVA-2026-4711_20260115_140500.csv", []),
    ],
)
def test_a_file_finds_its_mapping_by_its_name(
    name: str, expected: list[str]
) -> None:
    assert expected == open_book([MAPPINGS]).for_file(name)


def test_only_the_article_master_is_complete_by_itself() -> None:
    complete = {name for name in INWARD if _plan(name).complete}

    assert {"artikelstamm"} == complete
    assert _plan("artikelstamm").complete_unless == "*_geaendert*"


def test_stock_says_its_age_itself() -> None:
    ages = [(age.source, age.text) for age in _plan("bestand").as_of]

    assert ages == [
        ("from", "Stand"),
        ("head", "Erstellt"),
        ("name", "%Y%m%d_%H%M%S"),
        ("mtime", ""),
    ]


def test_a_workspace_table_beats_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "mappings"
    own.mkdir()
    (own / "warengruppen.csv").write_text(
        "Artikelgruppe;Produkttyp;Browseknoten\n010-20;KITCHEN_GRINDER;\n",
        "utf-8",
    )
    plan = open_book([own, MAPPINGS]).plan("artikelstamm")
    convert = compile_in(
        plan,
        plan.profiles["csv"],
        context={"timezone": "Europe/Berlin"},
        head={},
    )

    made = convert(
        2,
        {"Artikelnummer": "1", "Bezeichnung1": "A", "Artikelgruppe": "010-20"},
        [],
    )

    assert made["product_type"] == "KITCHEN_GRINDER"
    assert made["browse_node"] is None


def test_an_inactive_article_of_three_formats_is_one_document(
    tmp_path: Path,
) -> None:
    texts: dict[Format, str] = {
        "csv": "Mandant;Artikelnummer;Bezeichnung1;Gewicht;Gewichtseinheit;"
        "Steuersatz;Aktiv;USER_Amazon\r\n"
        "1;0012;Größe;1.000,50;g;19,00;0;-1\r\n",
        "xml": "<Artikelstamm Mandant='1'><Artikel><Artikelnummer>0012"
        "</Artikelnummer><Bezeichnung1>Größe</Bezeichnung1><Gewicht>1000.50"
        "</Gewicht><Gewichtseinheit>g</Gewichtseinheit><Steuersatz>19.00"
        "</Steuersatz><Aktiv>false</Aktiv><USER_Amazon>true</USER_Amazon>"
        "</Artikel></Artikelstamm>",
        "json": '{"Mandant": 1, "Artikelstamm": [{"Artikelnummer": "0012", '
        '"Bezeichnung1": "Größe", "Gewicht": 1000.50, "Gewichtseinheit": '
        '"g", "Steuersatz": 19.00, "Aktiv": false, "USER_Amazon": true}]}',
    }
    plan = _plan("artikelstamm")
    made = {}

    for form, text in texts.items():
        profile = plan.profiles[form]
        path = tmp_path / f"a.{form}"
        path.write_bytes(text.encode(profile.encoding))
        with open_file(path, profile) as file:
            record = next(file.records)
            convert = compile_in(
                plan,
                profile,
                context={"timezone": "Europe/Berlin"},
                head=file.head,
            )
            made[form] = convert(record.line, record.values, [])

    assert made["csv"] == made["xml"] == made["json"]
    assert made["csv"]["weight"] == {"value": "1000.5", "unit": "gram"}
    assert made["csv"]["mandant"] == 1


def _read_names(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        for path in rule.reads():
            yield from path.split("/")
        if rule.source == "each":
            yield from _read_names(rule.fields)


@pytest.mark.parametrize("name", OF_XML)
def test_a_schema_for_reading_knows_every_column(name: str) -> None:
    plan = _plan(name)
    path = plan.profiles["xml"].xsd

    assert path is not None
    assert set(_read_names(plan.fields)) <= xsd.names(path)


@pytest.mark.parametrize("name", OF_XML)
def test_a_schema_for_reading_takes_what_it_does_not_know(
    name: str, tmp_path: Path
) -> None:
    profile = _plan(name).profiles["xml"]
    root, record = profile.record.strip("/").split("/")
    path = tmp_path / "a.xml"
    path.write_text(
        f"<{root} Mandant='1' Quelle='Abfrage'><{record} id='1'>"
        f"<Neu art='x'><Tiefer>1</Tiefer></Neu><Mandant>1</Mandant>"
        f"</{record}></{root}>",
        "utf-8",
    )

    with open_file(path, profile) as file:
        values = next(file.records).values
        list(file.records)

    assert values["Mandant"] == "1"
    assert "formats.unknown_element" in {item.code for item in file.findings}


@pytest.mark.parametrize("name", OF_XML)
def test_a_schema_for_reading_refuses_a_nested_field(
    name: str, tmp_path: Path
) -> None:
    profile = _plan(name).profiles["xml"]
    root, record = profile.record.strip("/").split("/")
    path = tmp_path / "a.xml"
    path.write_text(
        f"<{root}><{record}><Mandant><Nr>1</Nr></Mandant></{record}></{root}>",
        "utf-8",
    )

    def read() -> None:
        with open_file(path, profile) as file:
            list(file.records)

    with pytest.raises(InputError) as caught:
        read()

    assert caught.value.code == "formats.schema"


GOOD = (
    "<Bestellungen Mandant='1' Erstellt='2026-01-14T07:30:00+01:00' "
    "Umfang='geaendert'><Bestellung><Referenznummer>1</Referenznummer>"
    "<Kanal>AMAZON_DE</Kanal><Bestelldatum>2026-01-14</Bestelldatum>"
    "<WKz>EUR</WKz><IstBruttopreis>true</IstBruttopreis>"
    "<A2Name1>Erika Beispiel</A2Name1><Positionen><Belegposition>"
    "<Position>1</Position><Artikelnummer>0012</Artikelnummer>"
    "<AuspraegungID>0</AuspraegungID><Menge>1</Menge>"
    "<Einzelpreis>-1.50</Einzelpreis><Gesamtpreis>-1.50</Gesamtpreis>"
    "</Belegposition></Positionen></Bestellung></Bestellungen>"
)


def test_the_schema_for_writing_takes_the_smallest_order() -> None:
    assert not xsd.validate_bytes(GOOD.encode(), XSD / "bestellung.xsd")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<WKz>EUR</WKz>", ""),
        ("<WKz>EUR</WKz>", "<WKz>Euro</WKz>"),
        ("2026-01-14<", "14.01.2026<"),
        ("<Menge>1<", "<Menge>-1<"),
        ("<Menge>1<", "<Menge>1,5<"),
        ("-1.50</Einzelpreis>", "-1.50001</Einzelpreis>"),
        ("Erika Beispiel", "E" * 51),
        ("Erika Beispiel", ""),
        ("<Position>1", "<Position>0"),
        ("<Positionen>", "<EMail>a@b.example</EMail><Fax/><Positionen>"),
        ("<Kanal>AMAZON_DE</Kanal>", "<Kanal>A</Kanal><Kunde>D</Kunde>"),
        (" Mandant='1'", ""),
    ],
)
def test_the_schema_for_writing_refuses(right: str, wrong: str) -> None:
    assert right in GOOD
    broken = GOOD.replace(right, wrong, 1).encode()

    assert xsd.validate_bytes(broken, XSD / "bestellung.xsd")


ANY = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=80
)
ADDRESS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("name", "company", "extra", "street", "city", "postcode", "country"),
        ANY,
    ),
)
LINE = st.fixed_dictionaries(
    {
        "position": st.just(1),
        "article": ANY.filter(bool),
        "quantity": st.integers(1, 999).map(str),
        "unit_price": st.just("6.6667"),
        "total": st.decimals(0, 10**7, places=2).map(str),
    },
    optional={"title": ANY, "unit": ANY, "tax_rate": st.just("5.5")},
)


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "id": st.just("305-0000001-0000001"),
            "purchased_at": st.just("2026-01-14T10:00:00+00:00"),
            "currency": st.just("EUR"),
            "lines": st.lists(LINE, min_size=1, max_size=3),
        },
        optional={
            "channel": ANY,
            "email": ANY,
            "vat_id": ANY,
            "invoice_address": ADDRESS,
            "delivery_address": ADDRESS,
        },
    )
)
def test_no_customer_can_make_an_order_that_breaks_its_schema(
    document: dict[str, Any],
) -> None:
    plan = _plan("bestellung")
    mapping = OutMapping(plan, "Europe/Berlin")
    context = {"now": NOW, "mandant": "1"}
    profile = plan.profiles["xml"]

    record = mapping.record(document, context, [], form="xml")
    stream = BytesIO()
    writing.write(stream, [record], profile, mapping.head("xml", context, []))

    assert profile.xsd is not None
    assert not xsd.validate_bytes(stream.getvalue(), profile.xsd)


def test_what_breaks_the_schema_shows_in_a_trial(tmp_path: Path) -> None:
    trial = tmp_path / "bestellung.test.yaml"
    trial.write_text(
        "- name: zu lang\n  format: xml\n  document: {id: '"
        + "1" * 51
        + "', lines: []}\n  file: x\n",
        "utf-8",
    )

    (outcome,) = run(_plan("bestellung"), trial, tools("Europe/Berlin"))

    assert "Referenznummer" in "".join(outcome.differences)
