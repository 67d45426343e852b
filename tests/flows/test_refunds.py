"""Money goes back when a person says so, at Amazon and in rehearsal, once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from tests.sagepapers import CONSUMER
from tests.sagepapers import PEPPER
from tests.sagepapers import paper
from tests.sagepapers import ship
from tests.sagepapers import state
from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.house import House
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

GIVEN = [(CONSUMER, {(PEPPER, "Principal"): "24.90"})]
NOTE = paper("Gutschrift")


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A shop whose order left and came back: Sage wrote a credit note."""
    shop = open_shop(tmp_path / "shop", amazon, clock)
    at = clock.now() - timedelta(hours=3)
    for raw in sample_orders(tmp_path / "samples", at):
        amazon.seller.orders[raw["orderId"]] = raw
    shop.once()
    ship(shop.house)
    state(shop.house, NOTE)
    shop.once()
    return shop


def shown(house: House) -> dict[str, Any]:
    rows = house.view("order_rows")
    order = next(row for row in rows if row["id"] == CONSUMER)
    found: dict[str, Any] = next(
        one for one in order["papers"] if one["kind"] == "refund"
    )
    return found


def confirm(house: House, **more: Any) -> str | None:  # noqa: ANN401
    """A person says that the money goes back."""
    wish = {
        "order": CONSUMER,
        "key": "\x1f".join(shown(house)["key"]),
        "total": "24.9",
        "reason": "CustomerReturn",
        **more,
    }
    return house.ask("order.refund", json.dumps(wish))


def test_no_money_moves_before_a_person_says_so(shop: Shop) -> None:
    one = shown(shop.house)

    assert [] == shop.amazon.seller.refunds
    assert ("person", "24.9") == (one["lacks"], one["total"])
    assert {"Principal": "24.90"} == one["items"][0]["amounts"]


def test_confirmed_money_goes_back_once(shop: Shop) -> None:
    outcome = confirm(shop.house)
    code = shop.once()
    again = confirm(shop.house)
    state(shop.house, NOTE)
    shop.once()

    assert ("done", 0, "refused") == (outcome, code, again)
    assert GIVEN == shop.amazon.seller.refunds
    assert "accepted" == shown(shop.house)["state"]


@pytest.mark.parametrize(
    "wish", [{"total": "25"}, {"reason": "Because"}, {"key": "x"}]
)
def test_only_what_the_person_saw_is_confirmed(
    shop: Shop, wish: dict[str, str]
) -> None:
    outcome = confirm(shop.house, **wish)
    shop.once()

    assert ("refused", []) == (outcome, shop.amazon.seller.refunds)


def test_a_credit_note_that_changes_is_confirmed_anew(shop: Shop) -> None:
    confirm(shop.house)
    changed = {"net": "8,40", "tax": "1,60", "total": "10,00"}
    lines = [(PEPPER, "0010010", "10,00")]
    state(shop.house, paper("Gutschrift", **changed, lines=lines))

    shop.once()

    total = sum(
        float(amount)
        for _, given in shop.amazon.seller.refunds
        for amount in given.values()
    )
    assert total in {0, 24.9}  # what was confirmed, or nothing yet


@pytest.mark.parametrize("fault", ["lost", "503", "429"])
def test_a_feed_that_was_or_was_not_made_gives_back_once(
    shop: Shop, fault: Fault
) -> None:
    shop.amazon.faults.plan("createFeed", fault)
    confirm(shop.house)

    shop.once()

    given = shop.amazon.seller.refunds
    assert given in ([], GIVEN)
    wanted = "accepted" if given else "doubt"
    assert wanted == shown(shop.house)["state"]


def test_what_nobody_can_tell_waits_for_a_person(shop: Shop) -> None:
    shop.amazon.faults.plan("createFeed", "dropped")
    confirm(shop.house)
    code = shop.once()
    first = (shown(shop.house)["state"], list(shop.amazon.seller.refunds))
    shop.once()

    outcome = confirm(shop.house, again=True)
    shop.once()

    assert (5, ("doubt", []), "done") == (code, first, outcome)
    assert GIVEN == shop.amazon.seller.refunds


@pytest.mark.parametrize("ending", ["FATAL silent", "FATAL"])
def test_a_feed_that_broke_is_in_doubt(shop: Shop, ending: str) -> None:
    shop.amazon.seller.endings.append(ending)
    shop.amazon.seller.verdicts[CONSUMER] = [{"message": ""}]
    confirm(shop.house)

    shop.once()
    shop.once()

    wanted = "doubt" if ending.endswith("silent") else "refused"
    assert wanted == shown(shop.house)["state"]
    assert [] == shop.amazon.seller.refunds


def test_amazons_no_stands_at_the_order(shop: Shop) -> None:
    shop.amazon.seller.verdicts[CONSUMER] = [{"message": "Too late."}]
    confirm(shop.house)

    code = shop.once()

    one = shown(shop.house)
    assert (5, "refused") == (code, one["state"])
    assert "Too late." == one["issues"][0]["message"]


