"""What a paper must say before it is printed, and by which law.

Invoices: UStG § 14 (4); across borders § 14a; small ones up to 250 EUR UStDV
§ 33; corrections UStDV § 31 (5). All letters of a firm: HGB § 37a,
GmbHG § 35a.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.papers import cases
from bridge.papers.bill import NO_XML
from bridge.papers.bill import NOTE
from bridge.papers.bill import NOTHING
from bridge.papers.bill import PARTIAL
from bridge.papers.bill import QUOTE
from bridge.papers.bill import REFERS
from bridge.papers.bill import TYPES
from bridge.papers.bill import XRECHNUNG
from bridge.papers.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.papers import Letterhead
    from bridge.errors import Severity
    from bridge.model.papers import SalesDocument
    from bridge.papers.bill import Bill

SMALL = Decimal(250)  # EUR with tax (UStDV § 33)
YEARS_APART = 1  # a business year may begin in the one before
AT_LEAST_DIGITS = 3  # of a telephone number (BR-DE-27)


def sender_faults(head: Letterhead) -> Iterator[Fault]:
    """What every letter of the firm lacks."""
    for name in ("company", "address"):
        if not getattr(head, name):
            yield Fault("papers.no_sender", f"letterhead.{name}", name)


def taxed_faults(head: Letterhead) -> Iterator[Fault]:
    """What an invoice lacks of its seller (UStG § 14 (4) no. 2)."""
    if not (head.vat_id or head.tax_number):
        yield Fault("papers.no_tax_id", "letterhead.vat_id", "vat_id")


def paper_faults(paper: SalesDocument) -> Iterator[Fault]:
    """What Sage's paper lacks, whoever prints it."""
    if paper.issued is None:
        yield Fault("papers.lacks", "issued")
    elif abs(paper.year - paper.issued.year) > YEARS_APART:
        year, issued = str(paper.year), str(paper.issued.year)
        facts = {"issued": issued}
        yield Fault("papers.other_year", "year", year, "warn", facts)
    if not paper.name:
        yield Fault("papers.lacks", "name")
    if not paper.lines:
        yield Fault("papers.lacks", "lines")
    if paper.kind in TYPES:
        yield from _invoice_faults(paper)
    elif paper.kind != NOTE:
        yield from _address(paper, "warn")


def _invoice_faults(paper: SalesDocument) -> Iterator[Fault]:
    small = paper.total is not None and paper.total <= SMALL
    yield from _address(paper, "warn" if small else "refuse")
    if paper.supplied is None and paper.kind not in REFERS | {PARTIAL}:
        yield Fault("papers.lacks", "supplied", severity="refuse")
    if paper.kind in REFERS and not paper.of_number:
        yield Fault("papers.lacks", "of_number")
    for name in ("net", "tax", "total"):
        amount = getattr(paper, name)
        if amount is None:
            yield Fault("papers.lacks", name)
        elif amount < 0:
            yield Fault("papers.negative", name, str(amount))
    if not paper.currency:
        yield Fault("papers.lacks", "currency")
    if paper.pay_by and paper.issued and paper.pay_by < paper.issued:
        day = paper.pay_by.isoformat()
        yield Fault("papers.due_before", "pay_by", day, "warn")


def _address(paper: SalesDocument, severity: Severity) -> Iterator[Fault]:
    refused = severity == "refuse"
    code = "papers.lacks" if refused else "papers.lacks_address"
    for name in ("street", "postcode", "city"):
        if not getattr(paper, name):
            yield Fault(code, name, severity=severity)


def bill_faults(bill: Bill) -> Iterator[Fault]:
    """What the case of tax and the form of the invoice ask for."""
    if bill.kind != NOTE:
        yield from _sum_faults(bill)
    yield from _tax_faults(bill)
    if bill.prepaid > bill.total:
        facts = {"total": str(bill.total), "currency": bill.currency}
        yield Fault(
            "papers.prepaid", "prepaid", str(bill.prepaid), facts=facts
        )
    if bill.kind == QUOTE and bill.valid_to is None:
        yield Fault("papers.no_end", "valid_to", severity="warn")
    if bill.einvoice != NO_XML:
        yield from _electronic(bill)


def _sum_faults(bill: Bill) -> Iterator[Fault]:
    """Whether the lines come to what the paper says, to the cent."""
    sums = {
        "net": sum((line.net for line in bill.lines), NOTHING),
        "tax": sum((share.tax for share in bill.shares), NOTHING),
        "total": bill.net + bill.tax,
    }
    for name, made in sums.items():
        stated = getattr(bill, name)
        if name == "tax" and sums["net"] != bill.net:
            continue  # it follows from what is wrong already
        if made != stated:
            facts = {"made": str(made), "currency": bill.currency}
            yield Fault("papers.sums", name, str(stated), facts=facts)


def _tax_faults(bill: Bill) -> Iterator[Fault]:
    found = {line.category for line in bill.lines}
    for line in bill.lines:
        yield from _rate(bill, line.position, line.rate)
    if found & {cases.SUPPLY, cases.REVERSE}:
        if not bill.buyer.vat_id:
            yield Fault("papers.lacks_vat_id", "vat_id")
        if not bill.seller.vat_id:
            yield Fault("papers.no_own_vat_id", "letterhead.vat_id")
    if cases.SUPPLY in found:
        yield from _supply_faults(bill)
    if bill.oss and bill.buyer.vat_id and bill.kind in TYPES:
        yield Fault("papers.oss_firm", "vat_id", bill.buyer.vat_id)
    exempt = cases.EXEMPT in found
    if exempt and not any(s.reason for s in bill.shares if s.category == "E"):
        yield Fault("papers.no_reason", "tax_note")


def _supply_faults(bill: Bill) -> Iterator[Fault]:
    """Goods to another country of the Union, to a firm there (§ 6a UStG)."""
    home, vat_id = bill.seller.country, bill.buyer.vat_id
    if bill.to.country == home or bill.to.country not in cases.UNION:
        yield Fault("papers.no_supply", "tax_case", bill.to.country)
    elif vat_id.startswith(home):
        yield Fault("papers.own_vat_id", "vat_id", vat_id)


def _rate(bill: Bill, position: int, rate: Decimal) -> Iterator[Fault]:
    """Whether a rate can be: at home, or of a country of the Union."""
    known = f"{rate.normalize():f}" in cases.HOME_RATES
    abroad = bill.oss and rate <= cases.HIGHEST
    if bill.kind in TYPES and not known and not abroad:
        facts = {"position": str(position)}
        yield Fault(
            "papers.unknown_rate", "lines.tax_rate", str(rate), facts=facts
        )


def _electronic(bill: Bill) -> Iterator[Fault]:
    """What machines want beyond the law (EN 16931, XRechnung 3.0)."""
    if not bill.buyer.country:
        yield Fault("papers.lacks", "country")
    if bill.due > 0 and bill.pay_by is None and not bill.terms:
        yield Fault("papers.no_terms", "pay_by")
    if bill.einvoice != XRECHNUNG:
        return
    if not bill.reference:
        yield Fault("papers.no_reference", "buyer_reference")
    if not bill.buyer.email:
        yield Fault("papers.lacks", "email")
    seller = bill.seller
    digits = sum(sign.isdigit() for sign in seller.phone)
    for name in ("contact", "phone", "email"):
        if not getattr(seller, name) or (
            name == "phone" and digits < AT_LEAST_DIGITS
        ):
            yield Fault("papers.no_contact", f"letterhead.{name}", name)
