"""An article as one marketplace sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from bridge.errors import Finding

MEDIA = "media"


@dataclass(frozen=True)
class View:
    """An article as one marketplace sees it.

    Attributes:
        joined: The coded Listing.
        found: What a person should know of it.
        unit: What its stock is counted in.
        unit_factor: How many sales units that is.
        boundary: When its price changes by itself.
        facets: What is stated of it.
        dropped: What is not stated any more, whatever was.
        whole: Whether nothing but a facet stands against a new listing.
        promise: When it is shipped, and when more of it arrives.
        wake: When that is not so any more.
    """

    joined: dict[str, Any]
    found: list[Finding]
    unit: str | None = None
    unit_factor: Decimal | None = None
    boundary: datetime | None = None
    facets: Sequence[str] = ()
    dropped: Sequence[str] = ()
    whole: bool = True
    promise: str | None = None
    wake: datetime | None = None

    @property
    def needed(self) -> list[str]:
        """What a new listing cannot be made without: all but its pictures."""
        return [facet for facet in self.facets if facet != MEDIA]
