"""What Amazon has against a listing later on is seen, and seen to be over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.house import stock
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
SUPPRESSED = {
    "code": "18027",
    "severity": "ERROR",
    "message": "The main image has text.",
    "attributeNames": ["main_product_image_locator"],
    "enforcements": {"actions": [{"action": "SEARCH_SUPPRESSED"}]},
}
HINT = {
    "code": "18448",
    "severity": "WARNING",
    "message": "Recommended attributes are missing.",
    "attributeNames": ["brand"],
}


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    made = open_shop(tmp_path / "shop", amazon, clock)
    made.offer({"0010": "5", "0020": "5"})
    return made


def an_hour_later(shop: Shop) -> None:
    shop.clock.sleep(timedelta(hours=1))
    shop.once()


def issues(shop: Shop, sku: str) -> list[Any]:
    found = shop.house.view("offer", sku)["marketplaces"]["DE"]["issues"]
    return [one["code"] for one in found]


def problems(shop: Shop) -> list[Any]:
    rows = shop.house.view("offer_list", problem=True)
    return [(row["sku"], row["issues"]) for row in rows]


def searches(shop: Shop) -> list[dict[str, str]]:
    calls = shop.amazon.calls("searchListingsItems")
    return [one.query for one in calls if "withIssueSeverity" in one.query]


def test_a_suppressed_listing_becomes_a_problem(shop: Shop) -> None:
    shop.amazon.seller.complain(DE, "0010", SUPPRESSED)

    an_hour_later(shop)

    assert ["18027"] == issues(shop, "0010")
    assert [("0010", ["18027"])] == problems(shop)


def test_a_hint_is_shown_but_is_no_problem(shop: Shop) -> None:
    shop.amazon.seller.complain(DE, "0010", HINT)

    an_hour_later(shop)

    assert ["18448"] == issues(shop, "0010")
    assert [] == problems(shop)


def test_what_amazon_no_longer_has_is_gone_again(shop: Shop) -> None:
    shop.amazon.seller.complain(DE, "0010", SUPPRESSED)
    an_hour_later(shop)
    shop.amazon.seller.complain(DE, "0010")

    an_hour_later(shop)

    assert [] == issues(shop, "0010")
    assert [] == problems(shop)


def test_a_warning_of_the_first_answer_is_gone_with_the_rest(
    shop: Shop,
) -> None:
    shop.amazon.seller.verdicts["0010"] = [HINT]
    shop.house.drop(shop.house.later("Bestand"), stock({"0010": "4"}))
    shop.once()
    before = issues(shop, "0010")

    an_hour_later(shop)

    assert ["18448"] == before
    assert [] == issues(shop, "0010")


def test_amazon_is_asked_once_an_hour_for_what_changed_since(
    shop: Shop,
) -> None:
    shop.once()
    shop.once()
    at_first = searches(shop)

    an_hour_later(shop)

    assert 1 == len(at_first)
    assert "lastUpdatedAfter" not in at_first[0]
    assert "lastUpdatedAfter" in searches(shop)[1]


def test_more_than_a_page_are_all_read(shop: Shop) -> None:
    for number in range(45):
        shop.amazon.seller.complain(DE, f"9{number:03}", SUPPRESSED)
    shop.amazon.seller.complain(DE, "0020", SUPPRESSED)

    an_hour_later(shop)

    assert ["18027"] == issues(shop, "0020")
    assert ["page-20", "page-40"] == [
        query["pageToken"] for query in searches(shop) if "pageToken" in query
    ]


def test_more_than_can_be_reached_by_pages_are_all_read(shop: Shop) -> None:
    for number in range(1_010):
        shop.amazon.seller.complain(DE, f"9{number:04}", SUPPRESSED)
        shop.clock.sleep(timedelta(seconds=1))
    shop.amazon.seller.complain(DE, "0020", SUPPRESSED)

    an_hour_later(shop)

    assert ["18027"] == issues(shop, "0020")
    assert [] == shop.amazon.meter.refused


def test_an_answer_that_fails_is_asked_for_again(shop: Shop) -> None:
    shop.amazon.seller.complain(DE, "0010", SUPPRESSED)
    shop.amazon.faults.plan("searchListingsItems", "500", "429", "list")

    an_hour_later(shop)

    assert ["18027"] == issues(shop, "0010")
