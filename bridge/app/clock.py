"""The real clock: the only place that looks at the time or waits."""

from __future__ import annotations

import time
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


class SystemClock:
    """The port Clock on this machine."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def sleep(self, duration: timedelta) -> None:
        """Let so much time pass."""
        time.sleep(duration.total_seconds())  # noqa: TID251 - the one place
