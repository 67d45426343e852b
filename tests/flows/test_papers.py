"""What Sage says beside articles is kept, typed and found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.ledger import search

if TYPE_CHECKING:
    from tests.house import House

SHIPMENT = (
    "Mandant;Referenznummer;Belegart;Belegjahr;Belegnummer;Versanddatum;"
    "Frachtfuehrer;Paketnummer;Position;Menge\n"
)
PARCEL = (
    "1;305-0000001-0000001;Lieferschein;2026;300001;15.01.2026 14:05:00;DHL;"
    "00340000000000000017;{position};{quantity}\n"
)


def found(house: House, text: str) -> list[tuple[str, str]]:
    parts = house.parts()
    with parts.ledger.read() as tx:
        hits = search.search(tx, parts.side, text)
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
    key = "305-0000001-0000001 / 2026 / 300001 / 00340000000000000017"
    assert [("Shipment", key)] == found(house, "305-0000001-0000001")
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
