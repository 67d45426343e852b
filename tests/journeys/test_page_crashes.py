"""Killed after any step, an A+ page is made once and handed in once."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.clock import SystemClock
from bridge.ledger import tables
from bridge.ledger.pagetables import page
from tests.flows.test_references import HEAD
from tests.journeys.conftest import ARTICLES
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import PRICES
from tests.journeys.conftest import STOCK
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.standin.amazon import serving
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Driver
    from tests.standin.amazon import Amazon

EFFECTS = 40  # the way has fewer
OWNER = "brand_owner = true"
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


@contextmanager
def journey(path: Path, driver: Driver) -> Iterator[tuple[Place, Amazon]]:
    """Offers that are there, and somebody who owns their brand from now."""
    clock: Any = SystemClock()
    with serving(clock) as amazon:
        amazon.seller.asins |= {"0010": "B000000010", "0011": "B000000011"}
        open_shop(path, amazon, clock, OWNER.replace("true", "false"))
        place = Place(path)
        place.drop("Artikelstamm_20260114_073000.csv", ARTICLES)
        place.drop("Preise_20260114_073000.csv", PRICES)
        place.drop("Bestand_20260114_073000.csv", STOCK)
        rows = "1;1;0010;1;0011;Zubehoer;;;10\n"
        place.drop("Zubehoer_20260114_073000.csv", HEAD + rows)
        driver.once(place)
        settings = path / "bridge.toml"
        text = settings.read_text("utf-8")
        off = OWNER.replace("true", "false")
        settings.write_text(text.replace(off, OWNER), encoding="utf-8")
        yield place, amazon


def everything(place: Place, amazon: Amazon) -> dict[str, Any]:
    """What both sides hold at the end."""
    return {
        "pages": dict(amazon.seller.studio.pages),
        "handed_in": amazon.count("postContentDocumentApprovalSubmission"),
        "rows": place.rows(page, "sku", "asin", "state", "key"),
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
        _, seen = driver.once(place)
        assert seen < EFFECTS
        return everything(place, amazon)


def test_the_way_leads_to_a_page_that_is_handed_in(
    calm: dict[str, Any],
) -> None:
    assert ["SUBMITTED"] == [one["status"] for one in calm["pages"].values()]
    assert [("0010", "B000000010", "submitted", "page-1")] == calm["rows"]


@pytest.mark.parametrize("effect", range(2, EFFECTS, EVERY))
def test_killed_after_any_step_a_page_is_made_once(
    driver: Driver, calm: dict[str, Any], tmp_path: Path, effect: int
) -> None:
    with journey(tmp_path / "house", driver) as (place, amazon):
        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect

        driver.once(place)

        assert calm == everything(place, amazon)
