"""What others sell already becomes an offer of it, and no new product."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
GTIN = "4009988770635"
THING = {"gtin": GTIN, "brand": "MÜLLER"}


def bring(
    shop: Shop,
    *,
    more: str = "0020",
    gtin: str = GTIN,
    wait: timedelta = timedelta(hours=2),
) -> None:
    """Offer an article with a number, and one without."""
    text = articles("0010", more).replace(
        "0010;010;Müller;;", f"0010;010;Müller;{gtin};"
    )
    shop.house.drop(shop.house.later("Artikelstamm_geaendert"), text)
    both = dict.fromkeys(("0010", more), "10,00")
    shop.house.drop(shop.house.later("Preise"), prices(both))
    pieces = dict.fromkeys(both, "5")
    shop.house.drop(shop.house.later("Bestand"), stock(pieces))
    shop.once(wait)


def told(shop: Shop) -> list[dict[str, Any]]:
    shown = shop.house.view("offer", "0010")["marketplaces"]["DE"]
    return list(shown["findings"])


def test_one_thing_of_the_brand_is_offered_and_nothing_said_of_it(
    shop: Shop,
) -> None:
    shop.amazon.seller.things["B0PROBE001"] = THING

    bring(shop)

    (call,) = [
        one
        for one in shop.amazon.calls("putListingsItem")
        if one.parts[1] == "0010"
    ]
    made = call.body["attributes"]
    assert "LISTING_OFFER_ONLY" == call.body["requirements"]
    assert "B0PROBE001" == made["merchant_suggested_asin"][0]["value"]
    assert {"condition_type", "purchasable_offer"} <= made.keys()
    assert not {"item_name", "brand", "manufacturer"} & made.keys()
    other = shop.amazon.seller.listings[DE, "0020"]
    assert "item_name" in other
    (asked,) = shop.amazon.calls("searchCatalogItems")
    assert (GTIN, "EAN") == (
        *(asked.query["identifiers"], asked.query["identifiersType"]),
    )


def test_a_catalogue_is_asked_once(shop: Shop) -> None:
    bring(shop)
    shop.house.drop(shop.house.later("Bestand"), stock({"0010": "3"}))

    shop.once()

    assert 1 == shop.amazon.count("searchCatalogItems")
    assert "item_name" in shop.amazon.seller.listings[DE, "0010"]


@pytest.mark.parametrize(
    ("things", "code"),
    [
        ({"B0PROBE001": {**THING, "brand": "Other"}}, "thing_of_others"),
        ({"B0PROBE001": THING, "B0PROBE002": THING}, "several_things"),
    ],
)
def test_of_several_or_of_another_brand_a_person_is_told(
    shop: Shop, things: dict[str, Any], code: str
) -> None:
    shop.amazon.seller.things.update(things)

    bring(shop)

    assert {(DE, "0020")} == set(shop.amazon.seller.listings)
    (said,) = [one for one in told(shop) if code in one["code"]]
    assert GTIN == said["facts"]["gtin"]
    assert ", ".join(things) == said["facts"]["asin"]


def test_another_page_may_have_another_thing(shop: Shop) -> None:
    for number in range(21):
        shop.amazon.seller.things[f"B0PROBE{number:03}"] = THING

    bring(shop)

    (said,) = [one for one in told(shop) if "several" in one["code"]]
    assert 21 == len(said["facts"]["asin"].split(", "))


@pytest.mark.parametrize("fault", ["429", "503", "dropped", "empty"])
def test_while_a_catalogue_does_not_answer_only_what_is_new_waits(
    shop: Shop, fault: Fault
) -> None:
    shop.offer({"0030": "5"})
    shop.amazon.seller.things["B0PROBE001"] = THING
    shop.amazon.faults.plan("searchCatalogItems", *((fault,) * 9))
    shop.house.drop(shop.house.later("Bestand"), stock({"0030": "4"}))

    bring(shop, wait=timedelta(0))
    held = dict(shop.amazon.seller.listings)
    shop.once(timedelta(hours=12))

    stated = held[DE, "0030"]["fulfillment_availability"]
    assert 4 == stated[0]["quantity"]
    assert (DE, "0010") not in held
    assert (DE, "0020") in held
    assert "item_name" not in shop.amazon.seller.listings[DE, "0010"]
