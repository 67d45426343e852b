"""How the house stands: counts, what waits, and the report of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from bridge.ledger import comparing
from bridge.ledger import deliveries
from bridge.ledger import dispatches
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import holding
from bridge.ledger import mails
from bridge.ledger import offers
from bridge.ledger import papers
from bridge.ledger import publications
from bridge.ledger import reports
from bridge.ledger import submissions
from bridge.ledger import tables
from bridge.ledger import tellings
from bridge.ledger.views import delivery_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.dues import Due
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

REPORT = "report"  # the errand
INPUT, WAITING, REFUSED, DEFECT = 3, 4, 5, 70
SEVERE = "warning:refused:"  # facts: somebody's server says no
KEPT_BACK = "kept_back:"  # facts: when our own check last refused an offer
CONTACT = "contact:partner:"  # facts: when a partner was last reached


def exit_code(
    tx: Transaction,
    sides: Sequence[Side],
    since: datetime,
    worked_on: Iterable[int],
    *,
    waiting: bool,
) -> int:
    """The highest exit code that what happened since deserves."""
    codes = {WAITING if waiting or facts.beginning(tx, facts.AWAY) else 0}
    for number in worked_on:
        delivery = deliveries.get(tx, number)
        if delivery is not None:
            codes.add(_of_delivery(delivery))
    table = tables.submission
    refused = tx.scalar(
        select(func.sum(table.c.refused)).where(
            _of(table, sides), table.c.done_at >= since
        )
    )
    judged = papers.counts(tx, since)
    codes.add(INPUT if judged.get(papers.REFUSED) else 0)
    kept_back = facts.known(tx, f"{KEPT_BACK}{sides[0].mode}") or ""
    refused = refused or kept_back >= since.isoformat()
    refused = refused or mails.any_troubled_since(tx, sides[0].mode, since)
    codes.add(REFUSED if refused or facts.beginning(tx, SEVERE) else 0)
    for due in dues.open_dues(tx):
        if due.parked:
            codes.add(int((due.error or {}).get("exit_code", DEFECT)))
    return max(codes)


def awaited(tx: Transaction) -> bool:
    """Whether somebody waits for something that is due.

    Amazon makes a report in minutes or hours; the one of the daily comparison
    comes with any later run, and nobody asked for it.
    """
    own = reports.awaited_by_nobody(tx)
    return any(
        not (due.errand == REPORT and _report_of(due) in own)
        for due in dues.open_dues(tx)
        if not due.parked
    )


def _report_of(due: Due) -> int:
    return int(due.key.partition(dues.BETWEEN)[2])


def _of(table: Any, sides: Sequence[Side]) -> ColumnElement[bool]:  # noqa: ANN401
    """What is the accounts' own; they have one mode."""
    mine: ColumnElement[bool] = (table.c.mode == sides[0].mode) & (
        table.c.account.in_([side.account for side in sides])
    )
    return mine


def _of_delivery(delivery: Delivery) -> int:
    if delivery.state == "held":
        return WAITING
    return INPUT if delivery.state in {"refused", "partly"} else 0


def status(tx: Transaction, sides: Sequence[Side]) -> dict[str, Any]:
    """Counts, the oldest waiting things, and the last contact."""
    parked = [due for due in dues.open_dues(tx) if due.parked]
    counted = dues.counts(tx)
    return {
        "mode": sides[0].mode,
        "account": sides[0].account,
        "accounts": [side.account for side in sides],
        "deliveries": _count(tx, tables.delivery.c.state),
        "offers": offers.counts(tx),
        "offers_held": holding.counts(tx, sides),
        "orders": _count(tx, tables.order.c.status),
        "papers": tellings.counts(tx, sides[0].mode),
        "papers_refused": tellings.refused(tx, sides[0].mode),
        "documents": papers.counts(tx),
        "mails": mails.counts(tx, sides[0].mode),
        "mails_troubled": mails.troubled(tx, sides[0].mode),
        "jobs": {
            "waiting": counted.get("due", 0),
            "running": _busy(tx),
            "failed": counted.get("parked", 0),
        },
        "parked": [{"job": due.id, "error": due.error} for due in parked],
        "waiting": dues.troubles(tx),
        "partners": _partners(tx),
        "compared": comparing.results(tx, sides),
        "last_contact": facts.known(tx, f"contact:{sides[0].mode}"),
        "oldest_waiting": _oldest(tx),
        "warnings": list(facts.beginning(tx, "warning:").values()),
    }


def _partners(tx: Transaction) -> dict[str, dict[str, Any]]:
    """When each partner was last reached, and what waits for him."""
    contacts = facts.beginning(tx, CONTACT)
    waiting = dispatches.waiting(tx)
    reached = {name.removeprefix(CONTACT): at for name, at in contacts.items()}
    return {
        name: {"waiting": waiting.get(name, 0), "contact": reached.get(name)}
        for name in sorted({*waiting, *reached})
    }


def _busy(tx: Transaction) -> int:
    """Deliveries being read and submissions on their way."""
    read, sub = tables.delivery, tables.submission
    reading = select(func.count()).where(read.c.state == "reading")
    sending = select(func.count()).where(
        sub.c.state.in_((submissions.SENDING, submissions.SENT))
    )
    return int((tx.scalar(reading) or 0) + (tx.scalar(sending) or 0))


def _count(tx: Transaction, column: Any) -> dict[str, int]:  # noqa: ANN401
    rows = tx.execute(select(column, func.count()).group_by(column))
    return {state: number for state, number in rows}  # noqa: C416 - rows


def _oldest(tx: Transaction) -> str | None:
    table = tables.delivery
    found = tx.scalar(
        select(func.min(table.c.received_at)).where(
            table.c.state.in_(deliveries.OPEN)
        )
    )
    return None if found is None else found.isoformat()


def since(
    tx: Transaction,
    sides: Sequence[Side],
    start: datetime,
    worked_on: Iterable[int],
) -> dict[str, Any]:
    """What happened since an instant: the report of ``once``."""
    sub, pub = tables.submission, tables.publication
    counted = tx.execute(
        select(func.count(), func.coalesce(func.sum(sub.c.refused), 0)).where(
            _of(sub, sides), sub.c.done_at >= start
        )
    ).one()
    published = tx.scalar(
        select(func.count()).where(
            _of(pub, sides),
            pub.c.state == publications.DONE,
            pub.c.now >= start,
        )
    )
    judged = papers.counts(tx, start)
    not_printed = judged.pop(papers.REFUSED, 0)
    known = (deliveries.get(tx, number) for number in sorted(set(worked_on)))
    return {
        "deliveries": [delivery_row(row) for row in known if row is not None],
        "submissions": counted[0],
        "refused": int(counted[1]),
        "published": published,
        "printed": sum(judged.values()),
        "not_printed": not_printed,
        "parked": dues.counts(tx).get("parked", 0),
        "waiting": dues.troubles(tx),
        "warnings": list(facts.beginning(tx, facts.AWAY).values()),
    }
