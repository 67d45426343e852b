"""Whatever is dropped is accepted, refused or held, and lies in one place."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.house import ARTICLE
from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House

XXE = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Preise><Preis><Artikelnummer>&x;</Artikelnummer></Preis></Preise>"""
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>
<Preise><Preis><Artikelnummer>&b;</Artikelnummer></Preis></Preise>"""
DEEP = b"<Preise>" + b"<a>" * 500 + b"</a>" * 500 + b"</Preise>"
ROW = "1;0010;Artikel;010;Müller;;1;19,00;Stk;-1;-1\n"

WHOLE_FILES = {
    "an empty file": ("Preise.csv", b"", "formats.empty"),
    "a header only": (
        "Artikelstamm.csv",
        ARTICLE.encode(),
        "intake.no_records",
    ),
    "a missing column": (
        "Artikelstamm.csv",
        ARTICLE.replace("Artikelnummer;", "").encode() + b"1;1\n",
        "formats.columns",
    ),
    "a doubled column": (
        "Artikelstamm.csv",
        ARTICLE.replace("Steuersatz", "Aktiv").encode() + b"1;1\n",
        "formats.columns",
    ),
    "an external entity": ("Preise.xml", XXE, "formats.doctype"),
    "an entity bomb": ("Preise.xml", BOMB, "formats.doctype"),
    "a depth bomb": ("Preise.xml", DEEP, None),
    "a truncated xml": ("Preise.xml", b"<Preise><Preis><Art", None),
    "a truncated json": ("Preise.json", b'{"Preise": [{"ListeID": 2', None),
    "deep json": ("Preise.json", b'{"Preise":' + b"[" * 9999, None),
    "a doubled json key": (
        "Preise.json",
        b'{"Preise":[{"ListeID":1,"ListeID":2}]}',
        "formats.doubled",
    ),
    "no workbook at all": ("Preise.xlsx", b"hello", "formats.not_workbook"),
    "a picture": ("Preise.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", None),
    "a name no mapping knows": (
        "Urlaub.csv",
        b"a;b\n1;2\n",
        "intake.no_mapping",
    ),
}


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    house: House, case: str
) -> None:
    name, content, code = WHOLE_FILES[case]
    house.drop(name, content)

    exit_code = house.once()

    (delivery,) = house.deliveries()
    assert ("refused", "filed") == (delivery.state, delivery.step)
    assert 3 == exit_code
    found = house.findings(delivery.id)
    assert code is None or code in [item.code for item in found]
    assert all(item.message("de") != item.code for item in found)
    (place,) = house.places(content)
    assert f"quarantine/1_{name}" == place
    assert (house.path / f"{place}.protokoll.csv").is_file()


ROWS = {
    "a decimal point where a comma is due": (
        ROW.replace("19,00", "19.00"),
        "mapping.decimal_point",
    ),
    "a wrong check digit": (
        ROW.replace("Müller;;", "Müller;4009988770018;"),
        "mapping.gtin",
    ),
    "a missing name": (ROW.replace("Artikel", ""), "mapping.required"),
    "an unreadable truth": (
        ROW.replace("-1;-1", "vielleicht;-1"),
        "mapping.not_yes_or_no",
    ),
    "a cell of a mebibyte": (
        ROW.replace("Artikel", "x" * (2**20 + 1)),
        "formats.cell_size",
    ),
    "broken umlauts": (ROW.replace("Müller", "MÃ¼ller"), "formats.mojibake"),
    "another Mandant": ("2" + ROW[1:], "intake.other_mandant"),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_wrong_row_is_refused_and_the_rest_goes_on(
    house: House, case: str
) -> None:
    row, code = ROWS[case]
    good = ROW.replace("0010", "0011")
    path = house.drop("Artikelstamm_geaendert.csv", ARTICLE + row + good)
    content = path.read_bytes()

    exit_code = house.once()

    (delivery,) = house.deliveries()
    assert ("partly", 1, 1) == (
        delivery.state,
        delivery.accepted,
        delivery.refused,
    )
    assert 3 == exit_code
    assert code in house.codes(1)
    assert {2} == {item.line for item in house.findings(1)}
    assert 1 == len(house.places(content))
    rest = house.path / "quarantine" / "1_Artikelstamm_geaendert.zeilen.csv"
    assert (ARTICLE + row).encode("windows-1252") == rest.read_bytes()


def test_the_refused_rows_may_be_corrected_and_dropped_again(
    house: House,
) -> None:
    bad = ROW.replace("19,00", "19.00")
    house.drop("Artikelstamm.csv", ARTICLE + bad + ROW.replace("0010", "0011"))
    house.once()
    name = "1_Artikelstamm.zeilen.csv"
    rows = (house.path / "quarantine" / name).read_text("windows-1252")

    house.drop(name, rows.replace("19.00", "19,00"))
    code = house.once()

    last = house.deliveries()[-1]
    assert ("accepted", 1, False) == (
        last.state,
        last.accepted,
        last.complete,
    )
    assert 0 == code


def test_the_same_article_twice_with_different_values_refuses_both(
    house: House,
) -> None:
    other = ROW.replace("Artikel", "Anderer")
    house.drop("Artikelstamm.csv", ARTICLE + ROW + other)
    house.once()

    (delivery,) = house.deliveries()
    assert ("refused", 0, 2) == (
        delivery.state,
        delivery.accepted,
        delivery.refused,
    )
    assert [2, 3] == [item.line for item in house.findings(1)]


def test_the_same_row_twice_is_one_article_and_a_warning(
    house: House,
) -> None:
    house.drop("Artikelstamm.csv", ARTICLE + ROW + ROW)
    house.once()

    assert "accepted" == house.deliveries()[0].state
    assert ["intake.twice_equal"] == house.codes(1)


def test_semicolons_and_line_breaks_inside_quotes_stay_text(
    house: House,
) -> None:
    row = ROW.replace("Artikel", '"Löffel; groß\nund schön"')
    house.drop("Artikelstamm.csv", ARTICLE + row)
    house.once()

    offer = house.view("offer", "0010")
    assert offer["marketplaces"]["DE"]["facets"]["content"]["desired"][
        "item_name"
    ][0]["value"].startswith("Löffel; groß")


def test_a_price_of_zero_or_below_is_refused(house: House) -> None:
    house.drop("Preise.csv", prices({"0010": "0,00", "0011": "-5,00"}))
    house.once()

    assert ["mapping.below", "mapping.below"] == house.codes(1)
    assert "refused" == house.deliveries()[0].state


def test_path_tricks_in_a_name_lead_nowhere(house: House) -> None:
    text = articles("0010").encode("windows-1252")
    house.drop("Artikelstamm..%2f..%2fx.csv", text)
    house.once()

    (place,) = house.places(text)
    assert place.startswith("archive/")


def test_a_formula_in_a_cell_is_defused_for_people_only(house: House) -> None:
    row = ROW.replace("19,00", "=1+1")
    house.drop("Artikelstamm.csv", ARTICLE + row)
    house.once()

    report = house.path / "quarantine" / "1_Artikelstamm.csv.protokoll.csv"
    assert ";'=1+1;" in report.read_text("windows-1252")


def test_a_zip_bomb_is_not_unpacked(house: House, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    house.drop("Preise.xlsx", bomb.read_bytes())

    house.once()

    assert "refused" == house.deliveries()[0].state


def test_a_full_file_that_shrank_waits_for_a_person(any_house: House) -> None:
    many = [f"{number:04}" for number in range(20)]
    any_house.drop("Artikelstamm_1.csv", articles(*many))
    any_house.once()

    any_house.drop("Artikelstamm_2.csv", articles(*many[:10]))
    code = any_house.once()

    held = any_house.deliveries()[-1]
    assert ("held", "intake.shrunk") == (held.state, held.hold["code"])
    assert 4 == code
    assert "done" == any_house.ask("delivery.confirm", held.id)
    any_house.once()
    assert "accepted" == any_house.deliveries()[-1].state
    assert "intake.vanished" in any_house.codes(held.id)


def test_a_file_that_would_end_many_offers_waits_for_a_person(
    house: House,
) -> None:
    pieces = {f"{number:04}": "5" for number in range(20)}
    house.offer(pieces)

    house.drop(house.later("Bestand"), stock(dict.fromkeys(pieces, "0")))
    house.once()

    held = house.deliveries()[-1]
    assert ("held", "20", "20") == (
        held.state,
        held.hold["ending"],
        held.hold["total"],
    )
    assert 5 == house.view("offer_list", problem=False)[0]["available"]
    assert ["inbox/.bridge/4/Bestand_20260115_000004.csv"] == house.places(
        stock(dict.fromkeys(pieces, "0")).encode("windows-1252")
    ) or len(
        house.places(stock(dict.fromkeys(pieces, "0")).encode("windows-1252"))
    ) == 1


def test_a_discarded_file_goes_to_the_quarantine_and_changes_nothing(
    house: House,
) -> None:
    pieces = {f"{number:04}": "5" for number in range(20)}
    house.offer(pieces)
    house.drop(house.later("Bestand"), stock(dict.fromkeys(pieces, "0")))
    house.once()
    held = house.deliveries()[-1]

    house.ask("delivery.discard", held.id)
    house.once()

    last = house.deliveries()[-1]
    assert ("discarded", "filed") == (last.state, last.step)
    assert 5 == house.view("offer_list", problem=False)[0]["available"]
    (place,) = house.places(
        stock(dict.fromkeys(pieces, "0")).encode("windows-1252")
    )
    assert place.startswith(f"quarantine/{held.id}_")


def test_an_article_that_vanished_from_the_full_file_is_sold_no_more(
    house: House,
) -> None:
    house.offer(
        {"0010": "7", "0011": "3", "0012": "2", "0013": "1", "0014": "1"}
    )
    house.drop(
        house.later("Artikelstamm"),
        articles("0010", "0011", "0012", "0013", "0014"),
    )
    house.once()

    house.drop(
        house.later("Artikelstamm"), articles("0011", "0012", "0013", "0014")
    )
    house.once()

    found = {
        row["sku"]: row for row in house.view("offer_list", problem=False)
    }
    assert ("ended", 0) == (
        found["0010"]["status"],
        found["0010"]["available"],
    )
    assert 3 == found["0011"]["available"]
    assert (
        0
        == house.facets("0010")["stock"]["accepted"][
            "fulfillment_availability"
        ][0]["quantity"]
    )


def test_a_file_may_be_read_again_after_its_mapping_was_corrected(
    house: House,
) -> None:
    house.drop("Urlaub.csv", "Nr;Name\n0010;Löffel\n")
    house.once()
    (house.path / "mappings").mkdir(exist_ok=True)
    (house.path / "mappings" / "urlaub.yaml").write_text(
        "mapping: 1\ntitle: Eigene\ndirection: in\ndocument: Article\n"
        'files: "Urlaub*"\nfields:\n  article: {from: Nr, as: code}\n'
        "  title: {from: Name}\n",
        encoding="utf-8",
    )

    assert "done" == house.ask("delivery.again", 1)
    house.once()

    (delivery,) = house.deliveries()
    assert ("accepted", 1) == (delivery.state, delivery.accepted)
    (place,) = house.places("Nr;Name\n0010;Löffel\n".encode("windows-1252"))
    assert place.startswith("archive/")


def test_a_file_still_being_written_is_not_read(house: House) -> None:
    house.inbox = 'marker = ".fertig"'
    house.build()
    house.drop("Preise.csv", prices({"0010": "1,00"}))
    house.drop("Preise2.csv.part", b"half")

    house.once()
    before = house.deliveries()
    house.drop("Preise.csv.fertig", b"")
    house.once()

    assert [] == before
    assert ["accepted"] == [row.state for row in house.deliveries()]
    assert (house.path / "inbox" / "Preise2.csv.part").is_file()


ONE_SHEET = "Nr;Name;Preis;Menge\n0010;Löffel;5,90;7\n0011;Gabel;x;3\n"
SHEET = {
    "artikel": (
        "Article",
        "{article: {from: Nr, as: code}, title: {from: Name}}",
    ),
    "preis": (
        "PriceEntry",
        (
            "{list: {value: 1, as: integer}, article: {from: Nr, as: code},"
            " from_quantity: {value: 0, as: decimal},"
            " amount: {from: Preis, as: decimal}}"
        ),
    ),
    "menge": (
        "StockLevel",
        (
            "{article: {from: Nr, as: code}, warehouse: {value: HL},"
            " available: {from: Menge, as: decimal}}"
        ),
    ),
}


def sheet_mappings(house: House, names: tuple[str, ...]) -> None:
    folder = house.path / "mappings"
    folder.mkdir(exist_ok=True)
    for name in names:
        document, fields = SHEET[name]
        (folder / f"{name}.yaml").write_text(
            f"mapping: 1\ntitle: {name}\ndirection: in\n"
            f'document: {document}\nfiles: "Liste*"\nfields: {fields}\n',
            encoding="utf-8",
        )


def test_one_sheet_may_state_articles_prices_and_stock(
    any_house: House,
) -> None:
    sheet_mappings(any_house, ("artikel", "preis", "menge"))
    content = any_house.drop("Liste.csv", ONE_SHEET).read_bytes()

    any_house.once()

    (body,) = any_house.bodies()
    attributes = body["body"]["attributes"]
    assert "Löffel" == attributes["item_name"][0]["value"]
    assert 7 == attributes["fulfillment_availability"][0]["quantity"]
    states = {row.mapping: row.state for row in any_house.deliveries()}
    assert {
        "artikel": "accepted",
        "menge": "accepted",
        "preis": "partly",
    } == states
    assert 1 == len(any_house.places(content))


def test_two_mappings_of_one_kind_cannot_read_one_file(house: House) -> None:
    sheet_mappings(house, ("artikel",))
    text = (house.path / "mappings" / "artikel.yaml").read_text("utf-8")
    (house.path / "mappings" / "anders.yaml").write_text(text, "utf-8")
    house.drop("Liste.csv", ONE_SHEET)

    house.once()

    (delivery,) = house.deliveries()
    assert "refused" == delivery.state
    assert ["intake.two_mappings"] == house.codes(delivery.id)


def test_what_was_parked_goes_on_when_its_cause_is_mended(
    house: House,
) -> None:
    pieces = {"0010": "7"}
    house.amazon = "patch_up_to = 0"
    house.build()
    answers = house.path / "rehearsal" / "answers"
    answers.mkdir(parents=True)
    (answers / "a.json").write_text('{"match":', encoding="utf-8")
    house.offer(pieces)
    stuck = house.view("status")["jobs"]["failed"]

    (answers / "a.json").unlink()
    code = house.once()

    assert (1, 0) == (stuck, code)
    assert "same" == house.facets("0010")["stock"]["state"]


def test_a_key_of_a_mapping_tells_more_documents_apart(house: House) -> None:
    (house.path / "mappings").mkdir(exist_ok=True)
    (house.path / "mappings" / "zeitpreise.yaml").write_text(
        "mapping: 1\ntitle: Preise mit Zeit\ndirection: in\n"
        "document: PriceEntry\nfiles: Zeitpreise*\n"
        "key: [list, article, variant, from_quantity, valid_from]\nfields:\n"
        "  list: { value: 2 }\n  article: { from: Nr, as: code }\n"
        "  from_quantity: { value: 0 }\n  currency: { value: EUR }\n"
        "  amount: { from: Preis, as: decimal }\n"
        "  valid_from: { from: Ab, as: date }\n",
        encoding="utf-8",
    )
    house.drop(
        "Zeitpreise.csv",
        "Nr;Preis;Ab\n0010;5,00;01.02.2026\n0010;6,00;01.03.2026\n",
    )
    house.once()

    (delivery,) = house.deliveries()
    assert ("accepted", 2) == (delivery.state, delivery.accepted)


def test_an_empty_mandant_is_no_other_mandant(house: House) -> None:
    rows = articles("0010", "0011").replace("1;0011;", ";0011;")
    house.drop("Artikelstamm_geaendert_1.csv", rows)
    house.drop(
        "Artikelstamm_geaendert_2.csv", rows.replace("1;0010", "2;0010")
    )
    house.once()

    found = [(one.accepted, one.refused) for one in house.deliveries()]
    assert [(2, 0), (1, 1)] == found
    assert ["intake.other_mandant"] == house.codes(2)
