"""Sage files become Amazon offers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
import pytest

from bridge.app.wiring import defaults
from bridge.cli.main import main
from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from tests.house import House


def test_article_price_and_stock_make_one_listing(any_house: House) -> None:
    any_house.offer({"0010": "7"}, "24,90")

    (body,) = any_house.bodies()
    assert "putListingsItem" == body["operation"]
    assert "0010" == body["sku"]
    attributes = body["body"]["attributes"]
    assert "Artikel 0010" == attributes["item_name"][0]["value"]
    assert 7 == attributes["fulfillment_availability"][0]["quantity"]
    schedule = attributes["purchasable_offer"][0]["our_price"][0]["schedule"]
    assert [{"value_with_tax": 24.9}] == schedule
    states = {name: f["state"] for name, f in any_house.facets("0010").items()}
    assert {"content": "same", "price": "same", "stock": "same"} == states


def test_the_same_files_again_send_nothing(any_house: House) -> None:
    any_house.offer({"0010": "7"})
    before = any_house.body_names()

    any_house.offer({"0010": "7"})

    assert before == any_house.body_names()
    assert [1, 1] == [row.unchanged for row in any_house.deliveries()[3:5]]


def test_only_the_changed_facet_travels_as_a_patch(any_house: House) -> None:
    any_house.offer({"0010": "7", "0011": "3"})

    any_house.drop(
        any_house.later("Bestand"), stock({"0010": "5", "0011": "3"})
    )
    any_house.once()

    last = any_house.bodies()[-1]
    assert 3 == len(any_house.bodies())
    assert "patchListingsItem" == last["operation"]
    assert "PRODUCT" == last["body"]["productType"]
    (patch,) = last["body"]["patches"]
    assert "/attributes/fulfillment_availability" == patch["path"]
    assert 5 == patch["value"][0]["quantity"]


def test_a_sale_that_vanishes_is_ended_by_the_complete_offer(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7"}, "20,00")
    head = prices({})
    sale = "1;9;Aktion;0010;0;0;15,00;EUR;-1;-1;01.01.2020;31.12.2099\n"
    any_house.drop(any_house.later("Preise"), head + sale)
    any_house.once()
    with_sale = any_house.facets("0010")["price"]["accepted"]

    ended = sale.replace("31.12.2099", "02.01.2020")
    any_house.drop(any_house.later("Preise"), head + ended)
    any_house.once()

    assert "discounted_price" in with_sale["purchasable_offer"][0]
    accepted = any_house.facets("0010")["price"]["accepted"]
    assert "discounted_price" not in accepted["purchasable_offer"][0]
    assert "replace" == any_house.bodies()[-1]["body"]["patches"][0]["op"]


def test_a_slipped_decimal_point_in_a_list_waits_for_a_person(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = [f"{n:04}" for n in range(12)]
    house.offer(dict.fromkeys(numbers, "1"), "24,90")
    sent = house.body_names()
    text = prices(dict.fromkeys(numbers, "2,49"))

    house.drop(house.later("Preise"), text)
    code = house.once()

    held = house.deliveries()[-1]
    assert (4, "held", sent) == (code, held.state, house.body_names())
    assert held.hold is not None
    told = {k: v for k, v in held.hold.items() if k != "examples"}
    numbers_of = {"changed": "12", "total": "12", "share": "100"}
    assert {"code": "intake.reprices", "percent": "30", **numbers_of} == told
    main(["--workspace", str(house.path), "delivery", "show", str(held.id)])
    said = capsys.readouterr().out
    assert "0000 in DE: 24.90 EUR → 2.49 EUR" in said

    house.ask("delivery.confirm", held.id)
    house.once()

    assert "accepted" == house.deliveries()[-1].state
    facet = house.facets("0011")["price"]["accepted"]
    schedule = facet["purchasable_offer"][0]["our_price"][0]["schedule"]
    assert [{"value_with_tax": 2.49}] == schedule


def test_prices_that_change_little_or_seldom_are_not_held(
    house: House,
) -> None:
    numbers = [f"{n:04}" for n in range(12)]
    house.offer(dict.fromkeys(numbers, "1"), "24,90")
    little = prices(dict.fromkeys(numbers, "17,50"))  # 29.7 % less
    seldom = prices(dict.fromkeys(numbers[:9], "2,49"))

    for text in (little, seldom):
        house.drop(house.later("Preise"), text)
        house.once()

    assert {"accepted"} == {one.state for one in house.deliveries()}


def test_a_sale_far_below_the_price_is_held_and_its_end_is_not(
    house: House,
) -> None:
    numbers = [f"{n:04}" for n in range(12)]
    house.offer(dict.fromkeys(numbers, "1"), "24,90")
    head = prices({})
    row = "1;9;Aktion;{};0;0;2,49;EUR;-1;-1;01.01.2020;{}\n"
    begins = [row.format(n, "31.12.2099") for n in numbers]
    ends = [row.format(n, "02.01.2020") for n in numbers]

    house.drop(house.later("Preise"), head + "".join(begins))
    house.once()
    begun = house.deliveries()[-1]
    house.ask("delivery.confirm", begun.id)
    house.once()
    house.drop(house.later("Preise"), head + "".join(ends))
    house.once()

    assert "held" == begun.state
    assert "accepted" == house.deliveries()[-1].state


def test_a_price_that_turns_wrong_leaves_the_offer_as_it_is(
    house: House,
) -> None:
    header, row = articles("0010").splitlines()
    with_uvp = f"{header};USER_UVP\n{row};29,90\n"
    house.drop("Artikelstamm_geaendert.csv", with_uvp)
    house.drop("Preise.csv", prices({"0010": "24,90"}))
    house.drop("Bestand.csv", stock({"0010": "7"}))
    house.once()
    before = house.body_names()

    wrong = prices({"0010": "24,90"}).replace(";EUR;", ";CHF;")
    house.drop(house.later("Preise"), wrong)
    house.once()

    assert before == house.body_names()
    assert "list_price" in house.facets("0010")["price"]["accepted"]


def test_an_offer_says_why_it_costs_what_it_costs(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    net = "1;3;Amazon B2B DE;0010;0;{};{};EUR;0;0;;\n"
    tiers = net.format("0", "20,00") + net.format("10", "18,00")
    house.drop("Artikelstamm_geaendert.csv", articles("0010"))
    house.drop("Preise.csv", prices({"0010": "24,90"}) + tiers)
    house.drop("Bestand.csv", stock({"0010": "4"}))
    house.once()

    main(["--workspace", str(house.path), "offer", "show", "0010"])

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    b2b = "net + 19 %, price list 3 (Amazon B2B DE)"
    assert [
        "price: 24.90 EUR = 24.90 EUR gross, price list 2 (Amazon DE)",
        f"B2B price: 23.80 EUR = 20.00 EUR {b2b}",
        f"B2B from 10: 21.42 EUR = 18.00 EUR {b2b}",
    ] == [line for line in lines if "price list" in line]


def test_many_changes_travel_as_one_feed(house: House) -> None:
    house.amazon = "patch_up_to = 2"
    house.build()

    house.offer({f"{n:04}": "1" for n in range(30)})

    (feed,) = house.bodies()
    assert ["000001_JSON_LISTINGS_FEED_DE.json"] == house.body_names()
    assert "A1EXAMPLESELLER" == feed["header"]["sellerId"]
    assert list(range(1, 31)) == [m["messageId"] for m in feed["messages"]]
    assert {"UPDATE"} == {m["operationType"] for m in feed["messages"]}
    assert "same" == house.facets("0000")["stock"]["state"]


def test_a_refusal_stands_at_the_sku_in_amazons_words(house: House) -> None:
    issue = {"code": "90220", "severity": "ERROR", "message": "Marke fehlt"}
    house.answer("a", {"sku": "0010"}, status="INVALID", issues=[issue])

    house.offer({"0010": "7", "0011": "3"})
    code = house.once()

    found = house.view("offer", "0010")["marketplaces"]["DE"]
    assert {"refused"} == {f["state"] for f in found["facets"].values()}
    assert "Marke fehlt" == found["issues"][0]["message"]
    assert "same" == house.facets("0011")["stock"]["state"]
    assert 0 == code  # the refusal was told once; nothing new is refused
    assert 2 == len(house.bodies())


def test_a_refused_message_of_a_feed_leaves_the_others_accepted(
    house: House,
) -> None:
    house.amazon = "patch_up_to = 0"
    house.build()
    issue = {"code": "99022", "severity": "ERROR", "message": "zu wenig"}
    house.answer("a", {"sku": "0010"}, status="INVALID", issues=[issue])

    house.drop("Artikelstamm_geaendert.csv", articles("0010", "0011"))
    house.drop("Preise.csv", prices({"0010": "1,00", "0011": "2,00"}))
    house.drop("Bestand.csv", stock({"0010": "1", "0011": "2"}))
    code = house.once()

    assert 5 == code
    assert "refused" == house.facets("0010")["price"]["state"]
    assert "same" == house.facets("0011")["price"]["state"]
    (row,) = house.view("offer_list", problem=True)
    assert "0010" == row["sku"]


def test_what_was_refused_is_sent_again_only_when_it_changes(
    house: House,
) -> None:
    issue = {"code": "1", "severity": "ERROR", "message": "nein"}
    match = {"sku": "0010", "times": 1}
    house.answer("a", match, status="INVALID", issues=[issue])
    house.offer({"0010": "7"})
    house.once()
    assert 1 == len(house.bodies())

    (house.path / "rehearsal" / "answers" / "a.json").unlink()
    house.drop(house.later("Bestand"), stock({"0010": "6"}))
    house.once()

    assert 2 == len(house.bodies())


def test_an_incomplete_article_waits_and_says_for_what(house: House) -> None:
    house.drop("Artikelstamm_geaendert.csv", articles("0010"))
    house.once()

    found = house.view("offer", "0010")["marketplaces"]["DE"]
    assert "waiting" == found["status"]
    incomplete = [
        f for f in found["findings"] if f["code"] == "offers.incomplete"
    ]
    assert {"facets": "price, stock"} == incomplete[0]["facts"]
    assert [] == house.bodies()


def test_a_list_and_a_warehouse_that_no_file_names_are_named(
    house: House,
) -> None:
    house.more += "[[price]]\nlist = 222\n"
    house.more += '[[stock]]\nwarehouses = ["HLX"]\n'
    house.build()

    house.offer({"0010": "7"})

    found = house.view("offer", "0010")["marketplaces"]["DE"]["findings"]
    said = {one["code"]: one["value"] for one in found}
    assert "222" == said["offers.not_in_list"]
    assert "HLX" == said["offers.not_in_warehouse"]

    house.drop(house.later("Bestand"), stock({"0010": "5"}))
    house.once()

    found = house.view("offer", "0010")["marketplaces"]["DE"]["findings"]
    assert "offers.not_in_warehouse" in [one["code"] for one in found]


def test_negative_stock_is_sent_as_zero_with_a_warning(house: House) -> None:
    house.offer({"0010": "-3"})

    attributes = house.bodies()[0]["body"]["attributes"]
    assert 0 == attributes["fulfillment_availability"][0]["quantity"]
    found = house.view("offer", "0010")["marketplaces"]["DE"]["findings"]
    assert "offers.negative_stock" in [item["code"] for item in found]


def test_the_stock_of_amazons_own_warehouse_is_not_sold_twice(
    house: House,
) -> None:
    more = "1;0010;0;FBA;100;100;Stk;14.01.2026 07:30:00\n"
    house.drop("Artikelstamm_geaendert.csv", articles("0010"))
    house.drop("Preise.csv", prices({"0010": "5,00"}))
    house.drop("Bestand.csv", stock({"0010": "4"}) + more)
    house.once()

    assert 4 == house.view("offer_list", problem=False)[0]["available"]


def test_an_inactive_article_goes_to_stock_zero_and_is_never_deleted(
    house: House,
) -> None:
    house.offer({"0010": "7"})

    house.drop(
        house.later("Artikelstamm_geaendert"), articles("0010", active="0")
    )
    house.once()

    (patch,) = house.bodies()[-1]["body"]["patches"]
    assert 0 == patch["value"][0]["quantity"]
    assert "DELETE" not in str(house.bodies())


def test_an_inactive_article_that_was_never_offered_stays_unoffered(
    house: House,
) -> None:
    house.drop("Artikelstamm_geaendert.csv", articles("0010", active="0"))
    house.drop("Preise.csv", prices({"0010": "5,00"}))
    house.drop("Bestand.csv", stock({"0010": "4"}))
    house.once()

    assert [] == house.view("offer_list", problem=False)


def test_a_listing_amazon_knows_already_is_only_patched(house: House) -> None:
    folder = house.path / "rehearsal" / "listings"
    folder.mkdir(parents=True)
    (folder / "known.json").write_bytes(orjson.dumps({"sku": "0010"}))

    house.drop("Artikelstamm_geaendert.csv", articles("0010"))
    house.once()

    (body,) = house.bodies()
    assert "patchListingsItem" == body["operation"]


def test_an_older_file_never_overwrites_newer_stock(house: House) -> None:
    house.offer({"0010": "7"})
    older = stock({"0010": "99"}, at="01.01.2020 00:00:00")

    house.drop("Bestand_20200101_000000.csv", older)
    house.once()

    assert 7 == house.view("offer_list", problem=False)[0]["available"]
    assert ["intake.older"] == house.codes(house.deliveries()[-1].id)


def test_a_price_list_of_two_currencies_is_not_guessed(house: House) -> None:
    text = prices({"0010": "5,00"}).replace(";EUR;", ";CHF;")
    house.drop("Artikelstamm_geaendert.csv", articles("0010"))
    house.drop("Preise.csv", text)
    house.drop("Bestand.csv", stock({"0010": "4"}))
    house.once()

    found = house.view("offer", "0010")["marketplaces"]["DE"]["findings"]
    assert "offers.other_currency" in [item["code"] for item in found]
    assert [] == house.bodies()


def test_a_column_that_is_missing_leaves_its_field_untouched(
    house: House,
) -> None:
    house.offer({"0010": "7"})
    house.drop(
        house.later("Artikelstamm_geaendert"),
        "Mandant;Artikelnummer;Bezeichnung1;Artikelgruppe;Steuerklasse;"
        "Verkaufsmengeneinheit;Aktiv\n1;0010;Neuer Name;010;1;Stk;-1\n",
    )
    house.once()

    accepted = house.facets("0010")["content"]["accepted"]
    assert "Neuer Name" == accepted["item_name"][0]["value"]
    assert "Müller" == accepted["brand"][0]["value"]


def test_stock_without_what_is_available_takes_back_what_was(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7"})
    text = stock({"0010": "2"}, at="15.01.2026 07:30:00")
    rows = [row.split(";") for row in text.splitlines()]
    bare = "".join(";".join(row[:5] + row[6:]) + "\n" for row in rows)
    any_house.drop(any_house.later("Bestand"), bare)
    any_house.once()

    accepted = any_house.facets("0010")["stock"]["accepted"]
    assert 2 == accepted["fulfillment_availability"][0]["quantity"]
    last = max(one.id for one in any_house.deliveries())
    assert ["intake.taken_back"] == any_house.codes(last)


def test_search_words_that_are_too_many_bytes_are_told_with_their_column(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    words = " ".join(["Mühle"] * 40)
    text = articles("0010").replace(";Aktiv", ";USER_Suchbegriffe;Aktiv")
    text = text.replace("Stk;-1", f"Stk;{words};-1")
    house.offer({"0010": "7"})
    house.drop(house.later("Artikelstamm_geaendert"), text)
    house.once()
    capsys.readouterr()

    main(["--workspace", str(house.path), "offer", "show", "0010"])

    (sent,) = house.facets("0010")["content"]["accepted"]["generic_keyword"]
    assert " ".join(["Mühle"] * 35) == sent["value"]  # 244 bytes
    said = capsys.readouterr().out
    assert "left out: 'Mühle Mühle Mühle Mühle Mühle'" in said
    assert "[USER_Suchbegriffe]" in said


def shown(house: House, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401
    """An offer as a program reads it."""
    capsys.readouterr()
    main(["--workspace", str(house.path), "--json", "offer", "show", "0010"])
    return orjson.loads(capsys.readouterr().out)


def test_what_is_not_transferable_is_listed_with_the_reason(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    text = articles("0010").replace(";Aktiv", ";Lieferant;Artikelart;Aktiv")
    text = text.replace("Stk;-1", "Stk;Holz AG;2;-1")
    house.offer({"0010": "7"})
    house.drop(house.later("Artikelstamm_geaendert"), text)
    house.drop(
        house.later("Artikelgruppen"),
        "Mandant;Artikelgruppe;Gruppenebene;Bezeichnung;USER_Metadaten;Bild;"
        "USER_Bild1;Aktiv\n1;010;1;Mühlen;Küche;muehlen.jpg;m2.jpg;0\n",
    )
    house.once()

    kept = shown(house, capsys)["kept"]

    told = {one["field"]: one["value"] for one in kept}
    assert {
        "group": "010",
        "unit": "Stk",
        "tax_class": "1",
        "supplier": "Holz AG",
        "article_kind": "2",
        "group.level": "1",
        "group.keywords": "Küche",
        "group.pictures": "muehlen.jpg, m2.jpg",
        "group.active": "010",
    } == told
    assert all("is not transferable: " in one["message"] for one in kept)
    assert not [one for one in kept if "None" in one["message"]]


@pytest.mark.parametrize("sent", [False, True])
def test_what_a_mapping_of_ones_own_sends_is_not_listed(
    house: House, capsys: pytest.CaptureFixture[str], *, sent: bool
) -> None:
    if sent:
        shipped = (defaults("mappings") / "angebote.yaml").read_text("utf-8")
        part = "    part_number: { plain: part_number }\n"
        more = "    model_number: { plain: customs_number }\n"
        own = house.path / "mappings"
        own.mkdir()
        (own / "angebote.yaml").write_text(
            shipped.replace(part, part + more), encoding="utf-8"
        )
    text = articles("0010").replace(";Aktiv", ";Warennummer;Aktiv")
    house.offer({"0010": "7"})
    house.drop(
        house.later("Artikelstamm_geaendert"),
        text.replace("Stk;-1", "Stk;82100000;-1"),
    )
    house.once()

    kept = {one["field"] for one in shown(house, capsys)["kept"]}

    assert sent == ("customs_number" not in kept)


def test_a_tax_rate_without_a_code_is_told_with_its_column(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    text = articles("0010").replace("19,00", "8,10")
    house.offer({"0010": "7"})
    house.drop(house.later("Artikelstamm_geaendert"), text)
    house.once()

    found = shown(house, capsys)["marketplaces"]["DE"]

    (said,) = [
        one for one in found["findings"] if one["field"] == "product_tax_code"
    ]
    assert "8.1" in said["message"] or "8.10" in said["message"]
    columns = [
        column
        for origin in said["origins"]
        for one in origin["from"]
        for column in one["columns"]
    ]
    assert "Steuersatz" in columns
    assert "same" == found["facets"]["content"]["state"]
