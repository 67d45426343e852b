"""A listing is deleted only where it is archived and a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.cli.main import main
from tests.house import articles

if TYPE_CHECKING:
    import pytest

    from tests.house import House
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"


def archived(number: str, flag: str = "-1") -> str:
    text = articles(number, active="0")
    text = text.replace(";Aktiv", ";USER_AmazonArchiv;Aktiv")
    return text.replace("Stk;0", f"Stk;{flag};0")


def archive(house: House, number: str = "0010", flag: str = "-1") -> None:
    text = archived(number, flag)
    house.drop(house.later("Artikelstamm_geaendert"), text)
    house.once()


def wish(house: House, sku: str) -> int:
    return main(["--workspace", str(house.path), "offer", "delete", sku])


def operations(house: House) -> list[str]:
    return [one["operation"] for one in house.bodies()]


def test_an_archived_article_has_stock_0_and_waits_for_a_person(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7", "0011": "3"})

    archive(any_house)

    assert "deleteListingsItem" not in operations(any_house)
    stock = any_house.facets("0010")["stock"]["accepted"]
    assert 0 == stock["fulfillment_availability"][0]["quantity"]
    found = any_house.view("offer", "0010")["marketplaces"]["DE"]["findings"]
    assert "offers.archived" in [one["code"] for one in found]

    assert "done" == any_house.ask("offer.delete", "0010")
    assert "refused" == any_house.ask(
        "offer.delete", "0010"
    )  # it is on its way
    any_house.once()

    last = any_house.bodies()[-1]
    assert ("deleteListingsItem", "0010") == (last["operation"], last["sku"])
    assert {} == any_house.facets("0010")
    assert "refused" == any_house.ask("offer.delete", "0010")


def test_what_is_inactive_or_sold_is_never_deleted(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7", "0011": "3"})
    archive(house, flag="0")
    capsys.readouterr()

    assert 0 != wish(house, "0010")
    assert 0 != wish(house, "0011")
    assert "refused" == house.ask("offer.delete", "0010")

    assert "may not be deleted" in capsys.readouterr().err
    assert "deleteListingsItem" not in operations(house)


def test_an_article_that_comes_back_is_offered_anew(house: House) -> None:
    house.offer({"0010": "7"})
    archive(house)
    wish(house, "0010")
    house.once()

    house.drop(
        house.later("Artikelstamm_geaendert"),
        archived("0010", "0").replace("Stk;0;0", "Stk;0;-1"),
    )
    house.once()

    last = house.bodies()[-1]
    assert "putListingsItem" == last["operation"]
    made = last["body"]["attributes"].keys()
    assert {"item_name", "purchasable_offer"} <= made  # whole, as if new
    stock = house.facets("0010")["stock"]["accepted"]
    assert 7 == stock["fulfillment_availability"][0]["quantity"]


def test_it_is_gone_at_amazon_even_where_the_first_answer_was_lost(
    shop: Shop,
) -> None:
    shop.offer({"0010": "7", "0011": "3"})
    shop.house.drop(
        shop.house.later("Artikelstamm_geaendert"), archived("0010")
    )
    shop.once()
    shop.house.ask("offer.delete", "0010")
    del shop.amazon.seller.listings[DE, "0010"]  # the first call did it

    shop.once()

    assert {(DE, "0011")} == set(shop.amazon.seller.listings)
    assert {} == shop.house.facets("0010")
