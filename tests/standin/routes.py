"""Which operation a request is, and what may stand in its address."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from tests.standin import pages

PART = "([^/]+)"
MESSAGING = f"/messaging/v1/orders/{PART}"
OUTBOUND = "/fba/outbound/2020-07-01/fulfillmentOrders"
_ROWS = (
    *pages.ROUTES,
    ("GET", f"/listings/2021-08-01/items/{PART}/{PART}", "getListingsItem"),
    ("PUT", f"/listings/2021-08-01/items/{PART}/{PART}", "putListingsItem"),
    *(
        (
            "PATCH",
            f"/listings/2021-08-01/items/{PART}/{PART}",
            "patchListingsItem",
        ),
        (
            "DELETE",
            f"/listings/2021-08-01/items/{PART}/{PART}",
            "deleteListingsItem",
        ),
    ),
    ("GET", f"/listings/2021-08-01/items/{PART}", "searchListingsItems"),
    ("POST", "/feeds/2021-06-30/feeds", "createFeed"),
    ("GET", "/feeds/2021-06-30/feeds", "getFeeds"),
    ("GET", f"/feeds/2021-06-30/feeds/{PART}", "getFeed"),
    ("POST", "/feeds/2021-06-30/documents", "createFeedDocument"),
    ("GET", f"/feeds/2021-06-30/documents/{PART}", "getFeedDocument"),
    ("GET", "/catalog/2022-04-01/items", "searchCatalogItems"),
    ("POST", "/reports/2021-06-30/reports", "createReport"),
    ("GET", "/reports/2021-06-30/reports", "getReports"),
    ("POST", "/reports/2021-06-30/schedules", "createReportSchedule"),
    (
        "POST",
        "/tokens/2021-03-01/restrictedDataToken",
        "createRestrictedDataToken",
    ),
    ("GET", f"/reports/2021-06-30/reports/{PART}", "getReport"),
    ("GET", f"/reports/2021-06-30/documents/{PART}", "getReportDocument"),
    ("GET", "/orders/2026-01-01/orders", "searchOrders"),
    ("GET", f"/orders/2026-01-01/orders/{PART}", "getOrder"),
    (
        "POST",
        f"/orders/v0/orders/{PART}/shipmentConfirmation",
        "confirmShipment",
    ),
    ("GET", f"{MESSAGING}", "getMessagingActionsForOrder"),
    (
        *(
            "POST",
            f"/uploads/2020-11-01/uploadDestinations{MESSAGING}/messages/invoice",
        ),
        "createUploadDestinationForResource",
    ),
    ("POST", f"{MESSAGING}/messages/invoice", "sendInvoice"),
    ("POST", f"{OUTBOUND}/preview", "getFulfillmentPreview"),
    ("POST", OUTBOUND, "createFulfillmentOrder"),
    ("GET", f"{OUTBOUND}/{PART}", "getFulfillmentOrder"),
    ("PUT", f"{OUTBOUND}/{PART}/cancel", "cancelFulfillmentOrder"),
    (
        "GET",
        "/sellers/v1/marketplaceParticipations",
        "getMarketplaceParticipations",
    ),
    (
        "GET",
        "/definitions/2020-09-01/productTypes",
        "searchDefinitionsProductTypes",
    ),
    (
        "GET",
        f"/definitions/2020-09-01/productTypes/{PART}",
        "getDefinitionsProductType",
    ),
)
ROUTES = [
    (method, re.compile(path).fullmatch, name) for method, path, name in _ROWS
]
#: What may stand behind the question mark; anything else is refused.
QUERY: dict[str, set[str]] = {
    **pages.QUERY,
    "getListingsItem": {"marketplaceIds", "issueLocale", "includedData"},
    "putListingsItem": {
        *("marketplaceIds", "issueLocale", "includedData", "mode"),
    },
    "patchListingsItem": {
        *("marketplaceIds", "issueLocale", "includedData", "mode"),
    },
    "deleteListingsItem": {"marketplaceIds", "issueLocale"},
    "searchListingsItems": {
        *("marketplaceIds", "identifiers", "identifiersType", "pageSize"),
        *("pageToken", "includedData", "withIssueSeverity", "issueLocale"),
        *("lastUpdatedAfter", "sortBy", "sortOrder"),
    },
    "getFeeds": {
        *("feedTypes", "marketplaceIds", "createdSince", "pageSize"),
    },
    "searchCatalogItems": {
        *("identifiers", "identifiersType", "marketplaceIds", "locale"),
        *("includedData", "pageSize", "pageToken"),
    },
    "getReports": {
        *("reportTypes", "marketplaceIds", "createdSince", "pageSize"),
        "processingStatuses",
    },
    "getMessagingActionsForOrder": {"marketplaceIds"},
    "sendInvoice": {"marketplaceIds"},
    "createUploadDestinationForResource": {
        *("marketplaceIds", "contentMD5", "contentType"),
    },
    "searchOrders": {
        *("lastUpdatedAfter", "lastUpdatedBefore", "marketplaceIds"),
        *("maxResultsPerPage", "paginationToken", "includedData"),
    },
    "getOrder": {"includedData"},
    "searchDefinitionsProductTypes": {
        *("marketplaceIds", "keywords", "itemName", "locale"),
        "searchLocale",
    },
    "getDefinitionsProductType": {
        *("marketplaceIds", "sellerId", "locale", "requirements"),
        *("requirementsEnforced", "productTypeVersion"),
    },
}


class Route(NamedTuple):
    """An operation and the parts of its path."""

    name: str
    parts: tuple[str, ...]


def route(method: str, path: str) -> Route | None:
    """The operation of a request; the path is percent-encoded."""
    for wanted, match, name in ROUTES:
        found = match(path) if wanted == method else None
        if found:
            return Route(name, tuple(map(unquote, found.groups())))
    return None
