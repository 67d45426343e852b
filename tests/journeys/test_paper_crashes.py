"""Killed after any step, an invoice is there once and no money goes twice."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import orjson
import pytest

from bridge.app.clock import SystemClock
from bridge.ledger import facts
from bridge.ledger.engine import Ledger
from bridge.ledger.ordertables import telling
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.journeys.test_live_crashes import SETTINGS
from tests.sagepapers import CONSUMER
from tests.sagepapers import HEAD
from tests.sagepapers import PEPPER
from tests.sagepapers import SHIPPED
from tests.sagepapers import paper
from tests.sagepapers import pdf
from tests.standin.amazon import KEYS
from tests.standin.amazon import serving
from tests.standin.live import SETTINGS as LIVE
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Driver
    from tests.standin.amazon import Amazon

#: Effects of the ways to look at; neighbours differ little, and each takes
#: seconds.
INVOICE = range(1, 80, EVERY)
MESSAGE = range(3, 71, EVERY)  # among them: sent, and not written down
REFUND = range(1, 31, max(1, EVERY // 2))
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


@contextmanager
def journey(
    path: Path, driver: Driver, more: str = ""
) -> Iterator[tuple[Place, Amazon]]:
    """A bridge that knows an order, and Amazon itself."""
    clock = SystemClock()
    with serving(clock) as amazon:
        amazon.seller.takes = timedelta(0)
        (path / "keys").mkdir(parents=True)
        live = LIVE.format(url=amazon.url, more='poll_feeds = "100ms"')
        text = SETTINGS.format(amazon=live) + more
        (path / "bridge.toml").write_text(text, encoding="utf-8")
        for name in ("client_id", "client_secret", "refresh_token"):
            (path / "keys" / name).write_text(KEYS[name], encoding="utf-8")
        at = clock.now() - timedelta(hours=3)
        for order in sample_orders(path / "samples", at):
            amazon.seller.orders[order["orderId"]] = order
        place = Place(path)
        driver.once(place)
        day = f"{clock.now() - timedelta(minutes=1):%d.%m.%Y %H:%M:%S}"
        row = f"{CONSUMER};{day};DHL;0017\n"
        place.drop("Versand_20260115_000001.csv", SHIPPED + row)
        yield place, amazon


def ask(place: Place) -> None:
    """A person says that the money of the credit note goes back."""
    ((key,),) = [
        row[:1]
        for row in place.rows(telling, "key", "kind")
        if row[1] == "refund"
    ]
    wish = {
        "order": CONSUMER,
        "key": key,
        "total": "24.9",
        "reason": "CustomerReturn",
    }
    ledger = Ledger(f"sqlite:///{place.path}/state/ledger.sqlite")
    with ledger.write() as tx:
        now = SystemClock().now()
        facts.ask(tx, "order.refund", orjson.dumps(wish).decode(), now)
    ledger.close()


def states(place: Place, kind: str) -> list[Any]:
    found = place.rows(telling, "kind", "state")
    return [state for name, state in found if name == kind]


@pytest.mark.parametrize("effect", INVOICE)
def test_an_invoice_is_uploaded_once(
    driver: Driver, tmp_path: Path, effect: int
) -> None:
    with journey(tmp_path / "house", driver) as (place, amazon):
        place.drop("Belege_20260115_000002.csv", HEAD + paper())
        (place.path / "inbox" / "RE_2026_1.pdf").write_bytes(pdf())

        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect
        driver.once(place)

        place_of_it = (CONSUMER, "VFR-2026-500001")
        assert {place_of_it: [pdf()]} == amazon.seller.papers
        assert ["accepted"] == states(place, "invoice")
        assert [] == amazon.meter.refused


@pytest.mark.parametrize("effect", MESSAGE)
def test_an_invoice_goes_to_the_buyer_once_or_is_in_doubt(
    driver: Driver, tmp_path: Path, effect: int
) -> None:
    path, way = tmp_path / "house", '[invoices]\nway = "message"\n'
    with journey(path, driver, way) as (place, amazon):
        place.drop("Belege_20260115_000002.csv", HEAD + paper())
        (place.path / "inbox" / "RE_2026_1.pdf").write_bytes(pdf())

        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect
        driver.once(place)
        driver.once(place)

        (state,) = states(place, "invoice")
        sent = [(CONSUMER, "RE_2026_1.pdf", pdf())]
        wanted = {"accepted": [sent], "doubt": [[], sent]}
        assert amazon.seller.messages in wanted[state]
        assert [] == amazon.meter.refused


@pytest.mark.parametrize("effect", REFUND)
def test_money_goes_back_once_or_waits_for_a_person(
    driver: Driver, tmp_path: Path, effect: int
) -> None:
    with journey(tmp_path / "house", driver) as (place, amazon):
        place.drop("Belege_20260115_000002.csv", HEAD + paper("Gutschrift"))
        driver.once(place)
        ask(place)

        driver.once(place, killed_after=effect)
        driver.once(place)

        given = [(CONSUMER, {(PEPPER, "Principal"): "24.90"})]
        (state,) = states(place, "refund")
        wanted = {"accepted": given, "doubt": []}
        assert wanted[state] == amazon.seller.refunds
