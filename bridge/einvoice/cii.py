"""A bill as UN/CEFACT CII, for ZUGFeRD (Factur-X) and XRechnung alike.

Written as text: the order of elements is that of the schema, and a library's
objects take a hundred times as long. BT and BG numbers are of EN 16931-1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

from bridge.papers import cases
from bridge.papers.bill import GIVES_BACK
from bridge.papers.bill import XRECHNUNG
from bridge.papers.bill import ZUGFERD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from bridge.papers.bill import Bill
    from bridge.papers.bill import BillLine
    from bridge.papers.bill import Party
    from bridge.papers.bill import Share

#: BT-24, which rules an invoice keeps (Factur-X 1.0; XRechnung 3.0.2).
RULES = {
    ZUGFERD: "urn:cen.eu:en16931:2017",
    XRECHNUNG: "urn:cen.eu:en16931:2017#compliant"
    "#urn:xeinkauf.de:kosit:xrechnung_3.0",
}
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"  # BT-23
TRANSFER, ONLINE, SET_OFF, UNDEFINED = "58", "68", "97", "1"  # UNTDID 4461
MAIL, VAT_ID = "EM", "9930"  # schemes of electronic addresses
NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
SUMMED = "SpecifiedTradeSettlementHeaderMonetarySummation"


def cii(bill: Bill) -> bytes:
    """The invoice as XML.

    Args:
        bill: Worked out and judged; ``einvoice`` says after which rules.
    """
    spaces = "".join(
        f" xmlns:{name}={quoteattr(place)}"
        for name, place in NAMESPACES.items()
    )
    parts = (
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f"<rsm:CrossIndustryInvoice{spaces}>",
        _context(bill),
        _document(bill),
        "<rsm:SupplyChainTradeTransaction>",
        *map(_line, bill.lines),
        _agreement(bill),
        _delivery(bill),
        _settlement(bill),
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>\n",
    )
    return "".join(parts).encode()


def _tag(name: str, content: str, **attributes: str) -> str:
    """An element that holds others; nothing if it holds nothing."""
    said = "".join(
        f" {key}={quoteattr(value)}" for key, value in attributes.items()
    )
    return f"<ram:{name}{said}>{content}</ram:{name}>" if content else ""


def _text(name: str, text: str, **attributes: str) -> str:
    """An element with a text; nothing without one."""
    return _tag(name, escape(text), **attributes)


def _amount(name: str, value: Decimal, **attributes: str) -> str:
    return _tag(name, f"{value:.2f}", **attributes)


def _plain(value: Decimal) -> str:
    """A number without an exponent or needless zeros."""
    return f"{value.normalize():f}"


def _day(name: str, day: date | None) -> str:
    if day is None:
        return ""
    said = f'<udt:DateTimeString format="102">{day:%Y%m%d}'
    return _tag(name, f"{said}</udt:DateTimeString>")


def _context(bill: Bill) -> str:
    process = ""
    if bill.einvoice == XRECHNUNG:
        process = _tag(
            "BusinessProcessSpecifiedDocumentContextParameter",
            _text("ID", PROCESS),
        )
    rules = _tag(
        "GuidelineSpecifiedDocumentContextParameter",
        _text("ID", RULES[bill.einvoice]),
    )
    name = "rsm:ExchangedDocumentContext"
    return f"<{name}>{process}{rules}</{name}>"


def _document(bill: Bill) -> str:
    notes = "".join(
        _tag("IncludedNote", _text("Content", note))
        for note in (bill.intro, bill.closing)
        if note
    )
    said = (
        _text("ID", bill.number)
        + _text("TypeCode", bill.type_code)
        + _day("IssueDateTime", bill.issued)
    )
    return f"<rsm:ExchangedDocument>{said}{notes}</rsm:ExchangedDocument>"


def _line(line: BillLine) -> str:
    product = _text("SellerAssignedID", line.article) + _text(
        "Name", line.title
    )
    price = _tag(
        "NetPriceProductTradePrice",
        _tag("ChargeAmount", _plain(line.net_price)),
    )
    count = _tag(
        "BilledQuantity", _plain(line.quantity), unitCode=line.unit.code
    )
    settled = _tag("ApplicableTradeTax", _taxed(line.category, line.rate))
    settled += _tag(
        "SpecifiedTradeSettlementLineMonetarySummation",
        _amount("LineTotalAmount", line.net),
    )
    return _tag(
        "IncludedSupplyChainTradeLineItem",
        _tag(
            "AssociatedDocumentLineDocument",
            _text("LineID", str(line.position)),
        )
        + _tag("SpecifiedTradeProduct", product)
        + _tag("SpecifiedLineTradeAgreement", price)
        + _tag("SpecifiedLineTradeDelivery", count)
        + _tag("SpecifiedLineTradeSettlement", settled),
    )


def _taxed(category: str, rate: Decimal) -> str:
    """Kind, case and rate; what is outside of tax has no rate (BR-O-05)."""
    said = _text("TypeCode", "VAT") + _text("CategoryCode", category)
    if category != cases.OUTSIDE:
        said += _tag("RateApplicablePercent", _plain(rate))
    return said


def _outside(bill: Bill) -> bool:
    return any(line.category == cases.OUTSIDE for line in bill.lines)


def _agreement(bill: Bill) -> str:
    order = _tag(
        "BuyerOrderReferencedDocument", _text("IssuerAssignedID", bill.order)
    )
    return _tag(
        "ApplicableHeaderTradeAgreement",
        _text("BuyerReference", bill.reference)
        + _tag("SellerTradeParty", _seller(bill))
        + _tag("BuyerTradeParty", _buyer(bill))
        + order,
    )


def _seller(bill: Bill) -> str:
    """BG-4; who shows no tax names no VAT id (BR-O-02)."""
    seller, outside = bill.seller, _outside(bill)
    own = _text("ID", seller.tax_number or seller.register)
    contact = (
        _text("PersonName", seller.contact)
        + _tag(
            "TelephoneUniversalCommunication",
            _text("CompleteNumber", seller.phone),
        )
        + _tag("EmailURIUniversalCommunication", _text("URIID", seller.email))
    )
    taxes = ""
    if not outside:
        taxes = _registered("FC", seller.tax_number)
        taxes += _registered("VA", seller.vat_id)
    return (
        (own if outside else "")
        + _text("Name", seller.name)
        + _tag("DefinedTradeContact", contact)
        + _address(seller)
        + _electronic(seller)
        + taxes
    )


def _buyer(bill: Bill) -> str:
    """BG-7; a tax id that is no VAT id of the Union is for people alone."""
    buyer = bill.buyer
    if not cases.is_vat_id(buyer.vat_id):
        buyer = replace(buyer, vat_id="")
    taxes = "" if _outside(bill) else _registered("VA", buyer.vat_id)
    return (
        _text("Name", buyer.name)
        + _address(buyer)
        + _electronic(buyer)
        + taxes
    )


def _registered(scheme: str, number: str) -> str:
    return _tag(
        "SpecifiedTaxRegistration", _text("ID", number, schemeID=scheme)
    )


def _address(party: Party) -> str:
    return _tag(
        "PostalTradeAddress",
        _text("PostcodeCode", party.postcode)
        + _text("LineOne", party.street)
        + _text("LineTwo", party.extra)
        + _text("CityName", party.city)
        + _text("CountryID", party.country),
    )


def _electronic(party: Party) -> str:
    """BT-34 and BT-49: where invoices reach a party."""
    if party.email:
        said = _text("URIID", party.email, schemeID=MAIL)
    elif party.vat_id.startswith("DE"):
        said = _text("URIID", party.vat_id, schemeID=VAT_ID)
    else:
        said = ""
    return _tag("URIUniversalCommunication", said)


def _delivery(bill: Bill) -> str:
    """BG-13; goods to another country say to which (BR-IC-12)."""
    to = ""
    if bill.to.city or bill.to.country != bill.seller.country:
        to = _tag(
            "ShipToTradeParty", _text("Name", bill.to.name) + _address(bill.to)
        )
    when = _tag(
        "ActualDeliverySupplyChainEvent",
        _day("OccurrenceDateTime", bill.supplied),
    )
    name = "ram:ApplicableHeaderTradeDelivery"  # stands even if it is empty
    return f"<{name}>{to}{when}</{name}>"


def _settlement(bill: Bill) -> str:
    return _tag(
        "ApplicableHeaderTradeSettlement",
        _text("PaymentReference", bill.number)
        + _text("InvoiceCurrencyCode", bill.currency)
        + _means(bill)
        + "".join(map(_share, bill.shares))
        + _terms(bill)
        + _tag(SUMMED, "".join(_sums(bill)))
        + _former(bill),
    )


def _means(bill: Bill) -> str:
    """BG-16: how it is paid."""
    if bill.amazon:
        said = _text("TypeCode", ONLINE)
    elif bill.kind in GIVES_BACK:
        said = _text("TypeCode", SET_OFF)
    elif bill.account is None:
        said = _text("TypeCode", UNDEFINED)
    else:
        account = bill.account
        said = (
            _text("TypeCode", TRANSFER)
            + _tag(
                "PayeePartyCreditorFinancialAccount",
                _text("IBANID", account.iban)
                + _text("AccountName", account.holder),
            )
            + _tag(
                "PayeeSpecifiedCreditorFinancialInstitution",
                _text("BICID", account.bic),
            )
        )
    return _tag("SpecifiedTradeSettlementPaymentMeans", said)


def _share(share: Share) -> str:
    """BG-23: one case and rate of tax."""
    said = (
        _amount("CalculatedAmount", share.tax)
        + _text("TypeCode", "VAT")
        + _text("ExemptionReason", share.reason)
        + _amount("BasisAmount", share.net)
        + _text("CategoryCode", share.category)
        + _text("ExemptionReasonCode", share.reason_code)
        + _tag("RateApplicablePercent", _plain(share.rate))
    )
    return _tag("ApplicableTradeTax", said)


def _terms(bill: Bill) -> str:
    coded = bill.discount if bill.einvoice == XRECHNUNG else ""
    words = "\n".join(filter(None, (bill.terms, coded)))
    said = _text("Description", words)
    said += _day("DueDateDateTime", bill.pay_by)
    return _tag("SpecifiedTradePaymentTerms", said)


def _sums(bill: Bill) -> Iterator[str]:
    """BG-22: every sum of the invoice."""
    yield _amount("LineTotalAmount", bill.net)
    yield _amount("TaxBasisTotalAmount", bill.net)
    yield _amount("TaxTotalAmount", bill.tax, currencyID=bill.currency)
    yield _amount("GrandTotalAmount", bill.total)
    if bill.prepaid:
        yield _amount("TotalPrepaidAmount", bill.prepaid)
    yield _amount("DuePayableAmount", bill.due)


def _former(bill: Bill) -> str:
    """BG-3: the invoice this one is about."""
    if bill.former is None:
        return ""
    day = ""
    if bill.former.issued is not None:
        said = f"{bill.former.issued:%Y%m%d}</qdt:DateTimeString>"
        day = _tag(
            "FormattedIssueDateTime",
            f'<qdt:DateTimeString format="102">{said}',
        )
    return _tag(
        "InvoiceReferencedDocument",
        _text("IssuerAssignedID", bill.former.number) + day,
    )
