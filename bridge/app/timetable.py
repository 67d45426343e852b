"""What is done every so often, and when it was done last."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from datetime import timedelta


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
            if name not in self._last or now - self._last[name] >= pause
        )
        self._last |= dict.fromkeys(found, now)
        return found
