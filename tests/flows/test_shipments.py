"""What left the house is told to Amazon: each parcel once, and rightly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import pytest
from lxml import etree

from bridge.ledger import parcels

if TYPE_CHECKING:
    from tests.house import House

CONSUMER, COMPANY = "302-0000001-0000001", "303-0000002-0000002"
PEPPER, SALT = "90010000000011", "90010000000012"  # one piece and two
HEAD = (
    "Referenznummer;Belegjahr;Belegnummer;Versanddatum;Frachtfuehrer;Versand;"
    "Paketnummer;Position;PositionsReferenz;Artikelnummer;Menge\n"
)


def parcel(  # noqa: PLR0913 - the columns of the file
    tracking: str,
    *,
    order: str = CONSUMER,
    date: str = "15.01.2026 14:05:00",
    carrier: str = "DHL Paket",
    item: str = "",
    article: str = "",
    quantity: str = "",
) -> str:
    return (
        f"{order};2026;300001;{date};{carrier};;{tracking};1;"
        f"{item};{article};{quantity}\n"
    )


def whole(tracking: str, carrier: str = "DHL Paket") -> str:
    """A parcel of the whole order: no lines."""
    return (
        f"{CONSUMER};2026;300001;15.01.2026 14:05:00;{carrier};;{tracking};"
        ";;;\n"
    )


def ship(house: House, *rows: str) -> int:
    house.drop(house.later("Versand"), HEAD + "".join(rows))
    return house.once()


def told(house: House) -> list[dict[str, Any]]:
    """Every package detail Amazon was told of, in its order."""
    folder = house.path / "outbox" / "amazon"
    files = sorted(folder.glob("*_confirmShipment_*"))
    return [json.loads(p.read_bytes())["body"]["packageDetail"] for p in files]


def contents(detail: dict[str, Any]) -> dict[str, int]:
    items = detail["orderItems"]
    return {item["orderItemId"]: item["quantity"] for item in items}


def last(house: House) -> list[tuple[str, str | None]]:
    """Codes and columns of the last delivery's findings."""
    number = house.deliveries()[-1].id
    return [(item.code, item.field) for item in house.findings(number)]


def order(house: House, number: str = CONSUMER) -> dict[str, Any]:
    rows = house.view("order_rows")
    found: dict[str, Any] = next(row for row in rows if row["id"] == number)
    return found


@pytest.fixture
def sold(house: House) -> House:
    """A house with two orders of January."""
    house.order()
    house.once()
    return house


def test_a_parcel_of_the_whole_order_is_confirmed(any_house: House) -> None:
    any_house.order()
    any_house.once()

    code = ship(any_house, whole("00340000000000000017"))

    (detail,) = told(any_house)
    assert 0 == code
    assert {
        "packageReferenceId": "1",
        "carrierCode": "DHL",
        "shippingMethod": "DHL Paket",
        "trackingNumber": "00340000000000000017",
        "shipDate": "2026-01-15T13:05:00.000Z",
        "orderItems": [
            {"orderItemId": PEPPER, "quantity": 1},
            {"orderItemId": SALT, "quantity": 2},
        ],
    } == detail
    assert order(any_house)["shipped"]
    assert not order(any_house, COMPANY)["shipped"]


def test_the_same_said_twice_is_told_once(sold: House) -> None:
    ship(sold, whole("0017"))

    code = ship(sold, whole("0017"))

    assert (0, 1) == (code, len(told(sold)))


def test_a_parcel_that_changed_keeps_its_number(sold: House) -> None:
    ship(sold, whole("0017"))

    ship(sold, whole("0017", carrier="Deli Sprint"))

    first, second = told(sold)
    assert ("1", "DHL") == (first["packageReferenceId"], first["carrierCode"])
    assert ("1", "DPD") == (
        second["packageReferenceId"],
        second["carrierCode"],
    )


