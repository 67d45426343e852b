"""A second look at known rows finds what a first look would find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.flows import arrivals
from bridge.flows import conversion
from bridge.ledger import staging
from tests.house import ARTICLE
from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.ledger.engine import Transaction
    from bridge.ledger.staging import Scope
    from tests.house import House

ROW = "1;0010;Artikel;010;Müller;;1;19,00;Stk;-1;-1\n"
OTHER = ROW.replace("Artikel", "Anderer")
BLANK = ROW.replace(";010;", "; 010;")  # says the same, written otherwise
NEXT = ROW.replace("0010", "0011")

SECOND = {
    "the same file": NEXT + ROW,
    "a known row twice": ROW + NEXT + ROW,
    "a known row and the same, written otherwise": ROW + BLANK,
    "the other way round": BLANK + ROW,
    "a known row and another of its key": ROW + OTHER,
    "another of the key of a known row": NEXT + OTHER + ROW + ROW,
}


def nothing_known(_tx: Transaction, _scope: Scope) -> Iterator[list[bytes]]:
    return iter(())


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND)
def test_idle_rows_are_judged_like_all_others(
    house: House, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    said = []
    for number, known in ((2, staging.known_rows), (4, nothing_known)):
        monkeypatch.setattr(staging, "known_rows", known)
        for place, rows in ((number - 1, ROW + NEXT), (number, second)):
            content = ARTICLE + rows + "\n" * number  # no file twice
            house.drop(f"Artikelstamm_geaendert_{place}.csv", content)
            house.once()
        done = max(house.deliveries(), key=lambda one: one.id)
        numbers = (done.state, done.accepted, done.refused, done.unchanged)
        found = [(f.code, f.line, f.facts) for f in house.findings(number)]
        said.append((numbers, found))

    quick, thorough = said
    assert thorough == quick


def test_a_younger_known_row_makes_its_document_younger(
    any_house: House,
) -> None:
    for number, day in ((1, 14), (2, 15)):
        text = stock({"0010": "5"}, at=f"{day}.01.2026 07:30:00")
        any_house.drop(f"Bestand_{number}.csv", text)
        any_house.once()
    text = stock({"0010": "7"}, at="14.01.2026 18:00:00")
    any_house.drop("Bestand_3.csv", text)
    any_house.once()

    assert ["intake.older"] == any_house.codes(3)


def test_a_younger_file_without_ages_makes_its_documents_younger(
    any_house: House,
) -> None:
    for number, price in ((1, "5,00"), (2, "5,00"), (0, "7,00")):
        name = f"Preise_2026011{number}_120000.csv"
        any_house.drop(name, prices({"0010": price}))
        any_house.once()

    assert ["intake.older"] == any_house.codes(3)


def test_a_warned_row_is_warned_of_again(any_house: House) -> None:
    for number in (1, 2):
        text = articles("0010").replace("Artikel 0010", "x" * 201)
        any_house.drop(f"Artikelstamm_geaendert_{number}.csv", text)
        any_house.once()

    assert any_house.codes(1) == any_house.codes(2) != []


def test_a_small_file_beside_many_known_rows_does_not_load_them(
    any_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_house.drop("Artikelstamm_geaendert_1.csv", ARTICLE + ROW + NEXT)
    any_house.once()
    monkeypatch.setattr(conversion, "FEW", 1)
    monkeypatch.setattr(conversion, "PAYS", 0)
    monkeypatch.setattr(staging, "known_rows", lambda *_of: 1 / 0)
    any_house.drop("Artikelstamm_geaendert_2.csv", ARTICLE + ROW + OTHER)
    any_house.once()

    assert {"intake.twice_different"} == {*any_house.codes(2)}
    assert ["refused", 0] == [
        any_house.deliveries()[1].state,
        any_house.deliveries()[1].unchanged,
    ]


def test_a_file_of_an_inbox_that_was_taken_out_is_a_clear_mistake(
    house: House,
) -> None:
    house.drop("Artikelstamm_1.csv", ARTICLE + ROW)
    parts = house.parts()
    arrivals.receive(parts)
    arrivals.receive(parts)
    parts.close()
    text = (house.path / "bridge.toml").read_text("utf-8")
    other = text.replace('name = "sage"', 'name = "neu"')
    (house.path / "bridge.toml").write_text(other, "utf-8")

    code = house.once()

    failed = house.view("status")["jobs"]["failed"]
    assert 2 == code
    assert failed
