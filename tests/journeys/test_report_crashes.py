"""Kill -9 anywhere on the way of a report: one report, one file, no rest."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest
from sqlalchemy import update

from bridge.app.clock import SystemClock
from bridge.ledger import facts
from bridge.ledger import tables
from bridge.ledger.engine import Ledger
from bridge.ledger.reporttables import report
from bridge.ledger.reporttables import snapshot
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.standin.amazon import serving
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.house import House
    from tests.journeys.conftest import Driver
    from tests.standin.amazon import Amazon

DE = "A1PA6795UKMFR9"
OUTBOX = """
[[outbox]]
name = "sage"
folder = "outbox/sage"
format = "csv"
mappings = ["bestellung", "artikel_von_amazon"]
"""
EFFECTS = 60  # the way has fewer
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


@contextmanager
def journey(path: Path) -> Iterator[tuple[Place, Amazon]]:
    """Two listings at Amazon, and somebody who wants them brought in."""
    clock: Any = SystemClock()
    with serving(clock) as amazon:
        amazon.seller.desk.takes = timedelta(0)
        for sku in ("ALT-1", "ALT-2"):
            amazon.seller.listings[DE, sku] = {"brand": [{"value": "M"}]}
        more = 'poll_feeds = "100ms"'
        shop = open_shop(path, amazon, clock, more, house=OUTBOX)
        wish(shop.house)
        yield Place(path), amazon


def wish(house: House) -> None:
    """What ``bridge transfer run catalogue-in`` writes down."""
    parts = house.parts()
    with parts.ledger.write() as tx:
        now = parts.clock.now()
        facts.ask(tx, "transfer.run", "catalogue-in", now)
    parts.close()


def minutes_pass(place: Place) -> None:
    """What waits was put off six minutes ago."""
    ledger = Ledger(f"sqlite:///{place.path}/state/ledger.sqlite")
    ago = SystemClock().now() - timedelta(minutes=6)
    with ledger.write() as tx:
        tx.execute(update(report).values(asked_at=ago))
        tx.execute(update(tables.due).values(not_before=ago))
    ledger.close()


def everything(place: Place, amazon: Amazon) -> dict[str, Any]:
    """What both sides hold at the end."""
    return {
        "made": len(amazon.seller.desk.made),
        "reports": place.rows(report, "type", "state", "rows"),
        "snapshots": place.rows(snapshot, "sku", "asin"),
        "files": len(place.files("outbox/sage")),
        "left": place.files("state/reports"),
        "refused": amazon.meter.refused,
    }


@pytest.fixture(scope="module")
def calm(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What is left when nothing happens on the way."""
    with journey(tmp_path_factory.mktemp("calm") / "house") as (place, amazon):
        code, seen = driver.once(place)
        assert 0 == code
        assert seen < EFFECTS
        return everything(place, amazon)


def test_the_way_leads_to_a_file(calm: dict[str, Any]) -> None:
    assert 1 == calm["files"]
    assert 2 == len(calm["snapshots"])


@pytest.mark.parametrize("effect", range(1, EFFECTS, EVERY))
def test_killed_after_any_step_the_same_comes_of_it(
    driver: Driver, calm: dict[str, Any], tmp_path: Path, effect: int
) -> None:
    with journey(tmp_path / "house") as (place, amazon):
        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect

        driver.once(place)
        if place.rows(report, "state") == [("asking",)]:
            minutes_pass(place)  # it was not certain whether it arrived
            driver.once(place)

        assert calm == everything(place, amazon)
