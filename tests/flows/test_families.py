"""Variants become a family at Amazon, or none of it does."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING
from typing import Any

import pytest
from sqlalchemy import text

from bridge.cli.main import main
from tests.house import ARTICLE
from tests.house import PRICE
from tests.house import STOCK
from tests.house import planned

if TYPE_CHECKING:
    from tests.house import House

SHIRT = (
    ARTICLE.replace("Aktiv", "Variante;Aktiv")
    + "1;0023;Hemd Anna;010;Müller;;1;19,00;Stk;-1;-1;-1\n"
)
VARIANTS = (
    "Mandant;Artikelnummer;AuspraegungID;Variantenartikelnummer;EANNummer;"
    "Merkmal1;Wert1;Merkmal2;Wert2;Gewicht;Sortierung;Aktiv\n"
)
TWO = (
    "1;0023;1;0023-M;;Größe;M;Farbe;weiß;;10;-1\n"
    "1;0023;2;0023-L;;Größe;L;Farbe;weiß;;20;-1\n"
)
STYLED = TWO.replace("weiß", "eng").replace("Farbe", "Stil")
PRICES = PRICE + "1;2;Amazon DE;0023;0;0;24,90;EUR;-1;0;;\n"
STOCKS = STOCK + "".join(
    f"1;0023;{number};HL;{pieces};{pieces};Stk;14.01.2026 07:30:00\n"
    for number, pieces in ((1, 5), (2, 7))
)
FILES = {
    "Artikelstamm_geaendert": SHIRT,
    "Varianten": VARIANTS + TWO,
    "Preise": PRICES,
    "Bestand": STOCKS,
}


def bring(house: House, *stems: str, **instead: str) -> None:
    """Drop the files of the shirt, each in a run of its own."""
    for stem in stems or FILES:
        text = instead.get(stem, FILES.get(stem, ""))
        house.drop(house.later(stem), text)
        house.once()


def relations(house: House, sku: str) -> dict[str, Any]:
    facets = house.facets(sku)
    return dict(facets["relations"]["accepted"] or {})


def test_a_family_is_the_parent_first_and_then_its_children(
    any_house: House,
) -> None:
    bring(any_house)

    bodies = any_house.bodies()
    assert ["0023", "0023-L", "0023-M"] == [one["sku"] for one in bodies]
    parent, child = bodies[0]["body"], bodies[2]["body"]
    assert "LISTING_PRODUCT_ONLY" == parent["requirements"]
    assert "LISTING" == child["requirements"]
    told = parent["attributes"]
    assert "parent" == told["parentage_level"][0]["value"]
    assert not {"purchasable_offer", "fulfillment_availability"} & told.keys()
    made = child["attributes"]
    assert "Hemd Anna, M, weiß" == made["item_name"][0]["value"]
    assert "M" == made["size"][0]["value"]
    assert "weiß" == made["color"][0]["value"]
    assert [{"name": "SIZE/COLOR"}] == made["variation_theme"]
    relation = made["child_parent_sku_relationship"][0]
    assert "0023" == relation["parent_sku"]
    assert 5 == made["fulfillment_availability"][0]["quantity"]


@pytest.mark.parametrize("order", [*permutations(FILES)][::5])
def test_in_whatever_order_its_files_arrive(
    house: House, order: tuple[str, ...]
) -> None:
    bring(house, *order)

    for sku, pieces in (("0023-M", 5), ("0023-L", 7)):
        facets = house.facets(sku)
        assert {"same"} == {one["state"] for one in facets.values()}
        stock = facets["stock"]["accepted"]["fulfillment_availability"]
        assert pieces == stock[0]["quantity"]
        assert relations(house, sku)["child_parent_sku_relationship"]
    assert {"content", "relations"} == house.facets("0023").keys()


def test_what_is_unchanged_of_a_family_is_not_sent_again(house: House) -> None:
    bring(house)
    before = house.body_names()

    bring(house, "Varianten", "Artikelstamm_geaendert")

    assert before == house.body_names()


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("1;0023;2;0023-L;;Größe;M;Farbe;weiß;;20;-1\n", "offers.same_axes"),
        ("1;0023;2;0023-L;;Größe;L;;;;20;-1\n", "offers.mixed_axes"),
        ("1;0023;2;0023-L;;Länge;L;;;;20;-1\n", "offers.unknown_axis"),
    ],
)
def test_half_a_family_is_not_sent_and_it_is_said_why(
    house: House, rows: str, code: str
) -> None:
    first = TWO.splitlines(keepends=True)[0]

    bring(house, Varianten=VARIANTS + first + rows)

    assert [] == house.bodies()
    found = house.view("offer", "0023-M")["marketplaces"]["DE"]["findings"]
    assert code in [one["code"] for one in found]

    bring(house, "Varianten")

    assert 3 == len(house.bodies())


def test_a_price_of_all_is_the_price_of_each_that_has_none(
    house: House,
) -> None:
    own = "1;2;Amazon DE;0023;2;0;27,90;EUR;-1;0;;\n"

    bring(house, Preise=PRICES + own)
    bring(house, "Preise", Preise=PRICES.replace("24,90", "22,90"))

    def amount(sku: str) -> float:
        offer = house.facets(sku)["price"]["accepted"]["purchasable_offer"][0]
        return float(offer["our_price"][0]["schedule"][0]["value_with_tax"])

    assert 22.9 == amount("0023-M")
    assert 27.9 == amount("0023-L")


def test_a_variant_that_is_sold_no_more_has_no_stock(house: House) -> None:
    bring(house)

    ended = TWO.replace("20;-1", "20;0")
    bring(house, "Varianten", Varianten=VARIANTS + ended)

    stock = house.facets("0023-L")["stock"]["accepted"]
    assert 0 == stock["fulfillment_availability"][0]["quantity"]
    assert "same" == house.facets("0023-M")["relations"]["state"]


def test_an_article_that_leaves_its_family_is_told_to_be_alone(
    house: House,
) -> None:
    own = SHIRT + "1;0024;Hemd Berta;010;Müller;;1;19,00;Stk;0;-1;-1\n"
    rows = "1;0023;;0024;;Größe;XL;Farbe;weiß;;30;-1\n"
    head = PRICES + "1;2;Amazon DE;0024;0;0;29,90;EUR;-1;0;;\n"
    stock = STOCKS + "1;0024;0;HL;3;3;Stk;14.01.2026 07:30:00\n"
    bring(
        house,
        Artikelstamm_geaendert=own,
        Varianten=VARIANTS + TWO + rows,
        Preise=head,
        Bestand=stock,
    )
    assert (
        "parent_sku"
        in relations(house, "0024")["child_parent_sku_relationship"][0]
    )

    left = VARIANTS + TWO + rows.replace("30;-1", "30;0")
    bring(house, "Varianten", Varianten=left)

    assert {} == relations(house, "0024")
    ops = house.bodies()[-1]["body"]["patches"]
    assert {"delete"} == {one["op"] for one in ops}
    names = {one["path"].rpartition("/")[2] for one in ops}
    assert {
        *("parentage_level", "child_parent_sku_relationship"),
        "variation_theme",
    } == names


def test_what_stands_for_its_variants_has_no_stock_of_its_own(
    house: House,
) -> None:
    base = "1;0023;0;HL;12;12;Stk;14.01.2026 07:30:00\n"
    bring(house, Bestand=STOCKS + base)

    later = base.replace("12;12", "13;13").replace("07:30", "09:30")
    bring(house, "Bestand", Bestand=STOCK + later)

    assert {"content", "relations"} == house.facets("0023").keys()
    assert 3 == len(house.bodies())


def test_an_article_that_gets_variants_is_sold_itself_no_longer(
    house: House,
) -> None:
    house.offer({"0023": "7"}, "20,00")

    bring(house, "Artikelstamm_geaendert", "Varianten")

    stock = house.facets("0023")["stock"]["accepted"]
    assert 0 == stock["fulfillment_availability"][0]["quantity"]
    assert "parent" == relations(house, "0023")["parentage_level"][0]["value"]


def test_what_is_at_amazon_keeps_its_price_until_its_variants_are_known(
    house: House,
) -> None:
    house.offer({"0023": "7"}, "20,00")

    bring(house, "Artikelstamm_geaendert", "Preise")

    offer = house.facets("0023")["price"]["accepted"]["purchasable_offer"][0]
    assert 24.9 == offer["our_price"][0]["schedule"][0]["value_with_tax"]


def test_a_family_is_compared_and_planned_by_hand(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.answer("no", {"operation": "patchListingsItem"}, status="INVALID")
    house.offer({"0023-M": "5"})
    bring(house)

    plan = planned(house, capsys, "variants")

    (row,) = [one for one in plan if one["sku"] == "0023-M"]
    assert {"relations"} == {one["facet"] for one in plan}
    assert row["old"] is None
    assert [{"name": "SIZE/COLOR"}] == row["new"]["variation_theme"]


def test_a_family_that_differs_in_another_way_is_made_anew_by_a_person(
    any_house: House,
) -> None:
    bring(any_house)
    sent = any_house.body_names()
    bring(any_house, "Varianten", Varianten=VARIANTS + STYLED)

    told = [
        one
        for one in any_house.bodies()[len(sent) :]
        for one in one["body"]["patches"]
        if "relation" in one["path"] or "theme" in one["path"]
    ]
    parent = any_house.view("offer", "0023")["marketplaces"]["DE"]
    child = any_house.view("offer", "0023-M")["marketplaces"]["DE"]
    assert [] == told
    (said,) = [one for one in parent["findings"] if "theme" in one["code"]]
    assert {"old": "SIZE/COLOR", "new": "SIZE/STYLE", "parent": "0023"} == (
        said["facts"]
    )
    assert "offers.other_theme" in [one["code"] for one in child["findings"]]
    assert "refused" == any_house.ask("offer.delete", "0023-M")

    sent = any_house.body_names()
    assert "done" == any_house.ask("offer.delete", "0023")
    any_house.once()

    after = any_house.bodies()[len(sent) :]
    first, second, *children = after
    assert ("deleteListingsItem", "0023") == (first["operation"], first["sku"])
    assert ("putListingsItem", "0023") == (second["operation"], second["sku"])
    assert {"0023-L", "0023-M"} == {one["sku"] for one in children}
    for one in children:
        paths = {patch["path"] for patch in one["body"]["patches"]}
        assert "/attributes/child_parent_sku_relationship" in paths
    for sku in ("0023", "0023-M", "0023-L"):
        theme = relations(any_house, sku)["variation_theme"]
        assert [{"name": "SIZE/STYLE"}] == theme


def test_only_families_are_compared_when_they_alone_are_asked_for(
    house: House,
) -> None:
    bring(house)
    house.offer({"0010": "7"})

    assert "done" == house.ask("transfer.run", "variants")

    waiting = house.column(text("SELECT article FROM touched"))
    assert {"0023"} == set(waiting)


def translate(house: House) -> None:
    """The family is sold in France as well, and has its name there."""
    house.markets = '["DE", "FR"]'
    house.more = '[[price]]\nlist = 2\nmarketplaces = ["DE", "FR"]\n'
    house.build()
    text = "Mandant;Artikelnummer;Sprache;Bezeichnung1\n1;0023;F;Chemise\n"
    house.drop(house.later("Artikelbezeichnung"), text)


def abroad(house: House, sku: str) -> dict[str, Any]:
    """A listing in France, where the family is translated."""
    shown: dict[str, Any] = house.view("offer", sku)["marketplaces"]["FR"]
    return shown


def test_what_a_variant_is_like_is_said_in_the_language_of_each_marketplace(
    house: House,
) -> None:
    translate(house)
    taupe = TWO.replace("L;Farbe;weiß", "L;Farbe;schlamm")

    bring(house, Varianten=VARIANTS + taupe)

    white, other = abroad(house, "0023-M"), abroad(house, "0023-L")
    color = white["facets"]["content"]["desired"]["color"]
    assert [("blanc", "fr_FR")] == [
        (one["value"], one["language_tag"]) for one in color
    ]
    assert "M" == white["facets"]["content"]["desired"]["size"][0]["value"]
    assert {"present"} == {white["status"]}
    (said,) = [
        one for one in other["findings"] if "no_axis_text" in one["code"]
    ]
    assert {"value": "schlamm", "language": "fr"} == said["facts"]
    assert "Wert" == said["field"]
    assert "waiting" == other["status"]
    assert "color" not in other["facets"]["content"]["desired"]
    sent = [one for one in house.bodies() if "A13V1IB3VIYZZH" in str(one)]
    assert ["0023", "0023-M"] == [one["sku"] for one in sent]


def test_two_words_of_home_that_are_one_abroad_make_no_twins(
    house: House,
) -> None:
    translate(house)
    twins = TWO.replace("L;Farbe;weiß", "M;Farbe;BLANC")

    bring(house, Varianten=VARIANTS + twins)

    for sku, own in (("0023-M", "M, weiß"), ("0023-L", "M, BLANC")):
        shown = abroad(house, sku)
        (said,) = [one for one in shown["findings"] if "alike" in one["code"]]
        assert own == said["facts"]["own"]
        assert "waiting" == shown["status"]
        assert (
            "present"
            == house.view("offer", sku)["marketplaces"]["DE"]["status"]
        )


def test_a_list_of_offers_shows_what_any_of_them_has(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    def heads() -> set[str]:
        capsys.readouterr()
        main(["--workspace", str(house.path), "offer", "list"])
        return set(capsys.readouterr().out.splitlines()[0].split())

    house.offer({"0010": "7"})
    before = heads()
    bring(house)

    assert not {"relations", "media"} & before
    assert {"relations"} == heads() - before
