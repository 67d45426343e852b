"""An issue leads back to the line of the mapping and the column of Sage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

from bridge.cli.main import main
from tests.standin.definitions import schema
from tests.standin.definitions import text

if TYPE_CHECKING:
    import pytest

    from tests.house import House


def show(capsys: pytest.CaptureFixture[str], house: House, *words: str) -> str:
    main(["--workspace", str(house.path), "offer", *words])
    return capsys.readouterr().out


def of_market(
    capsys: pytest.CaptureFixture[str], house: House
) -> dict[str, Any]:
    found = json.loads(show(capsys, house, "show", "0010", "--json"))
    market: dict[str, Any] = found["marketplaces"]["DE"]
    return market


def refuse_by_own_check(house: House) -> None:
    path = house.path / "state/product-types/DE/PRODUCT.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(schema(item_name=text(5))), "utf-8")
    house.offer({"0010": "5"})


def test_our_own_check_names_attribute_value_rule_line_and_column(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse_by_own_check(house)

    said = show(capsys, house, "show", "0010")

    assert (
        "Own check: item_name.0.value: 'Artikel 0010' is longer than"
        " 5 characters." in said
    )
    assert "item_name: angebote.yaml:" in said
    assert "[Bezeichnung1" in said


def test_amazons_own_issues_lead_back_as_well(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.answer(
        "10_price",
        {"sku": "0010"},
        status="INVALID",
        issues=[
            {
                "code": "18155",
                "severity": "ERROR",
                "message": "The price is too low.",
                "attributeNames": ["purchasable_offer"],
            }
        ],
    )
    house.offer({"0010": "5"})

    (issue,) = of_market(capsys, house)["issues"]
    (origin,) = issue["origins"]

    assert "The price is too low." == issue["message"]
    assert "purchasable_offer" == origin["attribute"]
    assert ["Einzelpreis"] == origin["from"][0]["columns"]


def test_an_offer_our_own_check_refused_is_a_problem(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse_by_own_check(house)

    assert "0010" in show(capsys, house, "list", "--problem")


def test_an_attribute_the_mapping_does_not_make_leads_nowhere(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    path = house.path / "state/product-types/DE/PRODUCT.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(schema("batteries_required")), "utf-8")
    house.offer({"0010": "5"})

    (issue,) = of_market(capsys, house)["issues"]

    assert [] == issue["origins"]
    assert (
        "batteries_required is missing; Amazon demands it."
        == (issue["message"])
    )
