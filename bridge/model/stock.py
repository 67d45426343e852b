"""What lies where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """One article in one warehouse (Sage: KHKLagerplatzbestaende).

    Attributes:
        warehouse: Lagerkennung.
        bin: Platzbezeichnung; empty is the sum over the warehouse.
        quantity: Physical stock, in ``unit``.
        available: What may be sold; may be negative in Sage.
    """

    article: str
    variant: int = 0
    warehouse: str
    bin: str = ""
    mandant: int | None = None
    warehouse_name: str | None = None
    quantity: Decimal | None = None
    available: Decimal | None = None
    unit: str | None = None
