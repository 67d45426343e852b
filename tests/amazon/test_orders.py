"""Amazon's orders in our words, true to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.amazon.orders import sale
from bridge.errors import InputError


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "EUR"}


def item(quantity: int, **amounts: str) -> dict[str, Any]:
    """An item; ``tax`` may name the tax of its goods."""
    tax = amounts.pop("tax", None)
    parts: list[dict[str, Any]] = [
        {"type": kind.upper(), "subtotal": money(amount)}
        for kind, amount in amounts.items()
    ]
    if tax is not None:
        detail = [{"subtype": "ITEM", "value": money(tax)}]
        parts.append(
            {
                "type": "TAX",
                "subtotal": money(tax),
                "detailedBreakdowns": detail,
            }
        )
    return {
        "orderItemId": "90010000000001",
        "quantityOrdered": quantity,
        "product": {"sellerSku": "0010", "title": "Löffel"},
        "proceeds": {"breakdowns": parts},
    }


def order(total: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "orderId": "302-0000000-0000001",
        "createdTime": "2026-01-14T08:00:00Z",
        "lastUpdatedTime": "2026-01-14T08:10:00Z",
        "salesChannel": {"marketplaceId": "A1PA6795UKMFR9"},
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
        },
        "proceeds": {"grandTotal": money(total)},
        "orderItems": list(items),
        "unknownKey": {"ignored": True},
        **more,
    }


def test_gross_amounts_are_known_by_the_grand_total() -> None:
    made = sale(order("23.80", item(2, item="23.80", tax="3.80")))

    assert made.order["gross"] is True
    (line,) = made.order["lines"]
    assert ("11.9", "23.8", "19") == (
        line["unit_price"],
        line["total"],
        line["tax_rate"],
    )
    assert () == made.findings


def test_net_amounts_are_known_by_the_grand_total() -> None:
    made = sale(order("23.80", item(2, item="20.00", tax="3.80")))

    assert made.order["gross"] is False
    assert "19" == made.order["lines"][0]["tax_rate"]


@pytest.mark.parametrize("written", ["2.00", "-2.00"])
def test_a_discount_is_subtracted_however_amazon_signs_it(
    written: str,
) -> None:
    made = sale(order("8.00", item(1, item="10.00", discount=written)))

    assert [("discount", "-2")] == [
        (c["kind"], c["amount"]) for c in made.order["charges"]
    ]
    assert () == made.findings


def test_shipping_and_gift_wrap_are_charges_and_sums() -> None:
    made = sale(
        order(
            "17.00", item(1, item="10.00", shipping="4.00", gift_wrap="3.00")
        )
    )

    assert ("4", "3") == (made.order["shipping"], made.order["gift_wrap"])
    assert {"shipping", "gift_wrap"} == {
        charge["kind"] for charge in made.order["charges"]
    }


def test_a_price_that_does_not_divide_keeps_the_total() -> None:
    made = sale(order("10.00", item(3, item="10.00")))

    (line,) = made.order["lines"]
    assert ("3.3333", "10") == (line["unit_price"], line["total"])
    assert ["amazon.uneven_price"] == [f.code for f in made.findings]


def test_a_cent_too_much_is_a_finding() -> None:
    made = sale(order("10.01", item(1, item="10.00")))

    (finding,) = made.findings
    assert ("amazon.total_differs", "10.01") == (finding.code, finding.value)


def test_persons_are_kept_apart() -> None:
    made = sale(
        order(
            "1.00",
            item(1, item="1.00"),
            buyer={"buyerName": "Erika Beispiel", "buyerEmail": "a@b.example"},
            recipient={
                "deliveryAddress": {
                    "name": "Erika Beispiel",
                    "addressLine1": "Hinterhaus",
                    "addressLine2": "Probeweg 1",
                    "city": "Beispielstadt",
                    "postalCode": "99999",
                    "countryCode": "DE",
                }
            },
        )
    )

    assert "Erika" not in str(made.order)
    address = made.persons["delivery_address"]
    assert ("Probeweg 1", "Hinterhaus") == (
        address["street"],
        address["extra"],
    )


def test_an_order_shipped_before_we_saw_it_is_marked() -> None:
    raw = order("1.00", item(1, item="1.00"))
    raw["fulfillment"]["fulfillmentStatus"] = "SHIPPED"

    assert "already_shipped" == sale(raw).order["marked"]


def test_a_wish_to_cancel_is_marked() -> None:
    asked = item(1, item="1.00")
    asked["cancellation"] = {"cancellationRequest": {"requester": "BUYER"}}

    assert "cancel_requested" == sale(order("1.00", asked)).order["marked"]


def test_an_order_without_what_an_order_needs_is_refused() -> None:
    with pytest.raises(InputError):
        sale({"orderId": "1"})
