"""Which case of value added tax a line without tax is.

What Sage states wins (column Steuerfall). Otherwise a country says it: goods
to another firm in the Union, or out of it. What is not clear is asked for,
since whoever shows a wrong tax owes it (UStG § 14c).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from stdnum.eu import vat

from bridge.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

STANDARD, SUPPLY, REVERSE, EXPORT, EXEMPT, OUTSIDE = (
    *("S", "K", "AE"),
    *("G", "E", "O"),
)
CASES = (STANDARD, SUPPLY, REVERSE, EXPORT, EXEMPT, OUTSIDE)
#: The VATEX list of EN 16931; an exemption of national law has its own text.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        SUPPLY: "VATEX-EU-IC",
        REVERSE: "VATEX-EU-AE",
        EXPORT: "VATEX-EU-G",
        OUTSIDE: "VATEX-EU-O",
    }
)
UNION = frozenset(
    [
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES"),
        *("FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"),
        *("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    ]
)
#: Rates of the home country (UStG § 12).
HOME_RATES = frozenset({"19", "7", "0"})
HIGHEST = 27  # percent, Hungary's; none in the Union is higher


def case_of(
    stated: str | None, rate: Decimal, country: str, home: str, vat_id: str
) -> str:
    """The case of a line; empty: it has to be stated.

    Args:
        stated: What Sage says, one of ``CASES``.
        rate: Percent of the line.
        country: Where the goods go.
        home: The seller's country.
        vat_id: The buyer's.
    """
    if rate:
        return STANDARD
    if stated and stated != STANDARD:
        return stated
    if country == home or not country:
        return ""
    if country not in UNION:
        return EXPORT
    return SUPPLY if vat_id else ""


def reason_of(
    case: str, note: str | None, language: str, *, small: bool
) -> str:
    """Why there is no tax, as law wants it said (UStG §§ 14 (4), 14a).

    Args:
        case: One of ``CASES``.
        note: What Sage says.
        language: ``de`` or ``en``.
        small: Whether the seller is a small business (UStG § 19); any
            other exemption has to be said by Sage.
    """
    if case == STANDARD or (case == EXEMPT and not note and not small):
        return ""
    return note or catalogue.term("tax_case", case, language)


def is_vat_id(text: str) -> bool:
    """Whether a VAT id can be one; nobody is asked."""
    return bool(vat.is_valid(text))
