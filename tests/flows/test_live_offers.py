"""Offers reach Amazon itself, over HTTP, whatever goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.service import Service
from tests.house import articles
from tests.house import stock
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"


def pieces(shop: Shop, sku: str) -> Any:  # noqa: ANN401 - JSON
    held = shop.amazon.seller.listings[DE, sku]
    return held["fulfillment_availability"][0]["quantity"]


def states(shop: Shop, sku: str) -> set[str]:
    return {facet["state"] for facet in shop.house.facets(sku).values()}


def test_new_articles_become_listings_by_call(shop: Shop) -> None:
    code = shop.offer({"0010": "5", "0020": "7"})

    assert 0 == code
    assert {(DE, "0010"), (DE, "0020")} == set(shop.amazon.seller.listings)
    assert 5 == pieces(shop, "0010")
    assert "same" == shop.house.facets("0010")["stock"]["state"]
    assert [] == shop.amazon.meter.refused


def test_a_change_is_a_patch_of_what_changed(shop: Shop) -> None:
    shop.offer({"0010": "5"})
    shop.house.drop(shop.house.later("Bestand"), stock({"0010": "4"}))

    shop.once()

    (call,) = shop.amazon.calls("patchListingsItem")
    assert ["/attributes/fulfillment_availability"] == [
        patch["path"] for patch in call.body["patches"]
    ]
    assert 4 == pieces(shop, "0010")


@pytest.mark.parametrize(
    "fault", ["500", "503", "429", "empty", "list", "dropped", "lost", "401"]
)
def test_a_call_that_went_wrong_once_arrives_once(
    shop: Shop, fault: Fault
) -> None:
    shop.amazon.faults.plan("putListingsItem", fault)

    code = shop.offer({"0010": "5"})

    assert 0 == code
    assert 5 == pieces(shop, "0010")
    assert {"same"} == states(shop, "0010")


def test_an_outage_of_hours_is_waited_for(shop: Shop) -> None:
    shop.amazon.faults.plan("putListingsItem", *(("503",) * 30))

    shop.house.bring({"0010": "5"})
    first = shop.once(timedelta(0))
    code = shop.once(timedelta(hours=12))

    assert (4, 0) == (first, code)
    assert {"same"} == states(shop, "0010")


def test_one_offer_amazon_stumbles_over_does_not_stop_the_others(
    shop: Shop,
) -> None:
    shop.offer({"0010": "5", "0020": "7"})
    shop.amazon.faults.plan("patchListingsItem", *(("500",) * 3))
    shop.house.drop(
        shop.house.later("Bestand"), stock({"0010": "4", "0020": "6"})
    )

    with shop.parts() as parts:
        Service(parts).once(timedelta(0))

    assert 6 == pieces(shop, "0020")


def test_without_the_role_the_offer_says_which_one_is_missing(
    shop: Shop,
) -> None:
    shop.amazon.faults.plan("putListingsItem", "403", "403")

    shop.offer({"0010": "5"})

    stock_of = shop.house.facets("0010")["stock"]
    assert "refused" == stock_of["state"]
    offer = shop.house.view("offer", "0010")["marketplaces"]["DE"]
    assert "Product Listing" in offer["issues"][0]["message"]
    assert 2 == shop.amazon.count("putListingsItem")


def test_what_amazon_refuses_is_not_sent_again_by_itself(shop: Shop) -> None:
    shop.amazon.seller.verdicts["0010"] = [
        {
            "code": "90220",
            "severity": "ERROR",
            "message": "'brand' is required but missing.",
            "attributeNames": ["brand"],
        }
    ]

    shop.offer({"0010": "5", "0020": "7"})
    shop.once()

    assert {"refused"} == states(shop, "0010")
    assert {"same"} == states(shop, "0020")
    assert 2 == shop.amazon.count("putListingsItem")


@pytest.fixture
def feeding(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A shop where three changed offers are many."""
    return open_shop(tmp_path / "shop", amazon, clock, "patch_up_to = 2")


MANY = {f"00{number}0": "5" for number in range(10, 15)}


def test_many_offers_are_one_feed(feeding: Shop) -> None:
    code = feeding.offer(MANY)

    assert 0 == code
    assert 1 == feeding.amazon.count("createFeed")
    assert 1 == feeding.amazon.count("upload")
    assert 0 == feeding.amazon.count("putListingsItem")
    assert {(DE, sku) for sku in MANY} == set(feeding.amazon.seller.listings)
    assert {"same"} == states(feeding, "00100")


def test_a_feed_that_was_taken_unheard_is_looked_up(feeding: Shop) -> None:
    feeding.amazon.faults.plan("createFeed", "lost")

    code = feeding.offer(MANY)

    assert 0 == code
    assert 1 == len(feeding.amazon.seller.feeds)
    assert 1 == feeding.amazon.count("upload")
    assert {"same"} == states(feeding, "00100")


