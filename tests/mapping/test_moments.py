"""Instants as microseconds: as ``verbs.instant`` reads them, only faster."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.mapping import verbs
from bridge.mapping.moments import stamp
from bridge.model.values import micros

FORMS = ("", "%d.%m.%Y %H:%M:%S", "%Y%m%d%H%M%S", "%d.%m.%Y %H:%M", "%d.%m.%y")
ODD = (
    *("", "00", "12", "01.01.2020 10:10:60", "2020-01-01T10:10:10Z"),
    *("2020-01-01", "1.2.2020 3:04:05", "2020-W03-1T10:33:44", None, True),
    *("20200101T101010", "01.01.2020 10:10:1\uff10", "31.02.2020 10:10:10"),
    *(" 01.01.2020 10:10:10", "2020-01-01T10:10:10+01:00:10"),
    *(date(2020, 1, 1), datetime(2020, 1, 1)),  # noqa: DTZ001 - as in a cell
)


def _said(read: object, value: object) -> object:
    try:
        found = read(value)  # type: ignore[operator]
    except ValueError as error:
        return str(error)
    if isinstance(found, str):
        return micros(datetime.fromisoformat(found))
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe"])
def test_every_instant_is_read_as_by_the_field_itself(
    form: str, zone: str
) -> None:
    own = verbs.instant(form, "%d.%m.%Y", ZoneInfo(zone))
    fast = stamp(form, "%d.%m.%Y", ZoneInfo(zone))
    begins = (datetime(1893, 4, 1), datetime(2026, 3, 29, 1, 55))  # noqa: DTZ001
    instants = [
        begin + timedelta(seconds=7 * step)
        for begin in begins
        for step in range(600)
    ]
    texts = [at.strftime(form) if form else at.isoformat() for at in instants]
    for value in (*texts, *ODD):
        assert _said(own, value) == _said(fast, value)
