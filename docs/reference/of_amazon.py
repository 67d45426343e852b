"""The page of Amazon's operations: plans, and what happens twice."""

from __future__ import annotations

from paper import table

from bridge.amazon.operations import FEED_PLANS
from bridge.amazon.operations import OPERATIONS
from bridge.amazon.operations import OWN_PLANS

READS = "it only reads"
#: How we know what a second request does.
REASONS = {
    "putListingsItem": "it states the whole listing; twice is the same",
    "deleteListingsItem": "what is gone is gone; twice is the same",
    "patchListingsItem": "it replaces instances; twice is the same",
    "createFeed": "two requests are two feeds: it is noted before, looked for"
    " with getFeeds, and sent again when it is sure that none arrived",
    "createReport": "two requests are two reports: it is noted before and"
    " looked for with getReports before it is asked for again",
    "createReportSchedule": "the second takes the place of the first",
    "createRestrictedDataToken": "a token nobody uses ends by itself",
    "createFeedDocument": "an address nobody uses costs nothing",
    "createUploadDestinationForResource": "an address nobody uses costs"
    " nothing",
    "sendInvoice": "two requests are two messages: it is noted before, and in"
    " doubt waits for a person",
    "getFulfillmentPreview": "it only asks for fees",
    "createFulfillmentOrder": "Amazon takes a number once; it is looked for"
    " with getFulfillmentOrder before it is sent again",
    "cancelFulfillmentOrder": "what is cancelled stays cancelled",
    "createContentDocument": "two requests are two pages: it is noted before,"
    " looked for by its name with searchContentDocuments, and sent again when"
    " it is sure that none arrived",
    "updateContentDocument": "it states the whole page; twice is the same",
    "postContentDocumentAsinRelations": "it states the whole list; twice is"
    " the same",
    "validateContentDocumentAsinRelations": "it only judges",
    "postContentDocumentApprovalSubmission": "the page's state is read with"
    " getContentDocument before it is sent again",
    "confirmShipment": "the same packageReferenceId edits the same parcel",
}


def amazon_page() -> list[str]:
    """Every operation, and the plans of feeds."""
    rows = [
        (
            f"`{one.name}`",
            f"{one.rate:g} / {one.burst}",
            "yes" if one.again else "no",
            REASONS[one.name] if one.method != "GET" else READS,
            one.role,
        )
        for one in OPERATIONS.values()
    ]
    feeds = [
        (f"`{name}`", f"{rate:.4g} / {burst}")
        for name, (rate, burst) in FEED_PLANS.items()
    ]
    feeds += [
        (f"`{name}`", f"{rate:.4g} / {burst}, instead of createFeed's")
        for name, (rate, burst) in OWN_PLANS.items()
    ]
    return [
        "# Amazon's operations",
        "",
        "Plans are requests a second and at once; where Amazon's sources",
        "differ, the smaller stands here. What may be sent twice is sent",
        "again by itself when an answer is missing.",
        "",
        *table(("operation", "plan", "twice", "how we know", "role"), rows),
        "",
        "## Feeds",
        "",
        "Beside createFeed's own plan:",
        "",
        *table(("feed type", "plan"), feeds),
    ]
