"""What was just ordered is not sold twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from bridge.ledger.ordertables import reservation
from bridge.ledger.ordertables import unplaced
from tests.flows.test_orders import recorded
from tests.flows.test_sets import SETS
from tests.house import stock

if TYPE_CHECKING:
    from tests.house import House

ORDER = "302-0000001-0000001"
TAKEN = f"Mandant;Referenznummer;Status;Meldung\n1;{ORDER};angelegt;\n"


def buy(house: House, sku: str, pieces: int, status: str = "UNSHIPPED") -> str:
    """Amazon has one order, of one line; when it was bought."""
    house.order()
    path, content = recorded(house)
    (order, *_) = content["orders"]
    line = order["orderItems"][0]
    line["product"]["sellerSku"] = sku
    line["quantityOrdered"] = pieces
    order["orderItems"] = [line]
    order["fulfillment"]["fulfillmentStatus"] = status
    for other in path.parent.glob("*.json"):
        other.unlink()
    path.write_text(json.dumps({"orders": [order]}), "utf-8")
    house.once()
    return str(order["createdTime"])


def count(house: House, pieces: dict[str, str], at: str) -> None:
    house.drop(house.later("Bestand"), stock(pieces, at=at))
    house.once()


def quantity(house: House, sku: str) -> int:
    stated = house.facets(sku)["stock"]["accepted"]
    return int(stated["fulfillment_availability"][0]["quantity"])


def test_an_order_takes_its_pieces_off_what_is_offered(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7"})

    buy(any_house, "0010", 2)

    assert 5 == quantity(any_house, "0010")


def test_a_count_made_before_sage_knew_of_it_brings_nothing_back(
    house: House,
) -> None:
    house.offer({"0010": "7"})
    buy(house, "0010", 2)

    count(house, {"0010": "8"}, "15.01.2026 12:00:00")

    assert 6 == quantity(house, "0010")


def test_a_count_made_after_sage_took_it_is_the_truth(house: House) -> None:
    house.offer({"0010": "7"})
    buy(house, "0010", 2)
    house.drop("Auftragsrueckmeldung_1.csv", TAKEN)
    house.once()

    assert [2] == house.column(select(reservation.c.pieces))

    count(house, {"0010": "7"}, "01.01.2099 12:00:00")

    assert 7 == quantity(house, "0010")
    assert [] == house.column(select(reservation.c.pieces))


def test_a_set_takes_what_lies_in_it(house: House) -> None:
    house.offer({"0010": "9", "0011": "9", "0090": "0"})
    rows = "1;0090;0010;0;1;Stk;10\n1;0090;0011;0;2;Stk;20\n"
    house.drop(house.later("Stueckliste"), SETS + rows)
    house.once()

    buy(house, "0090", 2)

    assert 7 == quantity(house, "0010")
    assert 5 == quantity(house, "0011")
    assert 2 == quantity(house, "0090")


def test_a_set_is_taken_apart_when_its_parts_list_comes_later(
    any_house: House,
) -> None:
    any_house.offer({"0010": "9", "0011": "9", "0090": "5"})
    buy(any_house, "0090", 2)

    rows = "1;0090;0010;0;1;Stk;10\n1;0090;0011;0;2;Stk;20\n"
    any_house.drop(any_house.later("Stueckliste"), SETS + rows)
    any_house.once()

    assert 7 == quantity(any_house, "0010")
    assert 5 == quantity(any_house, "0011")
    assert ["0010", "0011"] == sorted(
        any_house.column(select(reservation.c.article))
    )


def test_what_is_cancelled_is_there_again(house: House) -> None:
    house.offer({"0010": "7"})
    buy(house, "0010", 2)
    path, content = recorded(house)
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    content["orders"][0]["lastUpdatedTime"] = "2099-01-01T00:00:00Z"
    path.write_text(json.dumps(content), "utf-8")

    house.once()

    assert 7 == quantity(house, "0010")


def test_what_amazon_ships_itself_takes_nothing(house: House) -> None:
    house.offer({"0010": "7"})
    house.order()
    path, content = recorded(house)
    for order in content["orders"]:
        order["fulfillment"]["fulfilledBy"] = "AMAZON"
        for line in order["orderItems"]:
            line["product"]["sellerSku"] = "0010"
    path.write_text(json.dumps(content), "utf-8")

    house.once()

    assert 7 == quantity(house, "0010")


def test_what_had_left_before_it_was_read_takes_nothing(house: House) -> None:
    house.offer({"0010": "7"})

    buy(house, "0010", 2, "SHIPPED")

    assert 7 == quantity(house, "0010")


def test_an_article_that_comes_after_its_order_is_taken_all_the_same(
    any_house: House,
) -> None:
    any_house.offer({"0099": "1"})
    buy(any_house, "0010", 2)

    any_house.offer({"0010": "7"})

    assert 5 == quantity(any_house, "0010")
    assert [] == any_house.column(select(unplaced.c.sku))


def test_what_was_cancelled_before_its_article_came_takes_nothing(
    house: House,
) -> None:
    house.offer({"0099": "1"})
    buy(house, "0010", 2)
    waiting = house.column(select(unplaced.c.sku))
    path, content = recorded(house)
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    content["orders"][0]["lastUpdatedTime"] = "2099-01-01T00:00:00Z"
    path.write_text(json.dumps(content), "utf-8")
    house.once()

    house.offer({"0010": "7"})

    assert ["0010"] == waiting
    assert 7 == quantity(house, "0010")
