"""What the stand-in makes of parcels, and of orders that are taken."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.standin.seller import Seller

NEEDED = {
    *("packageReferenceId", "carrierCode", "trackingNumber"),
    *("shipDate", "orderItems"),
}
ALLOWED = {"carrierName", "shippingMethod", "shipFromSupplySourceId"}
NAMES = {
    "CarrierCode": "carrierCode",
    "CarrierName": "carrierName",
    "ShippingMethod": "shippingMethod",
    "ShipperTrackingNumber": "trackingNumber",
}


def confirm(seller: Seller, order: str, package: dict[str, Any]) -> list[str]:
    """Take a package of an order, or say what is wrong with it."""
    faults = list(_faults(seller, order, package))
    if not faults:
        place = order, package["packageReferenceId"]
        seller.shipments[place] = package
    return faults


def _faults(
    seller: Seller, order: str, package: dict[str, Any]
) -> Iterator[str]:
    raw = seller.orders.get(order)
    if raw is None:
        yield "There is no such order."
        return
    if not package.keys() >= NEEDED or package.keys() - NEEDED - ALLOWED:
        yield f"keys: {sorted(package)}"
        return
    reference = package["packageReferenceId"]
    if not reference.isdigit() or int(reference) < 1:
        yield "Only positive numeric values are supported."
    if package["carrierCode"] == "Other" and not package.get("carrierName"):
        yield "carrierName is required."
    shipped = datetime.fromisoformat(package["shipDate"])
    if shipped > seller.clock.now():
        yield "The ship date is in the future."
    if shipped < datetime.fromisoformat(raw["createdTime"]):
        yield "The ship date is before the order."
    yield from _item_faults(seller, order, package)


def _item_faults(
    seller: Seller, order: str, package: dict[str, Any]
) -> Iterator[str]:
    """More than ordered, over all packages but the one that is edited."""
    left = Counter(
        {
            item["orderItemId"]: item["quantityOrdered"]
            for item in seller.orders[order]["orderItems"]
        }
    )
    known = dict(left)
    others = [
        other
        for (name, reference), other in seller.shipments.items()
        if name == order and reference != package["packageReferenceId"]
    ]
    for one in (*others, package):
        for item in one["orderItems"]:
            left[item["orderItemId"]] -= item["quantity"]
    if not package["orderItems"]:
        yield "orderItems is empty."
    for item, number in left.items():
        if item not in known:
            yield f"{item} is not of this order."
        elif number < 0:
            yield f"More than ordered of {item}."


def process(seller: Seller, content: bytes) -> bytes:
    """Work an order feed off; the processing report."""
    root = etree.fromstring(content)
    results = []
    for message in root.iterfind("Message"):
        number = message.findtext("MessageID") or "0"
        kind = message[1].tag
        order = message.findtext(f"{kind}/AmazonOrderID") or ""
        faults = [issue["message"] for issue in seller.verdicts.get(order, ())]
        if not faults and kind == "OrderFulfillment":
            faults = confirm(seller, order, _package(message[1]))
        elif not faults and kind == "OrderAdjustment":
            faults = _give_back(seller, order, message[1])
        elif not faults:
            faults = _acknowledge(seller, order, message[1])
        results += [(number, fault) for fault in faults]
    return _report(len(root.findall("Message")), results)


def _package(body: etree._Element) -> dict[str, Any]:
    said = {
        NAMES[str(one.tag)]: one.text
        for one in body.iterfind("FulfillmentData/*")
    }
    return {
        **said,
        "packageReferenceId": body.findtext("MerchantFulfillmentID"),
        "shipDate": body.findtext("FulfillmentDate"),
        "orderItems": [
            {
                "orderItemId": item.findtext("AmazonOrderItemCode"),
                "quantity": int(item.findtext("Quantity") or 0),
            }
            for item in body.iterfind("Item")
        ],
    }


def _acknowledge(
    seller: Seller, order: str, body: etree._Element
) -> list[str]:
    if order not in seller.orders:
        return ["There is no such order."]
    if order in seller.acknowledged:
        return ["It was acknowledged before."]
    seller.acknowledged[order] = {
        str(one.tag): one.text or ""
        for one in body.iter()
        if one.tag != body.tag
    }
    return []


def _give_back(seller: Seller, order: str, body: etree._Element) -> list[str]:
    """Move the money of an order, however often it is asked for."""
    if not any(name == order for name, _ in seller.shipments):
        return ["Nothing of the order was shipped."]
    given = {
        (
            item.findtext("AmazonOrderItemCode") or "",
            part.findtext("Type") or "",
        ): part.findtext("Amount") or ""
        for item in body.iterfind("AdjustedItem")
        for part in item.iterfind("ItemPriceAdjustments/Component")
    }
    seller.refunds.append((order, given))
    return []


def _report(messages: int, results: list[tuple[str, str]]) -> bytes:
    failed = len({number for number, _ in results})
    said = "".join(
        f"<Result><MessageID>{number}</MessageID>"
        "<ResultCode>Error</ResultCode>"
        "<ResultMessageCode>18028</ResultMessageCode>"
        f"<ResultDescription>{fault}</ResultDescription></Result>"
        for number, fault in results
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        "<AmazonEnvelope><Header><DocumentVersion>1.02</DocumentVersion>"
        "<MerchantIdentifier>A1</MerchantIdentifier></Header>"
        "<MessageType>ProcessingReport</MessageType><Message>"
        "<MessageID>1</MessageID><ProcessingReport>"
        "<DocumentTransactionID>1</DocumentTransactionID>"
        "<StatusCode>Complete</StatusCode><ProcessingSummary>"
        f"<MessagesProcessed>{messages}</MessagesProcessed>"
        f"<MessagesSuccessful>{messages - failed}</MessagesSuccessful>"
        f"<MessagesWithError>{failed}</MessagesWithError>"
        "<MessagesWithWarning>0</MessagesWithWarning>"
        f"</ProcessingSummary>{said}</ProcessingReport></Message>"
        "</AmazonEnvelope>"
    ).encode()
