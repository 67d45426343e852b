"""What Amazon demands of a product type is known before anything is sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.house import House
from tests.house import articles
from tests.house import prices
from tests.house import stock
from tests.standin.definitions import plain
from tests.standin.definitions import schema
from tests.standin.definitions import text
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
#: The fixture's articles have a group nobody knows: the type is PRODUCT.
FILE = "state/product-types/DE/PRODUCT.json"


def states(house: House, sku: str) -> dict[str, str]:
    return {name: one["state"] for name, one in house.facets(sku).items()}


def issues(house: House, sku: str) -> list[dict[str, Any]]:
    found = house.view("offer", sku)["marketplaces"]["DE"]["issues"]
    return list(found)


def rename(shop: Shop, name: str) -> None:
    shop.house.drop(
        shop.house.later("Artikelstamm_geaendert"),
        articles("0010").replace("Artikel 0010", name),
    )
    shop.once()


def test_a_definition_is_kept_with_checksum_and_version(shop: Shop) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema()

    shop.offer({"0010": "5"})

    kept = json.loads((shop.house.path / FILE).read_bytes())
    (call, _) = shop.amazon.calls("getDefinitionsProductType")
    assert {"LISTING", "LISTING_OFFER_ONLY"} == {
        one.query["requirements"]
        for one in shop.amazon.calls("getDefinitionsProductType")
    }
    assert "A1PROBESELLER" == call.query["sellerId"]
    assert kept["version"].startswith("v")
    assert 24 == len(kept["checksum"])
    assert {"same"} == set(states(shop.house, "0010").values())


def test_a_definition_is_asked_for_again_after_some_days(
    shop: Shop, clock: StandingClock
) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema()
    shop.offer({"0010": "5"})
    asked = shop.amazon.count("getDefinitionsProductType")

    rename(shop, "Erster Name")
    fresh = shop.amazon.count("getDefinitionsProductType")
    clock.sleep(timedelta(days=8))
    rename(shop, "Zweiter Name")

    assert asked == fresh
    assert 2 * asked == shop.amazon.count("getDefinitionsProductType")
    reports = shop.amazon.count("getReportDocument")
    downloads = shop.amazon.count("download") - reports
    assert 2 == downloads  # the checksum is the same


def test_another_schema_is_fetched_when_its_checksum_changed(
    shop: Shop, clock: StandingClock
) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema()
    shop.offer({"0010": "5"})
    shop.amazon.seller.schemas["PRODUCT"] = schema(item_name=text(5))
    clock.sleep(timedelta(days=8))

    rename(shop, "Zu langer Name")

    assert "refused" == states(shop.house, "0010")["content"]


@pytest.mark.parametrize("fault", ["500", "503", "400", "list", "dropped"])
def test_offers_do_not_wait_for_a_definition_that_cannot_be_had(
    shop: Shop, fault: Fault
) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema(item_name=text(5))
    shop.amazon.faults.plan("getDefinitionsProductType", *((fault,) * 9))

    code = shop.offer({"0010": "5"})

    assert 0 == code
    assert {"same"} == set(states(shop.house, "0010").values())


def test_what_is_kept_is_used_while_amazon_is_away(
    shop: Shop, clock: StandingClock
) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema(item_name=text(15))
    shop.offer({"0010": "5"})
    clock.sleep(timedelta(days=8))
    shop.amazon.faults.plan("getDefinitionsProductType", *(("503",) * 9))

    rename(shop, "Ein viel zu langer Name")

    assert "refused" == states(shop.house, "0010")["content"]


def test_a_schema_that_arrived_broken_is_not_kept(shop: Shop) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema()
    shop.amazon.faults.plan("download", "list", "list")

    shop.offer({"0010": "5"})

    assert not (shop.house.path / FILE).exists()
    assert {"same"} == set(states(shop.house, "0010").values())


def test_a_new_listing_amazon_would_refuse_is_not_sent(shop: Shop) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema(
        "country_of_origin", country_of_origin=plain(type="string")
    )

    code = shop.offer({"0010": "5"})

    (issue,) = issues(shop.house, "0010")
    assert 5 == code
    assert 0 == shop.amazon.count("putListingsItem")
    assert {"refused"} == set(states(shop.house, "0010").values())
    assert "amazon.rule_required" == issue["code"]
    assert ["country_of_origin"] == issue["attributeNames"]


def test_of_a_known_listing_only_the_bad_facet_stays_here(
    shop: Shop,
) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema(item_name=text(15))
    shop.offer({"0010": "5"})
    house = shop.house
    house.drop(
        house.later("Artikelstamm_geaendert"),
        articles("0010").replace("Artikel 0010", "Ein viel zu langer Name"),
    )
    house.drop(house.later("Bestand"), stock({"0010": "4"}))

    shop.once()

    (call,) = shop.amazon.calls("patchListingsItem")
    assert ["/attributes/fulfillment_availability"] == [
        patch["path"] for patch in call.body["patches"]
    ]
    assert "refused" == states(house, "0010")["content"]
    assert "same" == states(house, "0010")["stock"]
    assert "amazon.rule_long" == issues(house, "0010")[0]["code"]


def test_a_change_is_not_asked_for_what_the_listing_lacks(
    shop: Shop,
) -> None:
    shop.offer({"0010": "5"})
    shop.amazon.seller.schemas["PRODUCT"] = schema("country_of_origin")
    shop.clock.sleep(timedelta(hours=1))

    rename(shop, "Neuer Name")

    assert "same" == states(shop.house, "0010")["content"]


def test_a_corrected_article_travels_whole(shop: Shop) -> None:
    shop.amazon.seller.schemas["PRODUCT"] = schema(
        *("item_name", "purchasable_offer", "fulfillment_availability"),
        item_name=text(10),
    )
    shop.offer({"0010": "5"})

    rename(shop, "Kurz")

    (call,) = shop.amazon.calls("putListingsItem")
    assert {"same"} == set(states(shop.house, "0010").values())
    assert [] == issues(shop.house, "0010")
    assert "purchasable_offer" in call.body["attributes"]


def test_an_attribute_amazon_does_not_know_is_only_a_warning(
    shop: Shop,
) -> None:
    known = schema()
    del known["properties"]["manufacturer"]
    shop.amazon.seller.schemas["PRODUCT"] = known

    code = shop.offer({"0010": "5"})

    assert 0 == code
    assert {"same"} == set(states(shop.house, "0010").values())
    assert ("amazon.rule_unknown", "WARNING") in {
        (one["code"], one["severity"]) for one in issues(shop.house, "0010")
    }


def test_in_a_feed_the_others_travel(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "feed", amazon, clock, "patch_up_to = 1")
    amazon.seller.schemas["PRODUCT"] = schema(
        fulfillment_availability=plain(),
        item_name=text(12, pattern="^Artikel 00[12]0$"),
    )

    shop.offer({"0010": "5", "0020": "5", "0030": "5"})

    assert {(DE, "0010"), (DE, "0020")} == set(amazon.seller.listings)
    assert {"refused"} == set(states(shop.house, "0030").values())


def test_rehearsal_checks_with_what_a_person_put_there(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "house").build()
    path = house.path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(schema(item_name=text(5))), "utf-8")

    house.offer({"0010": "5"})

    assert [] == house.body_names()
    assert "amazon.rule_long" == issues(house, "0010")[0]["code"]


def test_rehearsal_without_definitions_checks_nothing(tmp_path: Path) -> None:
    house = House(tmp_path / "house").build()

    house.offer({"0010": "5"})

    assert {"same"} == set(states(house, "0010").values())


def test_a_file_that_is_no_definition_is_told(tmp_path: Path) -> None:
    house = House(tmp_path / "house").build()
    path = house.path / FILE
    path.parent.mkdir(parents=True)
    path.write_text("nothing", "utf-8")
    house.drop(house.later("Artikelstamm_geaendert"), articles("0010"))
    house.drop(house.later("Preise"), prices({"0010": "1,00"}))
    house.drop(house.later("Bestand"), stock({"0010": "5"}))

    code = house.once()

    parked = house.view("status")["parked"]
    assert 2 == code
    assert "amazon.bad_definition" == parked[0]["error"]["code"]
