"""Invoices reach Amazon itself once, whatever goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.sagepapers import COMPANY
from tests.sagepapers import CONSUMER
from tests.sagepapers import paper
from tests.sagepapers import pdf
from tests.sagepapers import ship
from tests.sagepapers import state
from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

FILE = "RE_2026_1.pdf"
NUMBER = "VFR-2026-500001"


def opened(
    path: Path, amazon: Amazon, clock: StandingClock, more: str = ""
) -> Shop:
    """A shop whose two orders left."""
    shop = open_shop(path / "shop", amazon, clock)
    shop.house.more = more
    shop.house.build()
    at = clock.now() - timedelta(hours=3)
    for raw in sample_orders(path / "samples", at):
        amazon.seller.orders[raw["orderId"]] = raw
    shop.once()
    ship(shop.house)
    ship(shop.house, COMPANY, "0018")
    shop.once()
    return shop


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    return opened(tmp_path, amazon, clock)


@pytest.fixture
def writing(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A shop that sends its papers to the buyers."""
    more = '[invoices]\nway = "message"'
    return opened(tmp_path, amazon, clock, more)


def bill(shop: Shop) -> int:
    """Drop an invoice and its PDF, and send it."""
    state(shop.house, paper())
    shop.house.drop(FILE, pdf())
    return shop.once()


def shown(shop: Shop) -> dict[str, Any]:
    rows = shop.house.view("order_rows")
    order = next(row for row in rows if row["id"] == CONSUMER)
    found: dict[str, Any] = order["papers"][0]
    return found


def test_an_invoice_reaches_amazon_with_its_metadata(shop: Shop) -> None:
    code = bill(shop)

    (feed,) = shop.amazon.seller.feeds.values()
    assert (0, {(CONSUMER, NUMBER): [pdf()]}) == (
        code,
        shop.amazon.seller.papers,
    )
    assert "24.90" == feed.options["metadata:TotalAmount"]
    assert "accepted" == shown(shop)["state"]
    assert [] == shop.amazon.meter.refused


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("createFeedDocument", "503"),
        ("upload", "dropped"),
        ("createFeed", "lost"),
        ("createFeed", "dropped"),
        ("createFeed", "503"),
        ("createFeed", "429"),
        ("getFeed", "503"),
        ("getFeedDocument", "lost"),
    ],
)
def test_an_invoice_is_taken_once_whatever_breaks(
    shop: Shop, operation: str, fault: Fault
) -> None:
    shop.amazon.faults.plan(operation, fault)

    code = bill(shop)

    assert (0, {(CONSUMER, NUMBER): [pdf()]}) == (
        code,
        shop.amazon.seller.papers,
    )
    assert 1 == len(shop.amazon.seller.feeds)


def test_what_amazon_says_stands_at_the_paper(shop: Shop) -> None:
    verdict = {"code": "79600", "message": "The amounts differ."}
    shop.amazon.seller.verdicts[CONSUMER] = [verdict]

    code = bill(shop)

    (issue,) = shown(shop)["issues"]
    last = shop.house.deliveries()[-2].id
    assert (5, "refused") == (code, shown(shop)["state"])
    assert "The amounts differ." == issue["message"]
    assert "invoices.declined" in shop.house.codes(last)


def test_uploads_are_three_seconds_apart(shop: Shop) -> None:
    rows = [
        paper(number=f"50000{n}", file=f"RE_2026_{n}.pdf", order=order)
        for n, order in ((1, CONSUMER), (2, COMPANY))
    ]
    state(shop.house, *rows)
    for number in (1, 2):
        shop.house.drop(f"RE_2026_{number}.pdf", pdf(str(number)))

    shop.once()

    first, second = shop.amazon.seller.feeds.values()
    assert 2 == len(shop.amazon.seller.papers)
    assert second.created - first.created >= timedelta(seconds=3)
    assert [] == shop.amazon.meter.refused


def test_without_the_role_it_is_refused_and_said(shop: Shop) -> None:
    shop.amazon.faults.plan("createFeed", "403", "403")

    code = bill(shop)

    assert (5, "refused") == (code, shown(shop)["state"])
    assert "Tax Invoicing" in shown(shop)["issues"][0]["message"]


def test_a_paper_may_go_to_the_buyer_as_a_message(writing: Shop) -> None:
    code = bill(writing)
    again = writing.once()

    assert (0, 0) == (code, again)
    assert [(CONSUMER, FILE, pdf())] == writing.amazon.seller.messages
    assert "accepted" == shown(writing)["state"]
    assert {} == writing.amazon.seller.feeds


def test_an_order_that_offers_no_message_says_so(writing: Shop) -> None:
    writing.amazon.seller.offers_messages = False

    code = bill(writing)

    last = writing.house.deliveries()[-2].id
    assert (5, "refused") == (code, shown(writing)["state"])
    assert "invoices.not_offered" in writing.house.codes(last)


@pytest.mark.parametrize("fault", ["lost", "dropped", "503"])
def test_a_message_that_may_have_been_sent_is_in_doubt(
    writing: Shop, fault: Fault
) -> None:
    writing.amazon.faults.plan("sendInvoice", fault)

    code = bill(writing)
    writing.once()

    assert (5, "doubt") == (code, shown(writing)["state"])
    assert len(writing.amazon.seller.messages) == (fault == "lost")


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("getMessagingActionsForOrder", "503"),
        ("createUploadDestinationForResource", "lost"),
        ("upload", "dropped"),
        ("sendInvoice", "429"),
    ],
)
def test_what_surely_was_not_sent_is_sent(
    writing: Shop, operation: str, fault: Fault
) -> None:
    writing.amazon.faults.plan(operation, fault)

    code = bill(writing)

    assert (0, 1) == (code, len(writing.amazon.seller.messages))
