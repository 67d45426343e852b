"""Values as a person reads them, not as a program writes them."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.cli.reading import Reader

GERMAN, ENGLISH = Reader("de"), Reader("en")
OFFER: dict[str, Any] = {
    "marketplace_id": "A1",
    "audience": "ALL",
    "currency": "EUR",
    "our_price": [{"schedule": [{"value_with_tax": 24.9}]}],
    "discounted_price": [
        {
            "schedule": [
                {
                    "start_at": "2026-11-17T00:00:00+01:00",
                    "end_at": "2026-12-15T23:59:59+01:00",
                    "value_with_tax": 19.9,
                }
            ]
        }
    ],
}
BUSINESS: dict[str, Any] = {
    "audience": "B2B",
    "currency": "EUR",
    "our_price": [{"schedule": [{"value_with_tax": 24}]}],
    "quantity_discount_plan": [
        {
            "schedule": [
                {
                    "discount_type": "fixed",
                    "levels": [{"lower_bound": 10, "value": 23.6}],
                }
            ]
        }
    ],
}


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ({"value": "1.5", "unit": "kilogram"}, "1,5 kg", "1.5 kg"),
        ({"amount": "6.5", "currency": "EUR"}, "6,50 EUR", "6.50 EUR"),
        (True, "ja", "yes"),
        (None, "-", "-"),
        (["a", "b"], "a, b", "a, b"),
        ([{"a": 1, "b": 0.5}, {"a": 2}], "a 1, b 0,5; a 2", "a 1, b 0.5; a 2"),
        ("two\nlines", "two lines", "two lines"),
        ("0012", "0012", "0012"),
    ],
)
def test_a_value_has_no_brackets(
    value: object, german: str, english: str
) -> None:
    assert german == GERMAN.plain(value)
    assert english == ENGLISH.plain(value)


def test_an_offer_tells_prices_sale_and_tiers() -> None:
    said = GERMAN.attribute("purchasable_offer", [OFFER, BUSINESS])

    assert (
        "24,90 EUR, Aktion 19,90 EUR ab 17.11.2026 00:00 bis 15.12.2026 23:59"
        " | B2B 24,00 EUR, ab 10 Stück 23,60 EUR"
    ) == said


def test_the_short_form_keeps_both_decimals() -> None:
    assert "24.90 (19.90) / B2B 24.00 EUR" == ENGLISH.prices([OFFER, BUSINESS])
    assert "-" == ENGLISH.prices([])


def test_an_attribute_leaves_out_what_every_instance_says() -> None:
    instance = {"value": "Dose", "marketplace_id": "A1", "language_tag": "de"}

    assert "Dose" == ENGLISH.attribute("item_name", [instance])
