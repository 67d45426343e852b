"""What a new price file costs, beside the floor of the rows it is about.

``python bench/recompose.py 100000``: so many listings get another price; the
listings are composed again from their documents. The floor reads the same
documents and writes the same listings and prices, and thinks nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import data
from amazon import _timed
from data import OUT
from data import Wanted
from ledger import template
from measure import rss

from bridge.app.clock import SystemClock
from bridge.app.service import Service
from bridge.app.wiring import assemble
from bridge.flows.compose import LOT

if TYPE_CHECKING:
    from pathlib import Path

READ = """
SELECT kind, article, variant, key, mapping, body, as_of FROM document
WHERE mandant = 1 AND kind IN ('Article', 'PriceEntry', 'StockLevel')
  AND article IN ({})
"""
LISTINGS = "SELECT * FROM listing WHERE mandant = 1 AND article IN ({})"
PRICES = """
SELECT sku, desired, desired_hash FROM facet WHERE mode = 'rehearsal'
  AND account = 'main' AND marketplace = 'DE' AND facet = 'price'
  AND sku IN ({})
"""
STATE = """
UPDATE facet SET desired = ?, desired_hash = ?, state = 'waiting'
WHERE mode = 'rehearsal' AND account = 'main' AND marketplace = 'DE'
  AND facet = 'price' AND sku = ?
"""


def floor(workspace: Path) -> float:
    """CPU seconds of reading and writing what composing reads and writes."""
    path = workspace / "state" / "ledger.sqlite"
    with sqlite3.connect(path, isolation_level=None) as ledger:
        ledger.execute("PRAGMA cache_size=-8192")
        begun = time.process_time()
        names = [row[0] for row in ledger.execute("SELECT sku FROM listing")]
        for start in range(0, len(names), LOT):
            lot = names[start : start + LOT]
            marks = ", ".join("?" * len(lot))
            ledger.execute("BEGIN IMMEDIATE")
            for row in ledger.execute(READ.format(marks), lot):
                json.loads(row[5])
            rows = ledger.execute(LISTINGS.format(marks), lot).fetchall()
            width = ", ".join("?" * len(rows[0]))
            ledger.executemany(
                f"INSERT OR REPLACE INTO listing VALUES ({width})",  # noqa: S608 - marks
                rows,
            )
            prices = ledger.execute(PRICES.format(marks), lot).fetchall()
            ledger.executemany(
                STATE,
                [(body, digest[::-1], sku) for sku, body, digest in prices],
            )
            ledger.execute("COMMIT")
        return time.process_time() - begun


def recompose(number: int) -> dict[str, Any]:
    """So many prices change."""
    base, own = template(3 * number), OUT / f"recompose_{os.getpid()}"
    seconds = 0.0
    for _ in range(2):
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(base, own)
        spent = floor(own)
        seconds = min(seconds or spent, spent)
    shutil.rmtree(own)
    shutil.copytree(base, own)
    with sqlite3.connect(own / "state" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE listing SET ready = true")  # it has stock, too
    source = data.made(Wanted("price", "csv", number)).read_text("cp1252")
    head, *rows = source.splitlines()
    place = data.PRICE.index("Einzelpreis")
    changed = [head]
    for row in rows:
        cells = row.split(";")
        amount = cells[place]  # a cent more, or nine less
        cells[place] = f"{amount[:-1]}{(int(amount[-1]) + 1) % 10}"
        changed.append(";".join(cells))
    file = own / "inbox" / "Preise_20260113.csv"
    file.write_text("\n".join(changed), "cp1252")
    service = Service(assemble(own, clock=SystemClock()))
    by_errand = _timed(service)
    service.once(timedelta(hours=1))
    shutil.rmtree(own)
    ours = by_errand["compose"]
    return {
        "floor": seconds,
        "seconds": ours,
        "ratio": ours / seconds,
        "all": dict(by_errand),
        "rss": rss(),
    }


if __name__ == "__main__":
    print(json.dumps(recompose(int(sys.argv[1]))))
