"""What Amazon knows of the merchant's SKUs in full."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence


class Showcase(Protocol):
    """Where SKUs are looked at; it raises what a marketplace raises."""

    @property
    def most_at_once(self) -> int:
        """Of how many SKUs it is asked at once."""
        ...

    def look(
        self, marketplace: str, skus: Sequence[str]
    ) -> Mapping[str, dict[str, Any]]:
        """Coded snapshots by SKU; those that are not there are left out."""
        ...

    def find(
        self, marketplace: str, gtins: Sequence[str]
    ) -> Mapping[str, Sequence[dict[str, Any]]]:
        """The things of the catalogue that bear numbers: asin and brand."""
        ...

    def types(self, marketplace: str, words: str) -> Sequence[tuple[str, str]]:
        """Product types that are proposed for some words, with their names."""
        ...
