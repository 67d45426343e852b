"""Each marketplace has the texts of its language, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from tests.house import articles
from tests.house import planned
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    import pytest

    from tests.house import House

TEXTS = "Mandant;Artikelnummer;Sprache;Bezeichnung1;Bezeichnung2;Langtext\n"


def open_france(house: House) -> None:
    house.markets = '["DE", "FR"]'
    house.more = '[[price]]\nlist = 2\nmarketplaces = ["DE", "FR"]\n'
    house.build()


def content(house: House, market: str) -> dict[str, Any]:
    shown = house.view("offer", "0010")["marketplaces"][market]
    return dict(shown["facets"]["content"]["desired"])


def test_a_translation_is_the_text_of_its_marketplace(house: House) -> None:
    open_france(house)
    house.offer({"0010": "7"})

    text = "1;0010;F;Moulin à poivre;grand;En bois\n"
    house.drop(house.later("Artikelbezeichnung"), TEXTS + text)
    house.once()

    french, german = content(house, "FR"), content(house, "DE")
    (name,) = french["item_name"]
    assert "Moulin à poivre grand" == name["value"]
    assert "fr_FR" == name["language_tag"]
    assert "En bois" == french["product_description"][0]["value"]
    assert "Artikel 0010" == german["item_name"][0]["value"]
    markets = [one["query"]["marketplaceIds"] for one in house.bodies()]
    assert 2 == len(markets)


def test_the_german_text_never_goes_abroad(house: House) -> None:
    open_france(house)

    house.offer({"0010": "7"})

    assert (
        not {"item_name", "product_description"} & content(house, "FR").keys()
    )
    shown = house.view("offer", "0010")["marketplaces"]["FR"]
    (said,) = [f for f in shown["findings"] if f["code"] == "offers.no_text"]
    assert "fr" == said["facts"]["language"]
    assert 1 == len(house.bodies())  # Germany's; France waits for its text


def test_the_stock_is_one_for_all_marketplaces(house: House) -> None:
    open_france(house)
    house.drop("Artikelbezeichnung_1.csv", TEXTS + "1;0010;F;Moulin;;\n")
    house.drop("Artikelstamm_geaendert_1.csv", articles("0010"))
    house.drop("Preise_1.csv", prices({"0010": "10,00"}))
    house.drop("Bestand_1.csv", stock({"0010": "7"}))
    house.once()

    shown = house.view("offer", "0010")["marketplaces"]
    assert "stock" in shown["DE"]["facets"]
    assert "stock" not in shown["FR"]["facets"]


def test_a_count_makes_no_offer_that_waits_for_its_text(house: House) -> None:
    open_france(house)
    house.offer({"0010": "7"})

    later = stock({"0010": "5"}, at="14.01.2026 09:00:00")
    house.drop(house.later("Bestand"), later)
    house.once()

    assert ["DE", "DE"] == [one["marketplace"] for one in house.bodies()]


def test_a_price_opens_a_marketplace_that_is_new(house: House) -> None:
    house.offer({"0010": "7"})
    open_france(house)

    house.drop(house.later("Preise"), prices({"0010": "12,00"}))
    house.once()

    assert {"DE", "FR"} == house.view("offer", "0010")["marketplaces"].keys()


def test_only_texts_abroad_are_planned_by_hand(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    open_france(house)
    text = "1;0010;F;Moulin;;En bois\n"
    house.drop(house.later("Artikelbezeichnung"), TEXTS + text)
    house.offer({"0010": "7"})
    house.answer("no", {"operation": "patchListingsItem"}, status="INVALID")
    house.drop(
        house.later("Artikelbezeichnung"),
        TEXTS + text.replace("Moulin", "Poivrier"),
    )
    house.drop(
        house.later("Artikelstamm_geaendert"),
        articles("0010").replace("Artikel 0010", "Mühle"),
    )
    house.once()

    (row,) = planned(house, capsys, "languages")

    assert ("FR", "content") == (row["marketplace"], row["facet"])
    assert "Moulin" == row["old"]["item_name"][0]["value"]
    assert "Poivrier" == row["new"]["item_name"][0]["value"]


def test_the_unit_of_a_base_price_has_a_word_in_each_language_or_none(
    house: House,
) -> None:
    open_france(house)
    columns = ";Grundpreiseinheit;UmrechnungsfaktorGP;Aktiv"
    text = articles("0010").replace(";Aktiv", columns)
    house.offer({"0010": "7"})

    def called(unit: str) -> list[dict[str, Any]]:
        more = text.replace("Stk;-1", f"Stk;{unit};0,25;-1")
        house.drop(house.later("Artikelstamm_geaendert"), more)
        house.once()
        return [content(house, market) for market in ("DE", "FR")]

    _, french = called("kg")
    german, untold = called("cbm")

    (said,) = french["unit_count"]
    assert 0.25 == said["value"]
    assert {"value": "kilogramme", "language_tag": "fr_FR"} == said["type"]
    assert "kubikmeter" == german["unit_count"][0]["type"]["value"]
    assert "unit_count" not in untold
    shown = house.view("offer", "0010")["marketplaces"]["FR"]
    told = [one for one in shown["findings"] if "no_unit" in one["code"]]
    assert ["Grundpreiseinheit"] == [one["field"] for one in told]
