"""Each thing comes round in its own time."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from bridge.app.timetable import Timetable

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_everything_is_ripe_at_first_and_then_in_its_time() -> None:
    table = Timetable({"orders": 3 * MINUTE, "partner:a": 5 * MINUTE})

    found = [sorted(table.ripe(NOON + n * MINUTE)) for n in range(7)]

    assert [
        ["orders", "partner:a"],
        [],
        [],
        ["orders"],
        [],
        ["partner:a"],
        ["orders"],
    ] == found
