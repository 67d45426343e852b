"""``[letterhead]`` and ``[papers]``: who writes letters, and which."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from typing import Literal

from pydantic import AfterValidator
from pydantic import Field
from stdnum import iban
from stdnum.eu import vat

from bridge.config.section import Section

CITY = re.compile(r"(?:[A-Z]{1,3}-)?(\d{4,6})\s+(\S.*)")
COLOUR = r"^#[0-9a-fA-F]{6}$"


def _iban(text: str) -> str:
    if text and not iban.is_valid(text):
        raise ValueError("config.no_iban")
    return iban.compact(text) if text else ""


def _vat_id(text: str) -> str:
    if text and not vat.is_valid(text):
        raise ValueError("config.no_vat_id")
    return vat.compact(text) if text else ""


def _address(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The street, then postcode and city: machines read them apart."""
    if lines and not any(CITY.fullmatch(line) for line in lines[1:]):
        raise ValueError("config.no_city")
    return lines


class Letterhead(Section):
    """``[letterhead]``: the firm, as its letters must name it."""

    company: str = ""
    address: Annotated[tuple[str, ...], AfterValidator(_address)] = ()
    country: str = Field(default="DE", pattern=r"^[A-Z]{2}$")
    vat_id: Annotated[str, AfterValidator(_vat_id)] = ""
    tax_number: str = ""
    registered: str = Field(default="", alias="register")
    directors: tuple[str, ...] = ()
    bank: str = ""
    account_holder: str = Field(default="", max_length=70)
    iban: Annotated[str, AfterValidator(_iban)] = ""
    bic: str = Field(
        default="", pattern=r"^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$"
    )
    contact: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    logo: Path | None = None
    colour: str = Field(default="#1f3a5f", pattern=COLOUR)

    @property
    def street(self) -> str:
        """The first line of the address."""
        return self.address[0] if self.address else ""

    @property
    def place(self) -> tuple[str, str]:
        """Postcode and city."""
        for line in self.address[1:]:
            found = CITY.fullmatch(line)
            if found is not None:
                return found[1], found[2]
        return "", ""


class Terms(Section):
    """``[[terms]]``: what a key of Sage's terms of payment says on paper.

    Attributes:
        key: Zahlungskond.
        de: The sentence; ``en`` is said where letters are English.
        discount: Percent that may be taken off (Skonto).
        within: Days for it.
    """

    key: str = Field(min_length=1)
    de: str = ""
    en: str = ""
    discount: Decimal = Field(default=Decimal(0), ge=0, lt=100)
    within: int = Field(default=0, ge=0)

    def said(self, language: str) -> str:
        """The sentence in a language; the other one if there is none."""
        return (self.en or self.de) if language == "en" else self.de or self.en


class Papers(Section):
    """``[papers]``: which papers of Sage become letters, and how.

    Attributes:
        own: Whether the bridge prints what Sage has no PDF of.
        small_business: Whether no tax is shown (UStG § 19).
    """

    own: bool = True
    einvoice: Literal["none", "zugferd", "xrechnung"] = "zugferd"
    schematron: bool = True
    small_business: bool = False
    language: Literal["", "de", "en"] = ""
    keep_years: int = Field(default=8, ge=1, le=30)
