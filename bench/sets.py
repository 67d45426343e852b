"""What one row of stock costs that belongs to fifty sets.

``python bench/sets.py 100000``: so many listings, a thousand of them sets;
one component lies in fifty. Its stock changes: just those fifty and itself
are composed, whatever else there is.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from amazon import _timed
from data import OUT
from ledger import template
from measure import rss

from bridge.app.clock import SystemClock
from bridge.app.service import Service
from bridge.app.wiring import assemble

if TYPE_CHECKING:
    from pathlib import Path

SETS, OF_ONE = 1_000, 50
STOCK = "Mandant;Artikelnummer;AuspraegungID;Lagerkennung;Bestand;Stand"
PARTS = "Mandant;Stueckliste;Element;AuspraegungID;Menge;Sortierung"


def sets(number: int) -> dict[str, Any]:
    """One row of stock among so many listings."""
    base, own = template(3 * number), OUT / f"sets_{os.getpid()}"
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(base, own)
    try:
        names = _names(own)
        one, *others = names[SETS : 2 * SETS]
        parts = [
            f"1;{name};{inner};0;2;1"
            for name, inner in zip(
                names, [one] * OF_ONE + others, strict=False
            )
        ]
        _drop(own, "Stueckliste_20260112.csv", PARTS, *parts)
        shelf = [(one, 8), *((name, 9) for name in others)]
        _stock(own, "Bestand_20260113.csv", shelf, "13.01.2026 07:30:00")
        _run(own)
        before = _written(own)
        _stock(own, "Bestand_20260114.csv", [(one, 4)], "14.01.2026 07:30:00")
        spent = _run(own)
        return {
            "stated": _written(own) - before,
            "seconds": spent["compose"],
            "rss": rss(),
        }
    finally:
        shutil.rmtree(own)


def _names(workspace: Path) -> list[str]:
    with sqlite3.connect(workspace / "state" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE listing SET ready = true")
        rows = ledger.execute("SELECT article FROM listing ORDER BY article")
        return [row[0] for row in rows]


def _written(workspace: Path) -> int:
    """How many stocks were ever sent."""
    with sqlite3.connect(workspace / "state" / "ledger.sqlite") as ledger:
        (number,) = ledger.execute("SELECT count(*) FROM message").fetchone()
    return int(number)


def _stock(
    workspace: Path, name: str, rows: list[tuple[str, int]], at: str
) -> None:
    _drop(
        workspace,
        name,
        STOCK,
        *(f"1;{article};0;HL;{pieces};{at}" for article, pieces in rows),
    )


def _drop(workspace: Path, name: str, *lines: str) -> None:
    (workspace / "inbox" / name).write_text("\n".join(lines), "cp1252")


def _run(workspace: Path) -> dict[str, float]:
    """CPU seconds of each errand."""
    service = Service(assemble(workspace, clock=SystemClock()))
    spent = _timed(service)
    service.once(timedelta(hours=1))
    return dict(spent)


if __name__ == "__main__":
    print(json.dumps(sets(int(sys.argv[1]))))
