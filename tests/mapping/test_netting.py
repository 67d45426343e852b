"""Prices without tax add up to what the paper itself says."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bridge.mapping.netting import netted
from bridge.mapping.verbs import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.errors import Finding

LINES = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(1, 9999).map(str),
            "total": st.decimals(-999, 99999, places=2).map(str),
            "tax_rate": st.sampled_from(["0", "5.5", "7", "19"]),
        }
    ),
    min_size=1,
    max_size=20,
)


def added(items: Iterable[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(item[name]) for item in items), Decimal(0))


def inside(total: Decimal, rate: Decimal) -> Decimal:
    return rounded(total * rate / (100 + rate), 2)


def paper(lines: list[dict[str, str]], *, by_line: bool) -> dict[str, Any]:
    """A gross paper as Sage adds it up: by rate, or line by line."""
    if by_line:
        parts = [(Decimal(x["total"]), Decimal(x["tax_rate"])) for x in lines]
    else:
        sums: dict[Decimal, Decimal] = defaultdict(Decimal)
        for line in lines:
            sums[Decimal(line["tax_rate"])] += Decimal(line["total"])
        parts = [(total, rate) for rate, total in sums.items()]
    total = added(lines, "total")
    tax = sum((inside(*part) for part in parts), Decimal(0))
    stated = {"net": str(total - tax), "tax": str(tax), "total": str(total)}
    return {"gross": True, "lines": lines, **stated}


def said(document: dict[str, Any]) -> tuple[Any, list[Finding]]:
    found: list[Finding] = []
    return netted(document, found), found


@given(lines=LINES, by_line=st.booleans())
def test_gross_lines_become_net_ones_that_add_up(
    lines: list[dict[str, str]], *, by_line: bool
) -> None:
    stated = paper(lines, by_line=by_line)

    made, found = said(stated)

    assert [] == found
    assert Decimal(stated["net"]) == added(made["lines"], "net_total")
    assert Decimal(stated["tax"]) == added(made["taxes"], "tax")
    assert Decimal(stated["net"]) == added(made["taxes"], "net")


@given(lines=LINES)
def test_a_net_line_is_within_a_cent_of_what_it_is_exactly(
    lines: list[dict[str, str]],
) -> None:
    made, _ = said(paper(lines, by_line=False))

    for line in made["lines"]:
        rate, net = Decimal(line["tax_rate"]), Decimal(line["net_total"])
        exact = Decimal(line["total"]) * 100 / (100 + rate)
        assert abs(net - exact) <= Decimal("0.01")


@given(lines=LINES)
def test_a_net_price_times_the_pieces_is_the_line_to_the_cent(
    lines: list[dict[str, str]],
) -> None:
    made, _ = said(paper(lines, by_line=False))

    for line in made["lines"]:
        product = Decimal(line["net_price"]) * Decimal(line["quantity"])
        assert Decimal(line["net_total"]) == rounded(product, 2)


@given(lines=LINES)
def test_a_net_paper_stays_as_it_is(lines: list[dict[str, str]]) -> None:
    stated = {"gross": False, "lines": lines, "tax": "1.23"}

    made, found = said(stated)

    assert [] == found
    assert [line["total"] for line in lines] == [
        line["net_total"] for line in made["lines"]
    ]


def test_a_net_paper_whose_lines_do_not_add_up_states_its_tax_as_one() -> None:
    line = {"total": "10", "tax_rate": "19"}
    stated = {"gross": False, "lines": [line], "net": "12", "tax": "2.28"}

    made, found = said(stated)

    assert [{"tax": "2.28"}] == made["taxes"]
    assert [] == found


def test_a_difference_is_named_and_the_taxes_stay_empty() -> None:
    line = {"total": "11.90", "tax_rate": "19"}
    stated = {"gross": True, "lines": [line], "tax": "1.90", "total": "15.80"}

    made, (found,) = said(stated)

    assert [] == made["taxes"]
    assert ("mapping.sums_differ", "total") == (found.code, found.field)
    assert "3.9" == found.facts["difference"]


def test_a_tax_that_is_not_the_one_of_its_rate_is_named() -> None:
    line = {"total": "11.90", "tax_rate": "19"}
    stated = {"gross": True, "lines": [line], "tax": "1.85"}

    made, (found,) = said(stated)

    assert [] == made["taxes"]
    assert "tax" == found.field
    assert "-0.05" == found.facts["difference"]


def test_a_gross_line_without_a_rate_has_no_net_price() -> None:
    lines = [
        {"position": 1, "total": "11.90", "unit_price": "11.90"},
        {"position": 2, "total": "0", "unit_price": "5"},
        {"position": 4, "unit_price": "5", "tax_rate": "19"},
        {"position": 3, "total": "11.90", "tax_rate": "19"},
    ]

    made, (found,) = said({"gross": True, "lines": lines, "tax": "3.80"})

    figures = [(x["net_price"], x["net_total"]) for x in made["lines"]]
    assert figures[:3] == [(None, None), ("0", "0"), (None, None)]
    assert "10" == made["lines"][3]["net_total"]
    assert "1" == found.facts["position"]
    assert [] == made["taxes"]


def test_the_tax_amazon_states_of_a_line_is_taken() -> None:
    line = {"total": "11.90", "quantity": "2", "tax_rate": "19", "tax": "1.89"}

    made, _ = said({"gross": True, "lines": [line]})

    (own,) = made["lines"]
    assert ("10.01", "5.005") == (own["net_total"], own["net_price"])


def test_a_tax_of_amazon_that_is_not_of_its_rate_is_not_taken() -> None:
    line = {"total": "11.90", "quantity": "2", "tax_rate": "19", "tax": "1.50"}

    made, _ = said({"gross": True, "lines": [line]})

    assert "10" == made["lines"][0]["net_total"]


def test_a_paper_that_does_not_say_whether_it_is_gross_is_left_alone() -> None:
    stated = {"lines": [{"total": "11.90", "tax_rate": "19"}]}

    made, found = said(stated)

    assert stated == made
    assert [] == found
