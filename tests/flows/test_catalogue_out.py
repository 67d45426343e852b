"""A whole catalogue at Amazon is what a slow hand would have reckoned."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.cli.main import main
from tests.data.catalogue import catalogue
from tests.data.catalogue import files
from tests.data.shown import ADDRESS
from tests.data.shown import MARKETS
from tests.data.shown import read
from tests.data.shown import references
from tests.data.shown import shown
from tests.pictures import PDF
from tests.pictures import jpeg

if TYPE_CHECKING:
    import pytest

    from tests.data.catalogue import Thing
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


def furnish(house: House, things: list[Thing]) -> None:
    """Settings, and the files of the articles in their folder."""
    folder = house.path / "medien"
    folder.mkdir(parents=True, exist_ok=True)
    media = f'[media]\nfolder = "{folder}"\nbase_url = "{ADDRESS}"\n'
    house.markets, house.more = PLACES, LISTS + media
    house.build()
    picture = jpeg(1000, 1000)
    for one in things:
        for name in one.pictures:
            (folder / name).write_bytes(picture)
        for name in one.manuals.values():
            (folder / name).write_bytes(PDF)


def test_the_catalogue_at_the_stand_in(shop: Shop) -> None:
    things = catalogue(SHELVES)
    furnish(shop.house, things)
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


def test_the_catalogue_in_rehearsal(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    things = catalogue(SHELVES // 8)
    furnish(house, things)
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

    for one in things[::15]:
        capsys.readouterr()
        workspace = ["--workspace", str(house.path), "--json"]
        main([*workspace, "offer", "show", one.sku])
        seen = json.loads(capsys.readouterr().out)["references"]
        pointed = {(each["to"], each["factor"]) for each in seen}
        assert references(one) == pointed