def test_more_than_was_paid_is_said_at_the_row(house: House) -> None:
    house.order()
    house.once()
    ship(house)
    lines = [(PEPPER, "0010010", "30,00")]
    more = {"net": "25,21", "tax": "4,79", "total": "30,00"}
    state(house, paper("Gutschrift", **more, lines=lines))

    code = house.once()

    number = next(
        one.id for one in house.deliveries() if one.name.startswith("Belege")
    )
    found = [(one.code, one.field) for one in house.findings(number)]
    assert ("refunds.too_much", "Gesamtpreis") in found
    assert (5, "refused") == (code, shown(house)["state"])


def test_a_refund_is_rehearsed(any_house: House) -> None:
    any_house.order()
    any_house.once()
    ship(any_house)
    state(any_house, NOTE)
    any_house.once()

    confirm(any_house)
    code = any_house.once()

    (name,) = [n for n in any_house.body_names() if "ADJUSTMENT" in n]
    body = (any_house.path / "outbox" / "amazon" / name).read_text("utf-8")
    assert 0 == code
    assert '<Amount currency="EUR">24.90</Amount>' in body
    assert "accepted" == shown(any_house)["state"]


def told(house: House, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What ``order refund`` says when it does nothing."""
    path = ["--workspace", str(house.path)]
    capsys.readouterr()
    assert 3 == main([*path, "order", "refund", CONSUMER, *words])
    return " ".join(capsys.readouterr().err.split())


def test_a_refund_that_cannot_be_says_what_is_there_and_what_to_do(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = told(shop.house, capsys, "--paper", "4711")
    needless = told(shop.house, capsys, "--again")
    confirm(shop.house)
    asked = told(shop.house, capsys)
    shop.once()
    given = told(shop.house, capsys)

    assert "no credit note 4711; it has: 600001" in wrong
    assert f"bridge order refund {CONSUMER} --paper 600001" in needless
    assert "is asked for already" in asked
    assert "never does so twice" in given


def test_a_refund_that_failed_names_again_and_where_to_look(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.amazon.seller.verdicts[CONSUMER] = [
        {"code": "18028", "message": "No.", "severity": "ERROR"}
    ]
    confirm(shop.house)
    shop.once()

    failed = told(shop.house, capsys)

    assert "refused" == shown(shop.house)["state"]
    assert "Seller Central" in failed
    assert "--paper 600001 --again" in failed


def test_an_order_without_a_credit_note_says_so(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.order()
    house.once()

    assert "no credit note" in told(house, capsys)


def test_a_credit_note_that_waits_says_for_what(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.order()
    state(house, NOTE)
    house.once()

    assert "waits for the order" in told(house, capsys)


TWIN = paper("Gutschrift", number="600002", file="GS_2026_2.pdf")


def papers(house: House) -> dict[str, Any]:
    """The credit notes of the order by their number."""
    (order,) = (
        row for row in house.view("order_rows") if row["id"] == CONSUMER
    )
    return {
        one["number"]: one
        for one in order["papers"]
        if one["kind"] == "refund"
    }


def wish_for(house: House, number: str, **more: Any) -> str | None:  # noqa: ANN401
    key = "\x1f".join(papers(house)[number]["key"])
    return confirm(house, key=key, **more)


@pytest.fixture
def twins(shop: Shop) -> Shop:
    """Two credit notes wait for the same item, each for all of it."""
    state(shop.house, TWIN)
    shop.once()
    return shop


def test_confirming_one_of_two_that_clash_names_the_other(
    twins: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(twins.house, capsys, "--paper", "600001")
    outcome = wish_for(twins.house, "600001")
    twins.once()

    assert "600001 (24.90 EUR) and 600002 (24.90 EUR)" in said
    assert "--paper 600001 --alone" in said
    assert ("refused", []) == (outcome, twins.amazon.seller.refunds)


def test_the_one_a_person_chose_is_paid_and_the_other_refused_by_the_bridge(
    twins: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = wish_for(twins.house, "600001", alone=True)
    second = wish_for(twins.house, "600002", alone=True)
    twins.once()
    plain = told(twins.house, capsys, "--paper", "600002")
    again = told(twins.house, capsys, "--paper", "600002", "--again")

    found = papers(twins.house)
    assert ("done", "refused") == (first, second)
    assert GIVEN == twins.amazon.seller.refunds
    states = [found[name]["state"] for name in ("600001", "600002")]
    assert ["accepted", "refused"] == states
    for said in (plain, again):
        assert "The bridge refused the credit note 600002" in said
        assert "doubt" not in said
        assert "Correct the credit note in Sage" in said


@pytest.mark.parametrize(
    ("said", "code", "column"),
    [
        ({"currency": "CHF"}, "refunds.currency", "WKz"),
        (
            {
                "net": "0,00",
                "tax": "0,00",
                "total": "0,00",
                "lines": [(PEPPER, "0010010", "0,00")],
            },
            "refunds.nothing",
            "Bruttobetrag",
        ),
    ],
)
def test_what_amazon_cannot_give_back_is_refused_before_anybody_is_asked(
    house: House, said: dict[str, Any], code: str, column: str
) -> None:
    house.order()
    house.once()
    ship(house)
    state(house, paper("Gutschrift", **said))

    house.once()

    found = [
        (one.code, one.field)
        for row in house.deliveries()
        for one in house.findings(row.id)
    ]
    assert (code, column) in found
    assert "refused" == shown(house)["state"]
