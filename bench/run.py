"""Everything, measured beside its floor in the same run; ``make bench``.

``--full`` adds the million rows; ``--rows N`` measures fewer for a look.
Each measurement is a process of its own; floor and ours take turns, the
best of three counts. Ratios are of CPU seconds for conversions (nothing
else is waited for there) and of wall seconds where a database is written;
both are in ``bench/out/report.json``. Always exits with 0: a number that
is missed is shown as missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import data
from data import CHANGED
from data import NEWER
from data import OUT
from data import Wanted

HERE = Path(__file__).parent
CASES = ("convert", "peers", "ledger", "sftp", "amazon")
BEST_OF = 3
MILLION = 1_000_000
MIB_CONVERT, MIB_LEDGER = 80, 250
FEEDS, MIB_FEEDS = 3.0, 400  # times the floor of as many rows of stock
RECOMPOSED = 4.0  # times reading and writing the rows
ORDERS = 200  # a second, of our own work
CALLS = 0.9  # of Amazon's plan
LARGE, SMALL = 1.25, 2.0  # times OpenSSH's sftp: 0.8 of its throughput
NEW, AGAIN = 6.0, 1.5  # times the floor of stock csv
CONVERSIONS = (
    ("stock-csv", 1.2),
    ("article-csv", 1.2),
    ("stock-json", 1.5),
    ("stock-xml", 1.5),
    ("stock-xsd", 1.5),
)
LEDGER = (("new", NEW), ("again", AGAIN), (CHANGED, AGAIN), (NEWER, None))


@dataclass
class Row:
    """One line of the table."""

    case: str
    floor: float
    ours: float
    limit: float | None
    rss: float
    most: int | None
    wall: float
    more: dict[str, Any]

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    @property
    def verdict(self) -> str:
        if self.limit is not None and self.ratio > self.limit:
            return "MISSED"
        if self.most is not None and self.rss > self.most:
            return "MISSED (memory)"
        return "ok" if self.limit or self.most else ""

    def shown(self) -> str:
        limit = "" if self.limit is None else f"{self.limit:.1f}"
        return (
            f"{self.case:<34}{self.floor:>8.2f}{self.ours:>8.2f}"
            f"{self.ratio:>8.2f}{limit:>7}{self.rss:>8.0f}  {self.verdict}"
        )


def child(script: str, *words: str) -> dict[str, Any]:
    """What a script of this folder prints last, in a fresh process."""
    command = [sys.executable, str(HERE / script), *words]
    around = os.environ | {"PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, env=around
    )
    found: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return found


def best(found: list[dict[str, Any]], clock: str = "cpu") -> dict[str, Any]:
    return min(found, key=lambda one: one[clock])


def paired(
    first: tuple[str, ...], second: tuple[str, ...], times: int = BEST_OF
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both, taking turns; the best of each."""
    one, other = [], []
    for _ in range(times):
        one.append(child(*first))
        other.append(child(*second))
    return best(one), best(other)


def conversions(rows: int, times: int = BEST_OF) -> list[Row]:
    found = []
    for case, limit in CONVERSIONS:
        what, _, kind = case.replace("xsd", "xml").partition("-")
        path = str(data.made(Wanted(what, kind, rows, faults=True)))
        floor, ours = paired(
            ("floor.py", case, path), ("convert.py", case, path), times
        )
        assert (floor["made"], floor["bytes"]) == (ours["made"], ours["bytes"])
        found.append(
            Row(
                f"convert {case} {rows:,}",
                floor["cpu"],
                ours["cpu"],
                limit,
                ours["rss"],
                MIB_CONVERT,
                ours["seconds"],
                {"floor": floor, "ours": ours},
            )
        )
        print(found[-1].shown(), flush=True)
    return found


def peers(rows: int) -> list[Row]:
    """What others take for less, each beside its own floor."""
    csv_file = str(data.made(Wanted("stock", "csv", rows, faults=True)))
    xml_file = str(data.made(Wanted("stock", "xml", rows)))
    pairs = (
        ("petl, 2 columns, unchecked", "floor-csv", csv_file),
        ("saxonche, 7 columns, XSLT", "floor-xml", xml_file),
    )
    found = []
    for name, case, path in pairs:
        peer = name.partition(",")[0]
        floor, other = paired(
            ("peers.py", case, path), ("peers.py", peer, path), 2
        )
        row = Row(
            f"peer {name}",
            floor["cpu"],
            other["cpu"],
            None,
            other["rss"],
            None,
            other["seconds"],
            {"floor": floor, "peer": other},
        )
        print(row.shown(), flush=True)
        found.append(row)
    return found


