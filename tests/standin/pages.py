"""A+ pages of the stand-in: made, related, handed in, approved."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from tests.standin.replies import problem
from tests.standin.replies import reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply

ASIN = re.compile("[A-Z0-9]{10}").fullmatch
LOCALE = re.compile("[a-z]{2,}-[A-Z0-9]{2,}").fullmatch
DOCUMENT = {"name", "contentType", "locale", "contentModuleList"}
COLUMN = {"position", "title", "asin", "highlight", "metrics"}
SHOWN = 1  # of one page of an answer: further ones must be asked for


@dataclass
class Studio:
    """What a seller has of A+ pages.

    Attributes:
        pages: By their keys.
        published: What is shown at products: key, product and language.
        faults: What validation says of the next pages.
    """

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    published: list[dict[str, str]] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)

    def approve(self, key: str) -> None:
        """Approve a page that was handed in, and show it."""
        page = self.pages[key]
        assert page["status"] == "SUBMITTED"
        page["status"] = "APPROVED"
        for asin in page["asins"]:
            self.show(key, asin, page["document"]["locale"])

    def show(self, key: str, asin: str, locale: str = "de-DE") -> None:
        """Have a page shown at a product."""
        self.published.append(
            {
                "marketplaceId": "A1PA6795UKMFR9",
                "locale": locale,
                "asin": asin,
                "contentType": "EBC",
                "contentReferenceKey": key,
            }
        )


def _strange(body: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """What of a document is not as aplusContent_2020-11-01 has it."""
    if not isinstance(body, dict) or body.keys() != {"contentDocument"}:
        yield f"body: {body}"
        return
    document = body["contentDocument"]
    if document.keys() != DOCUMENT or document["contentType"] != "EBC":
        yield f"document: {sorted(document)}"
        return
    if not 0 < len(document["name"]) <= 100:
        yield "name"
    if not LOCALE(document["locale"]):
        yield "locale"
    for module in document["contentModuleList"]:
        if module.keys() != {"contentModuleType", "standardComparisonTable"}:
            yield f"module: {sorted(module)}"
            continue
        yield from _strange_table(module["standardComparisonTable"])


def _strange_table(table: dict[str, Any]) -> Iterator[str]:
    columns, labels = table["productColumns"], table["metricRowLabels"]
    if not 0 < len(columns) <= 6 or len(labels) > 10:
        yield "size"
    if [one["position"] for one in columns] != [*range(1, len(columns) + 1)]:
        yield "position"
    rows = [one["position"] for one in labels]
    for one in columns:
        if one.keys() != COLUMN or not ASIN(one["asin"]):
            yield f"column: {one}"
        if not 0 < len(one["title"]) <= 80:
            yield "title"
        if [metric["position"] for metric in one["metrics"]] != rows:
            yield "metrics"
    yield from _strange_texts(
        [*labels, *(m for one in columns for m in one["metrics"])]
    )


def _strange_texts(texts: list[dict[str, Any]]) -> Iterator[str]:
    for one in texts:
        if one.keys() != {"position", "value"}:
            yield f"text: {one}"
        elif not 0 < len(one["value"]) <= 250:
            yield "value"


def _handled(work: Any) -> Any:  # noqa: ANN401 - a handler
    """With a known page, one marketplace and a right document."""

    def handle(
        amazon: Amazon,
        parts: tuple[str, ...],
        query: Mapping[str, str],
        body: Any,  # noqa: ANN401
    ) -> Reply:
        if query.get("marketplaceId") != "A1PA6795UKMFR9":
            return problem(400, "InvalidInput", "marketplaceId")
        studio = amazon.seller.studio
        if parts and parts[0] not in studio.pages:
            return problem(404, "NotFound", parts[0])
        if isinstance(body, dict) and "contentDocument" in body:
            strange = list(_strange(body))
            if strange:
                return problem(400, "InvalidInput", "; ".join(strange))
        done: Reply = work(studio, parts, query, body)
        return done

    return handle


def _create(studio: Studio, _parts: Any, _query: Any, body: Any) -> Reply:  # noqa: ANN401
    key = f"page-{len(studio.pages) + 1}"
    document = deepcopy(body["contentDocument"])
    page = {"document": document, "asins": [], "status": "DRAFT"}
    studio.pages[key] = page
    return reply({"contentReferenceKey": key})


def _update(studio: Studio, parts: Any, _query: Any, body: Any) -> Reply:  # noqa: ANN401
    page = studio.pages[parts[0]]
    page |= {"document": body["contentDocument"], "status": "DRAFT"}
    return reply({"contentReferenceKey": parts[0]})


def _relate(studio: Studio, parts: Any, _query: Any, body: Any) -> Reply:  # noqa: ANN401
    if body.keys() != {"asinSet"} or not all(map(ASIN, body["asinSet"])):
        return problem(400, "InvalidInput", f"body: {body}")
    studio.pages[parts[0]]["asins"] = list(body["asinSet"])
    return reply({})


def _submit(studio: Studio, parts: Any, _query: Any, body: Any) -> Reply:  # noqa: ANN401
    page = studio.pages[parts[0]]
    if body or not page["asins"] or page["status"] == "SUBMITTED":
        return problem(400, "InvalidInput", page["status"])
    page["status"] = "SUBMITTED"
    return reply({})


def _metadata(key: str, page: dict[str, Any]) -> dict[str, Any]:
    said = {
        "name": page["document"]["name"],
        "marketplaceId": "A1PA6795UKMFR9",
        "status": page["status"],
        "badgeSet": ["STANDARD"],
        "updateTime": "2026-01-14T06:30:00Z",
    }
    return {"contentReferenceKey": key, "contentMetadata": said}


def _get(studio: Studio, parts: Any, query: Any, _body: Any) -> Reply:  # noqa: ANN401
    if query.get("includedDataSet") != "METADATA":
        return problem(400, "InvalidInput", "includedDataSet")
    page = studio.pages[parts[0]]
    return reply({"contentRecord": _metadata(parts[0], page)})


def _paged(name: str, found: list[Any], query: Mapping[str, str]) -> Reply:
    start = int(query.get("pageToken", "0"))
    content: dict[str, Any] = {name: found[start : start + SHOWN]}
    if start + SHOWN < len(found):
        content["nextPageToken"] = str(start + SHOWN)
    return reply(content)


def _search(studio: Studio, _parts: Any, query: Any, _body: Any) -> Reply:  # noqa: ANN401
    found = [_metadata(*item) for item in studio.pages.items()]
    return _paged("contentMetadataRecords", found, query)


def _records(studio: Studio, _parts: Any, query: Any, _body: Any) -> Reply:  # noqa: ANN401
    asin = query.get("asin", "")
    if not ASIN(asin):
        return problem(400, "InvalidInput", "asin")
    found = [one for one in studio.published if one["asin"] == asin]
    return _paged("publishRecordList", found, query)


def _validate(studio: Studio, _parts: Any, query: Any, body: Any) -> Reply:  # noqa: ANN401
    if not body or not ASIN(query.get("asinSet", "")):
        return problem(400, "InvalidInput", "asinSet")
    return reply({"errors": studio.faults})


MARKET = {"marketplaceId"}
PART = "([^/]+)"
BASE = "/aplus/2020-11-01"
PAGES = f"{BASE}/contentDocuments"
#: Operation: method, address, what may stand behind the question mark, work.
_ROWS = {
    "searchContentDocuments": ("GET", PAGES, {"pageToken"}, _search),
    "createContentDocument": ("POST", PAGES, set(), _create),
    "getContentDocument": (
        *("GET", f"{PAGES}/{PART}", {"includedDataSet"}, _get),
    ),
    "updateContentDocument": ("POST", f"{PAGES}/{PART}", set(), _update),
    "postContentDocumentAsinRelations": (
        *("POST", f"{PAGES}/{PART}/asins", set(), _relate),
    ),
    "postContentDocumentApprovalSubmission": (
        *("POST", f"{PAGES}/{PART}/approvalSubmissions", set(), _submit),
    ),
    "validateContentDocumentAsinRelations": (
        *("POST", f"{BASE}/contentAsinValidations", {"asinSet"}, _validate),
    ),
    "searchContentPublishRecords": (
        "GET",
        f"{BASE}/contentPublishRecords",
        {"asin", "pageToken"},
        _records,
    ),
}
ROUTES = tuple((row[0], row[1], name) for name, row in _ROWS.items())
QUERY: dict[str, set[str]] = {
    name: MARKET | row[2] for name, row in _ROWS.items()
}
HANDLERS = {name: _handled(row[3]) for name, row in _ROWS.items()}
PLANS = dict.fromkeys(_ROWS, (5.0, 5))
