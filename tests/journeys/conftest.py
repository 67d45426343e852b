"""Workspaces with real files, and what is left of a run, to compare."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from bridge.flows import lockedfiles
from bridge.ledger import tables
from bridge.ledger.engine import Ledger
from bridge.ledger.safe import KeySafe
from bridge.samples.orders import write_orders

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Neighbouring steps differ little; `make fuzz` takes every one.
EVERY = int(os.environ.get("KILL_EVERY", "16"))
SETTINGS = """\
[bridge]
mandant = 1

[amazon]
marketplaces = ["DE"]
confirm_at_least = 3

[[inbox]]
name = "sage"
folder = "inbox"
settle = "0s"

[values]
sammeldebitor = "D99001"
"""
ARTICLES = """\
Mandant;Artikelnummer;Bezeichnung1;Artikelgruppe;Hersteller;EANNummer;\
Steuerklasse;Steuersatz;Verkaufsmengeneinheit;Aktiv;USER_Amazon
1;0010;Pfeffermühle groß;010;Müller;4009988770017;1;19,00;Stk;-1;-1
1;0011;Mörser;010;Müller;;1;19,00;Stk;-1;-1
1;0012;Löffel;010;Müller;4009988770018;1;19,00;Stk;-1;-1
"""
PRICES = """\
Mandant;ListeID;Preisliste;Artikelnummer;AuspraegungID;AbMenge;Einzelpreis;\
WKz;IstBruttopreis;IstAktion;GueltigVon;GueltigBis
1;2;Amazon DE;0010;0;0;24,90;EUR;-1;0;;
1;2;Amazon DE;0011;0;0;12,50;EUR;-1;0;;
"""
STOCK = """\
Mandant;Artikelnummer;AuspraegungID;Lagerkennung;Bestand;Verfuegbar;\
Lagermengeneinheit;Stand
1;0010;0;HL;37;35;Stk;14.01.2026 07:30:00
1;0011;0;HL;8;8;Stk;14.01.2026 07:30:00
1;0011;0;FBA;100;100;Stk;14.01.2026 07:30:00
"""
STAMP = re.compile(r"\d{8}_\d{6}")


@dataclass
class Place:
    """A workspace on disk."""

    path: Path

    def drop(self, name: str, text: str) -> Path:
        path = self.path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("windows-1252"))
        return path

    def rows(self, table: Any, *names: str) -> list[tuple[Any, ...]]:  # noqa: ANN401
        ledger = Ledger(f"sqlite:///{self.path}/state/ledger.sqlite")
        with ledger.read() as tx:
            columns = [table.c[name] for name in names]
            found = [tuple(row) for row in tx.execute(select(*columns))]
        ledger.close()
        return sorted(found, key=repr)

    def files(self, folder: str) -> dict[str, bytes]:
        root = self.path / folder
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    def opened(self, folder: str, name: str) -> bytes:
        """What stands in a file, if need be unlocked."""
        path = self.path / folder / name
        safe = KeySafe(self.path / "state" / "person.key")
        return b"".join(lockedfiles.content(path, safe))

    def state(self) -> dict[str, Any]:
        """Everything that must not depend on crashes."""
        t = tables
        return {
            "deliveries": self.rows(
                t.delivery,
                *("name", "state", "step", "records", "accepted", "refused"),
            ),
            "documents": self.rows(t.document, "kind", "key", "body", "gone"),
            "findings": self.rows(t.finding, "line", "field", "code"),
            "facets": self.rows(
                t.facet, "sku", "facet", "state", "desired", "accepted"
            ),
            "listings": self.rows(
                t.listing, "sku", "presence", "ready", "available"
            ),
            "orders": self.rows(t.order, "id", "status", "version"),
            "publications": self.rows(
                t.publication, "key", "outbox", "version", "state"
            ),
            "due": self.rows(t.due, "errand", "key", "state"),
            "bodies": sorted(map(_body, self.files("outbox/amazon").items())),
            "sage": sorted(
                (STAMP.sub("…", name), undated(content))
                for name, content in self.files("outbox/sage").items()
            ),
            "archive": sorted(
                (name.rpartition("_")[2], self.opened("archive", name))
                for name in self.files("archive")
            ),
            "quarantine": sorted(
                (name, content)
                for name, content in self.files("quarantine").items()
            ),
            "inbox": self.files("inbox"),
        }


def _body(item: tuple[str, bytes]) -> tuple[str, bytes]:
    """A body without its running number."""
    name, content = item
    body = orjson.loads(content)
    return name.partition("_")[2], orjson.dumps(body)


def undated(content: bytes) -> bytes:
    """A file for Sage without the instant it was made at."""
    return re.sub(rb'Erstellt="[^"]*"', b"", content)


def make_place(path: Path) -> Place:
    """A workspace with three files of faults and sales, and two orders."""
    path.mkdir(parents=True)
    (path / "bridge.toml").write_text(SETTINGS, encoding="utf-8")
    place = Place(path)
    place.drop("Artikelstamm_20260114_073000.csv", ARTICLES)
    place.drop("Preise_20260114_073000.csv", PRICES)
    place.drop("Bestand_20260114_073000.csv", STOCK)
    orders = path / "rehearsal" / "orders"
    orders.mkdir(parents=True)
    write_orders(orders, datetime(2026, 1, 14, 9, tzinfo=UTC))
    return place


@dataclass
class Driver:
    """A process that forks a ``bridge once`` for each request."""

    process: subprocess.Popen[str]

    def once(
        self, place: Place, *, killed_after: int = 0, milliseconds: int = 0
    ) -> tuple[int, int]:
        """Exit code (-9: killed) and number of effects."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{place.path} {killed_after} {milliseconds}\n")
        stdin.flush()
        code, effects = stdout.readline().split()
        return int(code), int(effects)


@pytest.fixture(scope="session")
def driver() -> Iterator[Driver]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.driver"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Driver(process)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture(scope="session")
def undisturbed(
    driver: Driver, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What both journeys leave behind when nothing happens on the way."""
    place = make_place(tmp_path_factory.mktemp("calm") / "workspace")
    code, _ = driver.once(place)
    assert code == 3  # one row of the sample is refused
    return place.state()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path / "workspace")
