"""Amazon's warehouse: Multi-Channel Fulfilment 2020-07-01 (amazon.md M5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

import orjson

from bridge.errors import ConfigError
from bridge.errors import DefectError
from bridge.errors import RefusedError
from bridge.errors import Where
from bridge.ports.warehouse import Offer
from bridge.ports.warehouse import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.amazon.session import SellingPartner
    from bridge.ports import Desk

UNKNOWN = frozenset({400, 404})  # Amazon's ways to say there is none
CANCEL = "cancelFulfillmentOrder"
SHIPPED = "SHIPPED"  # of a shipment: all its packages left
MOST_LINES, MOST_PIECES = 100, 250
NEEDED = (
    *("marketplaceId", "sellerFulfillmentOrderId", "displayableOrderId"),
    *("displayableOrderDate", "displayableOrderComment"),
    *("shippingSpeedCategory", "destinationAddress", "items"),
)
ADDRESS = ("name", "addressLine1", "city", "postalCode", "countryCode")


@dataclass(frozen=True)
class LiveWarehouse:
    """The port Warehouse on the Selling Partner API."""

    partner: SellingPartner

    def preview(self, number: str, body: Mapping[str, Any]) -> Offer:
        """Ask for fees and whether there is enough."""
        del number
        answer = self.partner.ask("getFulfillmentPreview", body=_asked(body))
        previews = (answer.get("payload") or {}).get("fulfillmentPreviews")
        return _offer(previews or [])

    def create(self, number: str, body: Mapping[str, Any]) -> None:
        """Hand an order over."""
        check_order(body, number)
        self.partner.ask("createFulfillmentOrder", body=body)

    def look(self, number: str) -> Progress | None:
        """Ask for an order; there is none where Amazon says so."""
        try:
            answer = self.partner.ask("getFulfillmentOrder", number)
        except RefusedError as error:
            if error.facts.get("status") not in UNKNOWN:
                raise
            return None
        return _progress(answer.get("payload") or {})

    def cancel(self, number: str) -> None:
        """Call an order back."""
        self.partner.ask(CANCEL, number)


@dataclass(frozen=True)
class RehearsedWarehouse:
    """The port Warehouse without any network.

    Attributes:
        bodies: ``outbox/amazon``: every body Amazon would have got.
        recorded: ``rehearsal``: in ``fulfilments`` an answer of
            getFulfillmentOrder by the order's number.
        desk: Who writes files.
    """

    bodies: Path
    recorded: Path
    desk: Desk

    def preview(self, number: str, body: Mapping[str, Any]) -> Offer:
        """Amazon would ship everything, and fees are not known."""
        check_order(body, number)
        self._write("getFulfillmentPreview", number, _asked(body))
        return Offer()

    def create(self, number: str, body: Mapping[str, Any]) -> None:
        """Write the order down."""
        check_order(body, number)
        self._write("createFulfillmentOrder", number, body)

    def look(self, number: str) -> Progress | None:
        """What is recorded of an order; else whether it was called back."""
        name = f"{quote(number, safe='')}.json"
        path = self.recorded / "fulfilments" / name
        if not path.is_file():
            called_back = self._body(CANCEL, number).is_file()
            return Progress("Cancelled") if called_back else None
        try:
            return _progress(
                json.loads(path.read_text("utf-8-sig"))["payload"]
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                "amazon.bad_recording", where=Where(name)
            ) from error

    def cancel(self, number: str) -> None:
        """Write down that it is called back."""
        self._write(CANCEL, number, {})

    def _write(
        self, operation: str, number: str, body: Mapping[str, Any]
    ) -> None:
        content = {"operation": operation, "order": number, "body": body}
        text = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
        self.desk.replace_whole(self._body(operation, number), text)

    def _body(self, operation: str, number: str) -> Path:
        return self.bodies / f"{operation}_{quote(number, safe='')}.json"


def check_order(body: Mapping[str, Any], number: str) -> None:
    """See that an order is of its form.

    Raises:
        DefectError: ``amazon.bad_body``: Amazon would not take it; values
            are not told, they name a person.
    """
    faults = [f"{key} is missing" for key in NEEDED if not body.get(key)]
    address = body.get("destinationAddress") or {}
    faults += [f"{key} is missing" for key in ADDRESS if not address.get(key)]
    items = body.get("items") or []
    pieces = sum(int(item["quantity"]) for item in items)
    if len(items) > MOST_LINES or pieces > MOST_PIECES:
        faults.append(f"{len(items)} items, {pieces} pieces")
    if faults:
        problem = "; ".join(faults)
        where = Where(number)
        raise DefectError("amazon.bad_body", where=where, problem=problem)


def _asked(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a preview is asked with."""
    return {
        "marketplaceId": body["marketplaceId"],
        "address": body["destinationAddress"],
        "items": body["items"],
        "shippingSpeedCategories": [body["shippingSpeedCategory"]],
    }


def _offer(previews: list[dict[str, Any]]) -> Offer:
    if not previews:
        return Offer(unable=("-",))
    one = previews[0]
    fees = {
        str(fee["name"]): fee["amount"]
        for fee in one.get("estimatedFees") or []
    }
    reasons = [str(why) for why in one.get("orderUnfulfillableReasons") or []]
    reasons += [
        " ".join(
            (item["sellerSku"], *item.get("itemUnfulfillableReasons", ()))
        )
        for item in one.get("unfulfillablePreviewItems") or []
    ]
    return Offer(
        {name: str(amount["value"]) for name, amount in fees.items()},
        next((str(one["currencyCode"]) for one in fees.values()), None),
        () if one.get("isFulfillable") else (*reasons,) or ("-",),
    )


def _progress(payload: Mapping[str, Any]) -> Progress:
    order = payload["fulfillmentOrder"]
    parcels = (
        parcel
        for shipment in payload.get("fulfillmentShipments") or []
        if shipment.get("fulfillmentShipmentStatus", SHIPPED) == SHIPPED
        for parcel in _parcels(shipment)
    )
    return Progress(str(order["fulfillmentOrderStatus"]), tuple(parcels))


def _parcels(shipment: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The parcels that left together, each with what lies in it."""
    packages = shipment.get("fulfillmentShipmentPackage") or []
    items = shipment.get("fulfillmentShipmentItem") or []
    for package in packages:
        here = [one for one in items if _lies_in(one, package, packages)]
        yield {
            "carrier": package.get("carrierCode"),
            "tracking": package.get("trackingNumber"),
            "shipped_at": shipment.get("shippingDate"),
            "items": [
                {
                    "position": str(one["sellerFulfillmentOrderItemId"]),
                    "sku": one.get("sellerSku"),
                    "quantity": int(one["quantity"]),
                }
                for one in here
            ],
        }


def _lies_in(
    item: Mapping[str, Any],
    package: Mapping[str, Any],
    packages: list[dict[str, Any]],
) -> bool:
    """Where Amazon does not say, goods lie in the first package."""
    number = item.get("packageNumber")
    if number is None:
        return package is packages[0]
    return bool(number == package.get("packageNumber"))
