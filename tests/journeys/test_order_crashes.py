"""Kill -9 while Amazon is told of orders: each parcel and each yes once."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.ledger import ordertables
from bridge.ledger import tables
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import Place
from tests.journeys.conftest import make_place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Driver

KILLED = -9
EFFECTS = range(2, 75, EVERY)
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither fork nor kill -9"
)
SHIPPED = """\
Referenznummer;Versanddatum;Frachtfuehrer;Paketnummer
302-0000001-0000001;15.01.2026 08:00:00;DHL;"0017; 0018"
303-0000002-0000002;15.01.2026 08:00:00;Deli Sprint;0019
302-0000001-0000009;15.01.2026 08:00:00;DHL;0020
"""
REPLIED = """\
Mandant;Referenznummer;Status;Belegkennzeichen;Belegjahr;Belegnummer
1;302-0000001-0000001;angelegt;VVA;2026;200001
1;303-0000002-0000002;vorhanden;VVA;2026;200002
"""


@pytest.fixture(scope="module", params=["call", "feed"])
def sold(
    request: pytest.FixtureRequest,
    driver: Driver,
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    """A workspace with two orders, and files of what became of them."""
    place = make_place(tmp_path_factory.mktemp("sold") / "workspace")
    if request.param == "feed":
        path = place.path / "bridge.toml"
        text = path.read_text("utf-8")
        few = text.replace("[amazon]\n", "[amazon]\nconfirm_up_to = 1\n")
        path.write_text(few, encoding="utf-8")
    driver.once(place)
    place.drop("Versand_20260115_090000.csv", SHIPPED)
    place.drop("Auftragsrueckmeldung_20260115_090000.csv", REPLIED)
    return place


def copied(sold: Place, path: Path) -> Place:
    shutil.copytree(sold.path, path)
    return Place(path)


def told(place: Place) -> dict[str, Any]:
    """Everything that must not depend on crashes."""
    parcel, said = ordertables.parcel, ordertables.telling
    return {
        "parcels": place.rows(parcel, "tracking", "state", "accepted"),
        "told": place.rows(said, "order_id", "state", "body"),
        "due": place.rows(tables.due, "errand", "state"),
        "findings": place.rows(tables.finding, "line", "code"),
        "deliveries": place.rows(
            tables.delivery, "name", "state", "step", "refused"
        ),
        "sent": place.rows(
            tables.submission, "operation", "subject", "state", "messages"
        ),
        "shipped": place.rows(tables.order, "id", "shipped_at"),
        "bodies": sorted(place.files("outbox/amazon").values()),
    }


@pytest.fixture(scope="module")
def calm(
    driver: Driver, sold: Place, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What is left when nothing happens on the way."""
    place = copied(sold, tmp_path_factory.mktemp("calm") / "workspace")
    code, _ = driver.once(place)
    assert 3 == code  # one parcel is of an order nobody knows
    return told(place)


@pytest.mark.parametrize("effect", EFFECTS)
def test_killed_after_any_step_amazon_is_told_as_if_nothing_had_happened(
    driver: Driver,
    sold: Place,
    calm: dict[str, Any],
    tmp_path: Path,
    effect: int,
) -> None:
    place = copied(sold, tmp_path / "workspace")
    code, seen = driver.once(place, killed_after=effect)
    assert code == KILLED or seen < effect

    driver.once(place)

    assert calm == told(place)
