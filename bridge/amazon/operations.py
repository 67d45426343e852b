"""Every operation the bridge may call: its address, its plan, its nature.

The plans are token buckets. Where Amazon's models and its own SDK differ,
the smaller stands here (amazon.md 2): an operation that Amazon throttles
costs more than one that waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTINGS = "/listings/2021-08-01/items/{}"
LISTING = LISTINGS + "/{}"
FEEDS = "/feeds/2021-06-30/feeds"
FEED_DOCUMENTS = "/feeds/2021-06-30/documents"
ORDERS = "/orders/2026-01-01/orders"
CATALOGUE = "/catalog/2022-04-01/items"
FULFILMENTS = "/fba/outbound/2020-07-01/fulfillmentOrders"
MESSAGING = "/messaging/v1/orders/{}"
UPLOADS = "/uploads/2020-11-01/uploadDestinations"
DEFINITIONS = "/definitions/2020-09-01/productTypes"
PAGES = "/aplus/2020-11-01/contentDocuments"
PAGE = PAGES + "/{}"
REPORTS = "/reports/2021-06-30/reports"
REPORT_DOCUMENTS = "/reports/2021-06-30/documents"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the Selling Partner API.

    Attributes:
        name: Amazon's operationId.
        method: The HTTP method.
        path: With ``{}`` for each part that is filled in.
        rate: Requests a second the plan allows in the long run.
        burst: Requests it allows at once.
        again: Whether sending it twice is harmless; if not, the bridge
            looks for the first before it repeats.
        role: What a 403 says is missing, as Seller Central names it.
        bucket: Of the plan, where it is not the operation's own.
    """

    name: str
    method: str
    path: str
    rate: float
    burst: int
    again: bool
    role: str
    bucket: str = ""

    @property
    def drawn_from(self) -> str:
        """The name of the bucket its requests are taken from."""
        return self.bucket or self.name

    def address(self, *parts: str) -> str:
        """The path with its parts filled in, percent-encoded."""
        return self.path.format(*(quote(part, safe="") for part in parts))


