"""What left the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine:
    """What of one order line lies in the parcels (KHKVKBelegePositionen).

    Attributes:
        position: Position of the delivery note.
        item: Amazon's orderItemId; Sage only hands it on.
        quantity: In sales units; not said means all of the line.
    """

    position: int | None = None
    item: str | None = None
    article: str | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One parcel of an order, or several that are told together (layout P14).

    Attributes:
        order: KHKVKBelege.Referenznummer, Amazon's order number.
        number: Belegnummer of the delivery note; it begins anew each year.
        tracking: Paketnummer as it stands, with its leading zeros; not in
            Sage's own tables but in those of the shipping software.
        parcels: The single tracking numbers of it.
        document_kind: KHKVKBelege.Belegart, such as Lieferschein.
        year: KHKVKBelege.Belegjahr.
        shipped_at: The moment of hand-over.
        carrier: Frachtfuehrer in the merchant's own words.
        service: KHKVKBelege.Versand, the key of the shipping method.
        lines: What is in it; none means the whole order.
    """

    order: str
    year: int | None = None
    number: str | None = None
    tracking: str
    mandant: int | None = None
    document_kind: str | None = None
    parcels: tuple[str, ...] | None = None
    shipped_at: datetime | None = None
    carrier: str | None = None
    service: str | None = None
    lines: tuple[ShipmentLine, ...] = ()
