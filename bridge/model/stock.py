"""What lies where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """One article in one warehouse (Sage: KHKLagerplatzbestaende).

    Attributes:
        warehouse: Lagerkennung.
        bin: Platzbezeichnung; empty is the sum over the warehouse.
        quantity: Physical stock, in ``unit``.
        available: What may be sold; may be negative in Sage.
        lead_time: Lieferzeit, days until it leaves this warehouse.
        restock_date: NaechsterZugang, when more of it arrives.
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
    lead_time: int | None = None
    restock_date: date | None = None
