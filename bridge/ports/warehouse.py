"""What the house asks of Amazon's warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Offer:
    """What Amazon would do with an order.

    Attributes:
        fees: Amounts by Amazon's names of them.
        currency: ISO 4217, where there are fees.
        unable: Why it would not ship; empty if it would.
    """

    fees: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    unable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far Amazon is with an order.

    Attributes:
        status: Amazon's word, such as ``Processing``.
        parcels: ``carrier``, ``tracking`` and ``shipped_at`` of each that
            left, and its ``items``: ``position``, ``sku``, ``quantity``.
    """

    status: str
    parcels: tuple[dict[str, Any], ...] = ()


class Warehouse(Protocol):
    """The stock Amazon holds and ships for the merchant.

    It raises what a marketplace raises. Numbers are the merchant's own
    (sellerFulfillmentOrderId): Amazon takes each once.
    """

    def preview(self, number: str, body: Mapping[str, Any]) -> Offer:
        """What an order would cost; nothing is changed."""
        ...

    def create(self, number: str, body: Mapping[str, Any]) -> None:
        """Have an order shipped. The caller looks for it first."""
        ...

    def look(self, number: str) -> Progress | None:
        """How far it is; nothing if Amazon does not know it."""
        ...

    def cancel(self, number: str) -> None:
        """Have it not shipped, if it is not too late. Twice is harmless."""
        ...
