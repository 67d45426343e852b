"""Reports by the Reports API 2021-06-30 (amazon.md R)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon.operations import OPERATIONS
from bridge.amazon.paging import following
from bridge.errors import RefusedError
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports.reports import LISTINGS
from bridge.ports.reports import NODES
from bridge.ports.reports import ORDERS
from bridge.ports.reports import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.amazon.session import SellingPartner
    from bridge.ports.reports import End
    from bridge.ports.reports import Wanted

PAGE = 100  # reports of a page, the most there are
ENDS: Mapping[str, End] = MappingProxyType(
    {"DONE": "done", "CANCELLED": "none", "FATAL": "broken"}
)
NOT_FOUND = 404
GONE = Standing("none", None)  # reports are kept for 90 days
#: What the documents of a report are written in if they do not say so.
ENCODINGS: Mapping[str, str] = MappingProxyType(
    {LISTINGS: "cp1252", NODES: "utf-8", ORDERS: "cp1252"}
)
#: Reports that tell who somebody is: a token of their own is needed.
RESTRICTED = frozenset({ORDERS})
PERIOD = "PT15M"  # between two scheduled reports


@dataclass(frozen=True)
class LiveReports:
    """The port Reports on the Selling Partner API."""

    partner: SellingPartner

    def request(self, wanted: Wanted) -> str:
        """Have a report made; twice would be two."""
        place = MARKETPLACES[wanted.marketplace].id
        body = {
            "reportType": wanted.type,
            "marketplaceIds": [place],
            "reportOptions": _options(wanted.type, place),
        }
        return str(self.partner.ask("createReport", body=body)["reportId"])

    def find(self, wanted: Wanted, since: datetime) -> Sequence[str]:
        """Receipts of such reports that were asked for since an instant."""
        query: dict[str, Any] = {
            "reportTypes": [wanted.type],
            "marketplaceIds": [MARKETPLACES[wanted.marketplace].id],
            "createdSince": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "pageSize": PAGE,
        }
        found = []
        while query:
            answer = self.partner.ask("getReports", query=query)
            listed = answer.get("reports") or []
            found += [str(one["reportId"]) for one in listed]
            token = following(answer, query.get("nextToken", ""))
            query = {"nextToken": token} if token else {}
        return found

    def schedule(self, wanted: Wanted) -> None:
        """Have such reports made from now on; a second takes its place."""
        body = {
            "reportType": wanted.type,
            "marketplaceIds": [MARKETPLACES[wanted.marketplace].id],
            "period": PERIOD,
        }
        self.partner.ask("createReportSchedule", body=body)

    def standing(self, receipt: str) -> Standing | None:
        """How a report ended, or nothing yet."""
        try:
            return _standing(self.partner.ask("getReport", receipt))
        except RefusedError as error:
            if error.facts.get("status") != NOT_FOUND:
                raise
            return GONE

    def fetch(self, wanted: Wanted, document: str, target: Path) -> str:
        """Bring a report's document to a file; how it is encoded."""
        token = ""
        if wanted.type in RESTRICTED:
            token = self._restricted(document)
        place = self.partner.ask("getReportDocument", document, token=token)
        kind = self.partner.save(
            place["url"], place.get("compressionAlgorithm"), target
        )
        return encoding_of(kind, target, ENCODINGS[wanted.type])

    def _restricted(self, document: str) -> str:
        """A token that opens one document which tells of persons."""
        operation = OPERATIONS["getReportDocument"]
        wanted = {"method": "GET", "path": operation.address(document)}
        answer = self.partner.ask(
            "createRestrictedDataToken", body={"restrictedResources": [wanted]}
        )
        return str(answer["restrictedDataToken"])


def _options(kind: str, place: str) -> dict[str, str]:
    if kind == NODES:
        return {"MarketplaceId": place}
    return {"preferredReportDocumentLocale": "en_US"}


def _standing(said: Mapping[str, Any]) -> Standing | None:
    end = ENDS.get(said["processingStatus"])
    if end is None:
        return None
    begun = said.get("processingStartTime") or said.get("createdTime")
    made_at = datetime.fromisoformat(begun) if begun else None
    return Standing(end, said.get("reportDocumentId"), made_at)


def encoding_of(content_type: str, path: Path, default: str) -> str:
    """How a document's text is encoded.

    Args:
        content_type: What came with it; Amazon writes ``charset=Cp1252``.
        path: The document: a byte order mark rules everything.
        default: If neither says anything Python knows.
    """
    with path.open("rb") as file:
        if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            return "utf-8-sig"
    head = Message()
    head["content-type"] = content_type
    try:
        return codecs.lookup(head.get_content_charset() or default).name
    except LookupError:
        return default
