"""What Sage says beside articles is kept, typed and found again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from bridge.errors import ConfigError
from bridge.flows.persons import Persons
from bridge.ledger import search
from bridge.ledger import tables

if TYPE_CHECKING:
    from tests.house import House

SHIPMENT = (
    "Mandant;Referenznummer;Belegart;Belegjahr;Belegnummer;Versanddatum;"
    "Frachtfuehrer;Paketnummer;Position;Menge\n"
)
PARCEL = (
    "1;WEB-0000001-0000001;Lieferschein;2026;300001;15.01.2026 14:05:00;DHL;"
    "00340000000000000017;{position};{quantity}\n"
)


def found(house: House, text: str) -> list[tuple[str, str]]:
    parts = house.parts()
    with parts.ledger.read() as tx:
        hits = search.search(tx, parts.sides, text)
    parts.close()
    return [(hit["kind"], hit["key"]) for hit in hits]


def test_a_shipment_is_found_by_its_order_and_by_its_parcel(
    house: House,
) -> None:
    row = PARCEL.format(position=1, quantity=1)
    house.drop("Versand_20260115_150000.csv", SHIPMENT + row)

    code = house.once()

    (delivery,) = house.deliveries()
    assert (0, "accepted", 1) == (code, delivery.state, delivery.accepted)
    key = "WEB-0000001-0000001 / 2026 / 300001 / 00340000000000000017"
    assert [("Shipment", key)] == found(house, "WEB-0000001-0000001")
    assert [("Shipment", key)] == found(house, "00340000000000000017")
    assert [] == house.view("offer_list", problem=False)


def test_the_whole_document_of_a_refused_row_may_be_corrected(
    house: House,
) -> None:
    good = PARCEL.format(position=1, quantity=1)
    bad = PARCEL.format(position=2, quantity="1.5")
    other = good.replace("0017", "0018")
    house.drop("Versand.csv", SHIPMENT + good + bad + other)

    house.once()

    rest = house.path / "quarantine" / "1_Versand.zeilen.csv"
    assert SHIPMENT + good + bad == rest.read_text("windows-1252")


CUSTOMER = (
    "Mandant;Kto;Name1;LieferStrasse;LieferPLZ;LieferOrt;EMail;Kundengruppe\n"
)
ERIKA = (
    "1;D90001;Erika Muster;Musterweg 1;01234;Musterstadt;"
    "erika@example.com;B2B\n"
)
PERSONAL = ("Erika", "Musterweg", "01234", "Musterstadt", "erika@example.com")


def kept(house: House) -> str:
    """Everything the ledger and the log have on disk, as one text."""
    files = [p for p in (house.path / "state").rglob("*") if p.is_file()]
    return "".join(path.read_bytes().decode("latin-1") for path in files)


def whole(house: House, mapping: str) -> list[dict[str, Any]]:
    """The kept documents of a mapping, unlocked."""
    parts = house.parts()
    persons = Persons(parts.book.plan(mapping), parts.safe)
    with parts.ledger.read() as tx:
        bodies = tx.scalars(select(tables.document.c.body)).all()
    parts.close()
    return [orjson.loads(persons.opened(body)) for body in bodies]


def test_whoever_a_customer_is_stands_nowhere_in_the_open(
    house: House,
) -> None:
    house.drop("Kunden_20260114_073000.csv", CUSTOMER + ERIKA)

    code = house.once()

    assert (0, "accepted") == (code, house.deliveries()[0].state)
    assert [("Customer", "D90001")] == found(house, "D90001")
    assert [("Customer", "D90001")] == found(house, "B2B")
    text = kept(house)
    assert "D90001" in text
    assert not [word for word in PERSONAL if word in text]
    (customer,) = whole(house, "kunden")
    assert ("Erika Muster", "01234") == (
        customer["name"],
        customer["postcode"],
    )


def test_a_file_that_lacks_a_column_leaves_what_is_locked(
    house: House,
) -> None:
    house.drop("Kunden_20260114_073000.csv", CUSTOMER + ERIKA)
    house.once()
    short = "Kto;Name1;LieferStrasse;LieferOrt\n"
    row = "D90001;Erika Beispiel;Musterweg 1;Musterstadt\n"

    house.drop("Kunden_20260115_073000.csv", short + row)
    house.once()

    (customer,) = whole(house, "kunden")
    assert ("Erika Beispiel", "erika@example.com") == (
        customer["name"],
        customer["email"],
    )


def test_the_same_customer_again_is_unchanged(house: House) -> None:
    house.drop("Kunden_20260114_073000.csv", CUSTOMER + ERIKA)
    house.once()

    house.drop("Kunden_20260115_073000.csv", CUSTOMER + ERIKA)
    house.once()

    assert 1 == house.deliveries()[-1].unchanged


def test_a_finding_about_a_person_quotes_nobody(house: House) -> None:
    bad = ERIKA.replace("erika@example.com", "erika(at)example").replace(
        "Erika Muster", "Erika MÃ¼ster"
    )
    house.drop("Kunden.csv", CUSTOMER + bad)

    house.once()

    said = {(item.field, item.value) for item in house.findings(1)}
    assert {("EMail", "…"), ("Name1", "…")} <= said
    assert "Erika" not in kept(house)


def test_a_finding_about_a_number_still_quotes_it(house: House) -> None:
    house.drop("Kunden.csv", CUSTOMER + "2" + ERIKA[1:])

    house.once()

    assert [("Mandant", "2")] == [
        (item.field, item.value) for item in house.findings(1)
    ]


PAPER = (
    "Belegart;Belegjahr;Belegnummer;Belegdatum;Leistungsdatum;Referenznummer;"
    "Kunde;A2Name1;WKz;IstBruttopreis;Nettobetrag;Steuerbetrag;Bruttobetrag;"
    "Dateiname;Position;Artikelnummer;Menge;Einzelpreis\n"
)
INVOICE = (
    "Rechnung;2026;500001;15.01.2026;15.01.2026;WEB-0000001-0000001;D90001;"
    "Erika Muster;EUR;-1;10,00;1,90;11,90;RE_2026_500001.pdf;{};0010;1;5,95\n"
)


def test_an_invoice_is_found_by_all_but_whom_it_names(house: House) -> None:
    rows = INVOICE.format(1) + INVOICE.format(2)
    house.drop("Belege_20260115_150000.csv", PAPER + rows)

    code = house.once()

    assert (0, 1) == (code, house.deliveries()[0].accepted)
    hit = [("SalesDocument", "invoice / 2026 / 500001")]
    for word in ("WEB-0000001-0000001", "D90001", "RE_2026_500001.pdf"):
        assert hit == found(house, word)
    assert [] == found(house, "Erika Muster")
    assert "Erika" not in kept(house)
    (paper,) = whole(house, "belege")
    assert ("Erika Muster", 2) == (paper["name"], len(paper["lines"]))


def test_an_outbox_takes_only_mappings_of_orders_and_customers(
    house: House,
) -> None:
    house.more = '[[outbox]]\nfolder = "outbox/sage"\nmappings = ["kunden"]\n'
    house.build()

    with pytest.raises(ConfigError) as caught:
        house.parts()

    assert [("config.no_mapping", "kunden")] == [
        (item.code, item.value) for item in caught.value.findings
    ]


REQUEST = (
    "Belegart;Belegjahr;Belegnummer;Belegdatum;Kunde;Name1;Zahlungsart;"
    "Bruttobetrag;OffenerBetrag;WKz;Faelligkeit;Stufe;Verwendungszweck\n"
    "Rechnung;2026;500001;16.01.2026;D90002;Erika Muster;Rechnung;10,00;"
    "10,00;EUR;30.01.2026;0;RE 500001 Erika\n"
)


def test_whom_a_payment_request_names_is_locked(house: House) -> None:
    house.drop("Zahlungsaufforderung_20260116_080000.csv", REQUEST)

    house.once()

    hit = [("PaymentRequest", "invoice / 2026 / 500001 / 0")]
    assert hit == found(house, "D90002")
    assert "Erika" not in kept(house)


ASSORTMENT = {
    "Kundenpreise.csv": (
        (
            "Kunde;Artikelnummer;Einzelpreis;WKz;IstBruttopreis\n"
            "D90001;0010;5,90;EUR;0\n"
        ),
        "CustomerPrice",
        "D90001 / 0010 / 0 / 0",
    ),
    "Varianten.csv": (
        "Artikelnummer;AuspraegungID;Merkmal1;Wert1\n0010;1;Größe;M\n",
        "Variant",
        "0010 / 1",
    ),
    "Artikelbezeichnung.csv": (
        "Artikelnummer;Sprache;Bezeichnung1\n0010;E;Spoon\n",
        "Text",
        "0010 / en",
    ),
    "Stueckliste.csv": (
        "Stueckliste;Element;Menge\n0010;0011;2\n",
        "Bundle",
        "0010 / 0011 / 0",
    ),
    "Zubehoer.csv": (
        "Ursprungsnummer;Zubehoernummer;Beziehung\n0010;0011;Zubehoer\n",
        "Reference",
        "article / 0010 / accessory / article / 0011",
    ),
    "Artikeldokumente.csv": (
        "Artikelnummer;Dateiname;Dokumentart;Sortierung\n0010;a.jpg;Bild;1\n",
        "Media",
        "0010 / 0 / picture / a.jpg",
    ),
}


@pytest.mark.parametrize("name", ASSORTMENT)
def test_what_belongs_to_an_article_is_kept_and_offers_nothing(
    house: House, name: str
) -> None:
    text, kind, key = ASSORTMENT[name]
    house.drop(name, text)

    code = house.once()

    assert (0, "accepted") == (code, house.deliveries()[0].state)
    ((known, shown),) = found(house, "0010")
    assert (kind, key) == (known, shown.rstrip(" /"))
    assert [] == house.view("offer_list", problem=False)


def test_a_file_of_several_types_of_lines_is_corrected_without_trailer(
    house: House,
) -> None:
    bad = (
        "A0;4712;15.01.2026;;D10002;EUR;\r\n"
        "A1;Muster;;Musterweg 1;D;01234;Musterstadt\r\n"
        "P0;1;0010020;Salzmühle;zwei;Stk;19,90;39,80\r\n"
    )
    text = (
        "V0;Altsystem\r\nA0;4711;15.01.2026;;D10001;EUR;\r\n"
        f"P0;1;0010020;Salzmühle;1;Stk;19,90;19,90\r\n{bad}Z9;2;2;59,70\r\n"
    )
    house.drop("Auftragssaetze_1.csv", text)

    house.once()

    (delivery,) = house.deliveries()
    assert ("partly", 1, 1) == (
        delivery.state,
        delivery.accepted,
        delivery.refused,
    )
    name = "1_Auftragssaetze_1.zeilen.csv"
    rest = house.path / "quarantine" / name
    assert bad.encode("windows-1252") == rest.read_bytes()
    house.drop(name, bad.replace("zwei", "2"))

    house.once()

    assert "accepted" == house.deliveries()[-1].state
    assert [("SalesDocument", "order / 2026 / 4712")] == found(house, "4712")


def test_a_file_whose_trailer_differs_is_refused_as_a_whole(
    house: House,
) -> None:
    head = "A0;4711;15.01.2026;;D10001;EUR;\r\n"
    house.drop("Auftragssaetze_1.csv", f"{head}Z9;2;0;0\r\n")

    house.once()

    (delivery,) = house.deliveries()
    assert ("refused", 0) == (delivery.state, delivery.accepted)
    report = next((house.path / "quarantine").glob("*.protokoll.csv"))
    _, row = report.read_text("windows-1252").splitlines()
    assert row.startswith("2;Auftraege;…;The last line says '2'")
    assert [] == found(house, "4711")
