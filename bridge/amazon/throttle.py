"""No request more than the plan allows, over all workers of an account."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from bridge.amazon.operations import FEED_PLANS
from bridge.errors import ThrottledError
from bridge.ports import Plan

if TYPE_CHECKING:
    from bridge.amazon.operations import Operation
    from bridge.ports import Buckets
    from bridge.ports import Clock

#: We stay a little below the plan: our clock and Amazon's are two, and
#: requests may arrive closer together than they left.
PACE = 0.97
SPARE = 1  # of the burst; not of a burst of one
PATIENCE = timedelta(seconds=4)  # an upload waits three; more is the foreman's
LONGEST = timedelta(minutes=15)


@dataclass(frozen=True)
class Throttle:
    """The plans of one account in one region.

    Attributes:
        place: Whose buckets these are: account and region.
        buckets: What all workers share.
        clock: The time, and who waits.
    """

    place: str
    buckets: Buckets
    clock: Clock
    _turns: dict[str, Lock] = field(
        default_factory=lambda: defaultdict(Lock), repr=False
    )

    def pass_gate(self, operation: Operation) -> None:
        """Take one request of an operation's plan; wait a moment for it.

        Raises:
            ThrottledError: The wait would be long; it spends no attempt.
        """
        plan = _careful(operation.rate, operation.burst)
        self._pass(operation.drawn_from, plan)

    def pass_feed(self, feed_type: str) -> None:
        """Take one feed of its type's plan.

        Raises:
            ThrottledError: As above.
        """
        if plan := FEED_PLANS.get(feed_type):
            self._pass(f"createFeed:{feed_type}", _careful(*plan))

    def learn(self, operation: Operation, rate: float) -> None:
        """Amazon told the rate of this account (x-amzn-RateLimit-Limit)."""
        if rate > 0:
            name = self._name(operation.drawn_from)
            self.buckets.learn(name, rate * PACE)

    def refused(self, operation: Operation) -> ThrottledError:
        """Amazon said 429: the bucket is empty, whatever we thought."""
        now = self.clock.now()
        wait = self.buckets.empty(
            self._name(operation.drawn_from),
            timedelta(seconds=1 / operation.rate),
            LONGEST,
            now,
        )
        return ThrottledError("amazon.throttled", retry_after=_about(wait))

    def breathe(self, pause: timedelta) -> None:
        """Wait about so long, never two workers the same."""
        self.clock.sleep(_about(pause))

    def _pass(self, name: str, plan: Plan) -> None:
        with self._turns[name]:  # who came first goes first
            self._wait(self._name(name), plan)

    def _wait(self, name: str, plan: Plan) -> None:
        while True:
            wait = self.buckets.take(name, plan, self.clock.now())
            if not wait:
                return
            if wait > PATIENCE:
                raise ThrottledError("amazon.plan", retry_after=wait)
            self.clock.sleep(wait)

    def _name(self, operation: str) -> str:
        return f"{self.place}:{operation}"


def _about(wait: timedelta) -> timedelta:
    return wait * random.uniform(1, 1.3)  # noqa: S311 - no secret


def _careful(rate: float, burst: int) -> Plan:
    return Plan(rate * PACE, max(1, burst - SPARE))
