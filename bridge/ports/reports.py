"""Reports: asked for, made by Amazon in its own time, fetched, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.ports import Sale

#: Reports the bridge reads, as Amazon calls them (amazon.md R).
LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
NODES = "GET_XML_BROWSE_TREE_DATA"
#: New orders with address; Amazon makes it on a schedule only.
ORDERS = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"

#: ``none`` is no data, or thrown away; ``broken`` that Amazon gave it up.
End = Literal["done", "none", "broken"]


@dataclass(frozen=True)
class Wanted:
    """One report of one marketplace.

    Attributes:
        type: Amazon's report type.
        marketplace: Country code.
    """

    type: str
    marketplace: str


@dataclass(frozen=True)
class Standing:
    """How a report ended.

    Attributes:
        end: How.
        document: What to fetch, where there is something.
        made_at: When Amazon began to make it, if it says so: what changed
            later is not in it.
    """

    end: End
    document: str | None
    made_at: datetime | None = None


class Reports(Protocol):
    """Where reports are asked for; it raises what a marketplace raises."""

    def request(self, wanted: Wanted) -> str:
        """Have a report made; the receipt asks for its standing.

        Twice would be two reports: the caller looks for the first before
        it repeats.
        """
        ...

    def find(self, wanted: Wanted, since: datetime) -> Sequence[str]:
        """Receipts of such reports since an instant, the newest first."""
        ...

    def schedule(self, wanted: Wanted) -> None:
        """Have such reports made from now on; twice is once."""
        ...

    def standing(self, receipt: str) -> Standing | None:
        """How a report ended, or nothing yet."""
        ...

    def fetch(self, wanted: Wanted, document: str, target: Path) -> str:
        """Bring a report's document to a file, never through memory.

        Returns:
            How its text is encoded.
        """
        ...


@dataclass(frozen=True)
class Shown:
    """One of the merchant's SKUs as a listings report has it.

    Attributes:
        price: Of one piece to consumers, gross; ``None``: not stated.
        quantity: Pieces the merchant ships; ``None`` where Amazon does.
        status: ``active``, ``inactive``, ``incomplete`` or Amazon's word.
        channel: ``MFN`` (the merchant ships) or ``FBA``.
    """

    sku: str
    asin: str | None
    price: Decimal | None
    quantity: int | None
    status: str | None
    channel: str | None


@dataclass(frozen=True)
class Node:
    """One browse node of Amazon's tree.

    Attributes:
        id: Its number, as articles name it.
        path: The way to it in names, the widest first, as Amazon writes it.
        leaf: Whether no node lies below it.
        product_types: Amazon's types of products in it.
    """

    id: str
    name: str
    path: str
    leaf: bool
    product_types: str


class Readings(Protocol):
    """What stands in reports, row by row as they are asked for."""

    def listings(self, path: Path, encoding: str) -> Iterator[Shown]:
        """The merchant's SKUs; rows without one are passed over.

        Raises:
            InputError: ``reports.no_column``: it has no column of SKUs.
        """
        ...

    def nodes(self, path: Path) -> Iterator[Node]:
        """Every browse node.

        Raises:
            TransientError: The document is cut.
        """
        ...

    def orders(
        self, path: Path, encoding: str, marketplace: str
    ) -> Iterator[Sale | BridgeError]:
        """Each order, whole; or why it cannot be understood.

        Raises:
            InputError: ``reports.no_column``: a column it cannot do without
                is not there.
        """
        ...
