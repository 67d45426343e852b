"""A+ pages: A+ Content 2020-11-01 (amazon.md M10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

import orjson

from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.amazon.session import SellingPartner
    from bridge.ports import Desk
    from bridge.ports.pages import Sheet


@dataclass(frozen=True)
class LivePages:
    """The port Pages on the Selling Partner API."""

    partner: SellingPartner

    def published(self, sheet: Sheet) -> Sequence[str]:
        """Pages shown at the product in this language, by their keys."""
        query = {**_market(sheet), "asin": sheet.asin}
        return [
            str(one["contentReferenceKey"])
            for one in self._listed(
                "searchContentPublishRecords", query, "publishRecordList"
            )
            if one.get("locale") == sheet.locale
        ]

    def validate(self, sheet: Sheet) -> Sequence[Mapping[str, str]]:
        """Amazon's errors of a page; nothing is changed."""
        answer = self.partner.ask(
            "validateContentDocumentAsinRelations",
            query={**_market(sheet), "asinSet": [sheet.asin]},
            body=_document(sheet),
        )
        return [
            {"code": str(one["code"]), "message": str(one["message"])}
            for one in answer.get("errors") or ()
        ]

    def find(self, sheet: Sheet) -> str | None:
        """The page of this name."""
        listed = self._listed(
            "searchContentDocuments",
            _market(sheet),
            "contentMetadataRecords",
        )
        for one in listed:
            if (one.get("contentMetadata") or {}).get("name") == sheet.name:
                return str(one["contentReferenceKey"])
        return None

    def create(self, sheet: Sheet) -> str:
        """Make a page."""
        answer = self.partner.ask(
            "createContentDocument",
            query=_market(sheet),
            body=_document(sheet),
        )
        return str(answer["contentReferenceKey"])

    def update(self, sheet: Sheet, key: str) -> None:
        """State the whole page again."""
        self.partner.ask(
            "updateContentDocument",
            key,
            query=_market(sheet),
            body=_document(sheet),
        )

    def relate(self, sheet: Sheet, key: str) -> None:
        """State the whole list of its products: one."""
        self.partner.ask(
            "postContentDocumentAsinRelations",
            key,
            query=_market(sheet),
            body={"asinSet": [sheet.asin]},
        )

    def submit(self, sheet: Sheet, key: str) -> None:
        """Hand a page in for approval."""
        self.partner.ask(
            "postContentDocumentApprovalSubmission", key, query=_market(sheet)
        )

    def status(self, sheet: Sheet, key: str) -> str:
        """How far its approval is."""
        answer = self.partner.ask(
            "getContentDocument",
            key,
            query={**_market(sheet), "includedDataSet": ["METADATA"]},
        )
        return str(answer["contentRecord"]["contentMetadata"]["status"])

    def _listed(
        self, operation: str, query: Mapping[str, Any], name: str
    ) -> Iterator[Mapping[str, Any]]:
        """Every element of every page of an answer."""
        token: dict[str, Any] = {}
        while True:
            answer = self.partner.ask(operation, query={**query, **token})
            yield from answer.get(name) or ()
            if not answer.get("nextPageToken"):
                return
            token = {"pageToken": answer["nextPageToken"]}


@dataclass(frozen=True)
class RehearsedPages:
    """The port Pages without any network.

    Attributes:
        bodies: ``outbox/amazon``.
        desk: Who writes files.
    """

    bodies: Path
    desk: Desk

    def published(self, sheet: Sheet) -> Sequence[str]:
        """Nothing: nobody asks in rehearsal."""
        del sheet
        return ()

    def validate(self, sheet: Sheet) -> Sequence[Mapping[str, str]]:
        """Nothing stands against it."""
        del sheet
        return ()

    def find(self, sheet: Sheet) -> str | None:
        """The page, if it was written down."""
        return sheet.name if self._path(sheet).is_file() else None

    def create(self, sheet: Sheet) -> str:
        """Write the page down."""
        self.update(sheet, sheet.name)
        return sheet.name

    def update(self, sheet: Sheet, key: str) -> None:
        """Write the page down anew."""
        content = {
            "operation": "createContentDocument",
            "marketplace": sheet.marketplace,
            "key": key,
            "asin": sheet.asin,
            "body": _document(sheet),
        }
        text = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
        self.desk.replace_whole(self._path(sheet), text)

    def relate(self, sheet: Sheet, key: str) -> None:
        """It is written down with the page."""

    def submit(self, sheet: Sheet, key: str) -> None:
        """Nobody approves anything in rehearsal."""

    def status(self, sheet: Sheet, key: str) -> str:
        """It stays handed in."""
        del sheet, key
        return "SUBMITTED"

    def _path(self, sheet: Sheet) -> Path:
        name = quote(sheet.name, safe=" ")
        return self.bodies / f"aplus_{sheet.marketplace}_{name}.json"


def _market(sheet: Sheet) -> dict[str, Any]:
    return {"marketplaceId": MARKETPLACES[sheet.marketplace].id}


def _document(sheet: Sheet) -> dict[str, Any]:
    return {"contentDocument": dict(sheet.body)}
