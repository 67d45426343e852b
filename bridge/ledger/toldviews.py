"""What Amazon was told of an order, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from bridge.ledger.acknowledgements import Acknowledgement
    from bridge.ledger.parcels import Parcel


def told_row(said: Acknowledgement | None) -> dict[str, Any] | None:
    """What Amazon was told of taking the order."""
    if said is None:
        return None
    return {
        "status": said.status,
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
