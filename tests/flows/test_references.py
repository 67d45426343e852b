"""What articles point at is kept, shown, and honestly not transferred."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from tests.house import articles

if TYPE_CHECKING:
    from tests.house import House

HEAD = (
    "Mandant;UrsprungsArt;Ursprungsnummer;ZubehoerArt;Zubehoernummer;"
    "Beziehung;MengenFaktor;Automatisch;Sortierung\n"
)
ROWS = (
    "1;1;0010;1;0011;Zubehoer;1,5;-1;20\n"
    "1;1;0010;1;0099;Zubehoer;;;10\n"
    "1;1;0010;2;030;Zubehoer;;;30\n"
    "1;1;0010;1;0012;UpSelling;;;\n"
)


def said(house: House, capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401
    """What a command prints as JSON."""
    capsys.readouterr()
    main(["--workspace", str(house.path), *words, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def pointing(any_house: House) -> House:
    """An article that points at four things, one of them unknown."""
    any_house.offer({"0010": "7", "0011": "7", "0012": "7"})
    any_house.drop("Zubehoer.csv", HEAD + ROWS)
    any_house.once()
    return any_house


def test_an_offer_lists_what_its_article_points_at(
    pointing: House, capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(pointing, capsys, "offer", "show", "0010")["references"]

    names = ("kind", "to", "sku", "factor", "code")
    assert [
        ("accessory", "0099", None, None, "offers.unknown_target"),
        ("accessory", "0011", "0011", "1.5", "offers.not_transferable"),
        ("accessory", "030", None, None, "offers.reference_group"),
        ("up_selling", "0012", "0012", None, "offers.not_transferable"),
    ] == [tuple(one[name] for name in names) for one in found]


def test_a_target_nobody_knows_is_a_finding_until_it_arrives(
    pointing: House, capsys: pytest.CaptureFixture[str]
) -> None:
    number = str(pointing.deliveries()[-1].id)
    before = said(pointing, capsys, "delivery", "show", number)["findings"]

    pointing.drop(pointing.later("Artikelstamm_geaendert"), articles("0099"))
    pointing.once()

    (one,) = before
    assert ("offers.unknown_target", 3, "Zubehoernummer", "0099") == (
        *(one["code"], one["line"], one["field"], one["value"]),
    )
    after = said(pointing, capsys, "delivery", "show", number)["findings"]
    assert [] == after
    found = said(pointing, capsys, "offer", "show", "0010")["references"]
    assert "offers.unknown_target" not in [one["code"] for one in found]


def test_a_module_writes_its_list_for_a_person(
    pointing: House, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(
        pointing, capsys, "transfer", "run", "accessories", "--dry-run"
    )
    main(["--workspace", str(pointing.path), "transfer", "run", "accessories"])
    before = pointing.body_names()
    pointing.once()

    (path,) = (pointing.path / "reports").glob("accessories_main_DE_*.csv")
    with path.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text, delimiter=";"))
    assert ["0030", "0099", "0011"] != [row[3] for row in rows[1:]]
    assert {"0011", "0099", "030"} == {row[3] for row in rows[1:]}
    assert {one["to"] for one in shown} == {row[3] for row in rows[1:]}
    (eleven,) = [row for row in rows if row[3] == "0011"]
    assert ["0010", "0010", "accessory", "0011", "0011", "1.5", "yes"] == (
        eleven[:7]
    )
    assert "Amazon takes no reference" in eleven[7]
    assert before == pointing.body_names()
