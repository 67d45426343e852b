"""A+ pages: what brand owners show beside a product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence


@dataclass(frozen=True)
class Sheet:
    """One page of one product.

    Attributes:
        marketplace: Country code.
        asin: The product it is shown at.
        locale: Its language, ``de-DE``.
        name: By which it is found again.
        body: The content document.
    """

    marketplace: str
    asin: str
    locale: str
    name: str
    body: Mapping[str, Any]


class Pages(Protocol):
    """Who keeps A+ pages; it raises what a marketplace raises."""

    def published(self, sheet: Sheet) -> Sequence[str]:
        """The keys of pages shown at the product in this language."""
        ...

    def validate(self, sheet: Sheet) -> Sequence[Mapping[str, str]]:
        """What stands against a page; nothing is changed."""
        ...

    def find(self, sheet: Sheet) -> str | None:
        """The key of the page of this name."""
        ...

    def create(self, sheet: Sheet) -> str:
        """Make a page; its key. Twice would be two."""
        ...

    def update(self, sheet: Sheet, key: str) -> None:
        """State the whole page again; twice is harmless."""
        ...

    def relate(self, sheet: Sheet, key: str) -> None:
        """Say at which product it is shown; twice is harmless."""
        ...

    def submit(self, sheet: Sheet, key: str) -> None:
        """Hand a page in for approval; who asks twice looks before."""
        ...

    def status(self, sheet: Sheet, key: str) -> str:
        """DRAFT, SUBMITTED, APPROVED or REJECTED."""
        ...
