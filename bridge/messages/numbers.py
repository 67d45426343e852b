"""Amounts, measures and moments as a person writes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bridge.messages import catalogue
from bridge.messages.amounts import MOMENTS
from bridge.messages.amounts import amount
from bridge.messages.amounts import money
from bridge.messages.amounts import number

__all__ = ["amount", "measure", "moment", "money", "number"]


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
