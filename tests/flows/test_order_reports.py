"""Orders come by report where they may not be searched for, and only once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.house import House
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
ORDERS = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
ROW = {
    "order-id": "302-1234567-1234567",
    "order-item-id": "12345678901234",
    "purchase-date": "2026-01-14T05:15:22+00:00",
    "payments-date": "2026-01-14T05:20:00+00:00",
    "buyer-email": "abc@marketplace.amazon.de",
    "buyer-name": "Erika Mustermann",
    "sku": "0010",
    "product-name": "Löffel",
    "quantity-purchased": "2",
    "currency": "EUR",
    "item-price": "190.00",
    "item-tax": "30.34",
    "shipping-price": "5.90",
    "shipping-tax": "0.94",
    "ship-service-level": "Standard",
    "recipient-name": "Erika Mustermann",
    "ship-address-1": "Musterstraße 1",
    "ship-city": "Köln",
    "ship-postal-code": "50667",
    "ship-country": "DE",
    "sales-channel": "Amazon.de",
}


def text(*rows: dict[str, str]) -> str:
    lines = ["\t".join(ROW)]
    lines += ["\t".join({**ROW, **row}.values()) for row in rows]
    return "\r\n".join([*lines, ""])


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    return open_shop(tmp_path / "shop", amazon, clock, 'orders = "reports"')


def report(shop: Shop, *rows: dict[str, str]) -> None:
    """Amazon makes a report of new orders by itself."""
    if not shop.amazon.seller.desk.schedules:
        shop.once()
    desk = shop.amazon.seller.desk
    desk.contents[ORDERS] = text(*rows)
    desk.make(ORDERS, DE, shop.clock.now())
    shop.clock.sleep(timedelta(minutes=20))
    shop.once()


def files(shop: Shop) -> dict[str, str]:
    found = shop.house.sage()
    return {k: v for k, v in found.items() if "Bestell" in k}


def versions(shop: Shop) -> list[tuple[str, int]]:
    rows = shop.house.view("order_rows")
    return [(row["id"], len(row["files"])) for row in rows]


def as_searched(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The same order as a search states it, with what a report lacks."""
    money = "195.90"
    return {
        "orderId": ROW["order-id"],
        "createdTime": ROW["purchase-date"],
        "lastUpdatedTime": "2026-01-14T06:00:00+00:00",
        "salesChannel": {"marketplaceId": DE},
        "programs": ["PRIME"],
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {"latestDateTime": "2026-01-16T22:59:59Z"},
        },
        "buyer": {
            "buyerName": ROW["buyer-name"],
            "buyerEmail": ROW["buyer-email"],
        },
        "recipient": {
            "deliveryAddress": {
                "name": ROW["recipient-name"],
                "addressLine1": ROW["ship-address-1"],
                "city": ROW["ship-city"],
                "postalCode": ROW["ship-postal-code"],
                "countryCode": ROW["ship-country"],
                "addressType": "RESIDENTIAL",
            }
        },
        "proceeds": {"grandTotal": {"amount": money, "currencyCode": "EUR"}},
        "orderItems": [
            {
                "orderItemId": ROW["order-item-id"],
                "quantityOrdered": 2,
                "product": {"sellerSku": "0010", "asin": "B000000001"},
                "proceeds": {
                    "breakdowns": [
                        {"type": "ITEM", "subtotal": {"amount": "190.00"}},
                        {"type": "SHIPPING", "subtotal": {"amount": "5.90"}},
                    ]
                },
            }
        ],
        **more,
    }


def test_an_order_of_a_report_becomes_a_file_for_sage(shop: Shop) -> None:
    report(shop, {})

    (content,) = files(shop).values()
    assert "<Referenznummer>302-1234567-1234567</Referenznummer>" in content
    assert "Musterstraße 1" in content
    assert "<Gesamtpreis>190.00</Gesamtpreis>" in content
    assert 0 == shop.amazon.count("searchOrders")


def test_it_is_scheduled_once_and_each_report_is_read_once(
    shop: Shop,
) -> None:
    report(shop, {})
    report(shop, {})
    shop.clock.sleep(timedelta(hours=1))
    shop.once()

    assert 1 == shop.amazon.count("createReportSchedule")
    assert 2 == shop.amazon.count("getReportDocument")
    assert 1 == len(files(shop))


def test_its_document_is_opened_with_a_token_of_its_own(shop: Shop) -> None:
    report(shop, {})

    (asked,) = shop.amazon.calls("createRestrictedDataToken")
    (wanted,) = asked.body["restrictedResources"]
    assert wanted["path"].startswith("/reports/2021-06-30/documents/")
    assert [] == list((shop.house.path / "state" / "reports").glob("*"))


def test_items_of_an_order_need_not_stand_together(shop: Shop) -> None:
    report(
        shop,
        {"order-item-id": "1"},
        {"order-id": "302-0000000-0000002", "order-item-id": "2"},
        {"order-item-id": "3", "sku": "0020"},
    )

    content = "".join(files(shop).values())
    assert 2 == len(files(shop))
    assert 3 + 2 == content.count("<Belegposition>")  # and shipping, twice


