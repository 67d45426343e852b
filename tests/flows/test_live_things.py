"""What others sell already becomes an offer of it, and no new product."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from tests.flows.test_families import FILES
from tests.flows.test_families import TWO
from tests.flows.test_families import VARIANTS
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


def reasons(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, str]]:
    """Why the offer 0010 is not at Amazon, as a person reads it."""
    capsys.readouterr()
    words = ("offer", "show", "0010", "--json")
    main(["--workspace", str(shop.house.path), *words])
    shown = json.loads(capsys.readouterr().out)["marketplaces"]["DE"]
    return list(shown["why"])


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
    shop.house.drop(shop.house.later("Bestand"), stock({"0020": "4"}))
    shop.once()
    assert 1 == shop.amazon.count("searchCatalogItems")
    shop.clock.time += timedelta(days=31)  # others may have made it since
    shop.house.drop(shop.house.later("Bestand"), stock({"0020": "3"}))
    shop.once()
    assert 2 == shop.amazon.count("searchCatalogItems")


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


@pytest.mark.parametrize(
    ("fault", "code", "fact"),
    [
        ("403", "offers.catalogue_closed", "Product Listing"),
        ("400", "offers.number_declined", GTIN),
    ],
)
def test_that_amazon_says_no_is_not_that_there_is_nothing(
    shop: Shop,
    capsys: pytest.CaptureFixture[str],
    fault: Fault,
    code: str,
    fact: str,
) -> None:
    shop.amazon.seller.things["B0PROBE001"] = THING
    shop.amazon.faults.plan("searchCatalogItems", *((fault,) * 4))

    bring(shop, wait=timedelta(0))
    held = dict(shop.amazon.seller.listings)
    (why,) = reasons(shop, capsys)
    troubles = shop.house.view("status")["waiting"]
    shop.once()

    assert {(DE, "0020")} == set(held)
    assert code == why["code"]
    assert fact in why["message"]
    assert [code] == [one["code"] for one in troubles]
    made = shop.amazon.seller.listings[DE, "0010"]
    assert "B0PROBE001" == made["merchant_suggested_asin"][0]["value"]


def test_one_number_amazon_declines_keeps_no_other_waiting(
    shop: Shop,
) -> None:
    """Twenty are asked for at once; halves of them find the one."""
    other = "4009988770642"
    shop.amazon.seller.odd_gtins.add(GTIN)

    both = articles("0010", "0020")
    both = both.replace("0010;010;Müller;;", f"0010;010;Müller;{GTIN};")
    both = both.replace("0020;010;Müller;;", f"0020;010;Müller;{other};")
    shop.house.drop(shop.house.later("Artikelstamm_geaendert"), both)
    amounts = dict.fromkeys(("0010", "0020"), "10,00")
    shop.house.drop(shop.house.later("Preise"), prices(amounts))
    pieces = dict.fromkeys(amounts, "5")
    shop.house.drop(shop.house.later("Bestand"), stock(pieces))
    shop.once(timedelta(0))

    assert {(DE, "0020")} == set(shop.amazon.seller.listings)


def family(shop: Shop, *gtins: str) -> None:
    """Offer a shirt of two variants that have numbers of their own."""
    rows = TWO
    for sku, gtin in zip(("0023-M;", "0023-L;"), gtins, strict=True):
        rows = rows.replace(f"{sku};", f"{sku}{gtin};")
    for stem, text in {**FILES, "Varianten": VARIANTS + rows}.items():
        shop.house.drop(shop.house.later(stem), text)
    shop.once()


def test_a_variant_others_sell_is_an_offer_beside_its_family(
    shop: Shop,
) -> None:
    shop.amazon.seller.things["B0PROBE001"] = THING

    family(shop, GTIN, "4009988770642")

    listings = shop.amazon.seller.listings
    made, other = listings[DE, "0023-M"], listings[DE, "0023-L"]
    assert "B0PROBE001" == made["merchant_suggested_asin"][0]["value"]
    assert not {"parentage_level", "variation_theme"} & made.keys()
    assert "merchant_suggested_asin" not in other
    assert "child" == other["parentage_level"][0]["value"]
    assert (DE, "0023") in listings


@pytest.mark.parametrize("fault", ["none", "503", "403"])
def test_a_family_of_which_others_sell_all_is_not_made(
    shop: Shop, fault: Fault
) -> None:
    other = "4009988770642"
    shop.amazon.seller.things["B0PROBE001"] = THING
    shop.amazon.seller.things["B0PROBE002"] = {**THING, "gtin": other}
    shop.amazon.faults.plan("searchCatalogItems", *((fault,) * 4))

    family(shop, GTIN, other)

    there = {sku for _, sku in shop.amazon.seller.listings}
    assert {"0023-M", "0023-L"} == there
    shown = shop.house.view("offer", "0023")["marketplaces"]["DE"]
    codes = {one["code"] for one in shown["findings"]}
    assert "offers.family_of_others" in codes
