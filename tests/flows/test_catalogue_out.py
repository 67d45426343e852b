"""A whole catalogue at Amazon is what a slow hand would have reckoned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from tests.data.catalogue import catalogue
from tests.data.catalogue import files
from tests.data.shown import MARKETS
from tests.data.shown import read
from tests.data.shown import shown

if TYPE_CHECKING:
    from tests.house import House
    from tests.standin.live import Shop

SHELVES = 134  # fifteen things each: some 2,000
LISTS = """
[[price]]
list = 2
[[price]]
list = 3
marketplaces = ["FR"]
[[price]]
list = 4
marketplaces = ["UK"]
[[price]]
list = 5
audience = "B2B"
"""
PLACES = '["DE", "FR", "UK"]'


def test_the_catalogue_at_the_stand_in(shop: Shop) -> None:
    things = catalogue(SHELVES)
    shop.house.markets, shop.house.more = PLACES, LISTS
    shop.house.build()
    for stem, text in files(things).items():
        shop.house.drop(shop.house.later(stem), text)

    shop.once(timedelta(hours=12))

    listings = shop.amazon.seller.listings
    seen = {place: read(attributes) for place, attributes in listings.items()}
    wanted = shown(things)
    assert wanted.keys() == seen.keys()
    assert (
        []
        == [
            (place, wanted[place], seen[place])
            for place in wanted
            if wanted[place] != seen[place]
        ][:3]
    )


def test_the_catalogue_in_rehearsal(house: House) -> None:
    things = catalogue(SHELVES // 8)
    house.markets, house.more = PLACES, LISTS
    house.build()
    for stem, content in reversed(files(things).items()):
        house.drop(house.later(stem), content)
        house.once()

    wanted = shown(things)
    for (place, sku), said in list(wanted.items())[::7]:
        market = next(m for m, (one, *_) in MARKETS.items() if one == place)
        facets = house.view("offer", sku)["marketplaces"][market]["facets"]
        told: dict[str, Any] = {}
        for facet in facets.values():
            told |= facet["accepted"] or {}
        assert said == read(told), (market, sku)
