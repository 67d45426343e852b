"""What stands twice, what is older, what is gone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bridge.ledger import tables
from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from tests.house import House

OWN = (
    "mapping: 1\ntitle: Eigene\ndirection: in\ndocument: Article\n"
    'files: ["Eigene*"]\n{more}fields:\n'
    "  article: {{ from: Nr, as: code }}\n  title: {{ from: T }}\n"
)


def keep(house: House, **more: str) -> None:
    (house.path / "mappings").mkdir(exist_ok=True)
    text = OWN.format(more=more.get("more", "")) + more.get("field", "")
    (house.path / "mappings" / "eigene.yaml").write_text(text, "utf-8")


def known(house: House, kind: str = "StockLevel") -> list[str]:
    """The articles of all documents of a kind."""
    table = tables.document
    there = (table.c.kind == kind) & table.c.gone.is_(False)
    return sorted(house.column(select(table.c.article).where(there)))


def pieces(house: House, sku: str) -> int:
    stated = house.facets(sku)["stock"]["accepted"]
    quantity: int = stated["fulfillment_availability"][0]["quantity"]
    return quantity


def test_a_file_of_a_year_far_ahead_is_told(house: House) -> None:
    house.drop("Preise_20620101_080000.csv", prices({"0010": "10,00"}))
    house.drop("Preise_20260115_080000.csv", prices({"0010": "11,00"}))

    house.once()

    told = [house.codes(one.id) for one in house.deliveries()]
    assert 1 == sum("intake.far_ahead" in codes for codes in told)


@pytest.mark.parametrize("value", ["5", "6"])
def test_a_record_twice_on_one_line_concerns_no_other(
    house: House, value: str
) -> None:
    levels = [
        {"Artikelnummer": f"{n:04}", "Lagerkennung": "HL", "Bestand": "5"}
        for n in range(10)
    ]
    again = {**levels[3], "Bestand": value}
    text = json.dumps({"Bestaende": [*levels, again]})
    house.drop("Bestand.json", text.encode())
    house.once()

    expected = {f"{n:04}" for n in range(10)} - (
        {"0003"} if value == "6" else set()
    )
    assert sorted(expected) == known(house)


def test_a_partly_refused_delivery_is_read_again_from_its_file(
    house: House,
) -> None:
    text = articles("0010", "0011").replace(
        "0011;010;Müller;;", "0011;010;Müller;4006381333942;"
    )
    house.drop("Artikelstamm_geaendert.csv", text)
    house.once()
    assert "partly" == house.deliveries()[0].state

    house.ask("delivery.again", 1)
    house.once()

    (delivery,) = house.deliveries()
    assert ("partly", 2, 1) == (
        delivery.state,
        delivery.records,
        delivery.accepted,
    )
    assert ["archive/"] == sorted(
        place[:8] for place in house.places(text.encode("windows-1252"))
    )


def test_an_older_full_file_ends_nothing_younger(any_house: House) -> None:
    any_house.offer({"0010": "5", "0011": "5"})
    any_house.drop(
        "Artikelstamm_geaendert_20260301_000000.csv", articles("0020")
    )
    any_house.drop("Preise_20260301_000000.csv", prices({"0020": "5,00"}))
    any_house.drop("Bestand_20260301_000000.csv", stock({"0020": "4"}))
    any_house.once()
    any_house.drop(
        "Artikelstamm_20260201_000000.csv", articles("0010", "0011")
    )
    any_house.once()

    assert ["0010", "0011", "0020"] == known(any_house, "Article")
    assert 4 == pieces(any_house, "0020")


def test_an_older_file_does_not_revive_what_has_ended(
    any_house: House,
) -> None:
    numbers = [f"00{n}" for n in range(10, 20)]
    any_house.offer(dict.fromkeys(numbers, "5"))
    any_house.drop("Artikelstamm_20260301_000000.csv", articles(*numbers[:-1]))
    any_house.once()
    any_house.drop(
        "Artikelstamm_geaendert_20260201_000000.csv", articles("0019")
    )
    any_house.once()

    assert 0 == pieces(any_house, "0019")
    last = max(one.id for one in any_house.deliveries())
    assert ["intake.older"] == any_house.codes(last)


def test_a_confirmed_file_is_judged_by_what_is_known_then(
    house: House,
) -> None:
    house.path.joinpath("mappings").mkdir(exist_ok=True)
    (house.path / "mappings" / "lager.yaml").write_text(
        "mapping: 1\ntitle: Lager\ndirection: in\ndocument: StockLevel\n"
        'files: ["Lager*"]\nfields:\n'
        "  article: { from: Nr, as: code }\n  warehouse: { value: HL }\n"
        "  quantity: { from: Menge, as: decimal }\n",
        "utf-8",
    )
    numbers = [f"00{n}" for n in range(10, 41)]
    rows = dict.fromkeys(numbers, "5")
    house.drop("Artikelstamm_geaendert.csv", articles(*numbers))
    house.drop("Preise.csv", prices(dict.fromkeys(numbers, "5,00")))

    def drop(stamp: str, levels: dict[str, str]) -> None:
        lines = "".join(f"{n};{menge}\n" for n, menge in levels.items())
        house.drop(f"Lager_{stamp}.csv", f"Nr;Menge\n{lines}")
        house.once()

    drop("20260201_120000", rows)
    drop("20260301_120000", {**rows, **dict.fromkeys(numbers[5:], "0")})
    held = max(one.id for one in house.deliveries())
    assert "held" == house.deliveries()[held - 1].state
    drop("20260301_110000", {"0010": "7"})
    house.ask("delivery.confirm", held)
    house.once()

    assert 5 == pieces(house, "0010")


def test_an_unreadable_key_ends_nothing(house: House) -> None:
    numbers = [f"00{n}" for n in range(10, 20)]
    house.offer(dict.fromkeys(numbers, "5"))
    text = articles(*numbers).encode("windows-1252")
    house.drop(
        "Artikelstamm_20260301_000000.csv",
        text.replace(b";0019;", b";0019\x81;"),
    )
    house.once()

    assert 5 == pieces(house, "0019")
    last = max(one.id for one in house.deliveries())
    assert "intake.vanish_skipped" in house.codes(last)


def test_a_row_that_is_stated_and_filtered_out_is_stated_each_time(
    any_house: House,
) -> None:
    keep(any_house, more="only: { Web: true }\n")
    text = "Nr;T;Web\n1;a;ja\n1;b;nein\n2;c;ja\n"
    found = []
    for number in (1, 2, 3):
        any_house.drop(f"Eigene_{number}.csv", text + "\n" * (number // 3))
        any_house.once()
        found.append(known(any_house, "Article"))

    assert [["1", "2"]] * 3 == found


def test_what_a_mapping_takes_from_the_file_name_is_not_overlooked(
    house: House,
) -> None:
    keep(house, field="  part_number: { context: file_name }\n")
    for name in ("Eigene_1.csv", "Eigene_2.csv"):
        house.drop(name, "Nr;T\n1;a\n")
        house.once()

    (body,) = house.column(select(tables.document.c.body))
    assert "Eigene_2.csv" == json.loads(body)["part_number"]
