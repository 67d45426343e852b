"""What a delivery brought is handed on as files of another layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from bridge.app.wiring import defaults
from bridge.flows.raising import raise_hand_on
from tests.house import House
from tests.house import articles
from tests.house import prices

if TYPE_CHECKING:
    from pathlib import Path

OUTBOX = """
[[outbox]]
name = "kunde"
folder = "outbox/kunde"
mappings = ["opentrans_invoice_aus"]
changes = ""
"""
HEAD = (
    "Mandant;Belegart;Belegjahr;Belegnummer;Belegdatum;Kunde;A2Name1;A2Strasse;"
    "A2Land;A2PLZ;A2Ort;WKz;IstBruttopreis;Nettobetrag;Steuerbetrag;"
    "Bruttobetrag;Position;Artikelnummer;Bezeichnung1;Menge;Mengeneinheit;"
    "Einzelpreis;Gesamtpreis;Steuersatz\n"
)


def paper(kind: str, number: str, *, gross: str = "0") -> str:
    return (
        f"1;{kind};2026;{number};15.01.2026;D90001;Muster GmbH;Musterweg 1;DE;"
        f"01234;Musterstadt;EUR;{gross};39,80;7,56;47,36;1;0010;Mühle;2;Stk;"
        "19,90;39,80;19,00\n"
    )


def made(tmp_path: Path) -> House:
    return House(tmp_path / "house", more=OUTBOX).build()


def invoices(house: House) -> list[str]:
    return sorted(p.name for p in (house.path / "outbox/kunde").glob("*"))


def test_each_invoice_is_one_file_and_a_quote_is_none(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.drop(
        "Belege_20260115_080000.csv",
        HEAD + paper("Rechnung", "1") + paper("Angebot", "2"),
    )

    house.once()

    (name,) = invoices(house)
    assert "PROBE_INVOICE_invoice_2026_1.xml" == name
    root = etree.parse(house.path / "outbox/kunde" / name).getroot()
    assert "INVOICE" == etree.QName(root).localname


def test_the_same_papers_again_are_not_handed_on_again(tmp_path: Path) -> None:
    house = made(tmp_path)
    text = HEAD + paper("Rechnung", "1")
    house.drop("Belege_20260115_080000.csv", text)
    house.once()
    house.drop("Belege_20260115_090000.csv", text)

    house.once()

    assert 1 == len(invoices(house))


def test_a_paper_that_changed_is_handed_on_once_more(tmp_path: Path) -> None:
    house = made(tmp_path)
    text = HEAD + paper("Rechnung", "1")
    house.drop("Belege_20260115_080000.csv", text)
    house.once()
    house.drop(
        "Belege_20260115_090000.csv", text.replace("Musterweg 1", "Allee 2")
    )

    house.once()

    assert 2 == len(invoices(house))


def test_a_paper_that_fits_no_file_is_told_and_stops_no_other(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.drop(
        "Belege_20260115_080000.csv",
        HEAD + paper("Rechnung", "1", gross="-1") + paper("Rechnung", "2"),
    )

    house.once()

    assert ["PROBE_INVOICE_invoice_2026_2.xml"] == invoices(house)
    (delivery,) = house.deliveries()
    found = {item.code: item for item in house.findings(delivery.id)}
    assert "invoice/2026/1" == found["orders.not_written"].value
    assert "7.56" == found["mapping.sums_differ"].facts["difference"]
    assert not house.view("status")["jobs"]["failed"]


def test_a_paper_that_fitted_no_file_is_tried_again_with_its_delivery(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.drop(
        "Belege_20260115_080000.csv",
        HEAD + paper("Rechnung", "1", gross="-1"),
    )
    house.once()
    assert [] == invoices(house)
    own = house.path / "mappings"
    own.mkdir(exist_ok=True)
    text = (defaults("mappings") / "opentrans_invoice_aus.yaml").read_text(
        "utf-8"
    )
    loose = text.replace("    required: true\n", "").replace(
        "    xsd: opentrans.xsd\n", ""
    )
    (own / "opentrans_invoice_aus.yaml").write_text(loose, "utf-8")

    house.ask("delivery.again", 1)
    house.once()

    assert ["PROBE_INVOICE_invoice_2026_1.xml"] == invoices(house)


def test_a_gross_invoice_is_handed_on_with_net_prices(tmp_path: Path) -> None:
    house = made(tmp_path)
    text = paper("Rechnung", "1", gross="-1")
    house.drop(
        "Belege_20260115_080000.csv",
        HEAD + text.replace("19,90;39,80", "23,68;47,36"),
    )

    house.once()

    (name,) = invoices(house)
    content = (house.path / "outbox/kunde" / name).read_bytes()
    assert ["19.9"] == texts(content, "PRICE_AMOUNT")
    assert ["39.8"] == texts(content, "PRICE_LINE_AMOUNT")
    assert ["39.8"] == texts(content, "NET_VALUE_GOODS")
    assert ["7.56"] == texts(content, "TAX_AMOUNT")
    assert ["47.36"] == texts(content, "TOTAL_AMOUNT")


def test_an_outbox_that_was_taken_out_is_named(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.drop("Belege_20260115_080000.csv", HEAD + paper("Rechnung", "1"))
    house.once()
    parts = house.parts()
    with parts.ledger.write() as tx:
        raise_hand_on(parts, tx, "SalesDocument", 1)
    parts.close()
    path = house.path / "bridge.toml"
    text = path.read_text("utf-8").replace('name = "kunde"', 'name = "neu"')
    path.write_text(text, "utf-8")

    code = house.once()

    (said,) = [
        one for one in house.findings(1) if one.code == "jobs.delivery_dropped"
    ]
    assert (0, "[[outbox]] kunde") == (code, said.value)


REFERENCES = (
    "Mandant;UrsprungsArt;Ursprungsnummer;Beziehung;ZubehoerArt;Zubehoernummer;"
    "MengenFaktor;Automatisch;Sortierung\n"
    "1;1;0010;zubehoer;1;0011;2;0;1\n"
    "1;2;0010;zubehoer;1;0011;2;0;1\n"
)
MEDIA = (
    "Mandant;Artikelnummer;AuspraegungID;Dokumentart;Dateiname;Sortierung\n"
    "1;0010;0;Anleitung;0010.pdf;2\n"
    "1;0010;0;Bild;0010.jpg;1\n"
)


def catalogued(tmp_path: Path, mapping: str = "bmecat_artikel_aus") -> House:
    """A house that offers two articles and may write a catalogue."""
    more = OUTBOX.replace("opentrans_invoice_aus", mapping)
    house = House(tmp_path / "house", more=more).build()
    house.offer({"0010": "7", "0011": "0"})
    house.drop(house.later("Zubehoer"), REFERENCES)
    house.drop(house.later("Artikeldokumente"), MEDIA)
    house.once()
    return house


def catalogue(house: House) -> bytes:
    """What a catalogue says that is asked for now."""
    before = invoices(house)
    house.ask("transfer.run", "catalogue")
    house.once()
    (name,) = set(invoices(house)).difference(before)
    return (house.path / "outbox/kunde" / name).read_bytes()


def texts(content: bytes, name: str) -> list[str | None]:
    found = etree.fromstring(content).iter(f"{{*}}{name}")
    return [item.text for item in found]


def test_the_whole_catalogue_goes_out_when_asked(tmp_path: Path) -> None:
    house = catalogued(tmp_path)
    assert [] == invoices(house)

    content = catalogue(house)

    assert ["0010", "0011"] == texts(content, "SUPPLIER_PID")
    assert ["10.00", "10.00"] == texts(content, "PRICE_AMOUNT")
    assert ["0011"] == texts(content, "PROD_ID_TO")
    assert ["0010.jpg", "0010.pdf"] == texts(content, "MIME_SOURCE")


def test_a_catalogue_is_twice_the_same(tmp_path: Path) -> None:
    house = catalogued(tmp_path)

    assert catalogue(house) == catalogue(house)


def test_a_catalogue_follows_a_price_when_asked_again(tmp_path: Path) -> None:
    house = catalogued(tmp_path)
    catalogue(house)

    house.drop(house.later("Preise"), prices({"0010": "12,50"}))
    house.once()

    assert 1 == len(invoices(house))
    assert ["12.50", "10.00"] == texts(catalogue(house), "PRICE_AMOUNT")


def test_a_catalogue_comes_back_with_references_and_pictures(
    tmp_path: Path,
) -> None:
    content = catalogue(catalogued(tmp_path))
    more = OUTBOX.replace("opentrans_invoice_aus", "bmecat_artikel_aus")
    other = House(tmp_path / "other", more=more).build()

    other.drop("BMECAT_1.xml", content)
    other.once()

    again = catalogue(other)
    for name in ("PROD_ID_TO", "MIME_SOURCE", "MIME_PURPOSE", "PRICE_AMOUNT"):
        assert texts(content, name) == texts(again, name)


def test_an_article_without_a_price_is_left_out_and_told(
    tmp_path: Path,
) -> None:
    house = catalogued(tmp_path)
    house.drop(house.later("Artikelstamm_geaendert"), articles("0012", "0013"))
    house.once()

    content = catalogue(house)

    assert ["0010", "0011"] == texts(content, "SUPPLIER_PID")
    (warning,) = house.view("status")["warnings"]
    assert "2" in warning
    assert "0012" in warning


def test_a_catalogue_nothing_fits_is_not_written(tmp_path: Path) -> None:
    more = OUTBOX.replace("opentrans_invoice_aus", "bmecat_artikel_aus")
    house = House(tmp_path / "house", more=more).build()
    house.drop(house.later("Artikelstamm_geaendert"), articles("0010"))
    house.once()

    house.ask("transfer.run", "catalogue")
    house.once()

    assert [] == invoices(house)
    assert 1 == house.view("status")["jobs"]["failed"]


def test_a_catalogue_that_lacks_nothing_any_more_warns_no_more(
    tmp_path: Path,
) -> None:
    house = catalogued(tmp_path)
    house.drop(house.later("Artikelstamm_geaendert"), articles("0012"))
    house.once()
    catalogue(house)

    house.drop(house.later("Preise"), prices({"0012": "3,00"}))
    house.once()
    catalogue(house)

    assert [] == house.view("status")["warnings"]


def test_a_price_without_an_amount_is_left_out_of_its_file_and_told(
    tmp_path: Path,
) -> None:
    house = catalogued(tmp_path, "bmecat_preise_aus")
    before = invoices(house)
    own = house.path / "mappings"
    own.mkdir(exist_ok=True)
    text = (defaults("mappings") / "bmecat_preise_aus.yaml").read_text("utf-8")
    strict = text.replace("from: currency", "from: valid_to, required: true")
    (own / "bmecat_preise_aus.yaml").write_text(strict, "utf-8")
    loose = (defaults("xsd") / "bmecat.xsd").read_text("utf-8")
    (house.path / "xsd").mkdir()
    (house.path / "xsd/bmecat.xsd").write_text(
        loose.replace("[A-Z]{3}", ".*"), "utf-8"
    )

    text = prices({"0010": "1,00", "0011": "2,00"})
    house.drop(
        house.later("Preise"),
        text.replace("1,00;EUR;-1;0;;", "1,00;EUR;-1;0;;31.12.2026"),
    )
    house.once()

    (name,) = set(invoices(house)).difference(before)
    content = (house.path / "outbox/kunde" / name).read_bytes()
    assert ["1.00"] == texts(content, "PRICE_AMOUNT")
    last = house.deliveries()[-1]
    assert "orders.left_out" in house.codes(last.id)
