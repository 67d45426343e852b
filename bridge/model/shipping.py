"""What left the house, or Amazon's."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentLine:
    """What of an order's line lies in one parcel of Amazon's, or in none yet.

    Attributes:
        position: Position of the paper; empty where Amazon does not say what
            lies in a parcel.
        item: PositionsReferenz of the paper.
        quantity: In sales units.
        tracking: Of the parcel; without one the pieces did not leave.
        carrier: In Amazon's words.
    """

    position: int | None = None
    item: str | None = None
    article: str | None = None
    quantity: Decimal | None = None
    tracking: str | None = None
    carrier: str | None = None
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """How far Amazon's warehouse is with an order of Sage; names nobody.

    Attributes:
        id: What Amazon calls the order: company, code, year and number.
        account: Whose stock is shipped.
        order: Referenznummer of the paper.
        document_kind: Belegart in Sage's own words.
        code: Belegkennzeichen.
        year: Belegjahr.
        number: Belegnummer.
        status: ``processing``, ``shipped``, ``partly_shipped`` (the rest
            does not come), ``cancelled`` or ``refused``.
        said: Amazon's own word, such as ``CompletePartialled``.
        lines: All goods of the paper, by parcel.
    """

    id: str
    account: str | None = None
    mandant: int | None = None
    order: str | None = None
    document_kind: str | None = None
    code: str | None = None
    year: int | None = None
    number: str | None = None
    status: str = "processing"
    said: str | None = None
    lines: tuple[FulfilmentLine, ...] = ()
