"""Kill -9 anywhere on the way of customers, and of tables of others."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.clock import SystemClock
from bridge.ledger import persontables
from bridge.ledger import tables
from bridge.samples.orders import write_orders
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import SETTINGS
from tests.journeys.conftest import Place
from tests.journeys.conftest import undated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Driver

EFFECTS = 100  # the journey has about 90
#: The same for every place: old buyers would be forgotten at once.
BOUGHT_AT = SystemClock().now() - timedelta(hours=3)
TABLES = """
[[outbox]]
name = "sage"
folder = "outbox/sage"
mappings = ["bestellung", "kundenanlage"]

[customers]
from_orders = "each"
first_account = "D900001"

[[table]]
name = "staging"
url = "sqlite:///other.sqlite"
mapping = "bestellung"
table = "bestellung"
create = true

[[source]]
name = "bestand"
url = "sqlite:///other.sqlite"
mapping = "bestand"
table = "bestand"
changed = "Stand"
"""
STOCK = """
CREATE TABLE bestand (Mandant INTEGER, Artikelnummer TEXT, Lagerkennung TEXT,
  Bestand NUMERIC, Stand TEXT);
INSERT INTO bestand VALUES (1, '0010', 'HL', 7, '14.01.2026 07:30:00'),
  (1, '0011', 'HL', 8, '14.01.2026 07:31:00');
"""
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither fork nor kill -9"
)


def make(path: Path) -> Place:
    path.mkdir(parents=True)
    (path / "bridge.toml").write_text(SETTINGS + TABLES, encoding="utf-8")
    (path / "inbox").mkdir()
    with closing(sqlite3.connect(path / "other.sqlite")) as other:
        other.executescript(STOCK)
    orders = path / "rehearsal" / "orders"
    orders.mkdir(parents=True)
    write_orders(orders, BOUGHT_AT)
    return Place(path)


def left(place: Place) -> dict[str, Any]:
    """What is in the table, and what the ledger knows of it and of stock."""
    with closing(sqlite3.connect(place.path / "other.sqlite")) as other:
        heads = other.execute('SELECT * FROM "PROBE_bestellung"').fetchall()
        items = other.execute(
            'SELECT * FROM "PROBE_bestellung_positionen"'
        ).fetchall()
    return {
        "heads": sorted(heads),
        "items": sorted(items),
        "stock": place.rows(tables.document, "kind", "key", "body"),
        "identities": place.rows(
            persontables.identity, "account", "matchcode"
        ),
        "sage": sorted(
            undated(content) for content in place.files("outbox/sage").values()
        ),
        "due": place.rows(tables.due, "errand", "key", "state"),
        "publications": place.rows(
            tables.publication, "key", "outbox", "version", "state"
        ),
    }


@pytest.fixture(scope="module")
def calm(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    place = make(tmp_path_factory.mktemp("tables") / "workspace")
    code, seen = driver.once(place)
    assert 0 == code
    assert seen < EFFECTS
    return left(place)


@pytest.mark.parametrize("effect", range(1, EFFECTS, EVERY))
def test_killed_after_any_step_tables_end_as_if_nothing_had_happened(
    driver: Driver, calm: dict[str, Any], tmp_path: Path, effect: int
) -> None:
    place = make(tmp_path / "workspace")
    driver.once(place, killed_after=effect)

    driver.once(place)

    assert calm == left(place)
