"""A file of prices states prices, and leaves alone what else is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.house import PRICE
from tests.house import prices

if TYPE_CHECKING:
    from tests.house import House


def codes(house: House) -> set[str]:
    shown = house.view("offer", "0010")["marketplaces"]["DE"]
    return {item["code"] for item in shown["findings"]}


def amount(house: House) -> float:
    stated = house.facets("0010")["price"]["accepted"]["purchasable_offer"]
    return float(stated[0]["our_price"][0]["schedule"][0]["value_with_tax"])


def test_what_is_found_of_prices_is_replaced_and_the_rest_stands(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7"}, "20,00")
    others = codes(any_house)
    sale = "1;9;Aktion;0010;0;0;25,00;EUR;-1;-1;01.01.2020;31.12.2099\n"

    any_house.drop(any_house.later("Preise"), PRICE + sale)
    any_house.once()

    assert others | {"offers.sale_not_cheaper"} == codes(any_house)

    any_house.drop(any_house.later("Preise"), prices({"0010": "30,00"}))
    any_house.once()

    assert others == codes(any_house)
    assert 30.0 == amount(any_house)


def test_an_offer_without_a_price_keeps_it_and_says_so(house: House) -> None:
    house.offer({"0010": "7"}, "20,00")

    house.drop(
        house.later("Preise"), prices({"0010": "9,00"}).replace("EUR", "GBP")
    )
    house.once()

    assert 20.0 == amount(house)
    assert {"offers.other_currency", "offers.incomplete"} <= codes(house)
