"""Price lists of Sage become complete offers, and what is wrong is told."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.config.settings import Settings
from bridge.flows.pricing import offers
from bridge.flows.tiers import best
from bridge.model.values import canonical

NOW = datetime(2026, 7, 15, 10, tzinfo=UTC)
Rule = dict[str, Any]
CONSUMERS: Rule = {"list": 2, "audience": "ALL"}
BUSINESS: Rule = {"list": 3, "audience": "B2B"}


def settings(*rules: Rule, **amazon: Any) -> Settings:  # noqa: ANN401
    return Settings.model_validate(
        {"workspace": Path(), "amazon": amazon, "price": rules}
    )


def entry(
    amount: str,
    *,
    number: int = 2,
    pieces: str = "0",
    **more: Any,  # noqa: ANN401
) -> dict[str, Any]:
    said = {"currency": "EUR", "gross": True, "list_name": f"L{number}"}
    return {
        **said,
        "list": number,
        "from_quantity": pieces,
        "amount": amount,
        **more,
    }


def business(*tiers: tuple[str, str]) -> list[dict[str, Any]]:
    """Prices of the list for business, by pieces."""
    return [entry(a, number=3, pieces=pieces) for pieces, a in tiers]


def priced(  # noqa: PLR0913 - all that decides a price
    entries: list[dict[str, Any]],
    how: Settings | None = None,
    *,
    market: str = "DE",
    rate: str | None = "19",
    uvp: str | None = None,
    now: datetime = NOW,
) -> Any:  # noqa: ANN401
    return offers(
        how or settings(CONSUMERS, BUSINESS),
        market,
        entries,
        tax_rate=None if rate is None else Decimal(rate),
        now=now,
        list_price=uvp,
    )


def codes(made: Any) -> list[str]:  # noqa: ANN401
    return [item.code for item in made.findings]


def test_five_of_more_tiers_are_kept_and_the_others_told_one_by_one() -> None:
    entries = [entry("100"), *business(("0", "95"), ("2", "94"))]
    entries += business(("5", "90"), ("10", "89"), ("20", "88"))
    entries += business(("50", "80"), ("100", "70"))

    made = priced(entries)

    tiers = [(t.from_quantity, t.amount) for t in made.offers[1].tiers]
    # 10 and 20 save buyers as little: more of them reach 10
    assert [2, 5, 10, 50, 100] == [quantity for quantity, _ in tiers]
    (left,) = made.findings
    assert ("offers.tier_left_out", "20") == (left.code, left.value)
    facts = {
        "amount": "88.00",
        "instead": "89.00",
        "list": "3 (L3)",
        "currency": "EUR",
    }
    assert facts == left.facts


def test_first_and_largest_discount_are_kept_however_small() -> None:
    amounts = [
        Decimal(a) for a in ("99", "60", "40", "30", "20", "10", "9.99")
    ]

    kept = best(amounts)

    assert (0, len(amounts) - 1) == (kept[0], kept[-1])


def test_a_thousand_tiers_are_thinned_out_at_once() -> None:
    amounts = [Decimal(1000 - number) for number in range(200)]

    assert 5 == len(best(amounts))


def test_a_tier_in_fractions_begins_with_the_next_whole_piece() -> None:
    entries = [entry("100"), *business(("0", "95"), ("1.5", "90"))]
    entries += business(("2.5", "85"))

    made = priced(entries)

    tiers = [(t.from_quantity, t.amount) for t in made.offers[1].tiers]
    assert [(2, Decimal(90)), (3, Decimal(85))] == tiers


def test_tiers_of_consumers_go_to_business_only_if_set_so() -> None:
    entries = [entry("100"), entry("90", pieces="10")]

    kept = priced(entries, settings(CONSUMERS))
    lent = priced(entries, settings(CONSUMERS, tiers_to_b2b=True))

    assert ["ALL"] == [offer.audience for offer in kept.offers]
    assert ["offers.no_consumer_tiers"] == codes(kept)
    assert ["ALL", "B2B"] == [offer.audience for offer in lent.offers]
    assert 10 == lent.offers[1].tiers[0].from_quantity
    assert [] == codes(lent)


def test_a_business_price_above_the_consumers_is_not_sent() -> None:
    made = priced([entry("100"), *business(("0", "100.01"))])

    assert ["ALL"] == [offer.audience for offer in made.offers]
    (found,) = made.findings
    assert ("offers.business_above", "100.01") == (found.code, found.value)
    assert "Einzelpreis" in found.hint("de")


@pytest.mark.parametrize(
    ("more", "code", "column"),
    [
        ({"currency": "CHF"}, "offers.other_currency", "WKz"),
        ({"gross": False}, "offers.no_tax_rate", "Steuersatz"),
        ({"per": "1000"}, "offers.no_price", "PreiseinheitVK"),
    ],
)
def test_where_the_consumers_price_is_wrong_nothing_is_sent(
    more: dict[str, Any], code: str, column: str
) -> None:
    entries = [entry("1", **more), *business(("0", "0.90"))]

    made = priced(entries, rate=None, uvp="120")

    assert [] == made.offers
    assert made.list_price is None  # alone it would take the offer away
    (found,) = made.findings
    assert code == found.code
    assert column in found.hint("de")


def sale(amount: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    days = {"valid_from": "2026-07-01", "valid_to": "2026-07-31"}
    return entry(amount, number=9, promotion=True, **{**days, **more})


def test_a_sale_lasts_whole_days_of_the_sellers_clock() -> None:
    made = priced([entry("10"), sale("8")])

    (offer,) = made.offers
    assert "2026-07-01T00:00:00+02:00" == offer.sale_from.isoformat()
    assert "2026-07-31T23:59:59+02:00" == offer.sale_to.isoformat()
    end = datetime(2026, 7, 31, 22, tzinfo=UTC)
    assert end == made.boundary


def test_a_sale_that_is_over_or_withdrawn_is_gone_from_the_offer() -> None:
    august = datetime(2026, 7, 31, 22, tzinfo=UTC)

    over = priced([entry("10"), sale("8")], now=august)
    withdrawn = priced([entry("10")])

    assert over.offers == withdrawn.offers
    assert over.offers[0].sale is None
    assert over.boundary is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": "10"}, "offers.sale_not_cheaper"),
        ({"valid_to": "2026-06-30"}, "offers.sale_backwards"),
        ({"from_quantity": "5"}, "offers.no_sale_tiers"),
    ],
)
def test_a_sale_that_cannot_be_is_told_and_the_price_is_sent(
    more: dict[str, Any], code: str
) -> None:
    june = datetime(2026, 6, 15, tzinfo=UTC)

    made = priced([entry("10"), {**sale("8"), **more}], now=june)

    assert (Decimal(10), None) == (made.offers[0].amount, made.offers[0].sale)
    assert [code] == codes(made)


def test_the_promotions_of_another_marketplace_lower_nothing_here() -> None:
    french = {**CONSUMERS, "marketplaces": ["FR"], "promotions": [9]}
    german = {**CONSUMERS, "promotions": []}
    how = settings(german, french, marketplaces=["DE", "FR"])

    entries = [entry("10"), sale("8")]

    assert priced(entries, how).offers[0].sale is None
    assert Decimal(8) == priced(entries, how, market="FR").offers[0].sale


@pytest.mark.parametrize(
    ("uvp", "market", "shown", "code"),
    [
        ("12.50", "DE", "12.50", []),
        ("10", "DE", None, ["offers.list_price_low"]),
        ("9.99", "DE", None, ["offers.list_price_low"]),
        ("12.50", "PL", None, ["offers.list_price_currency"]),
    ],
)
def test_a_recommended_price_stands_only_above_the_price(
    uvp: str, market: str, shown: str | None, code: list[str]
) -> None:
    polish = {"list": 2, "marketplaces": ["PL"]}
    how = settings(CONSUMERS, polish, marketplaces=["DE", "PL"])
    money = "PLN" if market == "PL" else "EUR"

    made = priced([entry("10", currency=money)], how, market=market, uvp=uvp)

    assert (shown, code) == (made.list_price, codes(made))


def test_a_net_price_is_rounded_once_and_says_why() -> None:
    net = entry("11.1111", gross=False, per="3")

    made = priced([net])

    (reason,) = made.reasons
    assert Decimal("4.41") == made.offers[0].amount  # 11.1111 / 3 * 1.19
    assert {
        "audience": "ALL",
        "kind": "price",
        "from_quantity": 1,
        "amount": "4.41",
        "currency": "EUR",
        "list": "2 (L2)",
        "stated": "11.1111",
        "per": "3",
        "gross": False,
        "tax_rate": "19",
    } == reason.shown("EUR")


CENTS = st.decimals("0.01", "500", places=2).map(str)
PIECES = st.one_of(
    st.integers(0, 60).map(Decimal), st.decimals("0.1", "60", places=1)
).map(canonical)


@st.composite
def lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few prices of both audiences, each quantity of a list once."""
    found = []
    for number in (2, 3, 9):
        tiers = draw(st.dictionaries(PIECES, CENTS, max_size=12))
        gross = draw(st.booleans())
        for pieces, amount in tiers.items():
            make = sale if number == 9 else entry
            more = {"list": number, "from_quantity": pieces, "gross": gross}
            found.append({**make(amount), **more})
    return found


@given(entries=lists(), data=st.data())
def test_whatever_the_lists_say_amazon_can_take_the_offers(
    entries: list[dict[str, Any]], data: st.DataObject
) -> None:
    made = priced(entries)
    again = priced(data.draw(st.permutations(entries)))

    assert (made.offers, made.findings) == (again.offers, again.findings)
    for offer in made.offers:
        steps = [tier.from_quantity for tier in offer.tiers]
        amounts = [offer.amount, *(tier.amount for tier in offer.tiers)]
        assert len(steps) <= 5
        assert steps == sorted(set(steps))
        assert all(step > 1 for step in steps)
        assert amounts == sorted(set(amounts), reverse=True)
        assert not (offer.tiers and offer.audience == "ALL")
        assert offer.sale is None or offer.sale < offer.amount
    if len(made.offers) == 2:
        assert made.offers[1].amount <= made.offers[0].amount
