"""When it is shipped and when more arrives travels with the stock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.flows.test_sets import BOX
from tests.flows.test_sets import SETS

if TYPE_CHECKING:
    from tests.house import House
    from tests.standin.live import Shop

LEVELS = (
    "Mandant;Artikelnummer;AuspraegungID;Lagerkennung;Bestand;Lieferzeit;"
    "NaechsterZugang;Stand\n"
)


def level(
    article: str, pieces: str, promise: str, *, store: str = "HL"
) -> str:
    return f"1;{article};0;{store};{pieces};{promise};14.01.2026 07:30:00\n"


def restock(house: House, *rows: str) -> None:
    house.drop(house.later("Bestand"), LEVELS + "".join(rows))
    house.once()


def told(house: House, sku: str = "0010") -> dict[str, Any]:
    stated = house.facets(sku)["stock"]["accepted"]
    (one,) = stated["fulfillment_availability"]
    return {k: v for k, v in one.items() if k != "fulfillment_channel_code"}


def test_days_and_next_arrival_travel_with_the_pieces(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7"})

    restock(any_house, level("0010", "7", "3;24.12.2099"))
    there = told(any_house)
    restock(any_house, level("0010", "0", "3;24.12.2099"))
    sold_out = told(any_house)
    restock(any_house, level("0010", "7", ";"))

    days = {"lead_time_to_ship_max_days": 3}
    assert {"quantity": 7, **days} == there
    arrival = {"restock_date": "2099-12-24"}
    assert {"quantity": 0, **days, **arrival} == sold_out
    assert {"quantity": 7} == told(any_house)


def test_the_slowest_warehouse_and_the_next_arrival_count(
    house: House,
) -> None:
    house.offer({"0010": "0"})

    restock(
        house,
        level("0010", "0", "3;31.12.2099"),
        level("0010", "0", "5;24.12.2099", store="NL"),
        level("0010", "0", "9;01.12.2099", store="FBA"),
    )

    assert 5 == told(house)["lead_time_to_ship_max_days"]
    assert "2099-12-24" == told(house)["restock_date"]


def test_an_arrival_that_is_past_promises_nothing_and_is_told(
    house: House,
) -> None:
    house.offer({"0010": "0"})

    restock(house, level("0010", "0", ";01.02.2024"))

    assert {"quantity": 0} == told(house)
    found = house.view("offer", "0010")["marketplaces"]["DE"]["findings"]
    (said,) = [one for one in found if one["code"] == "offers.past_restock"]
    assert "2024-02-01" == said["value"]


def test_a_set_is_shipped_when_its_last_part_is(house: House) -> None:
    house.offer({"0010": "9", "0011": "7", "0090": "0"})
    house.drop(house.later("Stueckliste"), SETS + BOX)

    restock(
        house, level("0010", "0", "3;24.12.2099"), level("0011", "1", "1;")
    )
    half = told(house, "0090")
    restock(
        house,
        level("0010", "0", "3;24.12.2099"),
        level("0011", "1", "1;31.12.2099"),
    )

    assert {"quantity": 0, "lead_time_to_ship_max_days": 3} == half
    # of what is left, one is too few: nobody says when more of it arrives
    assert half == told(house, "0090")
    restock(house, level("0011", "0", "1;31.12.2099"))
    assert "2099-12-31" == told(house, "0090")["restock_date"]


@pytest.mark.parametrize("days", ["31", "-1", "bald"])
def test_days_amazon_does_not_take_are_left_out_and_told(
    house: House, days: str
) -> None:
    house.offer({"0010": "7"})

    restock(house, level("0010", "6", f"{days};"))

    assert {"quantity": 6} == told(house)
    fields = [one.field for one in house.findings(house.deliveries()[-1].id)]
    assert "Lieferzeit" in fields


def test_the_settings_say_the_days_where_sage_does_not(house: House) -> None:
    house.more = "[[stock]]\nlead_time = 4\n"
    house.build()

    house.offer({"0010": "7"})

    assert 4 == told(house)["lead_time_to_ship_max_days"]


def test_a_day_that_is_over_is_taken_back_by_itself(shop: Shop) -> None:
    """Of a set as well."""
    shop.house.bring({"0010": "0", "0090": "0"})
    boxes = "".join(
        row for row in BOX.splitlines(keepends=True) if "0011" not in row
    )
    shop.house.drop(shop.house.later("Stueckliste"), SETS + boxes)
    shop.once()
    rows = level("0010", "0", "3;20.01.2026")
    shop.house.drop(shop.house.later("Bestand"), LEVELS + rows)
    shop.once()
    before = told(shop.house), told(shop.house, "0090")

    shop.clock.time += timedelta(days=6)  # still the day itself
    shop.once()
    same = told(shop.house), told(shop.house, "0090")
    shop.clock.time += timedelta(days=1)
    shop.once()

    both = {"quantity": 0, "lead_time_to_ship_max_days": 3}
    arrival = {**both, "restock_date": "2026-01-20"}
    assert (arrival, arrival) == before == same
    assert (both, both) == (told(shop.house), told(shop.house, "0090"))