def ledgers(rows: int, times: int) -> list[Row]:
    """The whole path into SQLite, beside the floor of the same file."""
    path = str(data.made(Wanted("stock", "csv", rows)))
    floors, ours = [], []
    for _ in range(times):
        floors.append(child("floor.py", "stock-csv", path))
        ours.append(child("ledger.py", str(rows)))
    floor = best(floors, "seconds")
    found = []
    for name, limit in LEDGER:
        one = best([run[name] for run in ours], "seconds")
        found.append(
            Row(
                f"ledger {name} {rows:,}",
                floor["seconds"],
                one["seconds"],
                limit,
                one["rss"],
                MIB_LEDGER,
                one["seconds"],
                {"floor": floor, "ours": one},
            )
        )
        print(found[-1].shown(), flush=True)
    return found


def partners() -> list[Row]:
    """Files to a partner and back, beside OpenSSH's ``sftp -b``."""
    found = []
    for case, seconds in child("sftp.py").items():
        limit = LARGE if case.endswith("large") else SMALL
        floor, ours = seconds["floor"], seconds["ours"]
        row = Row(f"sftp {case}", floor, ours, limit, 0, None, ours, seconds)
        print(row.shown(), flush=True)
        found.append(row)
    return found


def amazon(rows: int) -> list[Row]:
    """The way to Amazon and back: feeds, orders, calls within the plan."""
    skus = rows * 2 // 3  # of a file of two rows a SKU, in three warehouses
    path = str(data.made(Wanted("stock", "csv", skus)))
    floor = child("floor.py", "stock-csv", path)
    feeds = child("amazon.py", "feeds", str(rows))
    orders = child("amazon.py", "orders", str(rows // 10))
    calls = child("amazon.py", "calls", str(rows // 50))
    again = child("recompose.py", str(rows // 3))
    taken = orders["files"] / orders["per_second"]
    least = orders["files"] / ORDERS
    found = [
        Row(
            f"feeds of {skus:,} SKUs",
            *(floor["cpu"], feeds["seconds"], FEEDS),
            *(feeds["rss"], MIB_FEEDS, feeds["seconds"]),
            {"floor": floor, "ours": feeds},
        ),
        Row(
            f"orders {orders['files']:,} ({ORDERS} a second)",
            *(least, taken, 1.0, orders["rss"], None, taken),
            orders,
        ),
        Row(
            f"another price for {rows // 3:,} SKUs",
            *(again["floor"], again["seconds"], RECOMPOSED),
            *(again["rss"], None, again["seconds"]),
            again,
        ),
        Row(
            f"calls {calls['calls']:,} ({CALLS:.0%} of the plan)",
            *(CALLS, calls["share"], None, 0, None, calls["own_seconds"]),
            calls,
        ),
    ]
    for row in found:
        print(row.shown(), flush=True)
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--only", choices=CASES)
    given = asked.parse_args()
    OUT.mkdir(exist_ok=True)
    print(
        f"{'case':<34}{'floor s':>8}{'ours s':>8}{'ratio':>8}"
        f"{'limit':>7}{'MiB':>8}"
    )
    rows: list[Row] = []
    if given.only in {None, "convert"}:
        rows += conversions(given.rows)
    if given.only in {None, "peers"}:
        rows += peers(given.rows)
    if given.only in {None, "ledger"}:
        rows += ledgers(given.rows, BEST_OF - 1)
    if given.only in {None, "sftp"} and which("sftp"):
        rows += partners()
    if given.only in {None, "amazon"}:
        rows += amazon(given.rows)
    if given.full:
        rows += conversions(MILLION, 1)
        rows += ledgers(MILLION, 1)
    report = [
        asdict(row) | {"ratio": row.ratio, "verdict": row.verdict}
        for row in rows
    ]
    (OUT / "report.json").write_text(json.dumps(report, indent=1), "utf-8")
    missed = sum(row.verdict.startswith("MISSED") for row in rows)
    print(f"{missed} of {len(rows)} missed; all numbers: {OUT}/report.json")


if __name__ == "__main__":
    main()
