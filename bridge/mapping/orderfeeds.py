"""The XML feeds of orders: what left, what is taken, what is given back.

Shapes: amazon.md 5 (envelope), M6 (fulfilment), M19 (the others). The same
facts give the same bytes, at every attempt.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    Told = Iterable[tuple[str, Mapping[str, Any]]]

FULFILLMENT = "POST_ORDER_FULFILLMENT_DATA"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
ADJUSTMENT = "POST_PAYMENT_ADJUSTMENT_DATA"
#: Why an order is not taken (amazon.md M19); the usual ones first.
REASONS = (
    *("NoInventory", "BuyerCanceled", "ShippingAddressUndeliverable"),
    *("PricingError", "GeneralAdjustment", "CustomerExchange"),
    *("CarrierCreditDecision", "RiskAssessmentInformationNotValid"),
    *("CarrierCoverageFailure", "CustomerReturn", "MerchandiseNotReceived"),
    *("CannotVerifyInformation", "RejectOrder", "WeatherDelay"),
)
#: Why money is given back (amazon.md M19); the usual ones first.
REFUND_REASONS = (
    *("CustomerReturn", "GeneralAdjustment", "CouldNotShip"),
    *("DifferentItem", "CustomerCancel", "PriceError", "Exchange"),
    *("Undeliverable", "RefusedDelivery", "Other"),
)
MOST_MESSAGES = 5_000  # so that a feed stays far below 10 MiB
VERSION = "1.01"


def fulfillments(seller: str, told: Told) -> bytes:
    """A feed of parcels.

    Args:
        seller: The merchant token.
        told: Order number and packageDetail of each parcel.
    """
    bodies = (_fulfillment(order, detail) for order, detail in told)
    return _envelope(seller, "OrderFulfillment", bodies)


def acknowledgements(seller: str, told: Told) -> bytes:
    """A feed of orders that are taken, or not.

    Args:
        seller: The merchant token.
        told: Order number and ``status``, ``number`` (Sage's) or ``items``
            and ``reason`` of each.
    """
    bodies = (_acknowledgement(order, said) for order, said in told)
    return _envelope(seller, "OrderAcknowledgement", bodies)


def adjustments(seller: str, told: Told) -> bytes:
    """A feed of money that is given back.

    Args:
        seller: The merchant token.
        told: Order number and ``reason``, ``currency`` and ``items`` of
            each: ``item``, ``id`` and ``amounts`` by component.
    """
    bodies = (_adjustment(order, said) for order, said in told)
    return _envelope(seller, "OrderAdjustment", bodies)


def _envelope(seller: str, kind: str, bodies: Iterable[str]) -> bytes:
    header = _tag(
        "Header",
        _text("DocumentVersion", VERSION),
        _text("MerchantIdentifier", seller),
    )
    messages = (
        _tag("Message", _text("MessageID", number), _tag(kind, body))
        for number, body in enumerate(bodies, 1)
    )
    kind_said = _text("MessageType", kind)
    whole = _tag("AmazonEnvelope", header, kind_said, *messages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'.encode()


def _fulfillment(order: str, detail: Mapping[str, Any]) -> str:
    return "".join(
        (
            _text("AmazonOrderID", order),
            _text("MerchantFulfillmentID", detail["packageReferenceId"]),
            _text("FulfillmentDate", detail["shipDate"]),
            _tag("FulfillmentData", *_carrier(detail)),
            *(
                _tag(
                    "Item",
                    _text("AmazonOrderItemCode", item["orderItemId"]),
                    _text("Quantity", item["quantity"]),
                )
                for item in detail["orderItems"]
            ),
        )
    )


def _carrier(detail: Mapping[str, Any]) -> Iterator[str]:
    for tag, name in (
        ("CarrierCode", "carrierCode"),
        ("CarrierName", "carrierName"),
        ("ShippingMethod", "shippingMethod"),
        ("ShipperTrackingNumber", "trackingNumber"),
    ):
        if detail.get(name):
            yield _text(tag, detail[name])


def _acknowledgement(order: str, said: Mapping[str, Any]) -> str:
    number = said.get("number")
    return "".join(
        (
            _text("AmazonOrderID", order),
            _text("MerchantOrderID", number) if number else "",
            _text("StatusCode", said["status"]),
            *(
                _tag(
                    "Item",
                    _text("AmazonOrderItemCode", item),
                    _text("CancelReason", said["reason"]),
                )
                for item in said.get("items") or ()
            ),
        )
    )


def _adjustment(order: str, said: Mapping[str, Any]) -> str:
    items = (
        _tag(
            "AdjustedItem",
            _text("AmazonOrderItemCode", one["item"]),
            _text("MerchantAdjustmentItemID", one["id"]),
            _text("AdjustmentReason", said["reason"]),
            _tag(
                "ItemPriceAdjustments",
                *_components(one["amounts"], said["currency"]),
            ),
        )
        for one in said["items"]
    )
    head = _text("AmazonOrderID", order) + _text("ActionType", "Refund")
    return "".join((head, *items))


def _components(amounts: Mapping[str, str], currency: str) -> Iterator[str]:
    for kind, amount in amounts.items():
        money = f'<Amount currency="{escape(currency)}">{amount}</Amount>'
        yield _tag("Component", _text("Type", kind), money)


def _tag(name: str, *inner: str) -> str:
    return f"<{name}>{''.join(inner)}</{name}>"


def _text(name: str, value: object) -> str:
    return _tag(name, escape(str(value), quote=False))
