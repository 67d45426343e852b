"""What a delivery brought is handed on as files of another layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from bridge.app.wiring import defaults
from bridge.flows.raising import raise_hand_on
from tests.house import House

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
    (found,) = [
        item
        for item in house.findings(delivery.id)
        if item.code == "orders.not_written"
    ]
    assert "invoice/2026/1" == found.value
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
    loose = text.replace("    xsd: opentrans.xsd\n", "")
    (own / "opentrans_invoice_aus.yaml").write_text(loose, "utf-8")

    house.ask("delivery.again", 1)
    house.once()

    assert ["PROBE_INVOICE_invoice_2026_1.xml"] == invoices(house)


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

    assert 2 == house.once()


def test_the_whole_catalogue_goes_out_when_asked(tmp_path: Path) -> None:
    more = OUTBOX.replace("opentrans_invoice_aus", "bmecat_artikel_aus")
    house = House(tmp_path / "house", more=more).build()
    house.offer({"0010": "7", "0011": "0"})
    assert [] == invoices(house)

    house.ask("transfer.run", "catalogue")
    house.once()
    house.ask("transfer.run", "catalogue")
    house.once()

    first, _ = invoices(house)
    root = etree.parse(house.path / "outbox/kunde" / first).getroot()
    names = [item.text for item in root.iter("{*}SUPPLIER_PID")]
    assert ["0010", "0011"] == names
    amounts = [item.text for item in root.iter("{*}PRICE_AMOUNT")]
    assert ["10.00", "10.00"] == amounts
