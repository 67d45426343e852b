"""Amazon itself: listings by call and by feed, orders by search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon import checks
from bridge.amazon.answers import TAKEN
from bridge.amazon.listed import MOST
from bridge.amazon.listed import items
from bridge.amazon.orderfeeds import ORDER_FEEDS
from bridge.amazon.orderfeeds import check_order_feed
from bridge.amazon.orders import sale
from bridge.amazon.paging import following
from bridge.amazon.paperfeeds import INVOICES
from bridge.amazon.paperfeeds import check_paper
from bridge.amazon.paperfeeds import paper_outcome
from bridge.amazon.processing import listings_outcome
from bridge.amazon.processing import order_outcome
from bridge.amazon.processing import unpacked
from bridge.errors import InputError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports import Outcome
from bridge.ports import Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.amazon.session import SellingPartner
    from bridge.errors import BridgeError
    from bridge.ports import Call
    from bridge.ports import Feed
    from bridge.ports import Sale

LISTINGS_FEED = "JSON_LISTINGS_FEED"
XML = "text/xml; charset=UTF-8"
CONTENT = {
    LISTINGS_FEED: "application/json; charset=UTF-8",
    INVOICES: "application/pdf",
}
DONE, FATAL, CANCELLED = "DONE", "FATAL", "CANCELLED"
ENDED = frozenset({DONE, FATAL, CANCELLED})
GONE = 404
PAGE = 100  # orders of a page, the most there are
INCLUDED = (
    *("BUYER", "RECIPIENT", "PROCEEDS", "PROMOTION", "CANCELLATION"),
    *("FULFILLMENT", "PACKAGES", "TAX", "PAYMENT"),
)
LISTING_CALLS = frozenset(
    {"putListingsItem", "patchListingsItem", "deleteListingsItem"}
)


@dataclass(frozen=True)
class Live:
    """The ports Marketplace and OrderBook on the Selling Partner API.

    Attributes:
        seller: The Merchant Token, part of every listing's address.
        markets: Country codes orders are asked for.
        partner: Who talks to Amazon.
        language: What is said of feeds that ended without a report.
    """

    seller: str
    markets: tuple[str, ...]
    partner: SellingPartner
    language: str
    most_present: int = MOST

    def call(self, call: Call) -> Outcome:
        """Make one call; 200 may still be a refusal (amazon.md 4)."""
        checks.check_call(call.operation, call.body, call.subject)
        parts = [call.subject]
        if call.operation in LISTING_CALLS:
            parts = [self.seller, call.subject]
        answer = self.partner.ask(
            call.operation, *parts, query=call.query, body=call.body or None
        )
        return _outcome(answer or {})

    def upload(self, feed: Feed) -> str:
        """Bring a feed's document to Amazon; its id."""
        if feed.type == LISTINGS_FEED:
            checks.check_feed(feed.body, f"{feed.number:06d}")
        elif feed.type in ORDER_FEEDS:
            check_order_feed(feed.body, f"{feed.number:06d}")
        elif feed.type == INVOICES:
            check_paper(feed.options, f"{feed.number:06d}")
        kind = CONTENT.get(feed.type, XML)
        place = self.partner.ask(
            "createFeedDocument", body={"contentType": kind}
        )
        self.partner.upload(place["url"], feed.body, kind)
        return str(place["feedDocumentId"])

    def submit(self, feed: Feed, document: str) -> str:
        """Have a document processed; the feed's id."""
        self.partner.throttle.pass_feed(feed.type)
        body = {
            "feedType": feed.type,
            "marketplaceIds": [MARKETPLACES[feed.marketplace].id],
            "inputFeedDocumentId": document,
            **({"feedOptions": feed.options} if feed.options else {}),
        }
        return str(self.partner.ask("createFeed", body=body)["feedId"])

    def find(self, feed: Feed, sent_at: datetime) -> Sequence[str]:
        """Receipts of feeds like this one that arrived since an instant."""
        answer = self.partner.ask(
            "getFeeds",
            query={
                "feedTypes": [feed.type],
                "marketplaceIds": [MARKETPLACES[feed.marketplace].id],
                "createdSince": _iso(sent_at),
                "pageSize": PAGE,
            },
        )
        return [str(one["feedId"]) for one in answer.get("feeds") or []]

    def outcome(self, receipt: str) -> Outcome | None:
        """The outcome of a feed, or nothing yet.

        Raises:
            TransientError: Its report cannot be had yet.
            RefusedError: We may not ask, such as without the role.
        """
        try:
            return self._result(self.partner.ask("getFeed", receipt))
        except RefusedError as error:
            if error.facts.get("status") != GONE:
                raise
            return self._ended("amazon.report_gone")

    def orders(self, since: datetime, until: datetime, token: str) -> Page:
        """Orders changed in a window, page by page.

        Raises:
            RefusedError: The token died; ask for the window again.
        """
        query: dict[str, Any] = {
            "lastUpdatedAfter": _iso(since),
            "lastUpdatedBefore": _iso(until),
            "marketplaceIds": [MARKETPLACES[code].id for code in self.markets],
            "maxResultsPerPage": PAGE,
            "includedData": INCLUDED,
        }
        if token:
            query["paginationToken"] = token
        answer = self.partner.ask("searchOrders", query=query)
        sales, broken = _sales(answer.get("orders") or [])
        token_after = following(answer, token)
        return Page(tuple(sales), token_after, tuple(broken))

    def present(self, marketplace: str, skus: Sequence[str]) -> frozenset[str]:
        """Which of the SKUs Amazon already has a listing of."""
        known = items(self.partner, self.seller, marketplace, skus, {})
        found = {str(one["sku"]) for one in known}
        return frozenset(skus) & found

    def _result(self, feed: Mapping[str, Any]) -> Outcome | None:
        """What became of a feed, with its report if there is one."""
        status = feed["processingStatus"]
        if status not in ENDED:
            return None
        document = feed.get("resultFeedDocumentId")
        if document:
            report, aborted = self._document(document), status != DONE
            return _read_report(feed["feedType"], report, aborted=aborted)
        if status == DONE:
            return Outcome(accepted=True)
        if status == CANCELLED:
            return self._ended("amazon.feed_cancelled")
        return self._ended("amazon.feed_fatal")

    def _ended(self, code: str) -> Outcome:
        """Nothing of a feed is known to have happened, and why."""
        message = RefusedError(code).message(self.language)
        issue = {"code": code, "severity": "ERROR", "message": message}
        return Outcome(accepted=False, issues=(issue,))

    def _document(self, name: str) -> bytes:
        place = self.partner.ask("getFeedDocument", name)
        content = self.partner.download(place["url"])
        return unpacked(content, place.get("compressionAlgorithm"))