def test_a_part_of_an_order_leaves_it_open(sold: House) -> None:
    ship(sold, parcel("0017", item=SALT, quantity="1"))
    before = order(sold)["shipped"]

    ship(sold, parcel("0018", article="0010010"), parcel("0018", item=SALT))

    first, second = told(sold)
    assert {SALT: 1} == contents(first)
    assert {PEPPER: 1, SALT: 1} == contents(second)
    assert ["1", "2"] == [one["packageReferenceId"] for one in told(sold)]
    assert (False, True) == (before, order(sold)["shipped"])


def test_several_numbers_in_one_cell_are_several_parcels(sold: House) -> None:
    ship(sold, whole('"0017; 0018"'))

    first, second = told(sold)
    assert "0017" == first["trackingNumber"]
    assert "0018" == second["trackingNumber"]
    assert {PEPPER: 1, SALT: 1} == contents(first)
    assert {SALT: 1} == contents(second)


def test_rows_without_positions_share_the_order(sold: House) -> None:
    ship(sold, whole("0017"), whole("0018"))

    assert [{PEPPER: 1, SALT: 1}, {SALT: 1}] == list(map(contents, told(sold)))
    assert order(sold)["shipped"]


def test_one_piece_in_two_parcels_is_told_with_the_first(sold: House) -> None:
    row = parcel('"0017; 0018"', item=PEPPER, quantity="1")

    code = ship(sold, row)

    (detail,) = told(sold)
    assert (0, "0017") == (code, detail["trackingNumber"])
    assert [("shipments.empty_parcel", "Paketnummer")] == last(sold)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (
            parcel("1", order="302-9999999-9999999"),
            *("unknown_order", "Referenznummer"),
        ),
        (parcel("1", item="4711"), "unknown_item", "PositionsReferenz"),
        (parcel("1", article="4711"), "unknown_article", "Artikelnummer"),
        (parcel("1"), "no_item", "PositionsReferenz"),
        (parcel("1", item=SALT, quantity="3"), "too_many", "Menge"),
        (parcel("1", item=SALT, quantity="1,5"), "fraction", "Menge"),
        (
            parcel("1", item=SALT, date="15.01.2099 08:00:00"),
            *("future", "Versanddatum"),
        ),
        (
            parcel("1", item=SALT, date="13.01.2026 08:00:00"),
            *("before_order", "Versanddatum"),
        ),
        (
            parcel("1", item=SALT, carrier="DLH Packet"),
            *("unknown_carrier", "Frachtfuehrer"),
        ),
        (parcel("1" * 51, item=SALT), "long_tracking", "Paketnummer"),
    ],
)
def test_what_amazon_would_refuse_is_refused_at_its_column(
    sold: House, row: str, code: str, column: str
) -> None:
    exit_code = ship(sold, row, parcel("2", item=SALT, quantity="1"))

    assert 3 == exit_code
    assert [(f"shipments.{code}", column)] == last(sold)
    assert ["2"] == [one["trackingNumber"] for one in told(sold)]
    assert "partly" == sold.deliveries()[-1].state


def test_an_unknown_carrier_says_what_is_near(sold: House) -> None:
    ship(sold, whole("0017", carrier="DHL Pakket"))

    (finding,) = sold.findings(sold.deliveries()[-1].id)
    assert "DHL Paket, " in finding.message("en")


def test_more_than_ordered_counts_over_all_parcels(sold: House) -> None:
    ship(sold, parcel("0017", item=SALT, quantity="2"))

    code = ship(sold, parcel("0018", item=SALT, quantity="1"))

    assert 3 == code
    assert [("shipments.too_many", "Menge")] == last(sold)


def test_what_was_refused_may_be_dropped_again(sold: House) -> None:
    ship(sold, whole("0017", carrier="Bote Müller"))
    (sold.path / "mappings").mkdir(exist_ok=True)
    table = "Frachtfuehrer;CarrierCode;ShippingMethod;CarrierName\n"
    (sold.path / "mappings" / "versender.csv").write_bytes(
        f"{table}Bote Müller;Other;;\n".encode("windows-1252")
    )

    code = ship(sold, whole("0017", carrier="Bote Müller"))

    (detail,) = told(sold)
    assert (0, "Other", "Bote Müller") == (
        code,
        detail["carrierCode"],
        detail["carrierName"],
    )


