"""All that Amazon shows comes in, as files and rows Sage can read."""

from __future__ import annotations

import gzip
import sqlite3
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.house import House
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
NODES = "GET_XML_BROWSE_TREE_DATA"
OUTBOXES = """
[[outbox]]
name = "sage"
folder = "outbox/sage"
format = "csv"
mappings = [
  "bestellung",
  "artikel_von_amazon",
  "preise_von_amazon",
  "bestand_von_amazon",
]
"""
TREE = """<?xml version="1.0" encoding="UTF-8"?>
<Result>
  <Node>
    <browseNodeId>1</browseNodeId>
    <browseNodeName>Küche</browseNodeName>
    <browsePathByName>Küche</browsePathByName>
    <hasChildren>true</hasChildren>
    <childNodes count="1"><id>2</id></childNodes>
    <productTypeDefinitions></productTypeDefinitions>
  </Node>
  <Node>
    <browseNodeId>2</browseNodeId>
    <browseNodeName>Mühlen</browseNodeName>
    <browsePathByName>Küche,Mühlen</browsePathByName>
    <hasChildren>false</hasChildren>
    <productTypeDefinitions>KITCHEN_GRINDER</productTypeDefinitions>
  </Node>
</Result>
"""


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    made = open_shop(tmp_path / "shop", amazon, clock)
    made.house.more = OUTBOXES
    made.house.build()
    return made


def bring_in(shop: Shop) -> int:
    shop.house.ask("transfer.run", "catalogue-in")
    return shop.once()


def rows(house: House, start: str) -> list[dict[str, str]]:
    """The rows of the files whose names begin so."""
    folder = house.path / "outbox" / "sage"
    found = []
    for path in sorted(folder.glob(f"{start}*")):
        head, *lines = path.read_text("cp1252").splitlines()
        names = head.split(";")
        found += [dict(zip(names, x.split(";"), strict=True)) for x in lines]
    return found


def show(shop: Shop, sku: str, **attributes: Any) -> None:  # noqa: ANN401
    """A listing that is there, whoever made it."""
    shop.amazon.seller.listings[DE, sku] = attributes


def named(text: str) -> list[dict[str, str]]:
    tag = {"language_tag": "de_DE", "marketplace_id": DE}
    return [{"value": text, **tag}]


def test_a_sku_sage_does_not_know_is_a_new_article(shop: Shop) -> None:
    show(
        shop,
        "ALT-1",
        item_name=named("Pfeffermühle"),
        brand=named("Müller"),
        fulfillment_availability=[{"quantity": 7}],
        purchasable_offer=[
            {
                "currency": "EUR",
                "our_price": [{"schedule": [{"value_with_tax": 9.9}]}],
            }
        ],
    )

    bring_in(shop)

    (article,) = rows(shop.house, "AmazonArtikel")
    (price,) = rows(shop.house, "AmazonPreise")
    (stock,) = rows(shop.house, "AmazonBestand")
    assert ("ALT-1", "Pfeffermühle", "Müller") == (
        article["Artikelnummer"],
        article["Bezeichnung1"],
        article["Hersteller"],
    )
    assert ("ALT-1", "9,90", "Amazon DE") == (
        price["Artikelnummer"],
        price["Einzelpreis"],
        price["Preisliste"],
    )
    assert ("7", "AMAZON") == (stock["Bestand"], stock["Lagerkennung"])


def test_what_sage_knows_keeps_its_number(shop: Shop) -> None:
    shop.offer({"0010": "5"})

    bring_in(shop)

    (article,) = rows(shop.house, "AmazonArtikel")
    assert ("0010", "Artikel 0010") == (
        article["Artikelnummer"],
        article["Bezeichnung1"],
    )


def test_what_a_listing_does_not_say_the_catalogue_does(shop: Shop) -> None:
    show(shop, "ALT-1")
    shop.amazon.seller.asins["ALT-1"] = "B000000001"
    node = {"displayName": "Mühlen", "classificationId": "2"}
    shop.amazon.seller.things["B000000001"] = {
        "attributes": {"item_name": named("Mühle des Herstellers")},
        "classifications": [{"marketplaceId": DE, "classifications": [node]}],
    }

    bring_in(shop)

    (article,) = rows(shop.house, "AmazonArtikel")
    assert ("Mühle des Herstellers", "2") == (
        article["Bezeichnung1"],
        article["USER_AmazonKnoten"],
    )


def test_many_skus_are_looked_at_lot_by_lot_within_the_plan(
    shop: Shop,
) -> None:
    for number in range(45):
        show(shop, f"ALT-{number:02}", item_name=named(f"Nummer {number}"))
        shop.amazon.seller.asins[f"ALT-{number:02}"] = f"B{number:09}"

    bring_in(shop)

    assert 45 == len(rows(shop.house, "AmazonArtikel"))
    assert 3 == shop.amazon.count("searchCatalogItems")
    assert [] == shop.amazon.meter.refused


