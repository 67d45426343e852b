"""What is done every so often, and when it was done last."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass
class Timetable:
    """Which things are to be done at an instant; all of them at first.

    Attributes:
        every: How often each thing is done.
    """

    every: Mapping[str, timedelta]
    _last: dict[str, datetime] = field(default_factory=dict, init=False)

    def ripe(self, now: datetime) -> frozenset[str]:
        """The things whose time has come; they count as done then."""
        found = frozenset(
            name
            for name, pause in self.every.items()
            if name not in self._last or _over(now - self._last[name], pause)
        )
        self._last |= dict.fromkeys(found, now)
        return found


def _over(passed: timedelta, pause: timedelta) -> bool:
    """Whether a pause is over; a clock that was set back ends it, too."""
    return not timedelta(0) <= passed < pause
