"""Recorded answers of searchOrders (2026-01-01), invented throughout."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.samples import goods

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

CENT = Decimal("0.01")
NOTHING = Decimal(0)
GERMANY = {
    "channelName": "AMAZON",
    "marketplaceId": "A1PA6795UKMFR9",
    "marketplaceName": "Amazon.de",
}


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One line of an order; amounts gross, a discount positive."""

    item: str
    article: str
    quantity: int
    unit_price: Decimal
    shipping: Decimal = NOTHING
    gift_wrap: Decimal = NOTHING
    discount: Decimal = NOTHING
    gift_message: str = ""
    designation: str = ""

    @property
    def goods(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def amounts(self) -> dict[str, Decimal]:
        """What is paid, signed, by Amazon's word for it."""
        found = {
            "ITEM": self.goods,
            "SHIPPING": self.shipping,
            "GIFT_WRAP": self.gift_wrap,
            "DISCOUNT": -self.discount,
        }
        return {name: amount for name, amount in found.items() if amount}


CONSUMER = (
    _Line(
        item="90010000000011",
        article="0010010",
        quantity=1,
        unit_price=Decimal("24.90"),
        shipping=Decimal("2.99"),
        gift_wrap=Decimal("3.50"),
        gift_message="Alles Gute zum Einzug!",
    ),
    _Line(
        item="90010000000012",
        article="0020010",
        quantity=2,
        unit_price=Decimal("5.49"),
        shipping=Decimal("1.00"),
        discount=Decimal("1.10"),
    ),
)
COMPANY = (
    _Line(
        item="90020000000011",
        article="0030020",
        quantity=24,
        unit_price=Decimal("8.46"),
        designation="BUSINESS_PRICE",
    ),
)


def write_orders(folder: Path, now: datetime) -> list[Path]:
    """Write the recorded answers, one page a file.

    Args:
        folder: Where a rehearsal looks for orders; made if it is missing.
        now: The orders were placed in the hours before it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, order in (
        ("01_verbraucher.json", _consumer(now)),
        ("02_geschaeftskunde.json", _company(now)),
    ):
        answer = {"orders": [order], "lastUpdatedBefore": _instant(now)}
        text = json.dumps(answer, ensure_ascii=False, indent=2)
        path = folder / name
        path.write_text(f"{text}\n", "utf-8", newline="\n")
        made.append(path)
    return made


def _consumer(now: datetime) -> dict[str, Any]:
    address = {
        "name": "Max Beispiel",
        "addressLine1": "Musterweg 12a",
        "addressLine2": "bei Süß, 2. Hof",
        "city": "Musterhausen",
        "postalCode": "01999",
        "countryCode": "DE",
        "phone": "+49 30 0000000",
        "addressType": "RESIDENTIAL",
    }
    buyer = {
        "buyerName": "Erika Beispiel",
        "buyerEmail": "erika.0001@marketplace.example",
    }
    placed = now - timedelta(hours=5)
    number = "302-0000001-0000001"
    return _order(number, placed, CONSUMER, buyer, address)


def _company(now: datetime) -> dict[str, Any]:
    address = {
        "name": "Jörg Muster",
        "companyName": "Café Süßholz GmbH",
        "addressLine1": "Wareneingang",
        "addressLine2": "Probestraße 7",
        "city": "Beispielstadt",
        "postalCode": "99998",
        "countryCode": "DE",
        "addressType": "COMMERCIAL",
    }
    buyer = {
        "buyerName": "Jörg Muster",
        "buyerEmail": "joerg.0002@marketplace.example",
        "buyerCompanyName": "Café Süßholz GmbH",
        "buyerPurchaseOrderNumber": "BE-2026-0815",
    }
    registration = {
        "entityType": "BUYER",
        "legalName": "Café Süßholz GmbH",
        "taxRegistrationType": "VAT",
        "taxRegistrationNumber": "DE123456788",
        "taxRegistrationAddress": {
            "addressLine1": "Probestraße 5",
            "city": "Beispielstadt",
            "postalCode": "99998",
            "countryCode": "DE",
        },
    }
    placed = now - timedelta(hours=3)
    number = "303-0000002-0000002"
    order = _order(number, placed, COMPANY, buyer, address)
    order["programs"] = ["AMAZON_BUSINESS"]
    order["tax"] = {"taxRegistrations": [registration]}
    return order


def _order(
    number: str,
    placed: datetime,
    lines: Iterable[_Line],
    buyer: dict[str, str],
    address: dict[str, str],
) -> dict[str, Any]:
    lines = tuple(lines)
    paid = (sum(line.amounts.values(), NOTHING) for line in lines)
    total = sum(paid, NOTHING)
    day = placed.astimezone(UTC).replace(
        hour=22, minute=59, second=59, microsecond=0
    )
    return {
        "orderId": number,
        "createdTime": _instant(placed),
        "lastUpdatedTime": _instant(placed + timedelta(minutes=30)),
        "programs": [],
        "salesChannel": GERMANY,
        "buyer": buyer,
        "recipient": {"deliveryAddress": address},
        "proceeds": {"grandTotal": _money(total), "breakdowns": _sums(lines)},
        "payment": {
            "paymentExecutions": [
                {"paymentMethod": "Other", "paymentAmount": _money(total)}
            ]
        },
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {
                "earliestDateTime": _instant(placed),
                "latestDateTime": _instant(day + timedelta(days=2)),
            },
        },
        "orderItems": [_item(line) for line in lines],
    }


def _item(line: _Line) -> dict[str, Any]:
    good = goods.find(line.article)
    price: dict[str, Any] = {"unitPrice": _money(line.unit_price)}
    if line.designation:
        price["priceDesignation"] = line.designation
    fulfillment: dict[str, Any] = {
        "quantityFulfilled": 0,
        "quantityUnfulfilled": line.quantity,
    }
    if line.gift_message:
        fulfillment["packing"] = {
            "giftOption": {
                "giftMessage": line.gift_message,
                "giftWrapLevel": "STANDARD",
            }
        }
    amounts = line.amounts
    return {
        "orderItemId": line.item,
        "quantityOrdered": line.quantity,
        "product": {
            "asin": f"B0BSP{line.article[-5:]}",
            "title": f"{good.brand} {good.first} {good.second}",
            "sellerSku": line.article,
            "condition": {
                "conditionType": "NEW",
                "conditionSubtype": "NEW",
            },
            "price": price,
        },
        "proceeds": {
            "proceedsTotal": _money(sum(amounts.values(), NOTHING)),
            "breakdowns": [*_parts(amounts), _taxes(amounts, good.tax_rate)],
        },
        "fulfillment": fulfillment,
    }


def _sums(lines: tuple[_Line, ...]) -> list[dict[str, Any]]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        for name, amount in line.amounts.items():
            sums[name] = sums.get(name, NOTHING) + amount
    return _parts(sums)


def _parts(amounts: dict[str, Decimal]) -> list[dict[str, Any]]:
    return [
        {"type": name, "subtotal": _money(amount)}
        for name, amount in amounts.items()
    ]


def _taxes(amounts: dict[str, Decimal], rate: Decimal) -> dict[str, Any]:
    """The VAT within the amounts, as Amazon tells it beside them."""
    taxes = {
        name: (amount * rate / (100 + rate)).quantize(CENT, ROUND_HALF_UP)
        for name, amount in amounts.items()
    }
    return {
        "type": "TAX",
        "subtotal": _money(sum(taxes.values(), NOTHING)),
        "detailedBreakdowns": [
            {"subtype": name, "value": _money(tax)}
            for name, tax in taxes.items()
        ],
    }


def _money(amount: Decimal) -> dict[str, str]:
    return {"amount": f"{amount:.2f}", "currencyCode": "EUR"}


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
