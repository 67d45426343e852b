"""Who brings papers to a buyer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A paper for the buyer of an order.

    Attributes:
        number: The submission's running number.
        marketplace: Country code.
        order: Amazon's number.
        name: Of the file, as the buyer sees it.
        content: The PDF.
    """

    number: int
    marketplace: str
    order: str
    name: str
    content: bytes


class Courier(Protocol):
    """Amazon's messages to buyers; it raises what a marketplace raises."""

    def prepare(self, parcel: Parcel) -> str:
        """Bring the PDF to Amazon; what it is called there.

        Twice is harmless.

        Raises:
            RefusedError: ``invoices.not_offered``: Amazon does not offer it
                for this order.
        """
        ...

    def send(self, parcel: Parcel, place: str) -> None:
        """Have it sent. Twice would be two messages."""
        ...
