"""What each operation of the stand-in answers."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from tests.standin import outbound
from tests.standin import pages
from tests.standin import papers
from tests.standin import reports
from tests.standin.definitions import define
from tests.standin.definitions import propose
from tests.standin.replies import problem
from tests.standin.replies import reply
from tests.standin.search import catalogue
from tests.standin.search import one
from tests.standin.search import search
from tests.standin.shipping import confirm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply
    from tests.standin.routes import Route

DE = "A1PA6795UKMFR9"
FRESH = timedelta(minutes=2)


def answer(
    amazon: Amazon,
    found: Route,
    query: Mapping[str, str],
    body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """The answer to a request that is allowed."""
    handler = HANDLERS.get(found.name)
    if handler is None:
        return problem(404, "NotFound", found.name)
    done: Reply = handler(amazon, found.parts, query, body)
    return done


def _write(operation: str) -> Any:  # noqa: ANN401 - a handler
    wanted = {
        "put": {"productType", "requirements", "attributes"},
        "patch": {"productType", "patches"},
    }[operation]

    def handle(
        amazon: Amazon,
        parts: tuple[str, ...],
        query: Mapping[str, str],
        body: Any,  # noqa: ANN401
    ) -> Reply:
        markets = query.get("marketplaceIds", "").split(",")
        if not isinstance(body, dict) or body.keys() - wanted:
            return problem(400, "InvalidInput", f"body: {body}")
        if len(markets) != 1 or not markets[0]:
            return problem(400, "InvalidInput", "one marketplace")
        if "mode" in query:
            return _preview(amazon, parts[1], query["mode"])
        done = getattr(amazon.seller, operation)(markets[0], parts[1], body)
        return reply(done)

    return handle


def _delete(
    amazon: Amazon,
    parts: tuple[str, ...],
    query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    """A listing is deleted, in one marketplace."""
    markets = query.get("marketplaceIds", "").split(",")
    if body or len(markets) != 1 or not markets[0]:
        return problem(400, "InvalidInput", "one marketplace, no body")
    if (markets[0], parts[1]) not in amazon.seller.listings:
        return problem(404, "NotFound", parts[1])
    return reply(amazon.seller.delete(markets[0], parts[1]))


def _preview(amazon: Amazon, sku: str, mode: str) -> Reply:
    """What would be said of a listing; nothing is changed."""
    if mode != "VALIDATION_PREVIEW":
        return problem(400, "InvalidInput", f"mode: {mode}")
    if not amazon.meter.allows("preview", amazon.clock.now()):
        return problem(429, "QuotaExceeded", "preview")
    return reply(amazon.seller.preview(sku))


def _create_document(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    if not isinstance(body, dict) or body.keys() != {"contentType"}:
        return problem(400, "InvalidInput", f"body: {body}")
    name = amazon.seller.create_document(body["contentType"])
    url = f"{amazon.url}/upload/{name}"
    return reply({"feedDocumentId": name, "url": url}, 201)


def _create_feed(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    wanted = {"feedType", "marketplaceIds", "inputFeedDocumentId"}
    if body.keys() - {"feedOptions"} != wanted:
        return problem(400, "InvalidInput", f"body: {sorted(body)}")
    if len(body["marketplaceIds"]) != 1:
        return problem(400, "InvalidInput", "Expected a maximum of 1.")
    upload = amazon.seller.documents.get(body["inputFeedDocumentId"])
    if upload is None or upload.content is None:
        return problem(400, "InvalidInput", "The document is not there.")
    paper = body["feedType"] == "UPLOAD_VAT_INVOICE"
    if paper != (upload.content_type == "application/pdf"):
        return problem(400, "InvalidInput", "contentType")
    kind = f"createFeed:{body['feedType']}"
    if not amazon.meter.allows(kind, amazon.clock.now()):
        return problem(429, "QuotaExceeded", kind)
    return reply({"feedId": amazon.seller.create_feed(body)}, 202)


def _get_feeds(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: Any,  # noqa: ANN401
) -> Reply:
    usual = amazon.clock.now() - timedelta(days=90)  # what Amazon takes
    said = query.get("createdSince", usual.isoformat())
    since = datetime.fromisoformat(said)
    listed = [
        amazon.seller.look(feed.id)
        for feed in reversed(amazon.seller.feeds.values())
        if feed.created >= since
        and feed.type in query["feedTypes"].split(",")
        and feed.marketplace == query["marketplaceIds"]
    ]
    return reply({"feeds": listed})


def _get_feed(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: Any,  # noqa: ANN401
) -> Reply:
    found = amazon.seller.look(parts[0])
    return (
        problem(404, "NotFound", parts[0]) if found is None else reply(found)
    )


def _get_document(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: Any,  # noqa: ANN401
) -> Reply:
    if parts[0] not in amazon.seller.documents:
        return problem(404, "NotFound", parts[0])
    return reply(
        {
            "feedDocumentId": parts[0],
            "url": f"{amazon.url}/upload/{parts[0]}",
            "compressionAlgorithm": "GZIP",
        }
    )


def _search_orders(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: Any,  # noqa: ANN401
) -> Reply:
    since = datetime.fromisoformat(query["lastUpdatedAfter"])
    until = datetime.fromisoformat(query["lastUpdatedBefore"])
    if until > amazon.clock.now() - FRESH:
        return problem(400, "InvalidInput", "lastUpdatedBefore is too late")
    start = int(query.get("paginationToken", "0").removeprefix("page-"))
    found = amazon.seller.changed(since, until)
    page = found[start : start + amazon.seller.page]
    content: dict[str, Any] = {
        "orders": [amazon.seller.orders[name] for name in page]
    }
    if start + amazon.seller.page < len(found):
        following = f"page-{start + amazon.seller.page}"
        content["pagination"] = {"nextToken": following}
    return reply(content)


def _confirm(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    if body.keys() != {"marketplaceId", "packageDetail"}:
        return problem(400, "InvalidInput", f"body: {sorted(body)}")
    if body["marketplaceId"] != DE:
        return problem(400, "InvalidInput", "marketplaceId")
    faults = confirm(amazon.seller, parts[0], body["packageDetail"])
    if faults:
        return problem(400, "InvalidInput", "; ".join(faults))
    return 204, {}, b""


def _participations(
    _amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: Any,  # noqa: ANN401
) -> Reply:
    place = {"id": DE, "name": "Amazon.de", "countryCode": "DE"}
    taking = {"isParticipating": True, "hasSuspendedListings": False}
    return reply(
        {"payload": [{"marketplace": place, "participation": taking}]}
    )


HANDLERS = {
    **reports.HANDLERS,
    **pages.HANDLERS,
    "getDefinitionsProductType": define,
    "searchDefinitionsProductTypes": propose,
    "putListingsItem": _write("put"),
    "patchListingsItem": _write("patch"),
    "deleteListingsItem": _delete,
    "getListingsItem": one,
    "searchCatalogItems": catalogue,
    "searchListingsItems": search,
    "createFeedDocument": _create_document,
    "createFeed": _create_feed,
    "getFeeds": _get_feeds,
    "getFeed": _get_feed,
    "getFeedDocument": _get_document,
    "searchOrders": _search_orders,
    "confirmShipment": _confirm,
    "getMarketplaceParticipations": _participations,
    "getMessagingActionsForOrder": papers.actions,
    "createUploadDestinationForResource": papers.destination,
    "sendInvoice": papers.message,
    "getFulfillmentPreview": outbound.preview,
    "createFulfillmentOrder": outbound.create,
    "getFulfillmentOrder": outbound.get,
    "cancelFulfillmentOrder": outbound.cancel,
}
