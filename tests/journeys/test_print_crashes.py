"""Killed after any step, every paper is printed once, whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bridge.ledger.papers import DRAWN
from bridge.ledger.papers import REFUSED
from bridge.ledger.papertables import paper
from tests.flows.test_printing import COLUMNS
from tests.flows.test_printing import CREDIT
from tests.flows.test_printing import LETTERHEAD
from tests.flows.test_printing import REQUEST
from tests.flows.test_printing import table
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import SETTINGS
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Driver

#: Effects to die after; neighbours differ little.
EFFECTS = range(1, 60, EVERY)
XRECHNUNG = {
    "Belegnummer": "3",
    "ERechnung": "xrechnung",
    "Kaeuferreferenz": "04011000-1234512345-06",
    "EMail": "einkauf@kuechenwelt.example",
}
PAPERS: tuple[dict[str, str], ...] = (
    {},
    {**CREDIT, "Belegnummer": "2"},
    XRECHNUNG,
    {"Belegnummer": "4", "Mengeneinheit": "Stange"},
)
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


def place_at(path: Path) -> Place:
    """A workspace with papers that are good, and one that is not."""
    path.mkdir(parents=True)
    (path / "bridge.toml").write_text(SETTINGS + LETTERHEAD, "utf-8")
    place = Place(path)
    rows = [{**COLUMNS, **row} for row in PAPERS]
    place.drop("Belege_20260115_000001.csv", table(*rows))
    place.drop("Zahlungsaufforderung_20260115_000002.csv", table(REQUEST))
    return place


@pytest.fixture(scope="module")
def wanted(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """What lies there if nobody dies."""
    place = place_at(tmp_path_factory.mktemp("calm") / "house")
    driver.once(place)
    found = place.files("outbox/documents")
    assert 5 == len(found)
    return found


@pytest.mark.parametrize("effect", EFFECTS)
def test_killed_after_any_step_every_paper_is_there_once(
    driver: Driver, tmp_path: Path, wanted: dict[str, bytes], effect: int
) -> None:
    place = place_at(tmp_path / "house")

    code, seen = driver.once(place, killed_after=effect)
    assert code == KILLED or seen < effect
    driver.once(place)

    assert wanted == place.files("outbox/documents")
    states = dict(place.rows(paper, "name", "state"))
    refused = [name for name, now in states.items() if now == REFUSED]
    assert ["RE_2026_4"] == refused
    assert {DRAWN, REFUSED} == set(states.values())


def test_what_was_fetched_before_the_crash_is_not_written_again(
    driver: Driver, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    """Somebody takes the files away between the crash and the restart."""
    for effect in range(20, 50, EVERY):
        place = place_at(tmp_path / f"house{effect}")
        driver.once(place, killed_after=effect)
        folder = place.path / "outbox" / "documents"
        fetched = {
            path.name: path.read_bytes() for path in folder.glob("[A-Z]*")
        }
        for name in fetched:
            (folder / name).unlink()
        driver.once(place)
        left = place.files("outbox/documents")

        assert wanted == {**fetched, **left}
        assert fetched.keys().isdisjoint(left)
