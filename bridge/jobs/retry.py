"""Decide what becomes of a job that failed. Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bridge.errors import PlaceError
from bridge.errors import ThrottledError
from bridge.errors import TransientError


@dataclass(frozen=True)
class Again:
    """Run the job again.

    Attributes:
        after: How long to wait first.
        spends: Whether it counts as a failed attempt.
    """

    after: timedelta
    spends: bool = True


@dataclass(frozen=True)
class Park:
    """Keep the job where a human sees it."""


FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
LOOK_AGAIN = timedelta(minutes=5)  # at a place of our own: it costs little
DOUBLINGS = 12  # and no more: the longest wait is reached before


def decide(error: Exception, *, attempt: int) -> Again | Park:
    """Choose between another attempt and a human.

    What may pass by itself is never given up: an outage of a night is over
    in the morning, and `bridge status` tells of it meanwhile.

    Args:
        error: What the handler raised.
        attempt: Number of the attempt that failed, counted from 1.
    """
    if isinstance(error, ThrottledError):
        return Again(error.retry_after, spends=False)  # waiting in line
    doubled = FIRST_WAIT * 2 ** min(attempt - 1, DOUBLINGS)
    if isinstance(error, PlaceError):
        return Again(min(doubled, LOOK_AGAIN))  # space is made some day
    if isinstance(error, TransientError):
        return Again(min(doubled, LONGEST_WAIT))
    return Park()
