"""What offers were is brought back, when a person says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

from bridge.app.clock import SystemClock
from bridge.cli.main import main
from bridge.ledger import submissions as submitted
from bridge.ledger import views
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    import pytest

    from tests.house import House


def run(house: House, *words: str) -> int:
    return main(["--workspace", str(house.path), *words])


def price(house: House, amount: str) -> None:
    house.drop(house.later("Preise"), prices({"0010": amount}))
    house.once()


def pieces(house: House, number: str) -> None:
    house.drop(
        house.later("Bestand"), stock({"0010": number}, at=later(house))
    )
    house.once()


def later(house: House) -> str:
    """A younger moment of counting than any before."""
    return f"14.01.2026 08:{house.stamp:02d}:00"


def at_amazon(house: House) -> tuple[Any, Any]:
    """Price and pieces as Amazon has accepted them."""
    facets = house.facets("0010")
    offer = facets["price"]["accepted"]["purchasable_offer"][0]
    shelf = facets["stock"]["accepted"]["fulfillment_availability"][0]
    schedule = offer["our_price"][0]["schedule"][0]
    return schedule["value_with_tax"], shelf["quantity"]


def confirm(house: House) -> None:
    """Confirm what is held."""
    (held,) = [row for row in submissions(house) if row["state"] == "held"]
    run(house, "submission", "confirm", str(held["id"]))
    house.once()


def submissions(house: House) -> list[dict[str, Any]]:
    parts = house.parts()
    with parts.ledger.read() as tx:
        rows = submitted.listed(tx, parts.side)
        found = [views.submission_row(row) for row in rows]
    parts.close()
    return found


def test_a_delivery_is_undone_once_a_person_confirms(any_house: House) -> None:
    any_house.offer({"0010": "7"}, "10,00")
    price(any_house, "1,00")
    wrong = any_house.deliveries()[-1].id
    before = any_house.body_names()

    assert 0 == run(any_house, "delivery", "undo", str(wrong))
    any_house.once()
    assert before == any_house.body_names()
    assert (1.0, 7) == at_amazon(any_house)
    (warning,) = any_house.view("status")["warnings"]
    assert "waits to be confirmed" in warning

    confirm(any_house)

    assert (10.0, 7) == at_amazon(any_house)
    assert [] == any_house.view("status")["warnings"]


def test_what_was_taken_back_stays_so_until_sage_says_something_new(
    any_house: House,
) -> None:
    any_house.offer({"0010": "7"}, "10,00")
    pieces(any_house, "0")
    wrong = str(any_house.deliveries()[-1].id)
    assert 3 == run(any_house, "delivery", "undo", wrong)  # stock is left out
    run(any_house, "delivery", "undo", wrong, "--stock")
    confirm(any_house)

    price(any_house, "12,00")  # composed anew, and Sage still says 0
    assert (12.0, 7) == at_amazon(any_house)
    pieces(any_house, "5")
    assert (12.0, 5) == at_amazon(any_house)
    pieces(any_house, "0")
    assert (12.0, 0) == at_amazon(any_house)


def test_sage_may_say_again_what_was_taken_back_after_all(
    house: House,
) -> None:
    house.offer({"0010": "7"}, "10,00")
    price(house, "1,00")
    run(house, "delivery", "undo", str(house.deliveries()[-1].id))
    confirm(house)

    price(house, "10,00")
    price(house, "1,00")

    assert (1.0, 7) == at_amazon(house)


def test_an_offer_is_restored_as_it_was_but_for_its_stock(
    house: House,
) -> None:
    house.offer({"0010": "7"}, "10,00")
    then = SystemClock().now().isoformat()
    price(house, "11,00")
    price(house, "12,00")
    pieces(house, "3")

    code = run(house, "offer", "restore", "0010", "--at", then)
    confirm(house)

    assert 0 == code
    assert (10.0, 3) == at_amazon(house)


def test_what_was_changed_again_meanwhile_is_not_taken_back(
    house: House,
) -> None:
    house.offer({"0010": "7"}, "10,00")
    price(house, "1,00")
    run(house, "delivery", "undo", str(house.deliveries()[-1].id))
    price(house, "9,00")

    confirm(house)

    assert (9.0, 7) == at_amazon(house)
    (row,) = [r for r in submissions(house) if r["operation"] == "restore"]
    assert (1, 0) == (row["messages"], row["accepted"])


def test_what_amazon_refused_of_a_delivery_is_wished_for_no_more(
    house: House,
) -> None:
    house.offer({"0010": "7"}, "10,00")
    issue = {"code": "90248", "severity": "ERROR", "message": "Too low."}
    house.answer("no", {"sku": "0010"}, status="INVALID", issues=[issue])
    price(house, "0,01")
    assert "refused" == house.facets("0010")["price"]["state"]

    run(house, "delivery", "undo", str(house.deliveries()[-1].id))
    confirm(house)

    assert "same" == house.facets("0010")["price"]["state"]
    assert (10.0, 7) == at_amazon(house)


def test_nothing_to_bring_back_is_said(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")
    now = SystemClock().now().isoformat()

    codes = [
        run(house, "offer", "restore", "0010", "--at", now),
        run(house, "offer", "restore", "0010", "--at", "gestern"),
        run(house, "offer", "restore", "0010", "--at", "2999-01-01"),
        run(house, "delivery", "undo", "1"),
        run(house, "submission", "confirm", "1"),
    ]

    said = capsys.readouterr().err
    assert {3} == set(codes)
    for text in (
        *("was then no other", "is no point in time", "is yet to come"),
        *("No offer is as delivery 1", "does not wait to be confirmed"),
    ):
        assert text in said
    assert 1 == len(submissions(house))


def test_a_held_submission_shows_old_and_new_and_can_be_dropped(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")
    price(house, "1,00")
    run(house, "delivery", "undo", str(house.deliveries()[-1].id))
    (held,) = [row for row in submissions(house) if row["state"] == "held"]
    shown = capsys.readouterr().out

    run(house, "submission", "discard", str(held["id"]))
    house.once()
    capsys.readouterr()
    run(house, "submission", "show", str(held["id"]), "--json")

    found = json.loads(capsys.readouterr().out)
    assert "1.00 EUR -> 10.00 EUR" in shown
    assert f"bridge submission confirm {held['id']}" in shown
    assert "discarded" == found["state"]
    assert (1.0, 7) == at_amazon(house)


def test_an_offer_says_what_was_restored_against_sage(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")
    price(house, "1,00")
    run(house, "delivery", "undo", str(house.deliveries()[-1].id))
    confirm(house)
    capsys.readouterr()

    run(house, "offer", "show", "0010", "--json")

    (why,) = json.loads(capsys.readouterr().out)["marketplaces"]["DE"]["why"]
    assert "offers.why_restored" == why["code"]
    assert "price" in why["message"]


def test_sages_price_is_told_apart_from_what_was_restored(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")
    run(house, "offer", "show", "0010")
    before = capsys.readouterr().out
    price(house, "1,00")
    run(house, "delivery", "undo", str(house.deliveries()[-1].id))
    confirm(house)
    capsys.readouterr()

    run(house, "offer", "show", "0010")

    said = " ".join(capsys.readouterr().out.split())
    assert "purchasable_offer: 10.00 EUR What Sage says, taken back" in said
    assert "person: price: 1.00 EUR" in said
    assert "What Sage says" not in before


def test_a_delivery_that_waits_to_be_undone_is_not_held_twice(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")
    price(house, "1,00")
    wrong = str(house.deliveries()[-1].id)

    first = run(house, "delivery", "undo", wrong)
    second = run(house, "delivery", "undo", wrong)
    said = capsys.readouterr().err
    held = [row for row in submissions(house) if row["state"] == "held"]
    run(house, "submission", "discard", str(held[0]["id"]))
    house.once()
    third = run(house, "delivery", "undo", wrong)

    assert [0, 3, 0] == [first, second, third]
    assert 1 == len(held)
    assert f"bridge submission confirm {held[0]['id']}" in said


def test_without_a_moment_those_amazon_accepted_are_named(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")
    price(house, "1,00")

    code = run(house, "offer", "restore", "0010")
    said = " ".join(capsys.readouterr().err.split())
    command = said.partition('--at "')[2].partition('"')[0]
    named = run(house, "offer", "restore", "0010", "--at", command)
    confirm(house)

    assert (3, 0) == (code, named)
    assert "(price)" in said
    assert (10.0, 7) == at_amazon(house)


def test_without_a_moment_and_a_former_state_that_is_said(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"}, "10,00")

    code = run(house, "offer", "restore", "0010")

    said = capsys.readouterr().err
    assert 3 == code
    assert "there is no moment to go back to" in said
    assert "Correct it in Sage" in said
