"""A seller's account at the stand-in: listings, feeds and orders."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from tests.standin.pages import Studio
from tests.standin.papers import take_paper
from tests.standin.reports import ReportDesk
from tests.standin.shipping import process

if TYPE_CHECKING:
    from bridge.ports import Clock

SELECTORS = (
    *("marketplace_id", "language_tag", "currency", "audience", "type"),
    *("fulfillment_channel_code", "content_type", "content_language"),
)
#: Attributes of which one instance differs from another by no selector.
LISTED = frozenset({"bullet_point"})


@dataclass
class Upload:
    """A feed document."""

    content_type: str
    content: bytes | None = None


@dataclass
class SentFeed:
    """A feed Amazon was given."""

    id: str
    type: str
    marketplace: str
    document: str
    options: dict[str, str]
    created: datetime
    status: str = "IN_QUEUE"
    report: str | None = None


@dataclass
class Seller:
    """What Amazon knows of one seller.

    Attributes:
        clock: The time.
        listings: Attributes by marketplace id and SKU.
        takes: How long a feed is worked on.
        verdicts: Issues that are said of a SKU whenever it is sent.
        endings: How the next feeds end, instead of DONE with a report.
        orders: Raw orders in the form of Orders 2026-01-01.
        page: Orders of a page.
        complaints: What is said of listings later, by marketplace and SKU.
        updated: When a listing was last touched.
        schemas: What getDefinitionsProductType leads to, by type.
        proposals: Product types and their names, by the words asked for.
        shipments: Confirmed packages by order and reference.
        acknowledged: What was said of taking an order, by order.
        asins: What SKUs are called in Amazon's catalogue.
        things: What the catalogue says of them.
        odd_gtins: Numbers the catalogue does not take for numbers.
        desk: Who makes reports.
        studio: Who keeps A+ pages.
        offers_messages: Whether orders offer a message with an invoice.
        ships_at_once: Whether the warehouse ships in the moment it is asked.
        digests: Checksums that were promised, by upload.
        messages: Attachments by order, each time.
        stock: Pieces in Amazon's warehouse, by SKU.
        outbound: Orders it ships for the merchant, by his number.
        refunds: Orders and amounts by item and component, each time.
        papers: PDFs by order and number, each as often as it was taken.
    """

    clock: Clock
    listings: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=dict
    )
    takes: timedelta = timedelta(minutes=2)
    verdicts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    endings: list[str] = field(default_factory=list)
    documents: dict[str, Upload] = field(default_factory=dict)
    feeds: dict[str, SentFeed] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 100
    complaints: dict[tuple[str, str], list[dict[str, Any]]] = field(
        default_factory=dict
    )
    updated: dict[tuple[str, str], datetime] = field(default_factory=dict)
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    proposals: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    shipments: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=dict
    )
    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    asins: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    odd_gtins: set[str] = field(default_factory=set)
    desk: ReportDesk = field(default_factory=ReportDesk)
    studio: Studio = field(default_factory=Studio)
    offers_messages: bool = True
    ships_at_once: bool = False
    digests: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, str, bytes]] = field(default_factory=list)
    stock: dict[str, int] = field(default_factory=dict)
    outbound: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[tuple[str, dict[tuple[str, str], str]]] = field(
        default_factory=list
    )
    papers: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)

    def put(self, market: str, sku: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        """Replace a listing; an offer alone is one of a thing there is."""
        issues = self.verdicts.get(sku, [])
        if body["requirements"] == "LISTING_OFFER_ONLY":
            stated = body["attributes"]
            asin = stated.get("merchant_suggested_asin", [{"value": ""}])
            if asin[0]["value"] not in self.things or "item_name" in stated:
                issues = [*issues, _issue("4000002", "No offer of a thing.")]
        if not _refuses(issues):
            self.listings[market, sku] = deepcopy(body["attributes"])
        return _answer(sku, issues)

    def patch(self, market: str, sku: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        """Change a listing, instance by instance."""
        issues = self.verdicts.get(sku, [])
        known = self.listings.get((market, sku))
        if known is None:
            issues = [*issues, _issue("4000001", "There is no such listing.")]
        if known is not None and not _refuses(issues):
            for patch in body["patches"]:
                _apply(known, patch)
        return _answer(sku, issues)

    def delete(self, market: str, sku: str) -> Any:  # noqa: ANN401
        """Take a listing away."""
        issues = self.verdicts.get(sku, [])
        if not _refuses(issues):
            del self.listings[market, sku]
        return _answer(sku, issues)

    def complain(self, market: str, sku: str, *issues: dict[str, Any]) -> None:
        """Have something against a listing from now on, or nothing more."""
        self.complaints[market, sku] = list(issues)
        self.updated[market, sku] = self.clock.now()

    def item(self, market: str, sku: str) -> dict[str, Any]:
        """A listing as a search shows it."""
        at = self.updated.get((market, sku), self.clock.now())
        summary = {"marketplaceId": market, "lastUpdatedDate": _iso(at)}
        if sku in self.asins:
            summary["asin"] = self.asins[sku]
        issues = self.complaints.get((market, sku), [])
        return {"sku": sku, "summaries": [summary], "issues": issues}

    def preview(self, sku: str) -> Any:  # noqa: ANN401
        """What would be said of a listing."""
        said = _answer(sku, self.verdicts.get(sku, []))
        valid = said["status"] == "ACCEPTED"
        return {**said, "status": "VALID" if valid else "INVALID"}

    def create_document(self, content_type: str) -> str:
        """A place for a feed's content."""
        name = f"amzn1.tortuga.{len(self.documents) + 1}"
        self.documents[name] = Upload(content_type)
        return name

    def create_feed(self, body: dict[str, Any]) -> str:
        """A feed of an uploaded document."""
        number = str(50_000 + len(self.feeds) + 1)
        (market,) = body["marketplaceIds"]
        self.feeds[number] = SentFeed(
            number,
            body["feedType"],
            market,
            body["inputFeedDocumentId"],
            body.get("feedOptions") or {},
            self.clock.now(),
        )
        return number

    def look(self, number: str) -> dict[str, Any] | None:
        """A feed, worked on when its time has come."""
        feed = self.feeds.get(number)
        if feed is None:
            return None
        ripe = self.clock.now() >= feed.created + self.takes
        if ripe and feed.status == "IN_QUEUE":
            self._work(feed)
        said = {
            "feedId": feed.id,
            "feedType": feed.type,
            "marketplaceIds": [feed.marketplace],
            "createdTime": feed.created.isoformat(),
            "processingStatus": feed.status,
        }
        return said | (
            {"resultFeedDocumentId": feed.report} if feed.report else {}
        )

    def changed(self, since: datetime, until: datetime) -> list[str]:
        """Ids of the orders that changed in a window, oldest first."""
        found = [
            (datetime.fromisoformat(raw["lastUpdatedTime"]), name)
            for name, raw in self.orders.items()
        ]
        return [name for at, name in sorted(found) if since <= at <= until]

    def _work(self, feed: SentFeed) -> None:
        ending = self.endings.pop(0) if self.endings else "DONE"
        feed.status = ending.partition(" ")[0]
        if ending.endswith("silent") or feed.status == "CANCELLED":
            return
        upload = self.documents[feed.document]
        if feed.type == "JSON_LISTINGS_FEED":
            said = self._listings(feed, upload)
            content = gzip.compress(json.dumps(said).encode())
        elif feed.type == "UPLOAD_VAT_INVOICE":
            report = take_paper(self, feed, upload.content or b"")
            content = gzip.compress(report.encode())
        else:
            content = gzip.compress(process(self, upload.content or b""))
        feed.report = self.create_document("application/json")
        self.documents[feed.report].content = content

    def _listings(self, feed: SentFeed, upload: Upload) -> dict[str, Any]:
        sent = json.loads(upload.content or b"")
        issues: list[dict[str, Any]] = []
        fatal = feed.status == "FATAL"
        for message in sent["messages"] if not fatal else ():
            issues += self._message(feed.marketplace, message)
        if fatal:
            issues = [{**_issue("4000000", "It broke.")}]
        refused = {
            one["messageId"]
            for one in issues
            if one["severity"] == "ERROR" and "messageId" in one
        }
        number = len(sent["messages"])
        accepted = 0 if fatal else number - len(refused)
        return {
            "header": {
                "sellerId": sent["header"]["sellerId"],
                "version": "2.0",
                "feedId": feed.id,
            },
            "issues": issues,
            "summary": {
                "errors": len(refused),
                "warnings": 0,
                "messagesProcessed": number,
                "messagesAccepted": accepted,
                "messagesInvalid": number - accepted,
            },
        }

    def _message(
        self, market: str, message: dict[str, Any]
    ) -> list[dict[str, Any]]:
        kinds = {"PATCH": self.patch, "UPDATE": self.put}
        done = kinds[message["operationType"]](market, message["sku"], message)
        return [
            {
                "messageId": message["messageId"],
                "sku": message["sku"],
                "code": issue["code"],
                "severity": issue["severity"],
                "message": issue["message"],
                "attributeName": issue["attributeNames"][0],
            }
            for issue in done["issues"]
        ]


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _issue(code: str, message: str) -> dict[str, Any]:
    return {
        "code": code,
        "severity": "ERROR",
        "message": message,
        "attributeNames": ["sku"],
    }


def _refuses(issues: list[dict[str, Any]]) -> bool:
    return any(one["severity"] == "ERROR" for one in issues)


def _answer(sku: str, issues: list[dict[str, Any]]) -> dict[str, Any]:
    status = "INVALID" if _refuses(issues) else "ACCEPTED"
    return {
        "sku": sku,
        "status": status,
        "submissionId": f"f{abs(hash(sku))}",
        "issues": issues,
    }


def _selected(name: str, instance: dict[str, Any]) -> dict[str, Any]:
    if name in LISTED:
        return {}
    return {key: instance[key] for key in SELECTORS if key in instance}


def _apply(attributes: dict[str, Any], patch: dict[str, Any]) -> None:
    """What a patch does: instances are known by their selectors."""
    name = patch["path"].removeprefix("/attributes/")
    held = attributes.get(name, [])
    meant = [_selected(name, one) for one in patch["value"]]
    kept = [one for one in held if _selected(name, one) not in meant]
    added = [] if patch["op"] == "delete" else deepcopy(patch["value"])
    attributes[name] = kept + added
