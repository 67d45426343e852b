"""Amounts and measures, and their one canonical text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity with its unit, such as 0.42 kilogram."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its ISO 4217 currency."""

    amount: Decimal
    currency: str


def canonical(number: Decimal) -> str:
    """The one text of a number: no exponent, no useless zero.

    Equal numbers give equal texts, so that texts may be compared, hashed
    and stored in place of the number.
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def micros(instant: datetime) -> int:
    """UTC microseconds since 1970 of an aware instant."""
    return (instant - EPOCH) // MICROSECOND
