"""Money, numbers and days as a language writes them; sentences use them too.

A placeholder says what it is, where a fact is text: ``{value:money}``,
``{value:number}``, ``{value:day}``, ``{value:moment}``. What is a number or a
day itself needs no word.
"""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from decimal import InvalidOperation
from string import Formatter
from typing import TYPE_CHECKING
from typing import Any

from babel.numbers import format_decimal
from babel.numbers import get_currency_precision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

MOMENTS = {"de": "%d.%m.%Y %H:%M", "en": "%Y-%m-%d %H:%M"}
DAYS = {"de": "%d.%m.%Y", "en": "%Y-%m-%d"}
UNKNOWN = "…"  # a fact that is missing never stops a sentence


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


def day(value: object, language: str = "en") -> str:
    """A day, given as ISO 8601; anything else is shown as it is."""
    try:
        return date.fromisoformat(str(value)).strftime(DAYS[language])
    except ValueError:
        return str(value)


def decimal(value: object, language: str = "en") -> str:
    """A number in full, without an exponent; anything else as it is."""
    try:
        return number(format(Decimal(str(value)), "f"), language)
    except InvalidOperation:
        return str(value)


def abroad(value: Decimal, tag: str) -> str:
    """A number in full, as a country such as ``fr_FR`` writes it."""
    return format_decimal(value, locale=tag, decimal_quantization=False)


def clock(value: object, language: str = "en") -> str:
    """A day and minute as a clock shows them; anything else as it is."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return at.strftime(MOMENTS[language])


WAYS = {"number": decimal, "day": day, "moment": clock}
#: What a fact is, if its placeholder does not say; a datetime is a date.
KINDS = ((datetime, clock), (date, day), (Decimal, decimal), (float, decimal))


class Speaker(Formatter):
    """Fills the placeholders of one sentence.

    Args:
        facts: What they stand for; ``currency`` goes with every amount.
        language: ``de`` or ``en``.
    """

    def __init__(self, facts: Mapping[str, object], language: str) -> None:
        self._facts = facts
        self._language = language

    def get_value(
        self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> object:
        """The fact of a name."""
        del args, kwargs
        return self._facts.get(str(key), UNKNOWN)

    def format_field(self, value: object, format_spec: str) -> str:
        """A value as its placeholder says."""
        if format_spec == "money":
            currency = str(self._facts.get("currency") or "")
            return money(value, currency, self._language)
        if format_spec in WAYS:
            return WAYS[format_spec](value, self._language)
        for kind, way in KINDS:
            if isinstance(value, kind) and not format_spec:
                return way(value, self._language)
        return str(super().format_field(value, format_spec))