def _iso(instant: datetime) -> str:
    """An instant as Amazon writes it: to the second, in UTC."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _outcome(answer: Mapping[str, Any]) -> Outcome:
    """A call's answer as message number 1."""
    issues = [dict(one) for one in answer.get("issues") or []]
    if answer.get("status", "ACCEPTED") in TAKEN:
        return Outcome(accepted=True, warned={1: issues} if issues else {})
    return Outcome(accepted=False, refused={1: issues})


def _read_report(feed_type: str, report: bytes, *, aborted: bool) -> Outcome:
    if feed_type == LISTINGS_FEED:
        return listings_outcome(report, aborted=aborted)
    if feed_type in ORDER_FEEDS:
        return order_outcome(report, aborted=aborted)
    if feed_type == INVOICES:
        return paper_outcome(report, aborted=aborted)
    raise TransientError("amazon.odd_answer", operation=feed_type)


def _sales(
    listed: Sequence[Mapping[str, Any]],
) -> tuple[list[Sale], list[BridgeError]]:
    """The orders of a page; a broken one does not stop the rest."""
    sales: list[Sale] = []
    broken: list[BridgeError] = []
    for raw in listed:
        try:
            sales.append(sale(raw))
        except InputError as error:
            broken.append(error)
    return sales, broken
