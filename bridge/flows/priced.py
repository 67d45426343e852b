"""What a price turns out to be, why, and what a person should know of it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from bridge.errors import Finding
from bridge.mapping.verbs import rounded
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.model.listing import Offer

CONSUMERS, BUSINESS = "ALL", "B2B"
PRICE, TIER, SALE = "price", "tier", "sale"
COMMON = "common"  # instead of a list: what customers have in common
ONE = Decimal(1)


class Customer(NamedTuple):
    """For whom a price is wanted."""

    marketplace: str
    audience: str
    currency: str


class Amount(NamedTuple):
    """What one piece costs, and why.

    Attributes:
        gross: In cents.
        stated: What Sage says, for ``per`` pieces.
        rate: Percent that were added; nothing if it was gross already.
        entry: Of which price list.
    """

    gross: Decimal
    stated: Decimal
    per: Decimal
    rate: Decimal | None
    entry: Mapping[str, Any]

    @property
    def list(self) -> str:
        """The price list as a person finds it."""
        return label(self.entry)


class Reason(NamedTuple):
    """Why an offer holds an amount.

    Attributes:
        kind: ``price``, ``tier`` or ``sale``.
        pieces: From how many on, for a tier.
    """

    audience: str
    kind: str
    amount: Amount
    pieces: int = 1

    def shown(self, currency: str) -> dict[str, Any]:
        """As ``offer show --json`` shows it."""
        rate = self.amount.rate
        return {
            "audience": self.audience,
            "kind": self.kind,
            "from_quantity": self.pieces,
            "amount": canonical(self.amount.gross),
            "currency": currency,
            "list": self.amount.list,
            "stated": canonical(self.amount.stated),
            "per": canonical(self.amount.per),
            "gross": rate is None,
            "tax_rate": None if rate is None else canonical(rate),
        }


@dataclass
class Priced:
    """The offers of one SKU in one marketplace.

    Attributes:
        currency: Of the marketplace.
        offers: One for consumers, perhaps one for business.
        reasons: Where each of their amounts comes from.
        list_price: The recommended price, where it may be shown.
        findings: What a person should know.
        boundary: When a price begins or ends next.
    """

    currency: str = ""
    offers: list[Offer] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    list_price: str | None = None
    findings: list[Finding] = field(default_factory=list)
    boundary: datetime | None = None

    def note(self, code: str, value: str, **facts: str) -> None:
        """Something Sage should say differently."""
        facts.setdefault("currency", self.currency)
        self.findings.append(
            Finding(code, None, "price", value, "warn", "sender", facts)
        )

    def wake(self, at: datetime) -> None:
        """The price changes by itself at an instant."""
        if self.boundary is None or at < self.boundary:
            self.boundary = at


def in_cents(stated: Decimal, per: Decimal, rate: Decimal | None) -> Decimal:
    """The gross price of one piece, rounded once, half up.

    Args:
        stated: What Sage says, for ``per`` pieces.
        per: PreiseinheitVK.
        rate: Percent to be added to a net price.
    """
    amount = stated if per == 1 else stated / per
    return rounded(amount if rate is None else amount * (1 + rate / 100), 2)


def label(entry: Mapping[str, Any]) -> str:
    """A price list as a person finds it: number and name."""
    name = entry.get("list_name")
    return f"{entry['list']} ({name})" if name else str(entry["list"])
