"""Papers of trade: orders, offers, confirmations, invoices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesLine:
    """One line of a paper (Sage: KHKVKBelegePositionen).

    Attributes:
        position: Position.
        item: Amazon's orderItemId; Sage only hands it on.
        sku: Of the stock at Amazon, where it is called otherwise.
        article: Artikelnummer.
        variant: AuspraegungID.
        title: Bezeichnung1.
        quantity: Menge, in ``unit``.
        unit: Mengeneinheit.
        unit_price: Einzelpreis, gross or net as the paper says.
        discount: Rabatt, percent.
        total: Gesamtpreis.
        tax_rate: Percent, through Steuercode and KHKSteuertabelle.
        net_price: One unit without tax; worked out where an ``out`` mapping
            reads it, of ``total`` and ``tax_rate`` if the paper is gross.
        net_total: The line without tax, likewise: the lines of a rate add
            up to what the paper states.
    """

    position: int
    item: str | None = None
    sku: str | None = None
    article: str | None = None
    variant: int | None = None
    title: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    total: Decimal | None = None
    tax_rate: Decimal | None = None
    net_price: Decimal | None = None
    net_total: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxShare:
    """What of a paper falls under one rate of tax.

    Attributes:
        rate: Percent; empty where only the sum over all rates is known.
        net: What the tax is on.
        tax: The tax.
    """

    rate: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesDocument:
    """One paper of Sage (KHKVKBelege, layout P15). Names persons.

    Attributes:
        kind: ``quote``, ``confirmation``, ``delivery_note``, ``invoice``,
            ``partial_invoice``, ``correction``, ``credit_note`` or
            ``cancellation``; or ``order``, what a customer of another
            channel than Amazon sends. Amounts are positive; the kind says
            whose they are.
        year: Belegjahr; the number begins anew each year.
        number: Belegnummer.
        code: Belegkennzeichen, three letters of the installation.
        kind_name: Belegart in Sage's own words.
        issued: Belegdatum.
        due_for_delivery: Liefertermin.
        supplied: Day of supply, which an invoice must state (UStG § 14 (4)
            no. 6).
        valid_to: Last day of a quote.
        order: Referenznummer, Amazon's order number.
        of_kind: Kind of the paper this one refers to (ReferenzBelID); a
            credit note must name its invoice (UStDV § 31 (5)).
        of_year: Its year.
        of_number: Its number.
        of_code: Its Belegkennzeichen, if Sage states it.
        customer: A0Empfaenger, the account.
        name: A2Name1, the invoice recipient (UStG § 14 (4) no. 1).
        name2: A2Name2.
        street: A2Strasse.
        country: A2Land as ISO 3166.
        postcode: A2PLZ.
        city: A2Ort.
        vat_id: USt-IdNr. of the recipient (UStG § 14a).
        currency: WKz.
        gross: Preiskennzeichen: whether unit prices include tax.
        net: Nettobetrag.
        tax: Steuerbetrag.
        total: Bruttobetrag.
        payment_terms: KHKVKBelegeZKD.Zahlungskond.
        pay_by: Last day of payment.
        intro: Kopftext.
        closing: Fusstext.
        fulfilled_by: Versandweg; ``FBA``: from the stock at Amazon.
        to_name: A1Name1, who gets the goods; empty: the recipient above.
        to_extra: A1Zusatz.
        to_street: A1Strasse.
        to_country: A1Land as ISO 3166.
        to_postcode: A1PLZ.
        to_city: A1Ort.
        email: Where it may be sent.
        file: Name of the PDF Sage made, never a path.
        prepaid: What was paid before, of ``total``.
        tax_case: Why no tax is shown, UNCL 5305: ``K``, ``AE``, ``G``,
            ``E`` or ``O``.
        tax_note: The same in words of Sage's.
        einvoice: ``none``, ``zugferd`` or ``xrechnung``, as this customer
            wants it.
        buyer_reference: What the customer wants to read, such as a
            Leitweg-ID (EN 16931, BT-10).
        language: ``de`` or ``en``.
        taxes: Net and tax by rate, worked out as ``net_total`` of a line;
            empty where the lines do not add up to ``tax``.
    """

    kind: str
    year: int
    number: str
    mandant: int | None = None
    code: str | None = None
    kind_name: str | None = None
    issued: date | None = None
    due_for_delivery: date | None = None
    supplied: date | None = None
    valid_to: date | None = None
    order: str | None = None
    of_kind: str | None = None
    of_year: int | None = None
    of_number: str | None = None
    of_code: str | None = None
    customer: str | None = None
    name: str | None = None
    name2: str | None = None
    street: str | None = None
    country: str | None = None
    postcode: str | None = None
    city: str | None = None
    vat_id: str | None = None
    currency: str | None = None
    gross: bool | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    payment_terms: str | None = None
    pay_by: date | None = None
    intro: str | None = None
    closing: str | None = None
    fulfilled_by: str | None = None
    to_name: str | None = None
    to_extra: str | None = None
    to_street: str | None = None
    to_country: str | None = None
    to_postcode: str | None = None
    to_city: str | None = None
    email: str | None = None
    file: str | None = None
    prepaid: Decimal | None = None
    tax_case: str | None = None
    tax_note: str | None = None
    einvoice: str | None = None
    buyer_reference: str | None = None
    language: str | None = None
    lines: tuple[SalesLine, ...] = ()
    taxes: tuple[TaxShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """What somebody is to pay (layout P16). Names persons.

    Never for orders of Amazon, who collects the money itself.

    Attributes:
        kind: Belegart of the paper to be paid, as at ``SalesDocument``.
        year: Belegjahr.
        number: Belegnummer.
        level: Mahnstufe; 0 is the request, more are reminders.
        issued: Belegdatum.
        order: Referenznummer.
        customer: A0Empfaenger, the account.
        name: Name1.
        email: Where it may be sent.
        method: Zahlungsart, from the terms of payment.
        total: Bruttobetrag of the paper.
        paid: What the open item has been paid of it.
        open: What is to be paid.
        currency: WKz.
        pay_by: Faelligkeit, the last day.
        purpose: Verwendungszweck, 140 characters as SEPA allows.
        link: Page of the payment provider.
    """

    kind: str
    year: int
    number: str
    level: int = 0
    mandant: int | None = None
    issued: date | None = None
    order: str | None = None
    customer: str | None = None
    name: str | None = None
    email: str | None = None
    method: str | None = None
    total: Decimal | None = None
    paid: Decimal | None = None
    open: Decimal | None = None
    currency: str | None = None
    pay_by: date | None = None
    purpose: str | None = None
    link: str | None = None
