"""A paper with everything worked out: what is printed, and what machines read.

Amounts are ``Decimal``, money to the cent; the kind says whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bridge.papers.units import Unit

NOTHING = Decimal(0)
QUOTE, CONFIRMATION, NOTE = "quote", "confirmation", "delivery_note"
INVOICE, PARTIAL, CORRECTION = "invoice", "partial_invoice", "correction"
CREDIT, CANCELLATION = "credit_note", "cancellation"

#: UNTDID 1001, the types EN 16931 knows (documents.md D4).
TYPES: Mapping[str, str] = MappingProxyType(
    {
        INVOICE: "380",
        CREDIT: "381",
        CANCELLATION: "381",
        CORRECTION: "384",
        PARTIAL: "326",
    }
)
#: How names of files begin (sage.md P15).
SHORT: Mapping[str, str] = MappingProxyType(
    {
        QUOTE: "AN",
        CONFIRMATION: "AB",
        NOTE: "LS",
        INVOICE: "RE",
        PARTIAL: "TR",
        CORRECTION: "KR",
        CREDIT: "GS",
        CANCELLATION: "ST",
    }
)
NO_XML, ZUGFERD, XRECHNUNG = "none", "zugferd", "xrechnung"  # for machines
GIVES_BACK = frozenset({CREDIT, CANCELLATION})
REFERS = frozenset({CREDIT, CANCELLATION, CORRECTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody a paper names.

    Attributes:
        country: ISO 3166, two letters.
        contact: Who is asked there.
    """

    name: str = ""
    extra: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    tax_number: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    register: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where money goes."""

    holder: str
    bank: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line.

    Attributes:
        price: One unit as the paper states it, gross or net.
        discount: Percent taken off it.
        total: The line as the paper states it.
        net_price: One unit without tax, the discount taken off.
        net: The line without tax.
        rate: Percent.
        category: UNCL 5305: S, K, AE, G, E, O.
    """

    position: int
    article: str
    title: str
    quantity: Decimal
    unit: Unit
    price: Decimal = NOTHING
    discount: Decimal = NOTHING
    total: Decimal = NOTHING
    net_price: Decimal = NOTHING
    net: Decimal = NOTHING
    rate: Decimal = NOTHING
    category: str = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What of a paper falls under one rate of tax.

    Attributes:
        reason: Why there is no tax, as printed; empty where there is.
        reason_code: The same from the VATEX list; empty: there is none.
    """

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Former:
    """The paper that another one corrects or takes back."""

    number: str
    kind: str
    issued: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A whole paper.

    Attributes:
        number: As it is printed, with the code and the year.
        short: The same as its file is called: ``RE_2026_100456``.
        gross: Whether prices of lines include tax.
        prepaid: What was paid before.
        due: What is still to be paid.
        amazon: Amazon's order number, who has the money already.
        order: The order's number, whoever's it is.
        to: Who gets the goods.
        account: Where the money goes; ``None``: nowhere, it is paid.
        reference: What the buyer wants to read (BT-10), such as a
            Leitweg-ID.
        discount: What may be taken off for paying early, for machines.
        einvoice: ``none``, ``zugferd`` or ``xrechnung``.
        oss: Whether tax of another country is shown.
    """

    kind: str
    number: str
    short: str
    language: str
    issued: date
    currency: str
    gross: bool
    seller: Party
    buyer: Party
    to: Party
    customer: str
    lines: tuple[BillLine, ...]
    shares: tuple[Share, ...] = ()
    net: Decimal = NOTHING
    tax: Decimal = NOTHING
    total: Decimal = NOTHING
    prepaid: Decimal = NOTHING
    supplied: date | None = None
    due_for_delivery: date | None = None
    valid_to: date | None = None
    pay_by: date | None = None
    terms: str = ""
    discount: str = ""
    order: str = ""
    amazon: str = ""
    former: Former | None = None
    account: Account | None = None
    reference: str = ""
    einvoice: str = NO_XML
    intro: str = ""
    closing: str = ""
    oss: bool = False

    @property
    def type_code(self) -> str:
        """UNTDID 1001; empty for what is no invoice."""
        return TYPES.get(self.kind, "")

    @property
    def due(self) -> Decimal:
        """What is still to be paid."""
        return self.total - self.prepaid
