"""Codes and facts become sentences; nothing is said that is not known."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal

import pytest

from bridge.messages import catalogue
from bridge.messages import numbers
from bridge.messages.amounts import Speaker


def test_a_guess_is_made_only_where_a_word_is_near() -> None:
    near = catalogue.advice(
        "config.unknown_key", {"nearest": "amazon", "known": "a, b"}, "de"
    )
    far = catalogue.advice(
        "config.unknown_key", {"nearest": "", "known": "a, b"}, "de"
    )

    assert "Gemeint ist vielleicht „amazon“. Bekannt sind: a, b." == near
    assert "Bekannt sind: a, b." == far


def test_facets_are_named_in_the_language_of_the_reader() -> None:
    facts = {"facets": "price, stock"}

    german = catalogue.sentence("offers.incomplete", facts, "de")
    english = catalogue.sentence("offers.incomplete", facts, "en")

    assert german.endswith("es fehlt: Preis, Bestand.")
    assert english.endswith("missing: price, stock.")


def test_an_unknown_word_is_shown_as_it_is() -> None:
    assert "SHIPPED_TO_MARS" == catalogue.term(
        "state", "SHIPPED_TO_MARS", "de"
    )


@pytest.mark.parametrize(
    ("value", "currency", "german", "english"),
    [
        ("24.9", "EUR", "24,90 EUR", "24.90 EUR"),
        (59, "EUR", "59,00 EUR", "59.00 EUR"),
        (6.5, "EUR", "6,50 EUR", "6.50 EUR"),
        ("0.125", "EUR", "0,125 EUR", "0.125 EUR"),
        ("1500", "JPY", "1500 JPY", "1500 JPY"),
        ("9.9", "???", "9,90 ???", "9.90 ???"),
        ("dear", "EUR", "dear EUR", "dear EUR"),
    ],
)
def test_money_keeps_the_decimals_of_its_currency(
    value: object, currency: str, german: str, english: str
) -> None:
    assert german == numbers.money(value, currency, "de")
    assert english == numbers.money(value, currency, "en")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("1.5", "kilogram", "1,5 kg"),
        ("24", "centimeters", "24 cm"),
        ("3", "bushel", "3 bushel"),
    ],
)
def test_a_measure_has_the_sign_of_its_unit(
    value: str, unit: str, said: str
) -> None:
    assert said == numbers.measure(value, unit, "de")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-07-14T06:31:02.5+00:00", "14.07.2026 08:31"),
        ("2026-12-15T23:59:59+01:00", "15.12.2026 23:59"),
        ("2026-07-14T06:31:02", "2026-07-14T06:31:02"),
        ("yesterday", "yesterday"),
        (None, ""),
    ],
)
def test_a_moment_is_told_by_the_clock_on_the_wall(
    text: str | None, said: str
) -> None:
    assert said == numbers.moment(text, "Europe/Berlin", "de")


def test_a_sentence_writes_money_and_days_as_its_language_does() -> None:
    facts = {"value": "1234.5", "currency": "EUR"}

    german = catalogue.sentence("invoices.sums", facts, "de")
    bare = catalogue.sentence("invoices.sums", {"value": "24.9"}, "en")
    day = catalogue.sentence(
        "intake.future_day", {"value": "2026-12-31"}, "de"
    )

    assert "Bruttobetrag 1234,50 EUR" in german
    assert "24.90" in bare
    assert "31.12.2026" in day


def test_a_sentence_never_fails_for_what_is_missing() -> None:
    assert "…" in catalogue.sentence("invoices.sums", {}, "de")


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("warehouse.pieces", {"value": "2.5"}, "nicht 2,5."),
        ("shipments.fraction", {"value": "1.50"}, "Menge 1,50 "),
        (
            "shipments.future",
            {"value": "2026-11-24 00:00"},
            "24.11.2026 00:00",
        ),
        ("offers.negative_stock", {"value": "-1.5"}, "Bestand -1,5 "),
        (
            "amazon.rule_step",
            {"path": "a.b", "value": "2.5", "limit": "1E-4"},
            "a.b: 2,5 ist kein Vielfaches von 0,0001.",
        ),
        ("amazon.rule_high", {"value": "many", "limit": "9.5"}, "many ist zu"),
    ],
)
def test_numbers_and_instants_in_a_sentence_are_its_languages(
    code: str, facts: dict[str, str], said: str
) -> None:
    assert said in catalogue.sentence(code, facts, "de")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("2.5"), "2,5"),
        (Decimal("1E-4"), "0,0001"),
        (2.5, "2,5"),
        (date(2026, 11, 24), "24.11.2026"),
        (datetime(2026, 11, 24, tzinfo=UTC), "24.11.2026 00:00"),
        ("2.5", "2.5"),
        (3, "3"),
        (True, "True"),
    ],
)
def test_what_is_a_number_or_a_day_needs_no_word_in_its_placeholder(
    value: object, said: str
) -> None:
    assert said == Speaker({"value": value}, "de").format("{value}")
