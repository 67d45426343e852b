"""Orders of a report in the form of the Orders API, and so in our words.

A row is an item; amounts are those of the whole line, gross in Europe. Only
new orders that are paid stand in it, with their address.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from decimal import InvalidOperation
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon.orders import sale
from bridge.amazon.textreport import open_rows
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.errors import Where
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.amazon.textreport import Row
    from bridge.errors import BridgeError
    from bridge.ports import Sale

NEEDED = (
    *("order-id", "order-item-id", "purchase-date", "sku"),
    *("quantity-purchased", "currency", "item-price"),
)
WANTED = (
    *("payments-date", "buyer-email", "buyer-name", "product-name"),
    *("buyer-company-name", "item-tax", "shipping-price", "shipping-tax"),
    *("gift-wrap-price", "gift-wrap-tax", "gift-wrap-type"),
    *("gift-message-text", "item-promotion-discount"),
    *("ship-promotion-discount", "ship-service-level", "recipient-name"),
    *("ship-address-1", "ship-address-2", "ship-address-3", "ship-city"),
    *("ship-state", "ship-postal-code", "ship-country", "sales-channel"),
    *("ship-phone-number", "is-business-order", "purchase-order-number"),
)
COLUMNS: dict[str, tuple[str, ...]] = dict.fromkeys((*NEEDED, *WANTED), ())
LOST = "\N{REPLACEMENT CHARACTER}"
#: Amounts of a line by the type the Orders API has for them, and their tax.
PARTS = (
    ("ITEM", "item-price", "item-tax"),
    ("SHIPPING", "shipping-price", "shipping-tax"),
    ("GIFT_WRAP", "gift-wrap-price", "gift-wrap-tax"),
    ("DISCOUNT", "item-promotion-discount", ""),
    ("DISCOUNT", "ship-promotion-discount", ""),
)
ADDRESS = {
    "name": "recipient-name",
    "addressLine1": "ship-address-1",
    "addressLine2": "ship-address-2",
    "addressLine3": "ship-address-3",
    "city": "ship-city",
    "stateOrRegion": "ship-state",
    "postalCode": "ship-postal-code",
    "countryCode": "ship-country",
    "phone": "ship-phone-number",
}
BUYER = {
    "buyerName": "buyer-name",
    "buyerEmail": "buyer-email",
    "buyerCompanyName": "buyer-company-name",
    "buyerPurchaseOrderNumber": "purchase-order-number",
}


def orders(
    path: Path, encoding: str, marketplace: str
) -> Iterator[Sale | BridgeError]:
    """Each order of a report, whole; or why it cannot be understood.

    Its items need not stand together: they are counted first.

    Raises:
        InputError: ``reports.no_column``.
    """
    with open_rows(path, encoding, COLUMNS, NEEDED) as rows:
        left = Counter(row["order-id"] for row in rows)
    begun: dict[str, list[Row]] = defaultdict(list)
    with open_rows(path, encoding, COLUMNS, NEEDED) as rows:
        for row in rows:
            number = row["order-id"]
            begun[number].append(row)
            left[number] -= 1
            if not left[number]:
                yield _understood(begun.pop(number), marketplace)


def _understood(rows: list[Row], marketplace: str) -> Sale | BridgeError:
    try:
        made = sale(_raw(rows, marketplace))
    except InputError as error:
        return error
    except (InvalidOperation, ValueError) as error:
        bad = isinstance(error, InvalidOperation)
        code = "amazon.bad_amount" if bad else "amazon.bad_instant"
        return InputError(code, where=Where(rows[0]["order-id"] or "?"))
    if any(LOST in cell for row in rows for cell in row.values()):
        found = Finding("reports.lost_letters", severity="warn")
        return replace(made, findings=(*made.findings, found))
    return made


def _raw(rows: list[Row], marketplace: str) -> dict[str, Any]:
    """An order as searchOrders would state it."""
    first = rows[0]
    bought = _instant(first["purchase-date"])
    paid = first.get("payments-date")
    items = list(map(_item, rows))
    total = sum((_sum(row) for row in rows), Decimal(0))
    money = {"amount": str(total), "currencyCode": first["currency"]}
    is_business = first.get("is-business-order", "").casefold() == "true"
    return {
        "orderId": first["order-id"],
        "createdTime": bought,
        "lastUpdatedTime": _instant(paid) if paid else bought,
        "salesChannel": {"marketplaceId": _place(first, marketplace)},
        "programs": ["AMAZON_BUSINESS"] if is_business else [],
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": first.get(
                "ship-service-level", ""
            ).upper(),
        },
        "buyer": _named(first, BUYER),
        "recipient": {"deliveryAddress": _named(first, ADDRESS)},
        "proceeds": {"grandTotal": money},
        "orderItems": items,
    }


def _item(row: Row) -> dict[str, Any]:
    gift = {
        "giftWrapLevel": row.get("gift-wrap-type") or None,
        "giftMessage": row.get("gift-message-text") or None,
    }
    return {
        "orderItemId": row["order-item-id"],
        "quantityOrdered": Decimal(row["quantity-purchased"]),
        "product": {
            "sellerSku": row["sku"],
            "title": row.get("product-name") or None,
        },
        "proceeds": {"breakdowns": list(_breakdowns(row))},
        "fulfillment": {"packing": {"giftOption": gift}},
    }


def _breakdowns(row: Row) -> Iterator[dict[str, Any]]:
    taxes: dict[str, Decimal] = {}
    for kind, name, tax_name in PARTS:
        amount, tax = _amount(row, name), _amount(row, tax_name)
        if amount or kind == "ITEM":
            yield {"type": kind, "subtotal": {"amount": str(amount)}}
        if tax:
            taxes[kind] = tax
    if taxes:
        detailed = [
            {"subtype": kind, "value": {"amount": str(tax)}}
            for kind, tax in taxes.items()
        ]
        total = {"amount": str(sum(taxes.values()))}
        yield {
            "type": "TAX",
            "subtotal": total,
            "detailedBreakdowns": detailed,
        }


def _sum(row: Row) -> Decimal:
    """What a line costs; tax is contained."""
    amounts = {kind: Decimal(0) for kind, *_ in PARTS}
    for kind, name, _ in PARTS:
        amounts[kind] += abs(_amount(row, name))
    return sum(amounts.values(), Decimal(0)) - 2 * amounts["DISCOUNT"]


def _amount(row: Row, name: str) -> Decimal:
    return Decimal(row.get(name) or "0")


def _place(row: Row, marketplace: str) -> str:
    """The site an order was made at, by its name."""
    domain = row.get("sales-channel", "").casefold()
    for place in MARKETPLACES.values():
        if place.domain == domain:
            return place.id
    return MARKETPLACES[marketplace].id


def _instant(text: str) -> str:
    """An instant as it is kept; one without a zone is UTC.

    Raises:
        ValueError: It is none.
    """
    at = datetime.fromisoformat(text)
    return text if at.tzinfo else f"{text}+00:00"


def _named(row: Row, names: dict[str, str]) -> dict[str, str]:
    return {key: row[name] for key, name in names.items() if row.get(name)}
