"""What Amazon was told, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from bridge.ledger.parcels import Parcel
    from bridge.ledger.tellings import Telling


def told_row(said: Telling) -> dict[str, Any]:
    """What Amazon was told of taking the order."""
    return {
        "status": said.body["status"],
        "number": said.body.get("number"),
        "reason": said.body.get("reason"),
        "state": said.state,
        "issues": said.issues or [],
    }


def parcel_row(parcel: Parcel) -> dict[str, Any]:
    """A parcel and what Amazon said of it."""
    body = parcel.body or {}
    return {
        "reference": parcel.reference,
        "tracking": parcel.tracking,
        "carrier": body.get("carrierName") or body.get("carrierCode"),
        "shipped_at": body.get("shipDate"),
        "items": body.get("orderItems") or [],
        "state": parcel.state,
        "issues": parcel.issues or [],
    }


def paper_row(item: Telling) -> dict[str, Any]:
    """A paper of Sage and what Amazon said of it."""
    body = item.body
    return {
        "kind": item.kind,
        "key": item.key.split(KEY_SEPARATOR),
        "items": body.get("items") or [],
        "paper": body.get("kind"),
        "year": body.get("year"),
        "number": body.get("number"),
        "total": body.get("total"),
        "currency": body.get("currency"),
        "file": item.file,
        "delivery": item.delivery_id,
        "state": item.state,
        "lacks": item.lacks,
        "issues": item.issues or [],
    }


def fulfilment_row(item: Telling) -> dict[str, Any]:
    """An order that Amazon ships from its stock; no person is named."""
    body = item.body
    return {
        "id": item.order_id,
        "account": item.account,
        "paper": body.get("kind"),
        "number": body.get("number"),
        "state": item.state,
        "lacks": item.lacks,
        "status": body.get("status"),
        "fees": body.get("fees") or {},
        "currency": body.get("fee_currency"),
        "parcels": body.get("parcels") or [],
        "delivery": item.delivery_id,
        "issues": item.issues or [],
    }
