"""A credit note is shared out, and gives back no more than was paid."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.flows.crediting import split
from bridge.flows.parcelling import Goods

MILL, SALT = "11", "12"
ORDER = {
    "gross": True,
    "lines": [
        {"item": MILL, "total": "24.90", "shipping": "2.99"},
        {
            "item": SALT,
            "total": "10.98",
            "shipping": "1.00",
            "wrapping": "3.50",
            "discount": "-1.10",
        },
    ],
}
GOODS = Goods(
    {MILL: 1, SALT: 2},
    {"0010": (MILL,), "0020": (SALT,)},
    frozenset({"VERSAND"}),
)


def line(amount: str, *, item: str = "", article: str = "") -> dict[str, Any]:
    return {"item": item, "article": article, "amount": amount, "rate": "19"}


def note(total: str, *lines: dict[str, Any], gross: bool = True) -> Any:  # noqa: ANN401
    return {"gross": gross, "total": total, "lines": lines}


def shared(
    total: str,
    *lines: dict[str, Any],
    given: tuple[dict[str, Any], ...] = (),
) -> dict[str, dict[str, str]]:
    made = split(ORDER, GOODS, note(total, *lines), given)
    assert [] == made.faults
    return {
        item: {kind: str(amount) for kind, amount in amounts.items()}
        for item, amounts in made.items.items()
    }


def test_an_item_and_its_postage() -> None:
    found = shared(
        "27.89", line("24.90", item=MILL), line("2.99", article="VERSAND")
    )

    assert {MILL: {"Principal": "24.90", "Shipping": "2.99"}} == found


def test_an_article_of_one_item_is_enough() -> None:
    assert {SALT: {"Principal": "5.49"}} == shared(
        "5.49", line("5.49", article="0020")
    )


def test_postage_is_taken_from_ways_and_then_from_wrappings() -> None:
    found = shared(
        "10.00", line("5.00", item=SALT), line("5.00", article="VERSAND")
    )

    assert {
        SALT: {"Principal": "5.00", "Shipping": "1.00", "GiftWrap": "1.01"},
        MILL: {"Shipping": "2.99"},
    } == found


@pytest.mark.parametrize(
    ("total", "lines", "code"),
    [
        ("24.91", [line("24.91", item=MILL)], "refunds.too_much"),
        ("1.00", [line("1.00", item="13")], "refunds.unknown_item"),
        ("1.00", [line("1.00", article="X")], "refunds.unknown_article"),
        ("9.00", [line("9.00", article="VERSAND")], "refunds.postage"),
        ("-1.00", [line("-1.00", item=MILL)], "refunds.negative"),
        ("2.00", [line("1.00", item=MILL)], "refunds.sums"),
        (
            "15.48",
            [line("10.98", item=SALT), line("4.50", article="VERSAND")],
            None,
        ),
        (
            "18.47",
            [line("10.98", item=SALT), line("7.49", article="VERSAND")],
            "refunds.too_much",
        ),
    ],
)
def test_what_cannot_be_given_back(
    total: str, lines: list[dict[str, Any]], code: str | None
) -> None:
    made = split(ORDER, GOODS, note(total, *lines), [])

    assert ([code] if code else []) == [one.code for one in made.faults]


def test_what_was_given_back_before_counts() -> None:
    before = [{"item": MILL, "amounts": {"Principal": "20.00"}}]

    made = split(ORDER, GOODS, note("5.00", line("5.00", item=MILL)), before)

    assert ["refunds.too_much"] == [one.code for one in made.faults]


def test_a_net_order_has_its_tax_beside() -> None:
    order = {
        "gross": False,
        "lines": [{"item": MILL, "total": "10.00", "tax": "1.90"}],
    }

    made = split(
        order,
        GOODS,
        note("11.90", line("10.00", item=MILL), gross=False),
        [],
    )

    assert [] == made.faults
    assert ["10.00", "1.90"] == [str(one) for one in made.items[MILL].values()]


def test_a_net_credit_note_does_not_fit_a_gross_order() -> None:
    made = split(
        ORDER, GOODS, note("1", line("1", item=MILL), gross=False), []
    )

    assert ["refunds.gross"] == [one.code for one in made.faults]
