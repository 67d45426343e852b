"""Amazon's usage plans, kept as Amazon does: refused and counted."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from tests.standin import pages

if TYPE_CHECKING:
    from datetime import datetime

#: Requests a second and at once (amazon.md 2, the smaller of its sources).
PLANS: dict[str, tuple[float, int]] = {
    "getListingsItem": (5, 5),
    "putListingsItem": (5, 5),
    "patchListingsItem": (5, 5),
    "deleteListingsItem": (5, 5),
    "searchListingsItems": (5, 5),
    "createFeed": (0.0083, 15),
    "createFeed:JSON_LISTINGS_FEED": (5 / 300, 5),
    "createFeed:UPLOAD_VAT_INVOICE": (1 / 3, 1),
    "preview": (1, 1),
    "getFeeds": (0.0222, 10),
    "getFeed": (2, 15),
    "createFeedDocument": (0.5, 15),
    "getFeedDocument": (0.0222, 10),
    "searchCatalogItems": (2, 2),
    "createReportSchedule": (0.0222, 10),
    "createRestrictedDataToken": (1, 10),
    "createReport": (0.0167, 15),
    "getReports": (0.0222, 10),
    "getReport": (2, 15),
    "getReportDocument": (0.0167, 15),
    "searchOrders": (0.0056, 20),
    "getOrder": (0.5, 30),
    "confirmShipment": (2, 10),
    "searchDefinitionsProductTypes": (5, 5),
    "getDefinitionsProductType": (5, 5),
    "getMarketplaceParticipations": (0.016, 15),
    "getMessagingActionsForOrder": (1, 5),
    "createUploadDestinationForResource": (5, 5),
    "sendInvoice": (1, 5),
    "createFulfillmentOrder": (2, 30),
    "getFulfillmentPreview": (2, 30),
    "getFulfillmentOrder": (2, 30),
    "cancelFulfillmentOrder": (2, 30),
    **pages.PLANS,
}


@dataclass
class Meter:
    """Token buckets that remember who drew too often.

    Attributes:
        refused: Operations that were asked for too often, each time.
    """

    refused: list[str] = field(default_factory=list)
    _tokens: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def allows(self, name: str, now: datetime) -> bool:
        """Take one request, if the plan has one left."""
        if name not in PLANS:
            return True
        rate, burst = PLANS[name]
        left, at = self._tokens.get(name, (float(burst), now))
        left = min(float(burst), left + (now - at).total_seconds() * rate)
        fits = left >= 1
        self._tokens[name] = (left - 1 if fits else left, now)
        if not fits:
            self.refused.append(name)
        return fits
