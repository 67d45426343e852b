"""Parcels and replies reach Amazon itself, whatever goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

CONSUMER, COMPANY = "302-0000001-0000001", "303-0000002-0000002"
SHIPPED = "Referenznummer;Versanddatum;Frachtfuehrer;Paketnummer\n"
REPLIED = (
    "Mandant;Referenznummer;Status;Belegkennzeichen;Belegjahr;Belegnummer;"
    "Meldung\n"
)
FULFILLMENT = "POST_ORDER_FULFILLMENT_DATA"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"


def opened(
    path: Path, amazon: Amazon, clock: StandingClock, more: str = ""
) -> Shop:
    """A shop that knows the two orders of the samples."""
    shop = open_shop(path / "shop", amazon, clock, more)
    at = clock.now() - timedelta(hours=3)
    for raw in sample_orders(path / "samples", at):
        amazon.seller.orders[raw["orderId"]] = raw
    shop.once()
    return shop


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    return opened(tmp_path, amazon, clock)


@pytest.fixture
def feeding(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A shop where two parcels are many."""
    return opened(tmp_path, amazon, clock, "confirm_up_to = 1")


def ship(shop: Shop, **parcels: str) -> int:
    """Drop a parcel for each order, and tell Amazon."""
    rows = (
        f"{number};14.01.2026 07:00:00;DHL;{tracking}\n"
        for number, tracking in parcels.items()
    )
    shop.house.drop(shop.house.later("Versand"), SHIPPED + "".join(rows))
    return shop.once()


def reply(shop: Shop, *rows: str) -> int:
    name = shop.house.later("Auftragsrueckmeldung")
    shop.house.drop(name, REPLIED + "".join(rows))
    return shop.once()


def order(shop: Shop, number: str = CONSUMER) -> dict[str, Any]:
    rows = shop.house.view("order_rows")
    found: dict[str, Any] = next(row for row in rows if row["id"] == number)
    return found


def test_a_parcel_reaches_amazon_by_a_call(shop: Shop) -> None:
    shop.clock.sleep(timedelta(hours=2))

    code = ship(shop, **{CONSUMER: "0017"})

    ((place, package),) = shop.amazon.seller.shipments.items()
    assert (0, (CONSUMER, "1")) == (code, place)
    assert "0017" == package["trackingNumber"]
    assert order(shop)["shipped"]
    assert [] == shop.amazon.meter.refused


@pytest.mark.parametrize(
    "fault", ["500", "503", "429", "dropped", "lost", "401"]
)
def test_a_call_that_went_wrong_once_makes_one_package(
    shop: Shop, fault: Fault
) -> None:
    shop.amazon.faults.plan("confirmShipment", fault)

    code = ship(shop, **{CONSUMER: "0017"})

    assert (0, 1) == (code, len(shop.amazon.seller.shipments))
    assert order(shop)["shipped"]


def test_what_amazon_refuses_stands_at_the_order(shop: Shop) -> None:
    shop.amazon.faults.plan("confirmShipment", "400")

    code = ship(shop, **{CONSUMER: "0017", COMPANY: "0018"})

    parcels = [
        order(shop, number)["parcels"][0] for number in (CONSUMER, COMPANY)
    ]
    states = sorted(parcel["state"] for parcel in parcels)
    said = [issue["message"] for one in parcels for issue in one["issues"]]
    assert (5, ["accepted", "refused"]) == (code, states)
    assert "It broke." in said[0]


def test_a_second_parcel_takes_its_share_of_the_first(shop: Shop) -> None:
    ship(shop, **{CONSUMER: "0017"})

    code = ship(shop, **{CONSUMER: "0018"})

    pieces = [
        sum(item["quantity"] for item in package["orderItems"])
        for package in shop.amazon.seller.shipments.values()
    ]
    assert (0, [2, 1]) == (code, pieces)


def test_many_parcels_are_one_feed(feeding: Shop) -> None:
    code = ship(feeding, **{CONSUMER: "0017", COMPANY: "0018"})

    (feed,) = feeding.amazon.seller.feeds.values()
    assert (0, FULFILLMENT) == (code, feed.type)
    assert {(CONSUMER, "1"), (COMPANY, "1")} == set(
        feeding.amazon.seller.shipments
    )
    assert order(feeding)["shipped"]


