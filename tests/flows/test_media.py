"""Pictures and papers of articles: looked at, published, told to Amazon."""

from __future__ import annotations

import hashlib
from itertools import permutations
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.wiring import FileDesk
from bridge.errors import PlaceError
from bridge.flows.media import Places
from bridge.flows.media import look
from bridge.flows.media import media as look_at_all
from bridge.ledger.mediafiles import Named
from tests.flows.test_families import bring as bring_family
from tests.house import articles
from tests.house import prices
from tests.house import stock
from tests.pictures import PDF
from tests.pictures import jpeg
from tests.pictures import png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House

HEAD = (
    "Mandant;Artikelnummer;AuspraegungID;Dateiname;Dokumentart;Sprache;"
    "Sortierung;Bezeichnung\n"
)
WEB = "https://bilder.example/a"
SETTINGS = f"""[media]
folder = "medien"
base_url = "{WEB}/"
publish = "web"
"""
FRONT = "1;0010;0;vorn 1.jpg;Bild;;1;Vorderseite\n"


def named(*rows: str) -> str:
    """A file of media; each row of the article 0010."""
    return HEAD + "".join(f"1;0010;0;{row};\n" for row in rows)


def lay(house: House, name: str, content: bytes) -> str:
    """Put a file into the folder of media; its address once published."""
    folder = house.path / "medien"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"{stem}.{digest}.{ending}"


def showing(house: House, text: str = SETTINGS) -> House:
    house.more = text
    return house.build()


def bring(house: House, *rows: str) -> None:
    """Have an article offered that names files."""
    house.bring({"0010": "7"})
    house.drop(house.later("Artikeldokumente"), named(*rows))
    house.once()


def media(house: House) -> dict[str, Any]:
    """What Amazon has of the article's files."""
    facet = house.facets("0010").get("media")
    return dict(facet["accepted"] or {}) if facet else {}


def pictures(house: House) -> list[str]:
    """Addresses of the pictures in the order of their attributes."""
    found = media(house)
    names = [name for name in found if name.endswith("locator")]
    names += sorted(n for n in found if n[:-1].endswith("locator_"))
    return [found[name][0]["media_location"] for name in names]


def told(house: House) -> dict[str, str | None]:
    """The findings about files by their codes."""
    shown = house.view("offer", "0010")["marketplaces"]["DE"]
    return {
        one["code"]: one["value"]
        for one in shown["findings"]
        if one["field"] == "Dateiname"
    }


def test_a_picture_is_published_and_amazon_gets_its_address(
    any_house: House,
) -> None:
    house = showing(any_house)
    name = lay(house, "vorn 1.jpg", jpeg(1200, 900))

    bring(house, "vorn 1.jpg;Bild;;1")

    assert (house.path / "web" / name).read_bytes() == jpeg(1200, 900)
    assert [f"{WEB}/{name.replace(' ', '%20')}"] == pictures(house)
    assert {} == told(house)


def test_other_bytes_have_another_address_and_the_same_ones_travel_once(
    house: House,
) -> None:
    showing(house)
    old = lay(house, "vorn.jpg", jpeg(1200, 900))
    bring(house, "vorn.jpg;Bild;;1")
    sent = house.body_names()

    house.once()
    assert sent == house.body_names()

    new = lay(house, "vorn.jpg", jpeg(1300, 900))
    house.once()

    assert [f"{WEB}/{new}"] == pictures(house)
    assert {old, new} == {one.name for one in (house.path / "web").iterdir()}
    (last,) = house.bodies()[len(sent) :]
    patches = last["body"]["patches"]
    assert ["/attributes/main_product_image_locator"] == [
        one["path"] for one in patches
    ]


@pytest.mark.parametrize("order", [*permutations("ARF")][::2])
def test_in_whatever_order_rows_and_files_arrive(
    house: House, order: tuple[str, ...]
) -> None:
    showing(house)
    house.drop(house.later("Preise"), prices({"0010": "10,00"}))
    house.drop(house.later("Bestand"), stock({"0010": "7"}))

    for what in order:
        if what == "A":
            text = articles("0010")
            house.drop(house.later("Artikelstamm_geaendert"), text)
        elif what == "R":
            rows = named("vorn.jpg;Bild;;1")
            house.drop(house.later("Artikeldokumente"), rows)
        else:
            lay(house, "vorn.jpg", jpeg(1200, 900))
        house.once()

    name = lay(house, "vorn.jpg", jpeg(1200, 900))
    assert [f"{WEB}/{name}"] == pictures(house)
    assert {} == told(house)


