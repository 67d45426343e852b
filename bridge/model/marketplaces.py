"""Amazon's marketplaces (developer documentation, page marketplace-ids)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The form of Amazon's order numbers, in every marketplace.
is_order_number = re.compile(r"\d{3}-\d{7}-\d{7}").fullmatch


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace.

    Attributes:
        code: The country code a person writes: ``DE``.
        id: Amazon's id of it.
        region: ``eu``, ``na`` or ``fe``.
        currency: ISO 4217.
        language: The tag of its texts, ``xx_YY``.
        domain: Where a customer meets it.
    """

    code: str
    id: str
    region: str
    currency: str
    language: str
    domain: str


_ROWS = (
    ("DE", "A1PA6795UKMFR9", "eu", "EUR", "de_DE", "amazon.de"),
    ("FR", "A13V1IB3VIYZZH", "eu", "EUR", "fr_FR", "amazon.fr"),
    ("IT", "APJ6JRA9NG5V4", "eu", "EUR", "it_IT", "amazon.it"),
    ("ES", "A1RKKUPIHCS9HS", "eu", "EUR", "es_ES", "amazon.es"),
    ("NL", "A1805IZSGTT6HS", "eu", "EUR", "nl_NL", "amazon.nl"),
    ("BE", "AMEN7PMS3EDWL", "eu", "EUR", "fr_BE", "amazon.com.be"),
    ("PL", "A1C3SOZRARQ6R3", "eu", "PLN", "pl_PL", "amazon.pl"),
    ("SE", "A2NODRKZP88ZB9", "eu", "SEK", "sv_SE", "amazon.se"),
    ("IE", "A28R8C7NBKEWEA", "eu", "EUR", "en_IE", "amazon.ie"),
    ("UK", "A1F83G8C2ARO7P", "eu", "GBP", "en_GB", "amazon.co.uk"),
    ("TR", "A33AVAJ2PDY3EV", "eu", "TRY", "tr_TR", "amazon.com.tr"),
    ("US", "ATVPDKIKX0DER", "na", "USD", "en_US", "amazon.com"),
    ("CA", "A2EUQ1WTGCTBG2", "na", "CAD", "en_CA", "amazon.ca"),
    ("MX", "A1AM78C64UM0Y8", "na", "MXN", "es_MX", "amazon.com.mx"),
    ("JP", "A1VC38T7YXB528", "fe", "JPY", "ja_JP", "amazon.co.jp"),
    ("AU", "A39IBJ37TRP1C6", "fe", "AUD", "en_AU", "amazon.com.au"),
)

MARKETPLACES: Mapping[str, Marketplace] = MappingProxyType(
    {row[0]: Marketplace(*row) for row in _ROWS}
)
BY_ID: Mapping[str, Marketplace] = MappingProxyType(
    {place.id: place for place in MARKETPLACES.values()}
)
#: How Amazon calls the languages of its messages, by ours.
LOCALES = {"de": "de_DE", "en": "en_GB"}
