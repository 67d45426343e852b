"""The read side: what people ask the ledger. Never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
from sqlalchemy import func
from sqlalchemy import select

from bridge.ledger import acknowledgements
from bridge.ledger import deliveries
from bridge.ledger import dispatches
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import offers
from bridge.ledger import orders
from bridge.ledger import parcels
from bridge.ledger import publications
from bridge.ledger import retention
from bridge.ledger import submissions
from bridge.ledger import tables
from bridge.ledger import tellings
from bridge.ledger.toldviews import paper_row
from bridge.ledger.toldviews import parcel_row
from bridge.ledger.toldviews import told_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.ledger.orders import OrderRow

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
    kept_back = facts.known(tx, f"{KEPT_BACK}{sides[0].mode}") or ""
    refused = refused or kept_back >= since.isoformat()
    codes.add(REFUSED if refused or facts.beginning(tx, SEVERE) else 0)
    for due in dues.open_dues(tx):
        if due.parked:
            codes.add(int((due.error or {}).get("exit_code", DEFECT)))
    return max(codes)


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


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    """A delivery as ``delivery list --json`` shows it."""
    return {
        "id": delivery.id,
        "name": delivery.name,
        "source": delivery.inbox,
        "mapping": delivery.mapping,
        "format": delivery.format,
        "state": delivery.state,
        "received_at": delivery.received_at.isoformat(),
        "as_of": None
        if delivery.as_of is None
        else delivery.as_of.isoformat(),
        "complete": delivery.complete,
        "records": delivery.records,
        "accepted": delivery.accepted,
        "refused": delivery.refused,
        "filtered": delivery.filtered,
        "unchanged": delivery.unchanged,
        "sha256": delivery.sha256,
        "same_content_as": delivery.same_content_as,
        "part_of": delivery.part_of,
        "hold": delivery.hold,
    }


def delivery_findings(
    tx: Transaction, number: int, language: str
) -> list[dict[str, Any]]:
    """The findings of a delivery as ``delivery show --json`` shows them."""
    return [
        {
            "line": item.line,
            "field": item.field,
            "value": item.value,
            "code": item.code,
            "message": item.message(language),
            "hint": item.hint(language),
            "severity": item.severity,
            "turn": item.turn,
        }
        for item in deliveries.findings(tx, number)
    ]


def offered_by(tx: Transaction, sides: Sequence[Side], sku: str) -> list[Side]:
    """The accounts that have an offer of this SKU."""
    return [side for side in sides if offers.listings_of(tx, side, sku)]


def offer(tx: Transaction, side: Side, sku: str) -> dict[str, Any] | None:
    """One SKU of an account: every facet in every marketplace."""
    listings = offers.listings_of(tx, side, sku)
    if not listings:
        return None
    markets: dict[str, Any] = {
        row.marketplace: {
            "facets": {},
            "issues": [*(row.issues or [])],
            "status": _status(row),
            "product_type": row.product_type,
            "findings": row.findings or [],
        }
        for row in listings
    }
    for row in offers.facets_of(tx, side, sku):
        market = markets[row.marketplace]
        market["facets"][row.facet] = {
            "desired": as_shown(row.desired),
            "accepted": as_shown(row.accepted),
            "state": row.state,
            "delivery": row.delivery_id,
        }
        known = market["issues"]
        said = [*(row.checked or []), *(row.issues or [])]
        known += [one for one in said if one not in known]
    first = listings[0]
    return {
        "sku": sku,
        "account": side.account,
        "article": first.article,
        "variant": first.variant,
        "marketplaces": markets,
    }


def _hurts(issue: dict[str, Any]) -> bool:
    """Whether Amazon holds something back for it; a hint does not."""
    actions = (issue.get("enforcements") or {}).get("actions")
    return issue.get("severity") == "ERROR" or bool(actions)


def _status(row: Any) -> str:  # noqa: ANN401 - a listing row
    if not row.sellable:
        return "ended"
    if row.presence == offers.PRESENT:
        return "present"
    return "new" if row.ready else "waiting"


def as_shown(body: bytes | None) -> Any:  # noqa: ANN401 - JSON
    """A kept body as JSON; nothing if there is none."""
    return orjson.loads(body) if body else None


def offer_list(
    tx: Transaction, sides: Sequence[Side], *, problem: bool
) -> list[dict[str, Any]]:
    """Every SKU with its states, or only those a person must look at."""
    return [
        row for side in sides for row in _offers(tx, side, problem=problem)
    ]


def _offers(
    tx: Transaction, side: Side, *, problem: bool
) -> list[dict[str, Any]]:
    listing, facet = tables.listing, tables.facet
    rows = tx.execute(
        select(listing)
        .where(listing.c.mode == side.mode, listing.c.account == side.account)
        .order_by(listing.c.sku, listing.c.marketplace)
    ).all()
    states: dict[tuple[str, str], dict[str, str]] = {}
    for row in tx.execute(
        select(
            facet.c.sku, facet.c.marketplace, facet.c.facet, facet.c.state
        ).where(facet.c.mode == side.mode, facet.c.account == side.account)
    ):
        states.setdefault((row.sku, row.marketplace), {})[row.facet] = (
            row.state
        )
    found = []
    for row in rows:
        mine = states.get((row.sku, row.marketplace), {})
        bad = (
            "refused" in mine.values()
            or (row.sellable and not row.ready)
            or any(map(_hurts, row.issues or ()))
        )
        if not problem or bad:
            found.append(
                {
                    "sku": row.sku,
                    "account": side.account,
                    "marketplace": row.marketplace,
                    "article": row.article,
                    "available": row.available,
                    "status": _status(row),
                    "facets": mine,
                    "findings": [item["code"] for item in row.findings or []],
                    "issues": [one.get("code") for one in row.issues or []],
                }
            )
    return found


def order_row(tx: Transaction, side: Side, row: OrderRow) -> dict[str, Any]:
    """An order as ``order list --json`` shows it: no personal data."""
    made = publications.of_key(tx, side, "Order", row.id)
    purged = retention.purged_at(tx, row.id)
    said = [*(row.findings or [])]
    said += [one for item in made for one in item.findings or []]
    files = [
        {
            "name": item.name,
            "outbox": item.outbox,
            "state": item.state,
            "version": item.version,
        }
        for item in made
    ]
    return {
        "id": row.id,
        "account": side.account,
        "marketplace": row.marketplace,
        "status": row.status,
        "purchased_at": row.purchased_at.isoformat(),
        "total": None if row.total is None else str(row.total),
        "currency": row.currency,
        "files": files,
        "acknowledged": row.acknowledged_at is not None,
        "reply": row.reply,
        "told": told_row(acknowledgements.get(tx, side, row.id)),
        "shipped": row.shipped_at is not None,
        "parcels": [
            parcel_row(one) for one in parcels.of_order(tx, side, row.id)
        ],
        "papers": [
            paper_row(one) for one in tellings.of_order(tx, side, row.id)
        ],
        "purged_at": None if purged is None else purged.isoformat(),
        "findings": [one for n, one in enumerate(said) if one not in said[:n]],
    }


def order_rows(tx: Transaction, sides: Sequence[Side]) -> list[dict[str, Any]]:
    """Every order, account by account, the newest first."""
    return [
        order_row(tx, side, row)
        for side in sides
        for row in orders.listed(tx, side)
    ]


def status(tx: Transaction, sides: Sequence[Side]) -> dict[str, Any]:
    """Counts, the oldest waiting things, and the last contact."""
    parked = [due for due in dues.open_dues(tx) if due.parked]
    counted = dues.counts(tx)
    return {
        "mode": sides[0].mode,
        "account": sides[0].account,
        "accounts": [side.account for side in sides],
        "deliveries": _count(tx, tables.delivery.c.state),
        "offers": _count(tx, tables.facet.c.state),
        "orders": _count(tx, tables.order.c.status),
        "papers": tellings.counts(tx, sides[0].mode),
        "jobs": {
            "waiting": counted.get("due", 0),
            "running": _busy(tx),
            "failed": counted.get("parked", 0),
        },
        "parked": [{"job": due.id, "error": due.error} for due in parked],
        "waiting": dues.troubles(tx),
        "partners": _partners(tx),
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
    known = (deliveries.get(tx, number) for number in sorted(set(worked_on)))
    return {
        "deliveries": [delivery_row(row) for row in known if row is not None],
        "submissions": counted[0],
        "refused": int(counted[1]),
        "published": published,
        "parked": dues.counts(tx).get("parked", 0),
        "waiting": dues.troubles(tx),
        "warnings": list(facts.beginning(tx, facts.AWAY).values()),
    }
