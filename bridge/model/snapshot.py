"""One SKU as Amazon shows it: what ``out`` mappings bring back to Sage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.model.prices import BASE

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrice:
    """One price of a SKU as Amazon shows it.

    Attributes:
        article: Artikelnummer; of a SKU Sage does not know the SKU itself,
            where it is no longer than Sage takes.
        audience: ``ALL`` (consumers) or ``B2B``.
        from_quantity: 0 is the base price, more is a tier.
        amount: Of one piece; gross in Europe.
        promotion: Whether it is a sale with a time.
        valid_from: First day of the sale.
        valid_to: Last day, inclusive.
    """

    sku: str
    marketplace: str
    account: str | None = None
    mandant: int | None = None
    article: str | None = None
    variant: int = 0
    audience: str = "ALL"
    from_quantity: Decimal = BASE
    amount: Decimal | None = None
    currency: str | None = None
    gross: bool | None = None
    promotion: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One SKU as Amazon shows it at its home marketplace.

    Attributes:
        article: As of a price.
        variant: AuspraegungID; 0 is the article itself.
        known: Whether Sage offers the SKU.
        parent: The SKU its variants share, if it is one.
        browse_node: Amazon's category, by its number.
        browse_path: The same in words, the widest first.
        bullets: One a line.
        pictures: Addresses, one a line, the main one first.
        weight: In kilograms.
        length: In centimetres, as ``width`` and ``height``.
        quantity: Pieces the merchant ships; nothing where Amazon does.
        channel: ``MFN`` (the merchant ships) or ``FBA``.
        status: ``active``, ``inactive``, ``incomplete`` or Amazon's word.
        active: Whether Amazon sells it.
    """

    sku: str
    marketplace: str
    account: str | None = None
    mandant: int | None = None
    article: str | None = None
    variant: int = 0
    known: bool = False
    asin: str | None = None
    parent: str | None = None
    title: str | None = None
    description: str | None = None
    bullets: str | None = None
    keywords: str | None = None
    brand: str | None = None
    manufacturer: str | None = None
    part_number: str | None = None
    gtin: str | None = None
    product_type: str | None = None
    browse_node: str | None = None
    browse_path: str | None = None
    condition: str | None = None
    tax_code: str | None = None
    weight: Decimal | None = None
    length: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
    country_of_origin: str | None = None
    shipping_group: str | None = None
    list_price: Decimal | None = None
    currency: str | None = None
    pictures: str | None = None
    prices: tuple[ShownPrice, ...] = ()
    quantity: int | None = None
    channel: str | None = None
    status: str | None = None
    active: bool | None = None
