"""Kill -9 anywhere at a partner's, restart: nothing is lost or doubled."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ledger.partnertables import dispatch
from bridge.ledger.partnertables import remote_file
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import STOCK
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.journeys.test_crashes import RANDOM
from tests.sshd import Sshd
from tests.sshd import installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.conftest import Driver

EFFECTS = 90  # the journey has fewer
NAME = "Bestand_20260114_073000.csv"
FAULTY = STOCK.replace("8;8;Stk", "viele;8;Stk")
SETTINGS = """\
[[inbox]]
folder = "inbox"
settle = "0s"

{partner}
mappings = ["bestand"]
receipts = true
pull = [{{ folder = "{area}/out", then = "move:Verarbeitet" }}]
push = [{{ folder = "{area}/in", from = "outbox/sage" }}]
"""
pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not installed(),
    reason="needs fork, kill -9 and OpenSSH's sshd",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    sshd = Sshd(tmp_path_factory.mktemp("sshd"))
    yield sshd.start()
    sshd.stop()


@pytest.fixture(scope="module")
def calm(
    driver: Driver, server: Sshd, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What is left, here and there, when nothing happens on the way."""
    place = make_place(tmp_path_factory.mktemp("calm") / "house", server)
    code, seen = driver.once(place)
    assert code == 3  # a row is refused
    assert seen < EFFECTS
    return everything(place)


def make_place(path: Path, server: Sshd) -> Place:
    """One file to fetch, one to bring; an area beside the workspace."""
    area = path.with_name("area")
    for name in ("in", "out"):
        (area / name).mkdir(parents=True)
    outbox = path / "outbox" / "sage"
    outbox.mkdir(parents=True)
    text = SETTINGS.format(partner=server.settings(""), area=area)
    (path / "bridge.toml").write_text(text, encoding="utf-8")
    (outbox / "Bestellung_1.xml").write_bytes(bytes(100_000))
    (area / "out" / NAME).write_bytes(FAULTY.encode("windows-1252"))
    return Place(path)


def everything(place: Place) -> dict[str, Any]:
    """Both sides; without the moments that differ from run to run."""
    area = place.path.with_name("area")
    return {
        **place.state(),
        "there": {
            path.relative_to(area).as_posix(): path.read_bytes()
            for path in sorted(area.rglob("*"))
            if path.is_file()
        },
        "dispatches": place.rows(dispatch, "name", "state", "body"),
        "remote": place.rows(remote_file, "name", "state"),
        "staged": place.files("state/partners"),
    }


@pytest.mark.parametrize("effect", range(1, EFFECTS, EVERY))
def test_killed_after_any_step_the_end_is_as_if_nothing_had_happened(
    driver: Driver,
    server: Sshd,
    calm: dict[str, Any],
    tmp_path: Path,
    effect: int,
) -> None:
    place = make_place(tmp_path / "house", server)
    code, seen = driver.once(place, killed_after=effect)
    assert code == KILLED or seen < effect

    driver.once(place)

    assert calm == everything(place)


@RANDOM
@given(milliseconds=st.integers(100, 900))
def test_killed_at_any_moment_the_end_is_the_same(
    driver: Driver, server: Sshd, calm: dict[str, Any], milliseconds: int
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bridge-"))
    place = make_place(folder / "house", server)
    driver.once(place, milliseconds=milliseconds)

    driver.once(place)

    assert calm == everything(place)
    shutil.rmtree(folder)
