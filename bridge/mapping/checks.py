"""Known rules a value must satisfy; libraries know most of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import list_currencies
from stdnum import iban
from stdnum.eu import vat

if TYPE_CHECKING:
    from collections.abc import Callable

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+").fullmatch
_URL = re.compile(r"https?://[^\s/?#]+\.[^\s]+", re.IGNORECASE).fullmatch
_POSTCODE = re.compile(r"[0-9A-Z][0-9A-Z -]{1,9}", re.IGNORECASE).fullmatch
_COUNTRY = re.compile(r"[A-Z]{2}").fullmatch
#: Regions and islands that Unicode counts and ISO 3166-1 does not.
NO_COUNTRY = {
    *("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN"),
    *("XA", "XB", "XK", "ZZ"),
}
KOSOVO = "XK"  # as the EU and Amazon write it
_DIGITS = bytes.maketrans(b"0123456789", bytes(range(10)))
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def gtin(value: str) -> bool:
    """GTIN-8, -12, -13 or -14 with its check digit (GS1 General Spec. 7.9)."""
    if not (value.isascii() and value.isdigit()):
        return False
    if len(value) not in _GTIN_LENGTHS or not value.strip("0"):
        return False
    signs = value.encode().translate(_DIGITS)
    return (sum(signs[::-2]) + 3 * sum(signs[-2::-2])) % 10 == 0


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The countries of ISO 3166-1 alpha-2."""
    names = {str(name) for name in Locale("en").territories}
    return frozenset(name for name in names if _COUNTRY(name)) - NO_COUNTRY


def country(value: str) -> bool:
    """ISO 3166-1 alpha-2, and Kosovo, which has no code of its own there."""
    return value in countries() or value == KOSOVO


def currency(value: str) -> bool:
    """ISO 4217."""
    return value in list_currencies()


def language(value: str) -> bool:
    """ISO 639-1, with or without a country: ``de``, ``de_DE``."""
    code = value.replace("-", "_").partition("_")[0]
    return code.lower() in Locale("en").languages


FOLDERS = frozenset("/\\:")  # what a folder or a drive has in its name
CHECKS: dict[str, Callable[[str], bool]] = {
    "gtin": gtin,
    "vat_id": lambda value: bool(vat.is_valid(value)),
    "iban": lambda value: bool(iban.is_valid(value)),
    "email": lambda value: bool(_EMAIL(value)),
    "url": lambda value: bool(_URL(value)),
    "country": country,
    "currency": currency,
    "language": language,
    "postcode": lambda value: bool(_POSTCODE(value)),
    "file_name": lambda value: not FOLDERS & set(value),
}
