"""Reports of the stand-in: asked for, made after a while, fetched."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from tests.standin.replies import problem
from tests.standin.replies import reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply
    from tests.standin.seller import Seller

Content = str | bytes | Callable[[str], str]
#: Made on a schedule only, and they tell of persons.
SCHEDULED = frozenset({"GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"})
LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
CP1252 = "text/plain; charset=Cp1252"
ALLOWED = {
    *("reportType", "marketplaceIds", "reportOptions"),
    *("dataStartTime", "dataEndTime"),
}
COLUMNS = (
    *("item-name", "seller-sku", "price", "quantity", "asin1"),
    *("fulfillment-channel", "status"),
)


@dataclass
class MadeReport:
    """A report Amazon was asked for."""

    id: str
    type: str
    marketplace: str
    created: datetime
    options: dict[str, str] = field(default_factory=dict)
    status: str = "IN_QUEUE"
    document: str | None = None


@dataclass
class ReportDesk:
    """Who makes reports for a seller.

    Attributes:
        takes: How long one is worked on.
        contents: What a report holds, by its type; listings are made of
            those the seller has.
        endings: How the next ones end, instead of DONE.
        kinds: The content type of a report's document, by its type.
        made: Every report by its id.
        schedules: How often which one is made, by type and marketplace.
        personal: Documents that tell of persons.
    """

    takes: timedelta = timedelta(minutes=4)
    contents: dict[str, Content] = field(default_factory=dict)
    endings: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    made: dict[str, MadeReport] = field(default_factory=dict)
    schedules: dict[tuple[str, str], str] = field(default_factory=dict)
    personal: set[str] = field(default_factory=set)

    def make(self, kind: str, market: str, now: datetime) -> None:
        """Amazon makes a report by itself, if it is scheduled."""
        if (kind, market) in self.schedules:
            body = {"reportType": kind, "marketplaceIds": [market]}
            self.create(body, now)

    def create(self, body: dict[str, Any], now: datetime) -> str:
        """A report of one marketplace."""
        number = str(70_000 + len(self.made) + 1)
        (market,) = body["marketplaceIds"]
        options = body.get("reportOptions") or {}
        self.made[number] = MadeReport(
            number, body["reportType"], market, now, options
        )
        return number

    def look(self, seller: Seller, number: str) -> dict[str, Any] | None:
        """A report, made when its time has come."""
        found = self.made.get(number)
        if found is None:
            return None
        ripe = seller.clock.now() >= found.created + self.takes
        if ripe and found.status == "IN_QUEUE":
            found.status = self.endings.pop(0) if self.endings else "DONE"
            if found.status == "DONE":
                found.document = self._document(seller, found)
        said = {
            "reportId": found.id,
            "reportType": found.type,
            "marketplaceIds": [found.marketplace],
            "createdTime": found.created.isoformat(),
            "processingStatus": found.status,
        }
        if found.document:
            said["reportDocumentId"] = found.document
        return said

    def _document(self, seller: Seller, made: MadeReport) -> str:
        content = self.contents.get(made.type, "")
        if made.type == LISTINGS and not content:
            content = listings(seller, made.marketplace)
        if callable(content):
            content = content(made.marketplace)
        if isinstance(content, str):
            content = content.encode("cp1252", "replace")
        name = seller.create_document(self.kinds.get(made.type, CP1252))
        if made.type in SCHEDULED:
            self.personal.add(name)
        seller.documents[name].content = gzip.compress(content)
        return name


def listings(seller: Seller, market: str) -> str:
    """The report of what the seller has there, as English accounts get it."""
    rows = [
        row(sku, attributes)
        for (place, sku), attributes in seller.listings.items()
        if place == market
    ]
    return "\r\n".join(["\t".join(COLUMNS), *rows, ""])


def row(sku: str, attributes: Mapping[str, Any]) -> str:
    """A row of a listing's own attributes."""
    stock = attributes.get("fulfillment_availability") or [{}]
    offers = attributes.get("purchasable_offer") or []
    prices = [
        one["our_price"][0]["schedule"][0]["value_with_tax"]
        for one in offers
        if one.get("audience", "ALL") == "ALL"
    ]
    names = attributes.get("item_name") or [{}]
    cells = (
        *(names[0].get("value", ""), sku, prices[0] if prices else ""),
        *(stock[0].get("quantity", ""), "", "DEFAULT", "Active"),
    )
    return "\t".join(map(str, cells))


def create_report(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    """The answer to createReport."""
    if not isinstance(body, dict) or body.keys() - ALLOWED:
        return problem(400, "InvalidInput", f"body: {body}")
    if len(body["marketplaceIds"]) != 1 or body["reportType"] in SCHEDULED:
        return problem(400, "InvalidInput", "one marketplace, no schedule")
    desk = amazon.seller.desk
    return reply({"reportId": desk.create(body, amazon.clock.now())}, 202)


def get_reports(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: object,
) -> Reply:
    """The answer to getReports: the newest first."""
    since = datetime.fromisoformat(query["createdSince"])
    states = query.get("processingStatuses", "").split(",")
    listed = [
        amazon.seller.desk.look(amazon.seller, one.id)
        for one in reversed(amazon.seller.desk.made.values())
        if one.created >= since
        and one.type in query["reportTypes"].split(",")
        and one.marketplace in query["marketplaceIds"].split(",")
    ]
    found = [
        one
        for one in listed
        if one and (states == [""] or one["processingStatus"] in states)
    ]
    return reply({"reports": found})


def get_report(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: object,
) -> Reply:
    """The answer to getReport."""
    found = amazon.seller.desk.look(amazon.seller, parts[0])
    return (
        problem(404, "NotFound", parts[0]) if found is None else reply(found)
    )


def get_report_document(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: object,
) -> Reply:
    """The answer to getReportDocument."""
    if parts[0] not in amazon.seller.documents:
        return problem(404, "NotFound", parts[0])
    personal = parts[0] in amazon.seller.desk.personal
    opens = amazon.restricted.get(amazon.token)
    if personal != (opens is not None) or opens not in {None, parts[0]}:
        return problem(403, "Unauthorized", "Access is forbidden.")
    return reply(
        {
            "reportDocumentId": parts[0],
            "url": f"{amazon.url}/upload/{parts[0]}",
            "compressionAlgorithm": "GZIP",
        }
    )


def create_schedule(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    """The answer to createReportSchedule; one a type and marketplace."""
    if body.keys() != {"reportType", "marketplaceIds", "period"}:
        return problem(400, "InvalidInput", f"body: {body}")
    (market,) = body["marketplaceIds"]
    place = body["reportType"], market
    amazon.seller.desk.schedules[place] = body["period"]
    return reply({"reportScheduleId": "1"}, 201)


def restrict(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> Reply:
    """The answer to createRestrictedDataToken: it opens one document."""
    (wanted,) = body["restrictedResources"]
    if wanted.keys() != {"method", "path"} or wanted["method"] != "GET":
        return problem(400, "InvalidInput", f"body: {body}")
    token = f"Atz.sprdt|{len(amazon.tokens)}"
    amazon.tokens[token] = amazon.clock.now() + timedelta(hours=1)
    amazon.restricted[token] = wanted["path"].rpartition("/")[2]
    return reply({"restrictedDataToken": token, "expiresIn": 3600})


HANDLERS = {
    "createReportSchedule": create_schedule,
    "createRestrictedDataToken": restrict,
    "createReport": create_report,
    "getReports": get_reports,
    "getReport": get_report,
    "getReportDocument": get_report_document,
}