def test_pictures_stand_in_their_order_and_the_tenth_is_told(
    house: House,
) -> None:
    showing(house, f'[media]\nbase_url = "{WEB}"\n')

    bring(house, *(f"{n}.jpg;Bild;;{11 - n}" for n in range(1, 11)))

    assert [f"{WEB}/{n}.jpg" for n in range(10, 1, -1)] == pictures(house)
    assert {"offers.too_many_pictures": "1"} == told(house)


def test_a_paper_goes_once_in_each_kind_and_language(house: House) -> None:
    showing(house)
    for name in ("a", "b", "c", "d", "e"):
        lay(house, f"{name}.pdf", PDF)

    bring(
        house,
        "a.pdf;Anleitung;D;2",
        "b.pdf;Anleitung;;1",
        "c.pdf;Anleitung;F;1",
        "d.pdf;Sicherheitsdatenblatt;D;1",
        "e.pdf;Energielabel;;1",
    )

    found = media(house)
    papers = {
        one["content_type"]: one["source_location"]
        for one in found["compliance_media"]
    }
    assert {"user_manual", "safety_data_sheet"} == papers.keys()
    assert papers["user_manual"].startswith(f"{WEB}/b.")
    (sheet,) = found["safety_data_sheet_url"]
    assert papers["safety_data_sheet"] == sheet["value"]
    assert "de_DE" == sheet["language_tag"]
    assert {
        "offers.paper_twice": "a.pdf",
        "offers.paper_at_home": "e.pdf",
    } == told(house)


@pytest.mark.parametrize("kind", ["Prospekt", "Flyer", "Video"])
def test_what_amazon_has_no_place_for_is_kept_and_told(
    house: House, kind: str
) -> None:
    showing(house)
    lay(house, "a.pdf", PDF)

    bring(house, f"a.pdf;{kind};D;1")

    assert "accepted" == house.deliveries()[-1].state
    assert {"offers.paper_at_home": "a.pdf"} == told(house)


def test_each_marketplace_has_the_papers_of_its_language(house: House) -> None:
    showing(house)
    house.markets = '["DE", "FR"]'
    house.more += '[[price]]\nlist = 2\nmarketplaces = ["DE", "FR"]\n'
    house.build()
    for name in ("de", "fr", "ohne"):
        lay(house, f"{name}.pdf", PDF)

    bring(
        house,
        "de.pdf;Anleitung;D;1",
        "fr.pdf;Anleitung;F;1",
        "ohne.pdf;Zertifikat;;1",
    )

    shown = house.view("offer", "0010")["marketplaces"]
    languages = {
        market: {
            one["content_type"]: one["content_language"]
            for one in shown[market]["facets"]["media"]["desired"][
                "compliance_media"
            ]
        }
        for market in ("DE", "FR")
    }
    certificate = {"certificate_of_compliance": "de_DE"}
    assert {
        "DE": {"user_manual": "de_DE", **certificate},
        "FR": {"user_manual": "fr_FR", **certificate},
    } == languages


@pytest.mark.parametrize(
    ("name", "kind", "content", "code"),
    [
        ("a.jpg", "Bild", b"", "media.empty"),
        ("a.jpg", "Bild", PDF, "media.no_picture"),
        ("a.jpg", "Bild", jpeg(900, 900)[:-2], "media.cut"),
        ("a.png", "Bild", png(499, 300), "media.too_small"),
        ("a.png", "Bild", png(10_001, 300), "media.too_wide"),
        ("a.pdf", "Anleitung", b"", "media.empty"),
        ("a.pdf", "Anleitung", jpeg(900, 900), "media.no_pdf"),
        ("a.pdf", "Anleitung", PDF[:-9], "media.cut"),
        ("a.pdf", "Anleitung", PDF + bytes(10_000_000), "media.too_large"),
        (".a.jpg", "Bild", jpeg(900, 900), "media.bad_name"),
        ("..", "Bild", None, "media.bad_name"),
        ("a.jpg", "Bild", None, "media.missing"),
    ],
)
def test_what_amazon_would_not_take_is_known_and_not_published(
    tmp_path: Path, name: str, kind: str, content: bytes | None, code: str
) -> None:
    folder, web = tmp_path / "medien", tmp_path / "web"
    folder.mkdir()
    if content is not None:
        (folder / name).write_bytes(content)
    places = Places(folder, web, FileDesk())

    found = look(places, Named("1", 0, name, kind == "Bild"), None)

    assert found is not None
    assert (code, None) == (found.fault, found.published)
    assert not web.exists()


def test_a_bad_picture_is_left_out_and_told(house: House) -> None:
    showing(house)
    lay(house, "gut.jpg", jpeg(1000, 900))
    lay(house, "klein.jpg", jpeg(499, 300))

    bring(house, "klein.jpg;Bild;;1", "gut.jpg;Bild;;2")

    assert {"media.too_small": "klein.jpg"} == told(house)
    (one,) = pictures(house)
    assert one.startswith(f"{WEB}/gut.")


