"""The read side: what people ask the ledger. Never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson
from sqlalchemy import select

from bridge.ledger import holding
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

    from bridge.errors import Finding
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.submissions import Submission


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


def finding_rows(
    found: Iterable[Finding], language: str
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
        for item in found
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
            or (row.sellable and holding.holds_back(row.findings or ()))
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
    told = tellings.of_order(tx, side, row.id)
    answers = [one for one in told if one.kind == tellings.ANSWER]
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
        "told": next((told_row(one) for one in answers), None),
        "shipped": row.shipped_at is not None,
        "parcels": [
            parcel_row(one) for one in parcels.of_order(tx, side, row.id)
        ],
        "papers": [paper_row(one) for one in told if one not in answers],
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


def submission_row(row: Submission) -> dict[str, Any]:
    """A submission as ``submission list --json`` shows it."""
    return {
        "id": row.id,
        "account": row.account,
        "number": row.number,
        "kind": row.kind,
        "operation": row.operation,
        "marketplace": row.marketplace,
        "sku": row.subject,
        "state": row.state,
        "messages": row.messages,
        "accepted": row.accepted,
        "refused": row.refused,
        "sent_at": None if row.sent_at is None else row.sent_at.isoformat(),
        "receipt": row.receipt,
    }


def submission_messages(tx: Transaction, number: int) -> list[dict[str, Any]]:
    """The messages of a submission and what Amazon said of each."""
    return [
        {
            "message": row.number,
            "sku": row.sku,
            "operation": row.operation,
            "outcome": row.outcome,
            "issues": row.issues or [],
        }
        for row in submissions.messages(tx, number)
    ]
