"""What Amazon says of listings later, without being sent anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Reviewed:
    """A listing and what Amazon has against it now.

    Attributes:
        sku: Whose listing.
        issues: In Amazon's form; empty: nothing.
        changed_at: When Amazon last touched the listing, if it says so.
    """

    sku: str
    issues: tuple[dict[str, Any], ...]
    changed_at: datetime | None = None


@dataclass(frozen=True)
class ReviewPage:
    """One page of listings with issues, the oldest change first."""

    listings: tuple[Reviewed, ...]
    token: str | None


class Reviews(Protocol):
    """Where issues are read back; it raises what a marketplace raises."""

    @property
    def most_at_once(self) -> int:
        """Of how many SKUs it is asked by name."""
        ...

    @property
    def most_pages(self) -> int:
        """How many pages of one question can be reached."""
        ...

    def troubled(
        self, marketplace: str, since: datetime | None, token: str
    ) -> ReviewPage:
        """Listings with issues that changed since, page by page."""
        ...

    def of(self, marketplace: str, skus: Sequence[str]) -> Sequence[Reviewed]:
        """These listings, as far as Amazon still has them."""
        ...
