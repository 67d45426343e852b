"""Papers as messages to the buyer: Messaging and Uploads (amazon.md M4)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

import orjson

from bridge.errors import RefusedError
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.amazon.session import SellingPartner
    from bridge.ports import Desk
    from bridge.ports.courier import Parcel

SEND = "sendInvoice"  # the action an order offers, and the operation
PDF = "application/pdf"


@dataclass(frozen=True)
class LiveCourier:
    """The port Courier on the Selling Partner API."""

    partner: SellingPartner

    def prepare(self, parcel: Parcel) -> str:
        """Ask whether the order offers it, then bring the PDF."""
        market = {"marketplaceIds": [MARKETPLACES[parcel.marketplace].id]}
        answer = self.partner.ask(
            "getMessagingActionsForOrder", parcel.order, query=market
        )
        links = (answer.get("_links") or {}).get("actions") or []
        if SEND not in {one.get("name") for one in links}:
            raise RefusedError("invoices.not_offered")
        digest = _digest(parcel.content)
        place = self.partner.ask(
            "createUploadDestinationForResource",
            parcel.order,
            query={**market, "contentMD5": digest, "contentType": PDF},
        )["payload"]
        mark = {"Content-MD5": digest}
        self.partner.upload(place["url"], parcel.content, PDF, mark)
        return str(place["uploadDestinationId"])

    def send(self, parcel: Parcel, place: str) -> None:
        """Send the message."""
        market = [MARKETPLACES[parcel.marketplace].id]
        self.partner.ask(
            SEND,
            parcel.order,
            query={"marketplaceIds": market},
            body=_message(parcel, place),
        )


@dataclass(frozen=True)
class RehearsedCourier:
    """The port Courier without any network.

    Attributes:
        bodies: ``outbox/amazon``.
        desk: Who writes files.
    """

    bodies: Path
    desk: Desk

    def prepare(self, parcel: Parcel) -> str:
        """Write the PDF down; twice gives one file."""
        name = f"{_name(parcel)}.pdf"
        self.desk.write_whole(self.bodies / name, parcel.content)
        return name

    def send(self, parcel: Parcel, place: str) -> None:
        """Write the message down; twice gives one file."""
        content = {
            "operation": SEND,
            "marketplace": parcel.marketplace,
            "order": parcel.order,
            "query": {},
            "body": _message(parcel, place),
        }
        text = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
        self.desk.write_whole(self.bodies / f"{_name(parcel)}.json", text)


def _digest(content: bytes) -> str:
    """The checksum of the upload, as RFC 1864 writes it."""
    return b64encode(
        hashlib.md5(content, usedforsecurity=False).digest()
    ).decode()


def _message(parcel: Parcel, place: str) -> dict[str, Any]:
    attached = {"uploadDestinationId": place, "fileName": parcel.name}
    return {"attachments": [attached]}


def _name(parcel: Parcel) -> str:
    order = quote(parcel.order, safe="")
    return f"{parcel.number:06d}_{SEND}_{parcel.marketplace}_{order}"
