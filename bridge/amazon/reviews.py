"""Issues of listings are read back by search (amazon.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from bridge.model.marketplaces import MARKETPLACES
from bridge.ports.issues import Reviewed
from bridge.ports.issues import ReviewPage

if TYPE_CHECKING:
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
    most_at_once: int = 20  # identifiers of a search (amazon.md 2)
    most_pages: int = 1_000 // PAGE

    def troubled(
        self, marketplace: str, since: datetime | None, token: str
    ) -> ReviewPage:
        """Listings with issues that changed since, page by page."""
        query: dict[str, Any] = {
            "withIssueSeverity": ["ERROR", "WARNING"],
            "sortBy": "lastUpdatedDate",
            "sortOrder": "ASC",
        }
        if since is not None:
            query["lastUpdatedAfter"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        if token:
            query["pageToken"] = token
        answer = self._search(marketplace, query)
        following = (answer.get("pagination") or {}).get("nextToken")
        return ReviewPage(_listings(answer), following or None)

    def of(self, marketplace: str, skus: Sequence[str]) -> Sequence[Reviewed]:
        """These listings, as far as Amazon still has them."""
        query = {"identifiers": skus, "identifiersType": "SKU"}
        return _listings(self._search(marketplace, query))

    def _search(self, marketplace: str, query: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        common = {
            "marketplaceIds": [MARKETPLACES[marketplace].id],
            "includedData": ["issues", "summaries"],
            "issueLocale": self.locale,
            "pageSize": PAGE,
        }
        return self.partner.ask(
            "searchListingsItems", self.seller, query={**common, **query}
        )


def _listings(answer: Mapping[str, Any]) -> tuple[Reviewed, ...]:
    return tuple(
        Reviewed(
            str(item["sku"]),
            tuple(item.get("issues") or ()),
            _changed_at(item.get("summaries") or ()),
        )
        for item in answer.get("items") or ()
    )


def _changed_at(summaries: Sequence[Mapping[str, Any]]) -> datetime | None:
    said = [one.get("lastUpdatedDate") for one in summaries]
    instants = [datetime.fromisoformat(str(one)) for one in said if one]
    return max(instants, default=None)
