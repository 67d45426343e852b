"""Which field of a paper a rule of EN 16931 or XRechnung is about.

So that a person is told what to correct in Sage, and not only a rule's number.
"""

from __future__ import annotations

import re

#: The first pattern that fits a rule's name says the field; what begins with
#: ``letterhead`` stands in bridge.toml.
FIELDS = (
    (r"BR-0?1|BR-DE-21|BR-06|BR-CO-26", "letterhead.company"),
    (r"BR-08|BR-09|BR-DE-[34]", "letterhead.address"),
    (r"BR-DE-[2567]|BR-DE-2[78]|BR-62", "letterhead.contact"),
    (r"BR-50|BR-61|BR-CO-27|BR-DE-(19|23.*)", "letterhead.iban"),
    (r"BR-02", "number"),
    (r"BR-03", "issued"),
    (r"BR-04|BR-DE-17|BR-CL-01", "kind"),
    (r"BR-05|BR-CL-0[345]", "currency"),
    (r"BR-07", "name"),
    (r"BR-10|BR-DE-8", "city"),
    (r"BR-DE-9", "postcode"),
    (r"BR-11|BR-CL-14", "country"),
    (r"BR-63|BR-CL-25|BR-DE-28", "email"),
    (r"BR-DE-1[01]", "to_city"),
    (r"BR-57|BR-IC-12", "to_country"),
    (r"BR-DE-15", "buyer_reference"),
    (r"BR-DE-1", "letterhead.iban"),
    (r"BR-DE-18|BR-CO-25", "pay_by"),
    (r"BR-DE-2[26]|BR-55", "of_number"),
    (r"BR-IC-11|BR-CO-03", "supplied"),
    (r"BR-IC-10|BR-E-10|BR-AE-10|BR-G-10|BR-O-10|BR-CL-22", "tax_note"),
    (r"BR-(IC|AE)-0?[234]|BR-CO-09", "vat_id"),
    (r"BR-(S|Z|E|G|O|IC|AE|IG|IP)-.*|BR-CO-1[78]|BR-4[5678]", "tax_rate"),
    (r"BR-DE-14|BR-CL-1[78]", "tax_rate"),
    (r"BR-16", "lines"),
    (r"BR-21", "lines.position"),
    (r"BR-22", "lines.quantity"),
    (r"BR-23|BR-CL-23", "lines.unit"),
    (r"BR-24", "lines.total"),
    (r"BR-25", "lines.title"),
    (r"BR-2[678]", "lines.unit_price"),
    (r"BR-CO-14|BR-53", "tax"),
    (r"BR-CO-16|BR-15", "prepaid"),
    (r"BR-CO-15|BR-14", "total"),
    (r"BR-CO-1[0123]|BR-1[23]|BR-DEC-.*", "net"),
)


#: Rules about lists of codes have no name of their own: by their element, the
#: last of the place that is known here.
PLACES = (
    (r"SellerTradeParty\[.*CountryID", "letterhead.country"),
    (r"ShipToTradeParty\[.*CountryID", "to_country"),
    (r"CountryID", "country"),
    (r"InvoiceCurrencyCode|currencyID|TaxTotalAmount", "currency"),
    (r"CategoryCode|RateApplicablePercent|ApplicableTradeTax", "tax_rate"),
    (r"BilledQuantity|unitCode", "lines.unit"),
    (r"ExemptionReason", "tax_note"),
    (r"URIID", "email"),
    (r"ExchangedDocument\[.*TypeCode", "kind"),
    (r"SpecifiedTradeSettlementPaymentMeans", "letterhead.iban"),
)


def field_of(rule: str, place: str = "") -> str:
    """The field a rule is about; empty if it is of no single one.

    Args:
        rule: Such as ``BR-CO-15``.
        place: The XPath of what breaks it.
    """
    for pattern, field in FIELDS:
        if re.fullmatch(pattern, rule):
            return _whole(field)
    for pattern, field in PLACES:
        if re.search(pattern, place):
            return _whole(field)
    return ""


def _whole(field: str) -> str:
    return f"lines.{field}" if field == "tax_rate" else field
