"""In whatever order files arrive, the same listings follow."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.wiring import defaults
from tests.flows import test_media
from tests.flows.test_families import SHIRT
from tests.flows.test_families import TWO
from tests.flows.test_families import VARIANTS
from tests.flows.test_media import FRONT
from tests.flows.test_media import lay
from tests.flows.test_media import pictures
from tests.flows.test_references import HEAD as POINTING
from tests.flows.test_sets import SETS
from tests.house import House
from tests.house import articles
from tests.house import prices
from tests.house import stock
from tests.pictures import jpeg

if TYPE_CHECKING:
    from pathlib import Path

SKUS = ("0010", "0011", "0090", "0023", "0023-M", "0023-L")
SIMPLE = ("0010", "0011", "0090")
GROUPS = (
    "Mandant;Artikelgruppe;Bezeichnung;USER_AmazonKategorie\n"
    "1;010;Hemden;SHIRT\n"
)
TEXTS = (
    "Mandant;Artikelnummer;Sprache;Bezeichnung1\n"
    "1;0010;F;Moulin\n1;0011;F;Mortier\n1;0090;F;Coffret\n1;0023;F;Chemise\n"
)
ROWS = "1;1;0010;1;0011;Zubehoer;2;;10\n1;1;0011;1;0090;UpSelling;;;\n"
BOX = "1;0090;0010;0;1;Stk;10\n1;0090;0011;0;2;Stk;20\n"
FAMILY = (
    "1;0023;1;HL;5;5;Stk;14.01.2026 07:30:00\n"
    "1;0023;2;HL;7;7;Stk;14.01.2026 07:30:00\n"
)
ALONE = "".join(  # no variants, and a rate of its own
    row.replace("19,00", "20,00").replace(";-1;-1", ";0;-1;-1")
    for row in articles(*SIMPLE).splitlines(keepends=True)[1:]
)
FILES = {
    "Artikelgruppen": GROUPS,
    "Artikelstamm_geaendert": SHIRT + ALONE,
    "Varianten": VARIANTS + TWO,
    "Preise": prices(dict.fromkeys((*SIMPLE, "0023"), "10,00")),
    "Bestand": stock({"0010": "9", "0011": "7"}) + FAMILY,
    "Artikelbezeichnung": TEXTS,
    "Stueckliste": SETS + BOX,
    "Zubehoer": POINTING + ROWS,
    "Artikeldokumente": test_media.HEAD + FRONT,
}
MORE = """[[price]]
list = 2
marketplaces = ["DE", "FR"]
"""


def house_of(path: Path) -> House:
    """A workspace with two marketplaces, tables of its own, and files."""
    house = House(
        path, markets='["DE", "FR"]', more=MORE + test_media.SETTINGS
    )
    house.build()
    tables = house.path / "mappings"
    tables.mkdir()
    theme = "Produkttyp und Merkmale;Thema\nSHIRT SIZE/COLOR;COLOR/SIZE\n"
    (tables / "themen.csv").write_text(theme, encoding="utf-8")
    codes = "Steuersatz;Steuercode\n19;A_GEN_STANDARD\n20;A_GEN_EIGEN\n"
    (tables / "steuercodes.csv").write_text(codes, encoding="utf-8")
    lay(house, "vorn 1.jpg", jpeg(1200, 900))
    return house


def listings(house: House) -> dict[tuple[str, str], Any]:
    """What Amazon was told, by SKU and marketplace."""
    return {
        (sku, market): {
            facet: row["accepted"] or row["desired"]
            for facet, row in shown["facets"].items()
        }
        for sku in SKUS
        for market, shown in house.view("offer", sku)["marketplaces"].items()
    }


@pytest.fixture(scope="module")
def all_at_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, str], Any]:
    house = house_of(tmp_path_factory.mktemp("calm") / "house")
    for stem, text in FILES.items():
        house.drop(house.later(stem), text)
    house.once()
    return listings(house)


def orders() -> list[tuple[str, ...]]:
    """One way, its reverse, and some between: every pair both ways."""
    names, dice = [*FILES], Random(2026)  # noqa: S311 - no secret
    some = [tuple(dice.sample(names, len(names))) for _ in range(3)]
    return [tuple(names), tuple(reversed(names)), *some]


def test_it_is_all_there(all_at_once: dict[tuple[str, str], Any]) -> None:
    shirt = all_at_once["0023-M", "DE"]
    french = all_at_once["0010", "FR"]["content"]

    assert [{"name": "COLOR/SIZE"}] == shirt["relations"]["variation_theme"]
    assert "Moulin" == french["item_name"][0]["value"]
    mill = all_at_once["0010", "DE"]
    assert "A_GEN_EIGEN" == mill["content"]["product_tax_code"][0]["value"]
    assert "main_product_image_locator" in mill["media"]
    box = all_at_once["0090", "DE"]
    assert 3 == box["stock"]["fulfillment_availability"][0]["quantity"]
    assert box["content"]["included_components"]


@pytest.mark.parametrize("order", orders(), ids=range(5))
def test_every_order_of_arrival_gives_the_same_listings(
    tmp_path: Path,
    all_at_once: dict[tuple[str, str], Any],
    order: tuple[str, ...],
) -> None:
    house = house_of(tmp_path / "house")

    for stem in order:
        house.drop(house.later(stem), FILES[stem])
        house.once()
    # a family that Amazon knows by another theme waits for a person
    house.ask("offer.delete", "0023")
    house.once()

    assert all_at_once == listings(house)


@pytest.mark.parametrize("clear", [False, True])
def test_a_facet_of_which_nothing_is_left_stays_unless_the_mapping_clears_it(
    house: House, *, clear: bool
) -> None:
    house.more = test_media.SETTINGS
    house.build()
    if clear:
        text = (defaults("mappings") / "angebote.yaml").read_text("utf-8")
        front = "main_product_image_locator: { "
        assert front in text
        own = house.path / "mappings"
        own.mkdir()
        (own / "angebote.yaml").write_text(
            text.replace(front, f"{front}clear: true, "), encoding="utf-8"
        )
    lay(house, "vorn 1.jpg", jpeg(1200, 900))
    test_media.bring(house, "vorn 1.jpg;Bild;;1")
    there = pictures(house)

    house.more = ""  # nobody says any more where pictures are to be seen
    house.build()
    house.ask("transfer.run", "products")
    house.once()

    assert 1 == len(there)
    assert ([] if clear else there) == pictures(house)