def test_a_small_picture_is_sent_with_a_warning(house: House) -> None:
    showing(house)
    lay(house, "a.jpg", jpeg(999, 500))

    bring(house, "a.jpg;Bild;;1")

    assert {"media.no_zoom": "a.jpg"} == told(house)
    assert 1 == len(pictures(house))


@pytest.mark.parametrize("content", [None, b"", jpeg(100, 100)])
def test_a_file_that_is_lost_or_broken_takes_nothing_back(
    house: House, content: bytes | None
) -> None:
    showing(house)
    lay(house, "a.jpg", jpeg(1200, 900))
    lay(house, "b.jpg", jpeg(1200, 901))
    bring(house, "a.jpg;Bild;;1", "b.jpg;Bild;;2")
    before = pictures(house)
    sent = house.body_names()

    if content is None:
        (house.path / "medien" / "a.jpg").unlink()
    else:
        lay(house, "a.jpg", content)
    house.once()

    assert before == pictures(house)
    assert sent == house.body_names()
    assert 1 == len(told(house))

    lay(house, "a.jpg", jpeg(1200, 900))
    house.once()
    assert {} == told(house)


def test_a_folder_that_cannot_be_reached_changes_nothing(house: House) -> None:
    showing(house, SETTINGS.replace("medien", str(house.path.parent / "nas")))
    bring(house, "a.jpg;Bild;;1")

    assert {} == told(house)
    parts = house.parts()
    with pytest.raises(PlaceError):
        look_at_all(parts, "1", 1)
    parts.close()


def test_a_picture_that_vanishes_from_a_full_file_is_told_and_kept(
    house: House,
) -> None:
    showing(house)
    lay(house, "a.jpg", jpeg(1200, 900))
    lay(house, "b.jpg", jpeg(1200, 901))
    bring(house, "a.jpg;Bild;;1", "b.jpg;Bild;;2")
    before = pictures(house)

    full = (
        '<Artikeldokumente Mandant="1" Erstellt="2026-01-16T07:30:00"'
        ' Umfang="voll"><Artikeldokument><Artikelnummer>0010</Artikelnummer>'
        "<Dateiname>a.jpg</Dateiname><Dokumentart>Bild</Dokumentart>"
        "<Sortierung>1</Sortierung></Artikeldokument></Artikeldokumente>"
    )
    house.drop("Artikeldokumente_20260116_073000.xml", full)
    house.once()

    assert 2 == len(before)
    assert before == pictures(house)
    assert "intake.vanished_kept" in house.codes(house.deliveries()[-1].id)


def test_without_an_address_nothing_is_sent_and_it_is_said_once(
    house: House,
) -> None:
    bring(house, "a.jpg;Bild;;1", "b.pdf;Anleitung;;1")

    assert {} == media(house)
    assert {"offers.no_media_address": None} == told(house)

    showing(house, f'[media]\nbase_url = "{WEB}"\n')
    assert "done" == house.ask("transfer.run", "media")
    house.once()

    assert [f"{WEB}/a.jpg"] == pictures(house)


def test_a_checked_folder_may_be_the_web_servers_own(house: House) -> None:
    text = f'[media]\nfolder = "medien"\nbase_url = "{WEB}"\n'
    showing(house, text)
    lay(house, "a.jpg", jpeg(1200, 900))
    lay(house, "b.jpg", b"nichts")

    bring(house, "a.jpg;Bild;;1", "b.jpg;Bild;;2")

    assert [f"{WEB}/a.jpg"] == pictures(house)
    assert {"media.no_picture": "b.jpg"} == told(house)

    name = lay(house, "a.jpg", jpeg(1200, 900))
    showing(house)
    house.once()
    assert [f"{WEB}/{name}"] == pictures(house)


def test_a_variant_shows_its_own_pictures_first(house: House) -> None:
    showing(house, f'[media]\nbase_url = "{WEB}"\n')
    rows = HEAD + (
        "1;0023;0;alle.jpg;Bild;;1;\n1;0023;1;rot.jpg;Bild;;2;\n"
        "1;0023;1;rot2.jpg;Bild;;1;\n"
    )
    house.drop(house.later("Artikeldokumente"), rows)

    bring_family(house)

    def shown(sku: str) -> list[str]:
        facet = house.facets(sku)["media"]["accepted"]
        found = {k: v[0]["media_location"] for k, v in facet.items()}
        return [
            one.removeprefix(f"{WEB}/") for _, one in sorted(found.items())
        ]

    assert ["rot2.jpg", "rot.jpg", "alle.jpg"] == shown("0023-M")
    assert ["alle.jpg"] == shown("0023-L")
    assert ["alle.jpg"] == shown("0023")
