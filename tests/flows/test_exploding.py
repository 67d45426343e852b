"""What lies in a set stands below its line, where a mapping asks for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from bridge.app.wiring import defaults
from bridge.ledger.ordertables import reservation
from tests.flows.test_orders import recorded
from tests.flows.test_orders import texts
from tests.flows.test_orders import xml
from tests.flows.test_reserving import ORDER
from tests.flows.test_reserving import buy
from tests.flows.test_sets import SETS
from tests.flows.test_shipments import contents
from tests.flows.test_shipments import last
from tests.flows.test_shipments import parcel
from tests.flows.test_shipments import ship
from tests.flows.test_shipments import told

if TYPE_CHECKING:
    from tests.house import House

ROWS = "1;0090;0010;0;1;Stk;10\n1;0090;0091;0;2;Stk;20\n"
INNER = "1;0091;0011;0;1,5;kg;10\n"
LINE = "Bestellung/Positionen/Belegposition"


def ask_for_parts(house: House) -> None:
    """A consultant writes ``lines_and_parts`` instead of ``lines``."""
    shipped = (defaults("mappings") / "bestellung.yaml").read_text("utf-8")
    (house.path / "mappings").mkdir(exist_ok=True)
    (house.path / "mappings" / "bestellung.yaml").write_text(
        shipped.replace("      - lines\n", "      - lines_and_parts\n"),
        "utf-8",
    )


def with_sets(house: House, *, explode: bool = True) -> None:
    house.offer({"0010": "9", "0011": "90", "0090": "0", "0091": "0"})
    house.drop(house.later("Stueckliste"), SETS + ROWS + INNER)
    house.once()
    if explode:
        ask_for_parts(house)


def test_the_parts_of_a_set_stand_below_it_at_no_price(
    any_house: House,
) -> None:
    with_sets(any_house)

    buy(any_house, "0090", 2)

    root = xml(any_house, ORDER)
    assert ["0090", "0010", "0011"] == texts(root, f"{LINE}/Artikelnummer")[:3]
    assert ["2", "2", "6"] == texts(root, f"{LINE}/Menge")[:3]
    assert "kg" == texts(root, f"{LINE}/Mengeneinheit")[2]
    assert ["0.00", "0.00"] == texts(root, f"{LINE}/Gesamtpreis")[1:3]
    positions = texts(root, f"{LINE}/Position")
    assert [str(n) for n in range(1, len(positions) + 1)] == positions
    items = [row.findtext("PositionsReferenz") for row in root.iterfind(LINE)]
    assert items[0]
    assert [None, None] == items[1:3]


def test_a_mapping_that_does_not_ask_names_the_set_alone(
    house: House,
) -> None:
    with_sets(house, explode=False)

    buy(house, "0090", 2)

    assert "0090" == texts(xml(house, ORDER), f"{LINE}/Artikelnummer")[0]
    assert "0010" not in texts(xml(house, ORDER), f"{LINE}/Artikelnummer")


def test_a_set_in_amazons_warehouse_stays_whole(house: House) -> None:
    with_sets(house)
    house.order()
    path, content = recorded(house)
    (order, *_) = content["orders"]
    order["fulfillment"]["fulfilledBy"] = "AMAZON"
    order["orderItems"][0]["product"]["sellerSku"] = "0090"
    path.write_text(json.dumps(content), "utf-8")
    house.once()

    names = texts(xml(house, ORDER), f"{LINE}/Artikelnummer")

    assert "0090" in names
    assert "0011" not in names


def sold(house: House, rows: str) -> list[str | None]:
    """The articles of an order of the set, once it holds these parts."""
    house.drop(house.later("Stueckliste"), SETS + rows)
    house.once()
    ask_for_parts(house)
    buy(house, "0090", 1)
    return texts(xml(house, ORDER), f"{LINE}/Artikelnummer")


def test_a_set_that_holds_itself_stays_whole(house: House) -> None:
    house.offer({"0090": "3", "0091": "3"})

    names = sold(house, "1;0090;0091;0;1;Stk;10\n1;0091;0090;0;1;Stk;10\n")

    assert "0090" == names[0]
    assert "0091" not in names


def test_a_set_that_holds_itself_beside_an_unknown_part_hinders_no_order(
    house: House,
) -> None:
    house.offer({"0010": "9", "0090": "3"})

    names = sold(house, "1;0090;0077;0;1;Stk;5\n1;0090;0090;0;1;Stk;30\n")

    assert "0090" == names[0]
    assert "0077" not in names
    assert ["0090"] == house.column(select(reservation.c.article))


def test_a_delivery_note_may_name_the_parts_beside_their_set(
    house: House,
) -> None:
    with_sets(house)
    buy(house, "0090", 2)
    item = str(texts(xml(house, ORDER), f"{LINE}/PositionsReferenz")[0])

    code = ship(
        house,
        parcel("0017", item=item, article="0090", quantity="2"),
        parcel("0017", article="0010", quantity="2"),
        parcel("0017", article="0011", quantity="6"),
    )

    (detail,) = told(house)
    assert (0, []) == (code, last(house))
    assert {item: 2} == contents(detail)


def test_a_delivery_note_of_parts_alone_says_that_their_set_is_missing(
    house: House,
) -> None:
    with_sets(house)
    buy(house, "0090", 2)

    ship(house, parcel("0017", article="0011", quantity="6"))

    assert [] == told(house)
    assert [("shipments.no_set", "PositionsReferenz")] == last(house)
