"""Invoices the bridge printed itself reach Amazon, the very bytes, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.einvoice.reading import held
from tests.flows.test_live_invoices import opened
from tests.flows.test_live_invoices import shown
from tests.flows.test_printing import CREDIT
from tests.flows.test_printing import LETTERHEAD
from tests.flows.test_printing import files
from tests.flows.test_printing import state
from tests.sagepapers import CONSUMER
from tests.sagepapers import ship
from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop

BILL = {
    "Referenznummer": CONSUMER,
    "IstBruttopreis": "-1",
    "Nettobetrag": "20,92",
    "Steuerbetrag": "3,98",
    "Bruttobetrag": "24,90",
    "Menge": "1",
    "Einzelpreis": "24,90",
    "Gesamtpreis": "24,90",
    "Faelligkeit": "",
    "Belegdatum": "14.01.2026",
}


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    return opened(tmp_path, amazon, clock, LETTERHEAD)


def test_an_invoice_we_printed_is_uploaded(shop: Shop, amazon: Amazon) -> None:
    state(shop.house, BILL)

    assert 0 == shop.once()

    printed = files(shop.house)["RE_2026_1.pdf"]
    assert {(CONSUMER, "VFR-2026-1"): [printed]} == amazon.seller.papers
    assert "accepted" == shown(shop)["state"]


def test_what_was_fetched_before_the_order_left_is_uploaded(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "shop", amazon, clock)
    shop.house.more = LETTERHEAD
    shop.house.build()
    for raw in sample_orders(tmp_path / "samples", clock.now()):
        amazon.seller.orders[raw["orderId"]] = raw
    shop.once()
    state(shop.house, BILL)
    shop.once()
    printed = files(shop.house)["RE_2026_1.pdf"]
    (shop.house.path / "outbox" / "documents" / "RE_2026_1.pdf").unlink()
    before = dict(amazon.seller.papers)

    ship(shop.house)
    shop.once()

    assert {} == before
    assert {(CONSUMER, "VFR-2026-1"): [printed]} == amazon.seller.papers


def test_it_says_that_amazon_has_the_money(shop: Shop) -> None:
    state(shop.house, BILL)

    shop.once()

    inside = held(files(shop.house)["RE_2026_1.pdf"])
    assert inside is not None
    assert b"<ram:TypeCode>68</ram:TypeCode>" in inside.xml
    assert b"<ram:DuePayableAmount>0.00" in inside.xml


def test_a_credit_note_we_printed_is_uploaded(
    shop: Shop, amazon: Amazon
) -> None:
    state(shop.house, BILL)
    shop.once()
    state(shop.house, {**BILL, **CREDIT, "Belegnummer": "7"})

    shop.once()

    assert {"VFR-2026-1", "VFR-2026-7"} == {
        number for _, number in amazon.seller.papers
    }


def test_a_paper_that_cannot_be_printed_waits_with_its_reason(
    shop: Shop, amazon: Amazon
) -> None:
    state(shop.house, {**BILL, "Mengeneinheit": "Stange"})

    shop.once()

    assert {} == amazon.seller.papers
    assert "papers.unknown_unit" in shop.house.codes(
        shop.house.deliveries()[-1].id
    )
