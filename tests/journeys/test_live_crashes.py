"""Kill -9 anywhere on the way to Amazon: one listing, one feed, one order."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.clock import SystemClock
from bridge.ledger import tables
from tests.journeys.conftest import ARTICLES
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import PRICES
from tests.journeys.conftest import STOCK
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.standin.amazon import KEYS
from tests.standin.amazon import serving
from tests.standin.live import SETTINGS as LIVE
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Driver
    from tests.standin.amazon import Amazon

SETTINGS = """\
[bridge]
mandant = 1

[amazon]
marketplaces = ["DE"]
confirm_at_least = 3
{amazon}

[[inbox]]
name = "sage"
folder = "inbox"
settle = "0s"

[values]
sammeldebitor = "D99001"
"""
WAYS = {
    "calls": 'poll_feeds = "100ms"',
    "feed": 'poll_feeds = "100ms"\npatch_up_to = 0',
}
EFFECTS = 120  # the longer way has 111
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


@contextmanager
def journey(path: Path, way: str) -> Iterator[tuple[Place, Amazon]]:
    """Three files to come, two orders at Amazon, and Amazon itself."""
    clock = SystemClock()
    with serving(clock) as amazon:
        amazon.seller.takes = timedelta(0)
        path.mkdir(parents=True)
        settings = LIVE.format(url=amazon.url, more=WAYS[way])
        text = SETTINGS.format(amazon=settings)
        (path / "bridge.toml").write_text(text, encoding="utf-8")
        (path / "keys").mkdir()
        for name in ("client_id", "client_secret", "refresh_token"):
            (path / "keys" / name).write_text(KEYS[name], encoding="utf-8")
        place = Place(path)
        place.drop("Artikelstamm_20260114_073000.csv", ARTICLES)
        place.drop("Preise_20260114_073000.csv", PRICES)
        place.drop("Bestand_20260114_073000.csv", STOCK)
        at = clock.now() - timedelta(hours=3)
        for order in sample_orders(path / "samples", at):
            amazon.seller.orders[order["orderId"]] = order
        yield place, amazon


def everything(place: Place, amazon: Amazon) -> dict[str, Any]:
    """What both sides hold at the end."""
    facets = tables.facet
    return {
        "listings": dict(amazon.seller.listings),
        "feeds": len(amazon.seller.feeds),
        "facets": place.rows(facets, "sku", "facet", "state"),
        "orders": place.rows(tables.order, "id", "status"),
        "files": len(place.files("outbox/sage")),
        "refused": amazon.meter.refused,
    }


@pytest.fixture(scope="module")
def calm(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What is left of each way when nothing happens on it."""
    found = {}
    for way in WAYS:
        path = tmp_path_factory.mktemp("calm") / way
        with journey(path, way) as (place, amazon):
            code, seen = driver.once(place)
            assert code in {0, 3}
            assert seen < EFFECTS
            found[way] = everything(place, amazon)
    return found


def test_the_ways_are_what_they_are_called(
    calm: dict[str, dict[str, Any]],
) -> None:
    assert 0 == calm["calls"]["feeds"]
    assert 1 == calm["feed"]["feeds"]
    assert calm["calls"]["listings"] == calm["feed"]["listings"] != {}
    assert 2 == calm["feed"]["files"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("effect", range(1, EFFECTS, EVERY))
def test_killed_after_any_step_amazon_holds_the_same(
    driver: Driver,
    calm: dict[str, dict[str, Any]],
    tmp_path: Path,
    way: str,
    effect: int,
) -> None:
    with journey(tmp_path / "house", way) as (place, amazon):
        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect

        driver.once(place)

        assert calm[way] == everything(place, amazon)


@pytest.mark.parametrize("fault", ["503", "dropped", "lost"])
@pytest.mark.parametrize(
    "operation",
    [
        *("token", "searchListingsItems", "createFeedDocument", "upload"),
        *("createFeed", "getFeed", "getFeedDocument", "searchOrders"),
    ],
)
def test_a_fault_at_any_call_changes_nothing_in_the_end(
    driver: Driver,
    calm: dict[str, dict[str, Any]],
    tmp_path: Path,
    operation: str,
    fault: Any,  # noqa: ANN401 - the parameters are checked above
) -> None:
    with journey(tmp_path / "house", "feed") as (place, amazon):
        amazon.faults.plan(operation, fault)

        driver.once(place)

        assert calm["feed"] == everything(place, amazon)