@pytest.mark.parametrize("fault", ["dropped", "503", "500", "empty"])
def test_a_feed_that_never_arrived_is_sent_again_when_that_is_sure(
    feeding: Shop, fault: Fault
) -> None:
    feeding.amazon.faults.plan("createFeed", fault)

    code = feeding.offer(MANY)

    first, second = feeding.amazon.calls("createFeed")
    assert 0 == code
    assert timedelta(minutes=5) <= second.at - first.at
    assert 1 == feeding.amazon.count("upload")
    assert {"same"} == states(feeding, "00100")


def test_a_feed_amazon_has_no_room_for_is_sent_with_the_same_document(
    feeding: Shop,
) -> None:
    feeding.amazon.faults.plan("createFeed", "429", "429", "429")

    code = feeding.offer(MANY)

    times = [call.at for call in feeding.amazon.calls("createFeed")]
    waits = [b - a for a, b in pairwise(times)]
    assert 0 == code
    assert 1 == feeding.amazon.count("upload")
    assert waits == sorted(waits)
    assert timedelta(seconds=120) <= waits[0]


def test_an_upload_that_broke_gets_a_new_address(feeding: Shop) -> None:
    feeding.amazon.faults.plan("upload", "500", "dropped")

    code = feeding.offer(MANY)

    assert 0 == code
    assert 1 == feeding.amazon.count("createFeed")
    assert {"same"} == states(feeding, "00100")


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("FATAL silent", "amazon.feed_fatal"),
        ("CANCELLED", "amazon.feed_cancelled"),
        ("FATAL", "4000000"),
    ],
)
def test_a_feed_that_ended_badly_leaves_its_offers_refused(
    feeding: Shop, ending: str, code: str
) -> None:
    feeding.amazon.seller.endings.append(ending)

    feeding.offer(MANY)

    offer = feeding.house.view("offer", "00100")["marketplaces"]["DE"]
    assert {"refused"} == states(feeding, "00100")
    assert code == offer["issues"][0]["code"]


def test_a_report_that_is_gone_is_said_so(feeding: Shop) -> None:
    feeding.amazon.faults.plan("getFeedDocument", "404")

    feeding.offer(MANY)

    offer = feeding.house.view("offer", "00100")["marketplaces"]["DE"]
    assert "amazon.report_gone" == offer["issues"][0]["code"]


def test_a_feed_we_may_not_ask_about_waits_for_the_role(
    feeding: Shop,
) -> None:
    feeding.amazon.faults.plan("getFeed", "403", "403")

    feeding.offer(MANY)
    before = states(feeding, "00100")
    feeding.once()

    assert {"sent"} == before
    assert {"same"} == states(feeding, "00100")


def test_one_message_of_a_feed_that_failed_says_so_at_its_offer(
    feeding: Shop,
) -> None:
    feeding.amazon.seller.verdicts["00120"] = [
        {
            "code": "99022",
            "severity": "ERROR",
            "message": "It does not have enough values.",
            "attributeNames": ["item_name"],
        }
    ]

    feeding.offer(MANY)

    assert {"refused"} == states(feeding, "00120")
    assert {"same"} == states(feeding, "00130")


def test_stock_does_not_wait_for_a_product_feed(feeding: Shop) -> None:
    feeding.offer(MANY)
    feeding.amazon.seller.takes = timedelta(hours=3)
    feeding.house.drop(
        feeding.house.later("Artikelstamm_geaendert"),
        articles(*MANY).replace("Müller", "Meier"),
    )
    feeding.once(timedelta(minutes=40))
    feeding.house.drop(feeding.house.later("Bestand"), stock({"00100": "1"}))

    feeding.once(timedelta(minutes=10))

    assert 1 == pieces(feeding, "00100")
    assert "sent" == feeding.house.facets("00100")["content"]["state"]


def test_large_product_feeds_are_twenty_minutes_apart(feeding: Shop) -> None:
    feeding.offer(MANY)
    for name in ("Meier", "Schulze"):
        feeding.house.drop(
            feeding.house.later("Artikelstamm_geaendert"),
            articles(*MANY).replace("Müller", name),
        )
        feeding.once()

    times = [feed.created for feed in feeding.amazon.seller.feeds.values()]
    assert 3 == len(times)
    assert all(b - a >= timedelta(minutes=20) for a, b in pairwise(times))


def test_two_hundred_changes_keep_to_the_plan_and_use_it(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "shop", amazon, clock)
    skus = {f"1{number:04}": "5" for number in range(200)}

    shop.offer(skus)

    times = [call.at for call in amazon.calls("putListingsItem")]
    rate = 200 / (times[-1] - times[0]).total_seconds()
    assert [] == amazon.meter.refused
    assert 0.9 * 5 <= rate


def test_amazon_is_asked_to_answer_in_the_language_set(shop: Shop) -> None:
    shop.offer({"0010": "7"})

    (made,) = shop.amazon.calls("putListingsItem")
    assert "en_GB" == made.query["issueLocale"]
