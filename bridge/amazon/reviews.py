"""Issues of listings are read back by search (amazon.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon.listed import MOST
from bridge.amazon.listed import items
from bridge.amazon.paging import following
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports.issues import Reviewed
from bridge.ports.issues import ReviewPage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.amazon.session import SellingPartner

PAGE = 20  # listings of a page, the most there are


@dataclass(frozen=True)
class LiveReviews:
    """The port Reviews on searchListingsItems.

    Attributes:
        seller: The Merchant Token.
        partner: Who talks to Amazon.
        locale: In which language issues are told, such as ``de_DE``.
    """

    seller: str
    partner: SellingPartner
    locale: str
    most_at_once: int = MOST
    most_pages: int = 1_000 // PAGE

    def troubled(
        self, marketplace: str, since: datetime | None, token: str
    ) -> ReviewPage:
        """Listings with issues that changed since, page by page."""
        query: dict[str, Any] = {
            **self._said,
            "marketplaceIds": [MARKETPLACES[marketplace].id],
            "pageSize": PAGE,
            "withIssueSeverity": ["ERROR", "WARNING"],
            "sortBy": "lastUpdatedDate",
            "sortOrder": "ASC",
        }
        if since is not None:
            query["lastUpdatedAfter"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        if token:
            query["pageToken"] = token
        answer = self.partner.ask(
            "searchListingsItems", self.seller, query=query
        )
        found = _listings(answer.get("items") or ())
        return ReviewPage(found, following(answer, token or ""))

    @property
    def _said(self) -> dict[str, Any]:
        """What an answer shall hold."""
        return {
            "includedData": ["issues", "summaries"],
            "issueLocale": self.locale,
        }

    def of(self, marketplace: str, skus: Sequence[str]) -> Sequence[Reviewed]:
        """These listings, as far as Amazon still has them."""
        return _listings(
            items(self.partner, self.seller, marketplace, skus, self._said)
        )


def _listings(found: Iterable[Mapping[str, Any]]) -> tuple[Reviewed, ...]:
    return tuple(
        Reviewed(
            str(item["sku"]),
            tuple(item.get("issues") or ()),
            _changed_at(item.get("summaries") or ()),
        )
        for item in found
    )


def _changed_at(summaries: Sequence[Mapping[str, Any]]) -> datetime | None:
    said = [one.get("lastUpdatedDate") for one in summaries]
    instants = [datetime.fromisoformat(str(one)) for one in said if one]
    return max(instants, default=None)