def test_an_order_of_another_channel_is_not_for_amazon(sold: House) -> None:
    code = ship(sold, parcel("0017", order="WEB-4711"))

    assert (0, []) == (code, told(sold))
    assert [] == last(sold)


def altered(house: House, **fulfillment: str) -> None:
    """Amazon says something else of the order."""
    path = house.path / "rehearsal" / "orders" / "01_verbraucher.json"
    content = json.loads(path.read_text("utf-8"))
    content["orders"][0]["fulfillment"] |= fulfillment
    path.write_text(json.dumps(content), encoding="utf-8")
    house.once()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"fulfillmentStatus": "CANCELLED"}, "shipments.cancelled"),
        ({"fulfilledBy": "AMAZON"}, "shipments.fba"),
    ],
)
def test_an_order_the_house_must_not_ship_is_refused(
    house: House, said: dict[str, str], code: str
) -> None:
    house.order()
    altered(house, **said)

    exit_code = ship(house, whole("0017"))

    assert (3, []) == (exit_code, told(house))
    assert [(code, "Referenznummer")] == last(house)


def test_a_day_without_a_time_is_not_before_the_order(sold: House) -> None:
    code = ship(sold, parcel("1", item=SALT, date="14.01.2026"))

    (detail,) = told(sold)
    assert (0, "2026-01-14T04:00:00.000Z") == (code, detail["shipDate"])


def test_postage_on_a_delivery_note_is_no_article(sold: House) -> None:
    code = ship(
        sold,
        parcel("1", item=SALT, quantity="2"),
        parcel("1", article="VERSAND", quantity="1"),
    )

    (detail,) = told(sold)
    assert (0, {SALT: 2}) == (code, contents(detail))


def test_what_amazon_refuses_is_told_again_when_asked(sold: House) -> None:
    match = {"operation": "confirmShipment", "order": CONSUMER}
    said = {"code": "InvalidInput", "severity": "ERROR", "message": "No."}
    sold.answer("no", match, status="INVALID", issues=[said])
    code = ship(sold, whole("0017"))
    before = order(sold)
    (sold.path / "rehearsal" / "answers" / "no.json").unlink()
    sold.ask("transfer.run", "shipments")

    sold.once()

    assert 5 == code
    assert "No." == before["parcels"][0]["issues"][0]["message"]
    assert (False, True) == (before["shipped"], order(sold)["shipped"])


def test_many_parcels_are_one_feed(house: House) -> None:
    house.amazon = "confirm_up_to = 1"
    house.build()
    house.order()
    house.once()

    code = ship(house, whole("0017"), parcel("0018", order=COMPANY))

    (name,) = [one for one in house.body_names() if "FULFILLMENT" in one]
    root = etree.parse(house.path / "outbox" / "amazon" / name).getroot()
    assert 0 == code
    assert name.endswith("POST_ORDER_FULFILLMENT_DATA_DE.xml")
    numbers = root.iterfind("Message/OrderFulfillment/AmazonOrderID")
    assert [CONSUMER, COMPANY] == [one.text for one in numbers]
    assert order(house)["shipped"]
    assert order(house, COMPANY)["shipped"]


def test_one_parcel_of_a_feed_may_be_refused(house: House) -> None:
    house.amazon = "confirm_up_to = 1"
    house.build()
    house.order()
    house.once()
    match = {"operation": "POST_ORDER_FULFILLMENT_DATA", "order": COMPANY}
    said = {"code": "18028", "severity": "ERROR", "message": "No."}
    house.answer("no", match, status="INVALID", issues=[said])

    code = ship(house, whole("0017"), parcel("0018", order=COMPANY))

    assert 5 == code
    assert order(house)["shipped"]
    (refused,) = order(house, COMPANY)["parcels"]
    assert parcels.REFUSED == refused["state"]
