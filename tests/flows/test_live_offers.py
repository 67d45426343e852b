"""Offers reach Amazon itself, over HTTP, whatever goes wrong on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.standin.amazon import Amazon
from tests.standin.amazon import serving
from tests.standin.live import Shop
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import StandingClock

DE = "A1PA6795UKMFR9"


@pytest.fixture
def amazon(clock: StandingClock) -> Iterator[Amazon]:
    with serving(clock) as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    return open_shop(tmp_path / "shop", amazon, clock)


def pieces(shop: Shop, sku: str) -> Any:  # noqa: ANN401 - JSON
    held = shop.amazon.seller.listings[DE, sku]
    return held["fulfillment_availability"][0]["quantity"]


def test_new_articles_become_listings_by_call(shop: Shop) -> None:
    code = shop.offer({"0010": "5", "0020": "7"})

    assert 0 == code
    assert {(DE, "0010"), (DE, "0020")} == set(shop.amazon.seller.listings)
    assert 5 == pieces(shop, "0010")
    assert "same" == shop.house.facets("0010")["stock"]["state"]
    assert [] == shop.amazon.meter.refused