def test_a_discount_is_taken_off_and_the_sum_still_fits(shop: Shop) -> None:
    desk = shop.amazon.seller.desk
    shop.once()
    head, row, _ = text({}).split("\r\n")
    names = f"{head}\titem-promotion-discount"
    desk.contents[ORDERS] = f"{names}\r\n{row}\t-10.00\r\n"
    desk.make(ORDERS, DE, shop.clock.now())
    shop.clock.sleep(timedelta(minutes=20))

    shop.once()

    (order,) = shop.house.view("order_rows")
    assert "185.9" == order["total"]
    assert "amazon.total_differs" not in {
        one["code"] for one in order["findings"]
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"purchase-date": "yesterday"}, "instant"),
        ({"item-price": "much"}, "amount"),
        ({"order-id": "../evil"}, "evil"),
    ],
)
def test_a_broken_order_is_told_and_the_others_are_kept(
    shop: Shop, row: dict[str, str], code: str
) -> None:
    other = {"order-id": "302-0000000-0000002"}

    report(shop, row, other)

    assert [("302-0000000-0000002", 1)] == versions(shop)
    assert code in "\n".join(shop.house.view("status")["warnings"])


def test_letters_that_were_lost_are_told(shop: Shop) -> None:
    shop.amazon.seller.desk.kinds[ORDERS] = "text/plain; charset=UTF-8"

    report(shop, {})

    (order,) = shop.house.view("order_rows")
    codes = [one["code"] for one in order["findings"]]
    assert "reports.lost_letters" in codes


def both(shop: Shop, how: str) -> None:
    """From now on orders come the other way."""
    path = shop.house.path / "bridge.toml"
    old = path.read_text("utf-8")
    ways = ("reports", "api") if how == "api" else ("api", "reports")
    new = old.replace(f'orders = "{ways[0]}"', f'orders = "{ways[1]}"')
    path.write_text(new, encoding="utf-8")


def test_an_order_both_ways_know_is_one_order(shop: Shop) -> None:
    report(shop, {})
    shop.amazon.seller.orders[ROW["order-id"]] = as_searched()
    both(shop, "api")

    shop.once()

    assert [(ROW["order-id"], 1)] == versions(shop)
    assert 1 == shop.amazon.count("searchOrders")


def test_a_change_the_search_knows_is_a_change_file(shop: Shop) -> None:
    report(shop, {})
    order = json.loads(json.dumps(as_searched()))
    order["recipient"]["deliveryAddress"]["city"] = "Bonn"
    shop.amazon.seller.orders[ROW["order-id"]] = order
    both(shop, "api")

    shop.once()

    assert [(ROW["order-id"], 2)] == versions(shop)


def test_a_report_never_changes_what_a_search_said(shop: Shop) -> None:
    both(shop, "api")
    shop.amazon.seller.orders[ROW["order-id"]] = as_searched()
    shop.once()
    both(shop, "reports")

    paid = "2026-01-14T06:20:00+00:00"  # after the search's last word
    report(shop, {"ship-city": "Bonn", "payments-date": paid})

    assert [(ROW["order-id"], 1)] == versions(shop)


def test_a_missing_role_leads_to_reports_and_is_told(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "auto", amazon, clock)
    amazon.faults.plan("searchOrders", "403", "403")

    report(shop, {})

    assert 1 == len(files(shop))
    told = "\n".join(shop.house.view("status")["warnings"])
    assert "Inventory and Order Tracking" in told
    assert 2 == amazon.count("searchOrders")


def test_once_the_role_is_there_orders_are_searched_for_again(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "auto", amazon, clock)
    amazon.faults.plan("searchOrders", "403", "403")
    report(shop, {})
    amazon.seller.orders[ROW["order-id"]] = as_searched()
    clock.sleep(timedelta(hours=2))

    shop.once()

    assert [(ROW["order-id"], 1)] == versions(shop)
    assert [] == shop.house.view("status")["warnings"]


def test_a_role_that_is_missing_for_reports_too_waits_for_a_person(
    shop: Shop,
) -> None:
    shop.once()
    shop.amazon.faults.plan("createRestrictedDataToken", "403", "403")
    report(shop, {})
    before = files(shop)

    shop.once()

    assert {} == before
    assert 1 == len(files(shop))


def test_a_rehearsal_reads_recorded_reports_each_once(house: House) -> None:
    house.amazon = 'orders = "reports"'
    house.build()
    folder = house.path / "rehearsal" / "reports"
    folder.mkdir(parents=True)
    path = folder / f"{ORDERS}_DE_1.txt"
    path.write_text(text({}), encoding="cp1252")
    house.once()
    house.once()

    assert 1 == len([n for n in house.sage() if "Bestellung" in n])
