"""Orders by report, where they cannot be searched for.

Amazon makes a report of new orders on a schedule: it cannot be asked for.
Each is read once. An order that is known stays as it is: the report is
the poorer channel, and knows no changes.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.flows.accounts import key_of
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import reports
from bridge.ports.reports import ORDERS
from bridge.ports.reports import Wanted

if TYPE_CHECKING:
    from bridge.flows.parts import Parts

REPORT = "report"  # the errand that reads one
CURSOR = "order_reports"
LOOK = timedelta(minutes=15)  # as often as Amazon makes one
OVERLAP = timedelta(days=1)  # asked again, in case Amazon's index lags
RENEW = timedelta(days=7)  # in case somebody ended the schedule


def collect(parts: Parts) -> None:
    """Have every report of orders read that was made and is not known.

    Raises:
        RefusedError: The role is missing for reports as well.
    """
    with parts.ledger.read() as tx:
        known = facts.get_cursor(tx, parts.side, CURSOR) or {}
    now = parts.clock.now()
    looked = _instant(known.get("looked"))
    if looked is not None and timedelta(0) <= now - looked < LOOK:
        return
    since = now - parts.settings.amazon.first_orders
    if looked is not None:
        since = max(since, looked - OVERLAP)
    scheduled = _instant(known.get("scheduled"))
    if scheduled is None or now - scheduled > RENEW:
        for market in parts.settings.amazon.marketplaces:
            parts.reports.schedule(Wanted(ORDERS, market))
        scheduled = now
    for market in parts.settings.amazon.marketplaces:
        _adopt(parts, Wanted(ORDERS, market), since)
    with parts.ledger.write() as tx:
        value = {"looked": now.isoformat(), "scheduled": scheduled.isoformat()}
        facts.set_cursor(tx, parts.side, CURSOR, value)


def _adopt(parts: Parts, wanted: Wanted, since: datetime) -> None:
    """Write reports down that Amazon made by itself, the oldest first."""
    listed = parts.reports.find(wanted, since)
    now = parts.clock.now()
    with parts.ledger.write() as tx:
        made = reports.adopt(tx, parts.side, wanted, reversed(listed), now)
        for number in made:
            key, lane = key_of(parts, str(number)), f"{REPORT}:{number}"
            dues.raise_due(tx, REPORT, key, lane=lane, at=now)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
