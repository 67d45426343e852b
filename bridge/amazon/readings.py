"""What stands in Amazon's reports, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from decimal import InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING

from bridge.amazon.browsetree import nodes
from bridge.amazon.orderreports import orders
from bridge.amazon.textreport import open_rows
from bridge.ports.reports import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.amazon.textreport import Row
    from bridge.errors import BridgeError
    from bridge.ports import Sale
    from bridge.ports.reports import Node

LOST = "\N{REPLACEMENT CHARACTER}"
#: Names of columns in accounts of other languages. They are asked for in
#: English; not every account keeps to that (amazon.md R).
LISTING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "seller-sku": (
            *("sku", "Händler-SKU", "sku-vendeur", "SKU venditore"),
            "SKU del vendedor",
        ),
        "asin1": ("asin", "asin 1"),
        "price": ("Preis", "Prezzo", "Prix", "Precio"),
        "quantity": ("Menge", "Quantità", "Quantité", "Cantidad"),
        "status": ("stato", "état", "estado"),
        "fulfillment-channel": (
            *("fulfilment-channel", "Versender", "canal-traitement"),
            *("Canale di gestione", "Canal de gestión logística"),
        ),
    }
)
STATES: Mapping[str, str] = MappingProxyType(
    {"aktiv": "active", "inaktiv": "inactive", "unvollständig": "incomplete"}
)
OURS, THEIRS = "default", "amazon"  # how the channels are called


@dataclass(frozen=True)
class AmazonReadings:
    """The port Readings: the same live and in rehearsal."""

    def listings(self, path: Path, encoding: str) -> Iterator[Shown]:
        """The merchant's SKUs, one a row."""
        with open_rows(path, encoding, LISTING, ["seller-sku"]) as rows:
            for row in rows:
                sku = row["seller-sku"]
                if sku and LOST not in sku:
                    yield _shown(sku, row)

    def nodes(self, path: Path) -> Iterator[Node]:
        """Every browse node."""
        return nodes(path)

    def orders(
        self, path: Path, encoding: str, marketplace: str
    ) -> Iterator[Sale | BridgeError]:
        """Each order, or why it cannot be understood."""
        return orders(path, encoding, marketplace)


def _shown(sku: str, row: Row) -> Shown:
    status = row.get("status", "").casefold()
    quantity = _number(row.get("quantity", ""))
    return Shown(
        sku,
        row.get("asin1") or None,
        _number(row.get("price", "")),
        None if quantity is None else int(quantity),
        STATES.get(status, status) or None,
        _channel(row.get("fulfillment-channel", "").casefold()),
    )


def _channel(said: str) -> str | None:
    if said.startswith(THEIRS):
        return "FBA"
    return "MFN" if said == OURS else None


def _number(cell: str) -> Decimal | None:
    """An amount with a point; what is none says nothing."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
