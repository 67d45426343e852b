"""A paper that is dated later than today is told: mostly it is a slip.

Neither the law (§ 14 (4) no. 3 UStG wants the day of issue, no more) nor Sage
forbids it, so the row is taken. What Amazon has cannot be taken back: it gets
such a paper only once its day has come (``flows.invoices``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import orjson

from bridge.errors import Finding
from bridge.flows.billing import is_billed
from bridge.ledger import staging

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction

FAR = timedelta(days=366)
DATED = frozenset({"SalesDocument", "PaymentRequest"})


def judged(parts: Parts, tx: Transaction, delivery: Delivery) -> list[Finding]:
    """A warning for each staged paper whose day is yet to come.

    Of one that goes to Amazon it is said there, with what follows from it.
    """
    plan = parts.book.plan(str(delivery.mapping))
    if plan.document not in DATED:
        return []
    column, last = plan.column("issued"), today(parts)
    papers = (
        (stand.line, orjson.loads(body))
        for stand, _, body in staging.converted(tx, delivery.id)
    )
    return [
        Finding("intake.future_day", line, column, said["issued"], "warn")
        for line, said in papers
        if (said.get("issued") or "") > last and not is_billed(parts, said)
    ]


def ages(parts: Parts, delivery: Delivery) -> list[Finding]:
    """A warning for a file that says to be of a day far ahead.

    Whatever comes until then is older, and would not count.
    """
    said = delivery.as_of
    if said is None or said - parts.clock.now() < FAR:
        return []
    day = said.date().isoformat()
    return [Finding("intake.far_ahead", None, None, day, "warn")]


def today(parts: Parts) -> str:
    """The day on the merchant's calendar; ISO 8601, so days compare."""
    zone = ZoneInfo(parts.settings.bridge.timezone)
    return parts.clock.now().astimezone(zone).date().isoformat()
