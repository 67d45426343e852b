"""A whole bridge in a temporary workspace, as the tests drive it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import structlog

from bridge.app.clock import SystemClock
from bridge.app.service import Service
from bridge.app.wiring import assemble
from bridge.cli.main import main
from bridge.flows import requests
from bridge.ledger import deliveries
from bridge.ledger import facts
from bridge.ledger import standing
from bridge.ledger import views
from bridge.samples.orders import write_orders

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bridge.errors import Finding
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ports import Clock

SETTINGS = """\
[bridge]
mandant = 1
language = "en"

[amazon]
marketplaces = {markets}
{amazon}

[[inbox]]
name = "sage"
folder = "inbox"
settle = "0s"
{inbox}

[values]
sammeldebitor = "D99001"

{more}
"""
ARTICLE = (
    "Mandant;Artikelnummer;Bezeichnung1;Artikelgruppe;Hersteller;EANNummer;"
    "Steuerklasse;Steuersatz;Verkaufsmengeneinheit;Aktiv;USER_Amazon\n"
)
PRICE = (
    "Mandant;ListeID;Preisliste;Artikelnummer;AuspraegungID;AbMenge;"
    "Einzelpreis;WKz;IstBruttopreis;IstAktion;GueltigVon;GueltigBis\n"
)
STOCK = (
    "Mandant;Artikelnummer;AuspraegungID;Lagerkennung;Bestand;Verfuegbar;"
    "Lagermengeneinheit;Stand\n"
)


def articles(*numbers: str, active: str = "-1") -> str:
    """An article file with a row a number."""
    return ARTICLE + "".join(
        f"1;{number};Artikel {number};010;Müller;;1;19,00;Stk;{active};-1\n"
        for number in numbers
    )


def prices(amounts: dict[str, str], *, number: int = 2) -> str:
    """A price file of the list ``Amazon DE``."""
    return PRICE + "".join(
        f"1;{number};Amazon DE;{article};0;0;{amount};EUR;-1;0;;\n"
        for article, amount in amounts.items()
    )


def stock(pieces: dict[str, str], *, at: str = "14.01.2026 07:30:00") -> str:
    """A stock file of the warehouse HL."""
    return STOCK + "".join(
        f"1;{article};0;HL;{number};{number};Stk;{at}\n"
        for article, number in pieces.items()
    )


@dataclass
class ShiftedClock:
    """The real clock, some days later."""

    shift: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.shift

    def sleep(self, duration: timedelta) -> None:
        SystemClock().sleep(duration)


@dataclass
class House:
    """A workspace and the bridge in it."""

    path: Path
    amazon: str = ""
    inbox: str = ""
    more: str = ""
    stamp: int = field(default=0)
    days_later: int = 0
    markets: str = '["DE"]'

    def build(self) -> House:
        self.path.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(
            amazon=self.amazon,
            inbox=self.inbox,
            more=self.more,
            markets=self.markets,
        )
        (self.path / "bridge.toml").write_text(text, encoding="utf-8")
        return self

    def drop(self, name: str, content: str | bytes) -> Path:
        folder = self.path / "inbox"
        folder.mkdir(exist_ok=True)
        raw = (
            content.encode("windows-1252")
            if isinstance(content, str)
            else content
        )
        path, draft = folder / name, self.path / f"{name}.draft"
        draft.write_bytes(raw)
        draft.replace(path)  # whole, even where nothing must stand still
        return path

    def later(self, stem: str) -> str:
        """A file name with a younger stamp than any before."""
        self.stamp += 1
        return f"{stem}_20260115_{self.stamp:06d}.csv"

    def bring(self, pieces: dict[str, str], amount: str = "10,00") -> None:
        """Drop articles, their prices and their stock."""
        self.drop(self.later("Artikelstamm_geaendert"), articles(*pieces))
        self.drop(self.later("Preise"), prices(dict.fromkeys(pieces, amount)))
        self.drop(self.later("Bestand"), stock(pieces))

    def offer(self, pieces: dict[str, str], amount: str = "10,00") -> None:
        """Offer articles with stock, in three files and one run."""
        self.bring(pieces, amount)
        self.once()

    def order(self, *, today: bool = False) -> None:
        """Two recorded orders of the samples.

        Args:
            today: Of some hours ago: who is behind old ones is forgotten.
        """
        folder = self.path / "rehearsal" / "orders"
        folder.mkdir(parents=True, exist_ok=True)
        at = datetime(2026, 1, 14, 9, tzinfo=UTC)
        if today:
            at = SystemClock().now() - timedelta(hours=3)
        write_orders(folder, at)

    def answer(self, name: str, match: dict[str, Any], **answer: Any) -> None:  # noqa: ANN401
        folder = self.path / "rehearsal" / "answers"
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"match": match, "answer": answer})
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

    def parts(self, clock: Clock | None = None) -> Parts:
        quiet = structlog.wrap_logger(
            structlog.ReturnLogger(), processors=[lambda _l, _n, e: str(e)]
        )
        shifted = ShiftedClock(timedelta(days=self.days_later))
        return assemble(self.path, clock=clock or shifted, log=quiet)

    def once(self, wait: float = 10) -> int:
        parts = self.parts()
        try:
            return Service(parts).once(timedelta(seconds=wait))
        finally:
            parts.close()

    def ask(self, kind: str, argument: object) -> str | None:
        parts = self.parts()
        now = parts.clock.now()
        with parts.ledger.write() as tx:
            number = facts.ask(tx, kind, str(argument), now)
        requests.take_up(parts)
        with parts.ledger.read() as tx:
            outcome = facts.outcome(tx, number)
        parts.close()
        return outcome

    def deliveries(self) -> list[Delivery]:
        parts = self.parts()
        with parts.ledger.read() as tx:
            found = deliveries.listed(tx)
        parts.close()
        return list(reversed(found))

    def findings(self, number: int) -> list[Finding]:
        parts = self.parts()
        with parts.ledger.read() as tx:
            found = list(deliveries.findings(tx, number))
        parts.close()
        return found

    def codes(self, number: int) -> list[str]:
        return [item.code for item in self.findings(number)]

    def view(self, name: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        parts = self.parts()
        with parts.ledger.read() as tx:
            whose = parts.side if name == "offer" else parts.sides
            room = standing if hasattr(standing, name) else views
            found = getattr(room, name)(tx, whose, *arguments, **named)
        parts.close()
        return found

    def column(self, query: Any) -> list[Any]:  # noqa: ANN401 - SQL
        """What a query of one column finds in the ledger."""
        parts = self.parts()
        with parts.ledger.read() as tx:
            found = list(tx.scalars(query))
        parts.close()
        return found

    def facets(self, sku: str) -> dict[str, Any]:
        found = self.view("offer", sku)
        if found is None:
            return {}
        facets: dict[str, Any] = found["marketplaces"]["DE"]["facets"]
        return facets

    def bodies(self) -> list[dict[str, Any]]:
        folder = self.path / "outbox" / "amazon"
        files = sorted(folder.glob("*.json"))
        return [json.loads(path.read_bytes()) for path in files]

    def body_names(self) -> list[str]:
        folder = self.path / "outbox" / "amazon"
        return sorted(path.name for path in folder.glob("*"))

    def sage(self) -> dict[str, str]:
        folder = self.path / "outbox" / "sage"
        return {p.name: p.read_text("utf-8") for p in sorted(folder.glob("*"))}

    def places(self, content: bytes) -> list[str]:
        """Every place of inbox, archive and quarantine that holds it."""
        return [
            path.relative_to(self.path).as_posix()
            for folder in ("inbox", "archive", "quarantine")
            for path in (self.path / folder).rglob("*")
            if path.is_file() and path.read_bytes() == content
        ]


def planned(
    house: House, capsys: pytest.CaptureFixture[str], name: str
) -> list[dict[str, Any]]:
    """What a module would send now, as a program reads it."""
    capsys.readouterr()
    place = ["--workspace", str(house.path), "--json"]
    main([*place, "transfer", "run", name, "--dry-run"])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found
