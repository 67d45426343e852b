"""Of a set there are as many as of its scarcest component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.house import planned
from tests.house import stock

if TYPE_CHECKING:
    from tests.house import House

SETS = (
    "Mandant;Stueckliste;Element;AuspraegungID;Menge;Mengeneinheit;"
    "Sortierung\n"
)
BOX = "1;0090;0010;0;1;Stk;10\n1;0090;0011;0;2;Stk;20\n"


def bring(house: House, rows: str) -> None:
    house.drop(house.later("Stueckliste"), SETS + rows)
    house.once()


def quantity(house: House, sku: str) -> int:
    stated = house.facets(sku)["stock"]["accepted"]
    return int(stated["fulfillment_availability"][0]["quantity"])


def restock(house: House, pieces: dict[str, str], at: str) -> None:
    day = f"14.01.2026 {at}"
    house.drop(house.later("Bestand"), stock(pieces, at=day))
    house.once()


def test_a_set_has_what_its_scarcest_component_allows(
    any_house: House,
) -> None:
    any_house.offer({"0010": "9", "0011": "7", "0090": "0"})

    bring(any_house, BOX)

    assert 3 == quantity(any_house, "0090")
    restock(any_house, {"0011": "2"}, "09:00:00")
    assert 1 == quantity(any_house, "0090")
    assert 9 == quantity(any_house, "0010")


def test_a_change_reaches_sets_of_sets_and_nothing_else(house: House) -> None:
    house.offer(dict.fromkeys(("0010", "0011", "0090", "0091", "0012"), "8"))
    bring(house, BOX + "1;0091;0090;0;2;Stk;10\n")
    assert 2 == quantity(house, "0091")
    before = len(house.bodies())

    restock(house, {"0010": "2"}, "09:00:00")

    assert 1 == quantity(house, "0091")
    told = {one["sku"] for one in house.bodies()[before:]}
    assert {"0010", "0090", "0091"} == told


def test_a_part_that_left_a_full_list_is_no_part_any_more(
    any_house: House,
) -> None:
    any_house.offer({"0010": "9", "0011": "7", "0090": "0", "0091": "0"})
    bring(any_house, BOX + "1;0091;0010;0;3;Stk;10\n")
    head = '<?xml version="1.0"?>\n<Stuecklisten Mandant="1" Umfang="voll"'
    row = (
        "<Element>0010</Element><AuspraegungID>0</AuspraegungID>"
        "<Menge>1</Menge><Mengeneinheit>Stk</Mengeneinheit>"
        "<Sortierung>10</Sortierung>"
    )

    any_house.drop(
        any_house.later("Stueckliste").replace(".csv", ".xml"),
        f'{head} Erstellt="2026-01-16T08:00:00"><Stuecklistenposition>'
        f"<Stueckliste>0090</Stueckliste>{row}"
        "</Stuecklistenposition></Stuecklisten>",
    )
    any_house.once()

    assert (9, 3) == (quantity(any_house, "0090"), quantity(any_house, "0091"))
    number = any_house.deliveries()[-1].id
    codes = [one.code for one in any_house.findings(number)]
    assert ["intake.parts_gone", "intake.vanished_kept"] == codes


def test_what_lies_in_a_set_is_said_in_words(house: House) -> None:
    house.offer({"0010": "9", "0011": "7", "0090": "0"})

    bring(house, BOX)

    content = house.facets("0090")["content"]["accepted"]
    words = [one["value"] for one in content["included_components"]]
    assert ["Artikel 0010", "2 x Artikel 0011"] == words


def test_a_weight_in_a_set_is_said_with_its_unit_as_the_country_writes(
    house: House,
) -> None:
    house.offer({"0010": "9", "0011": "7", "0090": "0"})

    bring(house, "1;0090;0010;0;0,125;kg;10\n1;0090;0011;0;1;kg;20\n")

    content = house.facets("0090")["content"]["accepted"]
    words = [one["value"] for one in content["included_components"]]
    assert ["0,125 kg Artikel 0010", "1 kg Artikel 0011"] == words


@pytest.mark.parametrize(
    ("rows", "code", "value"),
    [
        ("1;0090;0010;0;1;Stk;10\n1;0090;0090;0;1;Stk;20\n",
         "offers.bundle_circle", "0090"),
        ("1;0090;0077;0;1;Stk;10\n1;0090;0090;0;1;Stk;20\n",
         "offers.bundle_circle", "0090"),
        ("1;0090;0010;0;1;Stk;10\n1;0090;0999;0;1;Stk;20\n",
         "offers.no_component", "0999"),
    ],
)  # fmt: skip
def test_a_set_that_cannot_be_counted_keeps_its_stock_and_says_so(
    house: House, rows: str, code: str, value: str
) -> None:
    house.offer({"0010": "9", "0090": "4"})

    bring(house, rows)

    assert 4 == quantity(house, "0090")
    found = house.view("offer", "0090")["marketplaces"]["DE"]["findings"]
    assert (code, value) in [(one["code"], one["value"]) for one in found]


def test_a_set_that_is_made_beforehand_has_a_stock_of_its_own(
    house: House,
) -> None:
    house.offer({"0010": "9", "0090": "4"})
    text = "Mandant;Artikelnummer;Bezeichnung1;Stuecklistentyp;USER_Amazon\n"
    house.drop(
        house.later("Artikelstamm_geaendert"), text + "1;0090;Set;2;-1\n"
    )

    bring(house, "1;0090;0010;0;1;Stk;10\n")

    assert 4 == quantity(house, "0090")


def test_a_count_that_would_end_many_sets_waits_for_a_person(
    house: House,
) -> None:
    sets = [f"09{number:02}" for number in range(12)]
    house.offer(dict.fromkeys(["0010", *sets], "8"))
    bring(house, "".join(f"1;{one};0010;0;1;Stk;10\n" for one in sets))

    restock(house, {"0010": "0"}, "09:00:00")

    assert "held" == house.deliveries()[-1].state
    assert 8 == quantity(house, sets[0])


def test_only_sets_are_compared_and_planned_by_hand(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "9", "0011": "7", "0090": "0"})
    bring(house, BOX)
    house.answer("no", {"operation": "patchListingsItem"}, status="INVALID")
    restock(house, {"0011": "2"}, "09:00:00")

    (row,) = planned(house, capsys, "bundles")
    assert "done" == house.ask("transfer.run", "bundles")

    assert ("0090", "stock") == (row["sku"], row["facet"])
    assert 3 == row["old"]["fulfillment_availability"][0]["quantity"]
    assert 1 == row["new"]["fulfillment_availability"][0]["quantity"]
    assert ["0090"] == house.column(text("SELECT article FROM touched"))
