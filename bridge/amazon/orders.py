"""An order of the Orders API 2026-01-01 in our words (amazon.md M19)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from decimal import Decimal
from decimal import InvalidOperation
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.errors import InputError
from bridge.errors import Where
from bridge.model.coding import code
from bridge.model.marketplaces import BY_ID
from bridge.model.trade import Address
from bridge.model.trade import Charge
from bridge.model.trade import OrderLine
from bridge.ports import Sale

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

CHARGES = {
    "SHIPPING": "shipping",
    "GIFT_WRAP": "gift_wrap",
    "DISCOUNT": "discount",
    "COD_FEE": "cod",
    "DELIVERY_TIP": "tip",
    "OTHER": "other",
}
PERSONAL = frozenset(
    {"email", "invoice_address", "delivery_address", "vat_id"}
)
CENT = Decimal("0.01")
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}").fullmatch
PRICE = Decimal("0.0001")  # unit prices carry four decimals
RATES = tuple(
    map(
        Decimal,
        (
            *("0", "4", "5", "5.5", "6", "7", "9", "9.5", "10", "12", "13"),
            *("13.5", "17", "18", "19", "20", "21", "22", "23", "24", "25"),
            *("25.5", "27"),
        ),
    )
)  # percent, as EU states charge them
CLOSE = Decimal("0.35")  # percent points that rounding to cents explains


@dataclass(frozen=True)
class _Item:
    """One order item with its amounts by type."""

    raw: Mapping[str, Any]
    amounts: Mapping[str, Decimal]
    taxes: Mapping[str, Decimal]


def sale(raw: Mapping[str, Any]) -> Sale:
    """An order in our words, persons apart, and what did not add up.

    Args:
        raw: One element of ``orders`` of searchOrders, or ``order`` of
            getOrder. Unknown keys are ignored.

    Raises:
        InputError: Something without which there is no order is missing.
    """
    number = str(raw.get("orderId") or "")
    where = Where(number or "searchOrders")
    if not _NUMBER(number):
        raise InputError("amazon.bad_number", where=where, value=number)
    try:
        return _sale(number, raw)
    except InvalidOperation as error:
        raise InputError("amazon.bad_amount", where=where) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "amazon.broken_order", where=where, problem=str(error)
        ) from error


def _sale(number: str, raw: Mapping[str, Any]) -> Sale:
    items = [_item(item) for item in raw["orderItems"]]
    total, currency = _total(raw)
    found: list[Finding] = []
    gross = _is_gross(items, total, number, found)
    lines = [_line(n, item, gross=gross) for n, item in enumerate(items, 1)]
    found += _uneven(lines)
    charges = list(_charges(items, gross=gross))
    order = _head(raw, number) | {
        "currency": currency,
        "total": total,
        "gross": gross,
        "lines": lines,
        "charges": charges,
        **_sums(charges),
    }
    persons = _persons(raw, items)
    return Sale(
        {
            key: code(value)
            for key, value in order.items()
            if value is not None
        },
        {key: code(value) for key, value in persons.items() if value},
        tuple(found),
    )


def _head(raw: Mapping[str, Any], number: str) -> dict[str, Any]:
    place = BY_ID.get(raw["salesChannel"].get("marketplaceId", ""))
    market = place.code if place else "DE"
    fulfilment = raw.get("fulfillment") or {}
    programs = raw.get("programs") or []
    status = fulfilment.get("fulfillmentStatus", "PENDING")
    asked = any(_asked_to_cancel(item) for item in raw["orderItems"])
    payments = (raw.get("payment") or {}).get("paymentExecutions") or [{}]
    return {
        "id": number,
        "status": status,
        "marketplace": market,
        "channel": f"AMAZON_{market}",
        "fulfilled_by": "FBA"
        if fulfilment.get("fulfilledBy") == "AMAZON"
        else "MFN",
        "business": "AMAZON_BUSINESS" in programs,
        "prime": "PRIME" in programs,
        "purchased_at": raw["createdTime"],
        "updated_at": raw["lastUpdatedTime"],
        "ship_by": (fulfilment.get("shipByWindow") or {}).get(
            "latestDateTime"
        ),
        "service_level": fulfilment.get("fulfillmentServiceLevel"),
        "payment": payments[0].get("paymentMethod"),
        "cancel_requested": asked,
        "marked": _mark(status, fulfilment, asked=asked),
        "purchase_number": (raw.get("buyer") or {}).get(
            "buyerPurchaseOrderNumber"
        ),
    }


def _mark(
    status: str, fulfilment: Mapping[str, Any], *, asked: bool
) -> str | None:
    """What Sage must know before it acts on the order (decisions 24)."""
    if asked:
        return "cancel_requested"
    if status == "SHIPPED" and fulfilment.get("fulfilledBy") != "AMAZON":
        return "already_shipped"
    return None


def _asked_to_cancel(item: Mapping[str, Any]) -> bool:
    return bool((item.get("cancellation") or {}).get("cancellationRequest"))


def _total(raw: Mapping[str, Any]) -> tuple[Decimal | None, str | None]:
    """The grand total; an order that is still pending has none."""
    total = (raw.get("proceeds") or {}).get("grandTotal")
    if not total:
        return None, None
    return Decimal(total["amount"]), str(total["currencyCode"])


def _item(raw: Mapping[str, Any]) -> _Item:
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    taxes: dict[str, Decimal] = defaultdict(Decimal)
    for part in (raw.get("proceeds") or {}).get("breakdowns") or []:
        amount = Decimal(part["subtotal"]["amount"])
        # amazon.md, decisions 23: a discount counts by absolute value
        amounts[part["type"]] += (
            -abs(amount) if part["type"] == "DISCOUNT" else amount
        )
        if part["type"] == "TAX":
            for inner in part.get("detailedBreakdowns") or []:
                taxes[inner["subtype"]] += Decimal(inner["value"]["amount"])
    return _Item(raw, amounts, taxes)


def _is_gross(
    items: list[_Item],
    total: Decimal | None,
    number: str,
    found: list[Finding],
) -> bool:
    """Whether amounts include tax: the grand total decides, to the cent."""
    bare = sum((_without_tax(item) for item in items), Decimal(0))
    taxes = sum((item.amounts["TAX"] for item in items), Decimal(0))
    if total is None or bare == total:
        return True
    if bare + taxes == total:
        return False
    found.append(
        Finding(
            "amazon.total_differs",
            None,
            "grandTotal",
            str(total),
            "warn",
            "operator",
            {"order": number, "sum": str(bare), "tax": str(taxes)},
        )
    )
    return True


def _without_tax(item: _Item) -> Decimal:
    return sum(
        (value for kind, value in item.amounts.items() if kind != "TAX"),
        Decimal(0),
    )


def _line(position: int, item: _Item, *, gross: bool) -> OrderLine:
    raw, product = item.raw, item.raw.get("product") or {}
    quantity = Decimal(str(raw["quantityOrdered"]))
    total = item.amounts.get("ITEM", Decimal(0))
    gift = ((raw.get("fulfillment") or {}).get("packing") or {}).get(
        "giftOption"
    ) or {}
    executed = (raw.get("cancellation") or {}).get("cancellationExecution")
    tax = item.taxes.get("ITEM")
    return OrderLine(
        position=position,
        item=str(raw["orderItemId"]),
        sku=product.get("sellerSku"),
        asin=product.get("asin"),
        title=product.get("title"),
        quantity=quantity,
        cancelled=quantity if executed else None,
        unit_price=_unit_price(total, quantity, product),
        total=total,
        tax=tax,
        tax_rate=_rate(total, tax, gross=gross),
        gift_wrap=gift.get("giftWrapLevel"),
        shipping=item.amounts.get("SHIPPING"),
        wrapping=item.amounts.get("GIFT_WRAP"),
        discount=item.amounts.get("DISCOUNT"),
    )


def _unit_price(
    total: Decimal, quantity: Decimal, product: Mapping[str, Any]
) -> Decimal:
    if not quantity:
        price = (product.get("price") or {}).get("unitPrice") or {}
        return Decimal(price.get("amount", "0"))
    return (total / quantity).quantize(PRICE, rounding=ROUND_HALF_UP)


def _uneven(lines: Iterable[OrderLine]) -> Iterator[Finding]:
    """Lines whose unit price does not multiply back; the total rules."""
    for line in lines:
        if line.quantity and line.unit_price * line.quantity != line.total:
            yield Finding(
                "amazon.uneven_price",
                None,
                line.item,
                str(line.total),
                "warn",
                "nobody",
                {
                    "quantity": str(line.quantity),
                    "price": str(line.unit_price),
                },
            )


def _rate(
    amount: Decimal, tax: Decimal | None, *, gross: bool
) -> Decimal | None:
    """The tax rate in percent that explains the tax, if one does."""
    if tax is None or not amount:
        return None
    base = amount - tax if gross else amount
    if not base:
        return None
    exact = tax / base * 100
    best = min(RATES, key=lambda rate: abs(rate - exact))
    return (
        best
        if abs(best - exact) <= max(CLOSE, CENT / abs(base) * 100)
        else None
    )


def _charges(items: Iterable[_Item], *, gross: bool) -> Iterator[Charge]:
    """What is paid beside the goods, by kind and tax rate, signed."""
    sums: dict[tuple[str, Decimal | None], Decimal] = defaultdict(Decimal)
    for item in items:
        for kind, name in CHARGES.items():
            amount = item.amounts.get(kind)
            if amount:
                rate = _rate(amount, item.taxes.get(kind), gross=gross)
                if rate is None:
                    rate = _rate(
                        item.amounts.get("ITEM", Decimal(0)),
                        item.taxes.get("ITEM"),
                        gross=gross,
                    )
                sums[name, rate] += amount
    for (name, rate), amount in sums.items():
        yield Charge(kind=name, amount=amount, tax_rate=rate)


def _sums(charges: Iterable[Charge]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        if charge.kind in {"shipping", "gift_wrap", "discount"}:
            sums[charge.kind] += charge.amount
    return sums


def _persons(raw: Mapping[str, Any], items: Iterable[_Item]) -> dict[str, Any]:
    buyer = raw.get("buyer") or {}
    delivery = _address((raw.get("recipient") or {}).get("deliveryAddress"))
    registration = _registration(raw)
    messages = {
        str(item.raw["orderItemId"]): text
        for item in items
        if (text := _gift_message(item.raw))
    }
    return {
        "email": buyer.get("buyerEmail"),
        "vat_id": registration.get("taxRegistrationNumber"),
        "invoice_address": _invoice(buyer, registration, delivery),
        "delivery_address": delivery,
        "gift_messages": messages,
    }


def _invoice(
    buyer: Mapping[str, Any],
    registration: Mapping[str, Any],
    delivery: Address | None,
) -> dict[str, Any] | None:
    """Whom to bill: the registered company, else the buyer at the door."""
    named = buyer.get("buyerName")
    registered = _address(registration.get("taxRegistrationAddress"))
    if registered is not None:
        company = registration.get("legalName")
        company = company or buyer.get("buyerCompanyName")
        return {**code(registered), "company": company, "name": named}
    if delivery is None:
        return None
    return {**code(delivery), "name": named or delivery.name}


def _gift_message(raw: Mapping[str, Any]) -> str | None:
    packing = (raw.get("fulfillment") or {}).get("packing") or {}
    text: str | None = (packing.get("giftOption") or {}).get("giftMessage")
    return text


def _registration(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    for entry in (raw.get("tax") or {}).get("taxRegistrations") or []:
        if entry.get("entityType") == "BUYER":
            found: Mapping[str, Any] = entry
            return found
    return {}


def _address(raw: Mapping[str, Any] | None) -> Address | None:
    """An address; of several lines the street is the one with a number."""
    if not raw:
        return None
    lines = [
        str(raw[key])
        for key in ("addressLine1", "addressLine2", "addressLine3")
        if raw.get(key)
    ]
    numbered = [line for line in lines if any(s.isdigit() for s in line)]
    street = next(iter(numbered or lines), None)
    extra = ", ".join(line for line in lines if line is not street)
    return Address(
        name=raw.get("name"),
        company=raw.get("companyName"),
        extra=extra or None,
        street=street,
        city=raw.get("city"),
        region=raw.get("stateOrRegion"),
        postcode=raw.get("postalCode"),
        country=raw.get("countryCode"),
        phone=raw.get("phone"),
    )