@pytest.mark.parametrize("fault", ["lost", "dropped", "503"])
def test_a_feed_of_parcels_is_made_once(feeding: Shop, fault: Fault) -> None:
    feeding.amazon.faults.plan("createFeed", fault)

    code = ship(feeding, **{CONSUMER: "0017", COMPANY: "0018"})

    assert (0, 1) == (code, len(feeding.amazon.seller.feeds))
    assert order(feeding)["shipped"]


def test_the_report_says_which_parcel_was_refused(feeding: Shop) -> None:
    feeding.amazon.seller.verdicts[COMPANY] = [{"message": "Not yours."}]

    code = ship(feeding, **{CONSUMER: "0017", COMPANY: "0018"})

    (refused,) = order(feeding, COMPANY)["parcels"]
    assert (5, "refused") == (code, refused["state"])
    assert "Not yours." == refused["issues"][0]["message"]
    assert "accepted" == order(feeding)["parcels"][0]["state"]


@pytest.mark.parametrize("ending", ["FATAL silent", "CANCELLED"])
def test_a_feed_that_ended_badly_leaves_its_parcels_refused(
    feeding: Shop, ending: str
) -> None:
    feeding.amazon.seller.endings.append(ending)

    code = ship(feeding, **{CONSUMER: "0017", COMPANY: "0018"})

    assert (5, False) == (code, order(feeding)["shipped"])
    assert "refused" == order(feeding)["parcels"][0]["state"]


TAKEN = "1;{};angelegt;VVA;2026;{};\n"


def test_an_order_sage_took_is_acknowledged_once(shop: Shop) -> None:
    code = reply(shop, TAKEN.format(CONSUMER, 200001))
    again = reply(shop, TAKEN.format(CONSUMER, 200001).replace("VVA", "VVB"))

    said = shop.amazon.seller.acknowledged[CONSUMER]
    assert (0, 0, 1) == (code, again, len(shop.amazon.seller.feeds))
    assert ("Success", "VVA-2026-200001") == (
        said["StatusCode"],
        said["MerchantOrderID"],
    )
    assert "accepted" == order(shop)["told"]["state"]


def test_replies_are_collected_into_one_feed(shop: Shop) -> None:
    reply(shop, TAKEN.format(CONSUMER, 200001))

    reply(shop, TAKEN.format(COMPANY, 200002))

    first, second = shop.amazon.seller.feeds.values()
    assert second.created - first.created >= timedelta(minutes=5)
    assert {CONSUMER, COMPANY} == set(shop.amazon.seller.acknowledged)


@pytest.mark.parametrize("fault", ["lost", "dropped", "503"])
def test_an_acknowledgement_is_made_once(shop: Shop, fault: Fault) -> None:
    shop.amazon.faults.plan("createFeed", fault)

    code = reply(shop, TAKEN.format(CONSUMER, 200001))

    assert (0, 1) == (code, len(shop.amazon.seller.feeds))
    assert "accepted" == order(shop)["told"]["state"]


def test_a_refused_order_is_cancelled_only_by_a_person(shop: Shop) -> None:
    reply(shop, f"1;{CONSUMER};abgelehnt;;;;Artikel unbekannt\n")
    before = dict(shop.amazon.seller.acknowledged)

    outcome = shop.house.ask("order.refuse", f"{CONSUMER}|NoInventory")
    shop.once()

    said = shop.amazon.seller.acknowledged[CONSUMER]
    assert ({}, "done") == (before, outcome)
    assert ("Failure", "NoInventory") == (
        said["StatusCode"],
        said["CancelReason"],
    )


@pytest.mark.parametrize(
    "argument",
    [f"{COMPANY}|NoInventory", f"{CONSUMER}|Because", "4711|NoInventory"],
)
def test_what_sage_did_not_refuse_is_not_cancelled(
    shop: Shop, argument: str
) -> None:
    reply(shop, f"1;{CONSUMER};abgelehnt;;;;Artikel unbekannt\n")

    outcome = shop.house.ask("order.refuse", argument)
    shop.once()

    assert ("refused", {}) == (outcome, shop.amazon.seller.acknowledged)
