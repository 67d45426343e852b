"""Amounts, measures and moments as a person writes them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from decimal import InvalidOperation
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from bridge.messages import catalogue

MOMENTS = {"de": "%d.%m.%Y %H:%M", "en": "%Y-%m-%d %H:%M"}


def number(value: object, language: str = "en") -> str:
    """A number with the decimal sign of the language, digits as they are."""
    text = str(value)
    return text.replace(".", ",") if language == "de" else text


def amount(value: object, currency: str, language: str = "en") -> str:
    """An amount of money, with at least the decimals of its currency.

    Args:
        value: A number or its text; anything else is shown as it is.
        currency: ISO 4217; euro decimals where it is not known.
        language: ``de`` or ``en``.
    """
    try:
        given = Decimal(str(value))
        decimals = get_currency_precision(currency or "EUR")
        least = Decimal(1).scaleb(-decimals)
        exact = given.quantize(least)
    except InvalidOperation:
        return str(value)
    shown = exact if exact == given else given
    return number(format(shown, "f"), language)


def money(value: object, currency: str, language: str = "en") -> str:
    """An amount with its currency: ``24,90 EUR``."""
    return f"{amount(value, currency, language)} {currency}".rstrip()


def measure(value: object, unit: str, language: str = "en") -> str:
    """A quantity with the sign of its unit: ``1,5 kg``."""
    sign = catalogue.term("unit", unit, language)
    return f"{number(value, language)} {sign}".rstrip()


def moment(text: str | None, zone: str, language: str = "en") -> str:
    """An ISO 8601 instant on the clock of a place, to the minute."""
    if not text:
        return ""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    if instant.tzinfo is None:
        return text
    return instant.astimezone(ZoneInfo(zone)).strftime(MOMENTS[language])
