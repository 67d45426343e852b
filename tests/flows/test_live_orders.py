"""Orders come from Amazon itself: none lost, none doubled."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.service import Service
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.faults import Fault
    from tests.standin.live import Shop


@pytest.fixture
def raw(tmp_path: Path, clock: StandingClock) -> list[dict[str, Any]]:
    """The sample orders as Amazon states them."""
    at = clock.now() - timedelta(hours=3)
    return sample_orders(tmp_path / "samples", at)


def sell(shop: Shop, *orders: dict[str, Any]) -> None:
    for order in orders:
        shop.amazon.seller.orders[order["orderId"]] = order


def numbered(order: dict[str, Any], number: int) -> dict[str, Any]:
    return {**order, "orderId": f"302-0000000-{number:07}"}


def published(shop: Shop) -> list[str]:
    return [name for name in shop.house.sage() if "Bestellung" in name]


def test_an_order_becomes_a_file_for_sage(
    shop: Shop, raw: list[dict[str, Any]]
) -> None:
    sell(shop, raw[0])

    shop.once()

    (name,) = published(shop)
    assert not name.startswith("PROBE_")
    assert raw[0]["orderId"] in shop.house.sage()[name]


def test_pages_are_read_to_the_last_one_and_each_order_once(
    shop: Shop, raw: list[dict[str, Any]]
) -> None:
    shop.amazon.seller.page = 2
    sell(shop, *(numbered(raw[0], number) for number in range(5)))

    shop.once()
    shop.clock.sleep(timedelta(minutes=5))
    shop.once()

    assert 5 == len(published(shop))


def test_a_token_that_died_begins_the_window_again(
    shop: Shop, raw: list[dict[str, Any]]
) -> None:
    shop.amazon.seller.page = 2
    sell(shop, *(numbered(raw[0], number) for number in range(5)))
    shop.amazon.faults.plan("searchOrders", "none", "400")

    shop.once()

    assert 5 == len(published(shop))


@pytest.mark.parametrize(
    "fault", ["500", "503", "429", "empty", "list", "dropped", "lost", "401"]
)
def test_a_search_that_went_wrong_is_made_again(
    shop: Shop, raw: list[dict[str, Any]], fault: Fault
) -> None:
    sell(shop, raw[0])
    shop.amazon.faults.plan("searchOrders", fault)

    shop.once()

    assert 1 == len(published(shop))


def test_a_pending_order_waits_until_its_address_is_known(
    shop: Shop, raw: list[dict[str, Any]]
) -> None:
    pending = json.loads(json.dumps(raw[0]))
    pending["fulfillment"]["fulfillmentStatus"] = "PENDING"
    for key in ("recipient", "proceeds"):
        pending.pop(key, None)
    sell(shop, pending)
    shop.once()
    before = published(shop)
    paid = {**raw[0], "lastUpdatedTime": shop.clock.now().isoformat()}
    sell(shop, paid)
    shop.clock.sleep(timedelta(minutes=5))

    shop.once()

    assert [] == before
    assert 1 == len(published(shop))


def test_two_hours_of_looking_keeps_to_the_plan(
    shop: Shop, clock: StandingClock
) -> None:
    with shop.parts() as parts:
        for _ in range(40):
            clock.sleep(timedelta(minutes=3))
            Service(parts).once(timedelta(minutes=2))

    assert [] == shop.amazon.meter.refused
    assert 38 <= shop.amazon.count("searchOrders")


def test_an_order_with_unknown_words_and_three_hundred_lines_is_read(
    shop: Shop, raw: list[dict[str, Any]]
) -> None:
    order = json.loads(json.dumps(raw[0]))
    order["somethingNew"] = {"nobody": ["knows"]}
    line = order["orderItems"][0]
    order["orderItems"] = [
        {**line, "orderItemId": f"9{number:013}", "novelty": 1}
        for number in range(300)
    ]
    sell(shop, order)

    shop.once()

    (name,) = published(shop)
    charges = 2  # shipping and gift wrap, a line each
    assert 300 + charges == shop.house.sage()[name].count("<Belegposition>")
