"""Brand owners show what belongs together, and never over pages of others."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from tests.flows.test_references import HEAD
from tests.house import articles
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.house import House
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

ROWS = (
    "1;1;0010;1;0012;Zubehoer;;;20\n"
    "1;1;0010;1;0011;Zubehoer;2;;10\n"
    "1;1;0010;1;0099;UpSelling;;;\n"
    "1;1;0010;1;0013;CrossSelling;;;\n"
)
OWN, HOUR = "B000000010", timedelta(hours=1)


@pytest.fixture
def owner(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """Four offers Amazon knows three of, and what the first points at."""
    shop = open_shop(tmp_path / "shop", amazon, clock, "brand_owner = true")
    for number in ("0010", "0011", "0012"):
        amazon.seller.asins[number] = f"B00000{number}"
    numbers = ("0010", "0011", "0012", "0013")
    shop.house.bring(dict.fromkeys(numbers, "7"))
    shop.house.drop(shop.house.later("Zubehoer"), HEAD + ROWS)
    return shop


def pages(shop: Shop) -> dict[str, Any]:
    return shop.amazon.seller.studio.pages


def told(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> dict[str, dict[str, str]]:
    """What is said of each reference, by what it points at."""
    capsys.readouterr()
    words = ("offer", "show", "0010", "--json")
    main(["--workspace", str(shop.house.path), *words])
    shown = json.loads(capsys.readouterr().out)["references"]
    return {one["to"]: one for one in shown}


def waiting_pages(shop: Shop, capsys: pytest.CaptureFixture[str]) -> int:
    """How many pages the house says wait for a person."""
    capsys.readouterr()
    main(["--workspace", str(shop.house.path), "status", "--json"])
    return int(json.loads(capsys.readouterr().out)["offers_held"]["page"])


def test_a_page_compares_an_article_with_what_it_points_at(
    owner: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    owner.once()

    (page,) = pages(owner).values()
    assert ([OWN], "SUBMITTED") == (page["asins"], page["status"])
    assert "de-DE" == page["document"]["locale"]
    (module,) = page["document"]["contentModuleList"]
    table = module["standardComparisonTable"]
    assert [
        (OWN, "Artikel 0010", True),
        ("B000000011", "Artikel 0011", False),
        ("B000000012", "Artikel 0012", False),
    ] == [
        (one["asin"], one["title"], one["highlight"])
        for one in table["productColumns"]
    ]
    assert ["Marke"] == [one["value"] for one in table["metricRowLabels"]]
    (metric,) = table["productColumns"][0]["metrics"]
    assert {"position": 1, "value": "Müller"} == metric
    codes = {to: one["code"] for to, one in told(owner, capsys).items()}
    assert {
        "0011": "offers.page_submitted",
        "0012": "offers.page_submitted",
        "0013": "offers.not_transferable",  # Amazon has no asin of it
        "0099": "offers.unknown_target",
    } == codes
    assert [] == owner.amazon.meter.refused


def test_what_is_approved_is_not_sent_again(
    owner: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    owner.once()
    owner.amazon.seller.studio.approve("page-1")
    owner.clock.time += HOUR
    owner.once()
    sent = owner.amazon.count("updateContentDocument")
    owner.clock.time += HOUR

    owner.once()

    assert "offers.page_approved" == told(owner, capsys)["0011"]["code"]
    assert 0 == sent == owner.amazon.count("updateContentDocument")
    assert 1 == owner.amazon.count("postContentDocumentApprovalSubmission")


def test_what_is_not_offered_is_not_shown(owner: Shop) -> None:
    owner.house.drop(
        owner.house.later("Artikelstamm_geaendert"),
        articles("0012", active="0"),
    )

    owner.once()

    (page,) = pages(owner).values()
    assert "B000000011" in str(page["document"])
    assert "B000000012" not in str(page["document"])


def test_another_title_changes_the_page_and_hands_it_in_again(
    owner: Shop,
) -> None:
    owner.once()
    owner.amazon.seller.studio.approve("page-1")
    text = articles("0011").replace("Artikel 0011", "Mühle")
    owner.house.drop(owner.house.later("Artikelstamm_geaendert"), text)
    owner.once()  # the offer changes first
    owner.clock.time += HOUR

    owner.once()

    (page,) = pages(owner).values()
    assert "SUBMITTED" == page["status"]
    assert "Mühle" in str(page["document"])
    assert 1 == owner.amazon.count("createContentDocument")


def test_a_page_of_others_stays_until_a_person_lets_it_go(
    owner: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = owner.amazon.seller.studio
    studio.show("theirs-en", OWN, "en-GB")  # another language: not in the way
    studio.show("theirs", OWN)

    owner.once()
    held = dict(pages(owner)), told(owner, capsys)["0011"]
    waiting = waiting_pages(owner, capsys)
    words = ["--workspace", str(owner.house.path), "offer", "confirm"]
    none = main([*words, "0011"])
    main([*words, "0010"])
    owner.once()

    assert (1, 0) == (waiting, waiting_pages(owner, capsys))
    assert {} == held[0]
    assert "offers.page_held" == held[1]["code"]
    assert "(theirs)" in held[1]["message"]
    assert "bridge offer confirm 0010" in held[1]["hint"]
    assert 0 != none
    assert ["SUBMITTED"] == [one["status"] for one in pages(owner).values()]


def test_a_page_made_by_others_after_a_confirmation_is_not_meant_by_it(
    owner: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = owner.amazon.seller.studio
    studio.show("theirs", OWN)
    owner.once()
    studio.published[:] = []
    studio.show("newer", OWN)

    assert "done" == owner.house.ask("offer.confirm", "main|0010")
    owner.once()

    assert {} == pages(owner)
    assert "newer" in told(owner, capsys)["0011"]["message"]


def test_what_stands_against_a_page_is_told_and_nothing_made(
    owner: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    fault = {"code": "BRAND", "message": "The brand is not yours."}
    owner.amazon.seller.studio.faults = [fault]
    owner.once()
    said = told(owner, capsys)["0011"]
    owner.amazon.seller.studio.faults = []
    before = dict(pages(owner))

    assert "done" == owner.house.ask("transfer.run", "accessories")
    owner.once()

    assert {} == before
    assert "offers.page_refused" == said["code"]
    assert "The brand is not yours." in said["message"]
    assert ["SUBMITTED"] == [one["status"] for one in pages(owner).values()]


@pytest.mark.parametrize(
    "operation",
    [
        "searchContentPublishRecords",
        "validateContentDocumentAsinRelations",
        "createContentDocument",
        "postContentDocumentAsinRelations",
        "postContentDocumentApprovalSubmission",
    ],
)
@pytest.mark.parametrize("fault", ["lost", "503", "429", "403"])
def test_whatever_fails_there_is_one_page_handed_in_once(
    owner: Shop,
    capsys: pytest.CaptureFixture[str],
    operation: str,
    fault: Fault,
) -> None:
    times = 4 if fault != "lost" else 1
    owner.amazon.faults.plan(operation, *((fault,) * times))

    owner.once()
    owner.once()

    (page,) = pages(owner).values()
    assert ([OWN], "SUBMITTED") == (page["asins"], page["status"])
    assert "offers.page_submitted" == told(owner, capsys)["0011"]["code"]


def test_references_that_are_gone_leave_the_page_as_it_is(
    owner: Shop,
) -> None:
    owner.once()
    rows = "1;1;0010;2;030;Zubehoer;;;10\n"
    owner.house.drop("Zubehoer_20270101_080000.csv", HEAD + rows)
    owner.clock.time += HOUR

    owner.once()

    assert "B000000011" in str(pages(owner)["page-1"])


def test_whoever_owns_no_brand_has_no_page(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "shop", amazon, clock)
    amazon.seller.asins |= {"0010": OWN, "0011": "B000000011"}
    shop.house.bring({"0010": "7", "0011": "7"})
    shop.house.drop(shop.house.later("Zubehoer"), HEAD + ROWS)

    shop.once()

    assert {} == pages(shop)
    assert 0 == amazon.count("searchContentPublishRecords")


def test_in_rehearsal_a_page_lies_among_what_would_be_sent(
    house: House,
) -> None:
    house.build()
    settings = house.path / "bridge.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace("[amazon]", "[amazon]\nbrand_owner = true", 1), "utf-8"
    )
    rows = articles("0010", "0011").replace(";Aktiv", ";USER_ASIN;Aktiv")
    for number in ("0010", "0011"):
        rows = rows.replace("Stk;-1", f"Stk;B00000{number};-1", 1)
    house.bring({"0010": "7", "0011": "7"})
    house.drop(house.later("Artikelstamm_geaendert"), rows)
    house.drop(house.later("Zubehoer"), HEAD + ROWS)

    house.once()
    house.once()

    (path,) = (house.path / "outbox" / "amazon").glob("aplus_DE_*0010*.json")
    written = json.loads(path.read_bytes())
    assert OWN == written["asin"]
    document = written["body"]["contentDocument"]
    assert "B000000011" in str(document["contentModuleList"])
