"""Instants as UTC microseconds, for what is asked of every row."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.mapping import verbs
from bridge.mapping.verbs import REMEMBERED
from bridge.model.values import micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

_SECONDS = {f"{second:02d}": second * 1_000_000 for second in range(60)}
_FIRST, _LAST = "00", "59"
_TAIL = len(_FIRST)
_MINUTE = {"": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:"}


def stamp(form: str, day_form: str, zone: ZoneInfo) -> Callable[[object], int]:
    """A parser of instants, as ``verbs.instant``, to UTC microseconds.

    The rows of a file seldom share a second but often a minute: a minute is
    read once and remembered, the second is added. That takes a tenth of the
    time of reading each instant by itself.

    Args:
        form: strftime form of instants; empty means ISO 8601.
        day_form: strftime form of days.
        zone: Where a time without offset is meant.
    """
    read = verbs.instant(form, day_form, zone)

    def whole(value: object) -> int:
        return micros(datetime.fromisoformat(read(value)))

    minute = _minutes(form, whole)

    def parse(value: object) -> int:
        if isinstance(value, str):
            second = _SECONDS.get(value[-_TAIL:])
            if second is not None:
                begin = minute(value[:-_TAIL])
                if begin is not None:
                    return begin + second
        return whole(value)

    return parse


def _minutes(
    form: str, whole: Callable[[object], int]
) -> Callable[[str], int | None]:
    """The begin of a minute; none if its seconds must be read singly."""
    shaped = _minute_pattern(form)

    @lru_cache(maxsize=REMEMBERED)
    def minute(text: str) -> int | None:
        if shaped is None or not shaped(text):
            return None
        try:
            begin = whole(text + _FIRST)
            even = whole(text + _LAST) - begin == _SECONDS[_LAST]
        except ValueError:
            return None
        return begin if even else None  # a change of time falls into it

    return minute


def _minute_pattern(form: str) -> Callable[[str], object] | None:
    """What an instant of a form looks like without its seconds."""
    if form and not form.endswith("%S"):
        return None
    pattern = _MINUTE.get(form)
    if pattern is None:
        pattern = re.escape(form.removesuffix("%S"))
        for sign, digits in verbs.NUMBERS.items():
            pattern = pattern.replace(f"%{sign}", digits)
    return None if "%" in pattern else re.compile(pattern).fullmatch
