"""What it costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

BASE = Decimal(0)  # the tier that begins with the first piece


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """One price of one list (Sage: KHKPreislistenArtikel).

    Attributes:
        list: ListeID.
        from_quantity: AbMenge; 0 is the base price, more is a tier.
        amount: For ``per`` sales units, gross or net as ``gross`` says.
        per: PreiseinheitVK, the number of units the amount is for.
        promotion: Whether the list is a promotion with a time.
        valid_from: First day, Berlin time.
        valid_to: Last day, inclusive.
    """

    list: int
    article: str
    variant: int = 0
    from_quantity: Decimal
    mandant: int | None = None
    list_name: str | None = None
    amount: Decimal | None = None
    per: Decimal | None = None
    currency: str | None = None
    gross: bool | None = None
    promotion: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPrice:
    """One price of a product.

    Attributes:
        list: ListeID.
        audience: Whose price the list is at the home marketplace: ``ALL``
            (consumers), ``B2B``, or empty, as ``[[price]]`` and the names
            of the lists say.
        from_quantity: AbMenge; 0 is the base price, more is a tier.
        amount: Of one sales unit, gross or net as ``gross`` says.
        promotion: Whether the list is a promotion with a time.
        valid_from: First day, Berlin time.
        valid_to: Last day, inclusive.
    """

    list: int
    list_name: str | None = None
    audience: str | None = None
    from_quantity: Decimal = BASE
    amount: Decimal
    currency: str | None = None
    gross: bool | None = None
    promotion: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiatedPrice:
    """What one customer pays for a SKU, from a number of pieces on.

    Attributes:
        from_quantity: Pieces; 1 is the price of one.
        amount: Gross, of one piece.
        valid_to: Last day, inclusive, where the price ends.
    """

    sku: str
    article: str
    variant: int = 0
    from_quantity: int = 1
    amount: Decimal
    currency: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSheet:
    """All that one customer pays today, for a person to upload.

    Attributes:
        customer: The account (KHKKontokorrent.Kto); nobody's name.
        marketplace: Country code.
    """

    customer: str
    marketplace: str
    mandant: int | None = None
    prices: tuple[NegotiatedPrice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPrice:
    """What one customer pays (Sage: KHKArtikelKunden, layout P4).

    Attributes:
        customer: Kunde, the account (KHKKontokorrent.Kto).
        article: Artikelnummer.
        variant: AuspraegungID.
        from_quantity: AbMenge, in sales units; 0 is the base price. Tiers
            and days come from add-ons, Sage itself has none.
        amount: Einzelpreis of one sales unit, gross or net as ``gross`` says.
        discount: Rabattsatz in percent, instead of an amount or upon it.
        currency: KHKKontokorrent.WKz.
        valid_from: First day, Berlin time.
        valid_to: Last day, inclusive.
    """

    customer: str
    article: str
    variant: int = 0
    from_quantity: Decimal = BASE
    valid_from: date | None = None
    mandant: int | None = None
    amount: Decimal | None = None
    discount: Decimal | None = None
    currency: str | None = None
    gross: bool | None = None
    valid_to: date | None = None
