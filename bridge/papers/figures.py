"""Amounts, quantities and days as letters show them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel.numbers import get_currency_precision

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

MARKS = {"de": str.maketrans(",.", ".,"), "en": str.maketrans("", "")}
MOST_PLACES = 6  # of a price: a thousand screws may cost 3.456789
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
PERCENT_GAP = "\u00a0"


@lru_cache(64)
def _places(currency: str) -> int:
    return int(get_currency_precision(currency or "EUR"))


def amount(value: Decimal, currency: str, language: str) -> str:
    """Money to its smallest coin: ``1.234,50`` or ``1,234.50``."""
    return f"{value:,.{_places(currency)}f}".translate(MARKS[language])


def money(value: Decimal, currency: str, language: str) -> str:
    """The same with its currency: ``1.234,50 EUR``."""
    return f"{amount(value, currency, language)}\u00a0{currency}"


def price(value: Decimal, currency: str, language: str) -> str:
    """A price of one unit, with more places than a coin where it has them."""
    least, trimmed = _places(currency), value.normalize()
    own = -int(trimmed.as_tuple().exponent)
    places = min(max(least, own), MOST_PLACES)
    return f"{value:,.{places}f}".translate(MARKS[language])


def quantity(value: Decimal, language: str) -> str:
    """A number of pieces or metres, without needless zeros."""
    trimmed = value.normalize()
    places = max(0, -int(trimmed.as_tuple().exponent))
    return f"{value:,.{places}f}".translate(MARKS[language])


def percent(value: Decimal, language: str) -> str:
    """A rate: ``19 %``."""
    sign = "%" if language == "en" else f"{PERCENT_GAP}%"
    return f"{quantity(value, language)}{sign}"


def day(value: date | None, language: str) -> str:
    """A day as letters write it; empty for none."""
    if value is None:
        return ""
    if language == "de":
        return f"{value:%d.%m.%Y}"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