LISTING_ROLE = "Product Listing"
ORDER_ROLE = "Inventory and Order Tracking"
DELIVERY_ROLE = "Direct-to-Consumer Delivery"
TAX_ROLE = "Tax Invoicing"
MESSAGE_ROLE = "Buyer Communication"
FULFILMENT_ROLE = "Amazon Fulfillment"
_ROWS = (
    ("putListingsItem", "PUT", LISTING, 5, 5, True, LISTING_ROLE),
    ("patchListingsItem", "PATCH", LISTING, 5, 5, True, LISTING_ROLE),
    ("deleteListingsItem", "DELETE", LISTING, 5, 5, True, LISTING_ROLE),
    ("getListingsItem", "GET", LISTING, 5, 5, True, LISTING_ROLE),
    ("searchListingsItems", "GET", LISTINGS, 5, 5, True, LISTING_ROLE),
    ("createFeed", "POST", FEEDS, 0.0083, 15, False, LISTING_ROLE),
    ("getFeeds", "GET", FEEDS, 0.0222, 10, True, LISTING_ROLE),
    ("getFeed", "GET", f"{FEEDS}/{{}}", 2, 15, True, LISTING_ROLE),
    (
        *("createFeedDocument", "POST", FEED_DOCUMENTS),
        *(0.5, 15, True, LISTING_ROLE),
    ),
    (
        *("getFeedDocument", "GET", f"{FEED_DOCUMENTS}/{{}}"),
        *(0.0222, 10, True, LISTING_ROLE),
    ),
    ("searchCatalogItems", "GET", CATALOGUE, 2, 2, True, LISTING_ROLE),
    ("createReport", "POST", REPORTS, 0.0167, 15, False, LISTING_ROLE),
    ("getReports", "GET", REPORTS, 0.0222, 10, True, LISTING_ROLE),
    ("getReport", "GET", f"{REPORTS}/{{}}", 2, 15, True, LISTING_ROLE),
    (
        *("getReportDocument", "GET", f"{REPORT_DOCUMENTS}/{{}}"),
        *(0.0167, 15, True, LISTING_ROLE),
    ),
    (
        *("createReportSchedule", "POST", "/reports/2021-06-30/schedules"),
        *(0.0222, 10, True, ORDER_ROLE),
    ),
    (
        *("createRestrictedDataToken", "POST"),
        "/tokens/2021-03-01/restrictedDataToken",
        *(1, 10, True, DELIVERY_ROLE),
    ),
    ("searchOrders", "GET", ORDERS, 0.0056, 20, True, ORDER_ROLE),
    (
        *("confirmShipment", "POST"),
        "/orders/v0/orders/{}/shipmentConfirmation",
        *(2, 10, True, ORDER_ROLE),
    ),
    (
        *("getFulfillmentPreview", "POST", f"{FULFILMENTS}/preview"),
        *(2, 30, True, FULFILMENT_ROLE),
    ),
    (
        *("createFulfillmentOrder", "POST", FULFILMENTS),
        *(2, 30, False, FULFILMENT_ROLE),
    ),
    (
        *("getFulfillmentOrder", "GET", f"{FULFILMENTS}/{{}}"),
        *(2, 30, True, FULFILMENT_ROLE),
    ),
    (
        *("cancelFulfillmentOrder", "PUT", f"{FULFILMENTS}/{{}}/cancel"),
        *(2, 30, True, FULFILMENT_ROLE),
    ),
    (
        *("getMessagingActionsForOrder", "GET", MESSAGING),
        *(1, 5, True, MESSAGE_ROLE),
    ),
    (
        *("createUploadDestinationForResource", "POST"),
        f"{UPLOADS}{MESSAGING}/messages/invoice",
        *(5, 5, True, MESSAGE_ROLE),
    ),
    (
        *("sendInvoice", "POST", f"{MESSAGING}/messages/invoice"),
        *(1, 5, False, MESSAGE_ROLE),
    ),
    (
        *("getDefinitionsProductType", "GET", f"{DEFINITIONS}/{{}}"),
        *(5, 5, True, LISTING_ROLE),
    ),
    (
        *("searchDefinitionsProductTypes", "GET", DEFINITIONS),
        *(5, 5, True, LISTING_ROLE),
    ),
    ("searchContentDocuments", "GET", PAGES, 5, 5, True, LISTING_ROLE),
    ("createContentDocument", "POST", PAGES, 5, 5, False, LISTING_ROLE),
    ("getContentDocument", "GET", PAGE, 5, 5, True, LISTING_ROLE),
    ("updateContentDocument", "POST", PAGE, 5, 5, True, LISTING_ROLE),
    (
        *("postContentDocumentAsinRelations", "POST", f"{PAGE}/asins"),
        *(5, 5, True, LISTING_ROLE),
    ),
    (
        *("validateContentDocumentAsinRelations", "POST"),
        "/aplus/2020-11-01/contentAsinValidations",
        *(5, 5, True, LISTING_ROLE),
    ),
    (
        *("searchContentPublishRecords", "GET"),
        "/aplus/2020-11-01/contentPublishRecords",
        *(5, 5, True, LISTING_ROLE),
    ),
    (
        *("postContentDocumentApprovalSubmission", "POST"),
        f"{PAGE}/approvalSubmissions",
        *(5, 5, False, LISTING_ROLE),
    ),
    (
        *("getMarketplaceParticipations", "GET"),
        "/sellers/v1/marketplaceParticipations",
        *(0.016, 15, True, LISTING_ROLE),
    ),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {row[0]: Operation(*row) for row in _ROWS}
)
#: createFeed is bounded by feed type as well (amazon.md 2): five listing
#: feeds in five minutes and region.
FEED_PLANS: Mapping[str, tuple[float, int]] = MappingProxyType(
    {"JSON_LISTINGS_FEED": (5 / 300, 5)}
)
#: ... and some have a plan of their own instead (amazon.md M7): one upload in
#: three seconds.
OWN_PLANS: Mapping[str, tuple[float, int]] = MappingProxyType(
    {"UPLOAD_VAT_INVOICE": (1 / 3, 1)}
)
#: Requests with ``mode=VALIDATION_PREVIEW`` a second (amazon.md 2).
PREVIEWS = 1


def planned(
    operation: Operation,
    query: Mapping[str, Any] | None,
    body: Mapping[str, Any] | None,
) -> Operation:
    """The operation with the plan this request is counted by.

    All previews share one; some types of feeds have one of their own. Whoever
    looks for feeds of such a type needs their role.
    """
    asked = query or {}
    if asked.get("mode"):
        return replace(operation, rate=PREVIEWS, burst=1, bucket="preview")
    if OWN_PLANS.keys() & set(asked.get("feedTypes", ())):
        return replace(operation, role=TAX_ROLE)
    kind = str((body or {}).get("feedType"))
    if kind in OWN_PLANS:
        rate, burst = OWN_PLANS[kind]
        bucket = f"{operation.name}:{kind}"
        return replace(
            operation, rate=rate, burst=burst, bucket=bucket, role=TAX_ROLE
        )
    return operation


HOSTS: Mapping[str, str] = MappingProxyType(
    {
        region: f"https://sellingpartnerapi-{region}.amazon.com"
        for region in ("eu", "na", "fe")
    }
)
TOKEN_URL = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address
