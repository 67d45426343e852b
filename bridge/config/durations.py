"""Durations as people write them: ``2s``, ``3m``, ``4h``, ``14d``."""

from __future__ import annotations

import re
from datetime import timedelta

_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)").fullmatch
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def duration(text: object) -> timedelta:
    """The duration a text names.

    Raises:
        ValueError: With the code of the message, if it names none.
    """
    found = _FORM(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("config.not_a_duration")
    try:
        return float(found.group(1)) * _UNITS[found.group(2)]
    except OverflowError:
        raise ValueError("config.not_a_duration") from None