def test_a_look_that_broke_off_goes_on_behind_the_last_lot(
    shop: Shop,
) -> None:
    for number in range(45):
        show(shop, f"ALT-{number:02}", item_name=named(f"Nummer {number}"))
    plan = ["none", "500", "500", "500"]
    shop.amazon.faults.plan("searchListingsItems", "none", *plan)  # type: ignore[arg-type]

    bring_in(shop)

    looked = [
        one.query["identifiers"].split(",")[0]
        for one in shop.amazon.calls("searchListingsItems")
        if "identifiers" in one.query
    ]
    assert 45 == len(rows(shop.house, "AmazonArtikel"))
    assert 1 == looked.count("ALT-00")


def test_a_sku_too_long_for_an_article_number_is_left_out_and_told(
    shop: Shop,
) -> None:
    show(shop, "ALT-1", item_name=named("Mühle"))
    show(shop, "ALT-" + "x" * 30, item_name=named("Mühle"))

    bring_in(shop)

    assert 1 == len(rows(shop.house, "AmazonArtikel"))
    warnings = "\n".join(shop.house.view("status")["warnings"])
    assert "artikel_von_amazon" in warnings


def test_brought_in_twice_gives_two_files(shop: Shop) -> None:
    show(shop, "ALT-1", item_name=named("Mühle"))

    bring_in(shop)
    bring_in(shop)

    assert 2 == len(rows(shop.house, "AmazonArtikel"))


def test_rows_of_a_table_are_written_over_themselves(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "shop", amazon, clock)
    database = tmp_path / "staging.sqlite"
    sqlite3.connect(database).close()
    shop.house.more = (
        f'[[table]]\nname = "staging"\nurl = "sqlite:///{database}"\n'
        'mapping = "artikel_von_amazon"\ntable = "artikel"\n'
        "create = true\n"
    )
    shop.house.build()
    show(shop, "ALT-1", item_name=named("Mühle"))

    bring_in(shop)
    bring_in(shop)

    with sqlite3.connect(database) as tx:
        found = tx.execute("SELECT Artikelnummer, Bezeichnung1 FROM artikel")
        assert [("ALT-1", "Mühle")] == found.fetchall()


def test_a_catalogue_of_ours_does_not_write_amazons(shop: Shop) -> None:
    show(shop, "ALT-1", item_name=named("Mühle"))
    bring_in(shop)

    shop.house.ask("transfer.run", "catalogue")
    shop.once()

    assert 1 == len(rows(shop.house, "AmazonArtikel"))


def test_a_rehearsal_brings_in_what_is_recorded(any_house: House) -> None:
    house = any_house
    house.more += OUTBOXES
    house.build()
    head = "seller-sku\tprice\tquantity\tfulfillment-channel\tstatus\n"
    text = f"{head}ALT-1\t9.90\t2\tDEFAULT\tActive\n"
    recorded = house.path / "rehearsal"
    for name in ("reports", "listings"):
        (recorded / name).mkdir(parents=True)
    path = recorded / "reports" / f"{LISTINGS}_DE.txt"
    path.write_text(text, encoding="cp1252")
    listing = '{"sku": "ALT-1", "attributes": {"brand": [{"value": "M"}]}}'
    path = recorded / "listings" / "1.json"
    path.write_text(listing, encoding="utf-8")

    house.ask("transfer.run", "catalogue-in")
    house.once()

    (article,) = rows(house, "PROBE_AmazonArtikel")
    (price,) = rows(house, "PROBE_AmazonPreise")
    assert ("ALT-1", "M") == (article["Artikelnummer"], article["Hersteller"])
    assert "9,90" == price["Einzelpreis"]


def test_the_browse_tree_becomes_a_list(shop: Shop) -> None:
    shop.amazon.seller.desk.contents[NODES] = TREE.encode()
    shop.house.ask("transfer.run", "categories")

    shop.once()

    (path,) = (shop.house.path / "reports").glob("browse_nodes_main_DE_*.csv")
    head, first, second = path.read_text("utf-8-sig").splitlines()
    assert "browse node;name;path;nothing below;product types" == head
    assert "1;Küche;Küche;no;" == first
    assert "2;Mühlen;Küche,Mühlen;yes;KITCHEN_GRINDER" == second


def test_a_tree_that_is_cut_is_fetched_again(shop: Shop) -> None:
    contents = [TREE.encode()[:400], TREE.encode()]
    desk = shop.amazon.seller.desk
    desk.contents[NODES] = contents[0]
    shop.house.ask("transfer.run", "categories")
    shop.once()
    for document in shop.amazon.seller.documents.values():
        document.content = gzip.compress(contents[1])

    shop.once()

    (path,) = (shop.house.path / "reports").glob("*.csv")
    assert 3 == len(path.read_text("utf-8-sig").splitlines())
