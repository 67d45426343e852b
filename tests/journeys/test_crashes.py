"""Kill -9 anywhere on either journey, restart: nothing is lost or doubled."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tests.journeys.conftest import EVERY
from tests.journeys.conftest import make_place

if TYPE_CHECKING:
    from tests.journeys.conftest import Driver
    from tests.journeys.conftest import Place

KILLED = -9
EFFECTS = 90  # both journeys have about 77
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither fork nor kill -9"
)
RANDOM = settings(
    max_examples=max(5, 30 // EVERY),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("effect", range(1, EFFECTS, EVERY))
def test_killed_after_any_step_the_end_is_as_if_nothing_had_happened(
    driver: Driver, undisturbed: dict[str, Any], place: Place, effect: int
) -> None:
    code, seen = driver.once(place, killed_after=effect)
    assert code == KILLED or seen < effect

    driver.once(place)

    assert undisturbed == place.state()


@RANDOM
@given(kills=st.lists(st.integers(1, 60), min_size=2, max_size=4))
def test_killed_again_and_again_the_end_is_the_same(
    driver: Driver, undisturbed: dict[str, Any], kills: list[int]
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bridge-"))
    place = make_place(folder / "workspace")
    for effect in kills:
        driver.once(place, killed_after=effect)

    driver.once(place)

    assert undisturbed == place.state()
    shutil.rmtree(folder)


@RANDOM
@given(milliseconds=st.integers(1, 900))
def test_killed_at_any_moment_the_end_is_the_same(
    driver: Driver, undisturbed: dict[str, Any], milliseconds: int
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bridge-"))
    place = make_place(folder / "workspace")
    driver.once(place, milliseconds=milliseconds)

    driver.once(place)

    assert undisturbed == place.state()
    shutil.rmtree(folder)


def test_the_same_files_again_change_nothing_and_send_nothing(
    driver: Driver, undisturbed: dict[str, Any], place: Place
) -> None:
    driver.once(place)
    for path in sorted((place.path / "archive").rglob("*.csv")):
        name = path.name.partition("_")[2]
        (place.path / "inbox" / name).write_bytes(path.read_bytes())
    before = place.state()

    driver.once(place)

    after = place.state()
    same = ("documents", "facets", "listings", "bodies", "sage", "orders")
    assert {key: before[key] for key in same} == {
        key: after[key] for key in same
    }
    assert undisturbed["bodies"] == after["bodies"]
    assert len(after["archive"]) == 2 * len(before["archive"])
