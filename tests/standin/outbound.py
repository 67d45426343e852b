"""The stand-in's warehouse: Multi-Channel Fulfilment."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from tests.standin.replies import problem
from tests.standin.replies import reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply

NEEDED = {
    *("sellerFulfillmentOrderId", "displayableOrderId"),
    *("displayableOrderDate", "displayableOrderComment"),
    *("shippingSpeedCategory", "destinationAddress", "items"),
}
ALLOWED = {"marketplaceId", "fulfillmentAction", "fulfillmentPolicy"}
ADDRESS = {"name", "addressLine1", "city", "postalCode", "countryCode"}
LONGEST = 40  # characters of a number
ITEM = {"sellerSku", "sellerFulfillmentOrderItemId", "quantity"}


def preview(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """Fees, and whether there is enough."""
    faults = [*_address(body["address"]), *_items(body["items"])]
    if faults:
        return problem(400, "InvalidInput", "; ".join(faults))
    short = [
        {"sellerSku": item["sellerSku"], "quantity": item["quantity"]}
        for item in body["items"]
        if amazon.seller.stock.get(item["sellerSku"], 0) < item["quantity"]
    ]
    fee = {"currencyCode": "EUR", "value": "5.25"}
    one = {
        "marketplaceId": body["marketplaceId"],
        "shippingSpeedCategory": body["shippingSpeedCategories"][0],
        "isCODCapable": False,
        "isFulfillable": not short,
        "estimatedFees": [{"name": "FBAPerUnitFulfillmentFee", "amount": fee}],
        "unfulfillablePreviewItems": short,
        "orderUnfulfillableReasons": [],
    }
    return reply({"payload": {"fulfillmentPreviews": [one]}})


def create(
    amazon: Amazon,
    _parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """Take an order; its number only once."""
    faults = sorted(body.keys() - NEEDED - ALLOWED)
    faults += sorted(NEEDED - body.keys())
    faults += [*_address(body["destinationAddress"]), *_items(body["items"])]
    number = body.get("sellerFulfillmentOrderId", "")
    if number in amazon.seller.outbound or len(number) > LONGEST:
        faults.append(f"{number} is taken")
    if faults:
        return problem(400, "InvalidInput", "; ".join(faults))
    amazon.seller.outbound[number] = {
        "body": body,
        "status": "Received",
        "shipments": [],
    }
    if amazon.seller.ships_at_once:
        leave(amazon, number, "0017")
    return reply({})


def get(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """How far an order is."""
    found = amazon.seller.outbound.get(parts[0])
    if found is None:
        return problem(404, "NotFound", parts[0])
    order = {
        "sellerFulfillmentOrderId": parts[0],
        "fulfillmentOrderStatus": found["status"],
    }
    return reply(
        {
            "payload": {
                "fulfillmentOrder": order,
                "fulfillmentShipments": found["shipments"],
            }
        }
    )


def cancel(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """Call an order back, unless it is too late."""
    found = amazon.seller.outbound[parts[0]]
    if found["status"] not in {"Received", "Planning", "Cancelled"}:
        return problem(400, "InvalidInput", "It is too late.")
    found["status"] = "Cancelled"
    return reply({})


def leave(amazon: Amazon, number: str, tracking: str) -> None:
    """An order of the warehouse is shipped."""
    found = amazon.seller.outbound[number]
    package = {
        "packageNumber": 1,
        "carrierCode": "DHL",
        "trackingNumber": tracking,
    }
    found["status"] = "Complete"
    found["shipments"] = [
        {
            "fulfillmentShipmentStatus": "SHIPPED",
            "shippingDate": "2026-01-15T10:00:00Z",
            "fulfillmentShipmentItem": [
                {**item, "packageNumber": 1} for item in found["body"]["items"]
            ],
            "fulfillmentShipmentPackage": [package],
        }
    ]


def _address(address: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{key} is missing" for key in ADDRESS - address.keys())


def _items(items: list[dict[str, Any]]) -> Iterator[str]:
    if not items:
        yield "items is empty"
    for item in items:
        if item.keys() != ITEM or item["quantity"] < 1:
            yield f"item: {item}"
