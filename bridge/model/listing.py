"""One SKU as a marketplace is to see it: what ``amazon`` mappings read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from datetime import datetime
    from decimal import Decimal

    from bridge.model.values import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A business price from a number of pieces on."""

    from_quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The complete price of one audience.

    Attributes:
        audience: ``ALL`` (consumers) or ``B2B``.
        amount: Gross, per piece.
        sale: Gross, per piece; needs both instants.
    """

    audience: str
    currency: str
    amount: Decimal
    sale: Decimal | None = None
    sale_from: datetime | None = None
    sale_to: datetime | None = None
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of an article that customers can read.

    Attributes:
        kind: As that of a ``Media``.
        language_tag: Of the text in it, ``de_DE``.
        url: Where Amazon fetches it.
        title: What a person calls it.
    """

    kind: str
    language_tag: str
    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Article, prices and stock of one SKU joined for one marketplace.

    Attributes:
        components: What lies in a set, in words: ``2 x Pfeffermühle``.
        parentage: ``parent`` or ``child``; nothing outside a family.
        parent_sku: Of a child: the SKU of its family.
        relation: ``variation`` in a family.
        theme: In what the family differs, as Amazon names it.
        picture_1: Where Amazon fetches the main picture; the others follow
            in the order of display.
        papers: One of each kind and language.
    """

    sku: str
    article: str
    variant: int = 0
    title: str | None = None
    description: str | None = None
    bullets: tuple[str, ...] | None = None
    keywords: str | None = None
    brand: str | None = None
    manufacturer: str | None = None
    part_number: str | None = None
    gtin: str | None = None
    asin: str | None = None
    group: str | None = None
    group_title: str | None = None
    product_type: str | None = None
    browse_node: str | None = None
    condition: str | None = None
    tax_rate: Decimal | None = None
    tax_code: str | None = None
    unit: str | None = None
    unit_count: Decimal | None = None
    unit_count_type: str | None = None
    weight: Measure | None = None
    length: Measure | None = None
    width: Measure | None = None
    height: Measure | None = None
    customs_number: str | None = None
    country_of_origin: str | None = None
    manufacturer_email: str | None = None
    responsible_address: str | None = None
    shipping_group: str | None = None
    components: tuple[str, ...] | None = None
    parentage: str | None = None
    parent_sku: str | None = None
    relation: str | None = None
    theme: str | None = None
    size: str | None = None
    color: str | None = None
    style: str | None = None
    material: str | None = None
    pattern: str | None = None
    flavor: str | None = None
    scent: str | None = None
    currency: str | None = None
    list_price: Decimal | None = None
    prices: tuple[Offer, ...] | None = None
    available: int | None = None
    lead_time: int | None = None
    restock_date: date | None = None
    picture_1: str | None = None
    picture_2: str | None = None
    picture_3: str | None = None
    picture_4: str | None = None
    picture_5: str | None = None
    picture_6: str | None = None
    picture_7: str | None = None
    picture_8: str | None = None
    picture_9: str | None = None
    papers: tuple[Paper, ...] | None = None
