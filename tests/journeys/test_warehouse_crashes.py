"""Killed after any step, Amazon's warehouse ships an order once."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.clock import SystemClock
from bridge.ledger import tables
from bridge.ledger.ordertables import telling
from tests.flows.test_fulfilment import BOX
from tests.flows.test_fulfilment import HEAD
from tests.flows.test_fulfilment import NUMBER
from tests.flows.test_fulfilment import order
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.standin.amazon import serving
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Driver
    from tests.standin.amazon import Amazon

EFFECTS = 52  # the way has fewer
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


@contextmanager
def journey(path: Path, driver: Driver) -> Iterator[tuple[Place, Amazon]]:
    """A confirmation that Amazon ships at once, and Amazon itself."""
    clock: Any = SystemClock()
    with serving(clock) as amazon:
        amazon.seller.stock["FBA-10"] = 10
        amazon.seller.ships_at_once = True
        more = "[warehouse]\nconfirm = false\n" + BOX
        open_shop(path, amazon, clock, house=more)
        place = Place(path)
        driver.once(place)
        place.drop("Belege_20260115_000001.csv", HEAD + order())
        yield place, amazon


def everything(place: Place, amazon: Amazon) -> dict[str, Any]:
    """What both sides hold at the end."""
    files = place.files("outbox/back")
    return {
        "created": len(amazon.calls("createFulfillmentOrder")),
        "shipped": list(amazon.seller.outbound),
        "told": place.rows(telling, "kind", "order_id", "state", "lacks"),
        "sage": files[max(files)] if files else b"",
        "begun": {*place.rows(tables.publication, "state")},
        "due": place.rows(tables.due, "errand", "state"),
        "refused": amazon.meter.refused,
    }


@pytest.fixture(scope="module")
def calm(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What is left when nothing happens on the way."""
    path = tmp_path_factory.mktemp("calm") / "house"
    with journey(path, driver) as (place, amazon):
        code, seen = driver.once(place)
        assert 0 == code
        assert seen < EFFECTS
        return everything(place, amazon)


def test_the_way_leads_to_a_parcel_sage_knows(calm: dict[str, Any]) -> None:
    assert (1, [NUMBER]) == (calm["created"], calm["shipped"])
    assert b";versendet;Complete;" in calm["sage"]


@pytest.mark.parametrize("effect", range(2, EFFECTS, EVERY))
def test_killed_after_any_step_an_order_is_shipped_once(
    driver: Driver, calm: dict[str, Any], tmp_path: Path, effect: int
) -> None:
    with journey(tmp_path / "house", driver) as (place, amazon):
        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect

        driver.once(place)

        assert calm == everything(place, amazon)
