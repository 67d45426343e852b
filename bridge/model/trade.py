"""What was ordered, and what Sage says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a paper or a parcel goes. Personal data."""

    name: str | None = None
    company: str | None = None
    extra: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order.

    Attributes:
        item: Amazon's orderItemId.
        part_of: The item of the set it lies in, among ``lines_and_parts``.
        article: Sage's number of the sku; the fallback article if unknown.
        total: What Amazon charged for all pieces; the truth to the cent.
        unit_price: ``total / quantity`` at four decimals, half up.
        tax_rate: Percent, where Amazon or the article knows it.
        net_price: One piece without tax; worked out where an ``out`` mapping
            reads it, of ``total``, ``tax`` and ``tax_rate``.
        net_total: All pieces without tax, likewise.
        shipping: What was paid for its way.
        wrapping: What was paid for its gift wrap.
        discount: What was taken off goods and way; negative.
    """

    position: int
    item: str | None = None
    part_of: str | None = None
    sku: str | None = None
    article: str | None = None
    variant: int | None = None
    asin: str | None = None
    title: str | None = None
    quantity: Decimal
    cancelled: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal
    total: Decimal
    tax_rate: Decimal | None = None
    tax: Decimal | None = None
    net_price: Decimal | None = None
    net_total: Decimal | None = None
    gift_wrap: str | None = None
    gift_message: str | None = None
    shipping: Decimal | None = None
    wrapping: Decimal | None = None
    discount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What is paid beside the goods: shipping, gift wrap, discounts.

    Attributes:
        kind: ``shipping``, ``gift_wrap``, ``discount``, ``cod``, ``other``.
        amount: Signed; a discount is negative.
        item: The line it belongs to, where it belongs to one.
    """

    kind: str
    amount: Decimal
    item: str | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of a customer at Amazon.

    Attributes:
        id: Amazon's order number; Sage keeps it as Referenznummer.
        channel: ``AMAZON_DE`` and so on.
        fulfilled_by: ``MFN`` (the merchant ships) or ``FBA``.
        gross: Whether amounts include tax.
        total: Amazon's grand total.
        charges: Shipping, gift wrap, discounts; signed. ``shipping``,
            ``gift_wrap`` and ``discount`` are their sums, for layouts that
            want fields instead of lines.
        customer: Sage's account of the buyer, or the collective one.
        matchcode: What the new customer is called, until Sage has said its
            account.
        version: Counts what Amazon said of the order, from 1.
        change: What a later file is about: ``changed``, ``cancelled`` or
            ``cancel_requested``.
        lines_and_parts: The lines, and below the line of a set those of
            what lies in it, at no price; instead of ``lines`` where Sage is
            not to take sets apart itself.
    """

    id: str
    mandant: int | None = None
    status: str | None = None
    channel: str | None = None
    marketplace: str | None = None
    fulfilled_by: str | None = None
    business: bool | None = None
    prime: bool | None = None
    purchased_at: datetime | None = None
    updated_at: datetime | None = None
    ship_by: datetime | None = None
    service_level: str | None = None
    currency: str | None = None
    gross: bool | None = None
    total: Decimal | None = None
    shipping: Decimal | None = None
    gift_wrap: Decimal | None = None
    discount: Decimal | None = None
    purchase_number: str | None = None
    payment: str | None = None
    vat_id: str | None = None
    email: str | None = None
    invoice_address: Address | None = None
    delivery_address: Address | None = None
    cancel_requested: bool | None = None
    marked: str | None = None
    customer: str | None = None
    matchcode: str | None = None
    version: int | None = None
    change: str | None = None
    lines: tuple[OrderLine, ...] = ()
    lines_and_parts: tuple[OrderLine, ...] = ()
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReply:
    """What Sage made of an order (layout P13).

    Attributes:
        order: Referenznummer, Amazon's order number.
        status: ``created``, ``known``, ``refused``, ``cancelled``.
    """

    order: str
    mandant: int | None = None
    status: str
    document_code: str | None = None
    document_kind: str | None = None
    year: int | None = None
    number: str | None = None
    document_id: str | None = None
    customer: str | None = None
    at: datetime | None = None
    reason: str | None = None
