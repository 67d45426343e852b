"""The whole path: a stock file into a ledger that knows its articles.

``python bench/ledger.py 100000`` prepares a workspace once (articles and
prices by the product's own path, every listing present at Amazon), copies
it, and times what ``bridge once`` does with new rows, with the same file
again, with one row in a hundred changed, and with every row's instant
newer. Each is a process of its own; waits for files to settle are not
counted. ``--profile`` shows where the time goes.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import data
from data import CHANGED
from data import NEWER
from data import OUT
from data import WAREHOUSES
from data import Wanted
from measure import rss

from bridge.app.clock import SystemClock
from bridge.app.service import Service
from bridge.app.wiring import assemble
from bridge.ledger import deliveries
from bridge.ledger import submissions

SETTINGS = """
[bridge]
mandant = 1
[amazon]
marketplaces = ["DE"]
[[inbox]]
name = "sage"
folder = "inbox"
settle = "0s"
[[stock]]
warehouses = ["HL", "AL"]
[[price]]
list = 2
[values]
sammeldebitor = "D99001"
belegkennzeichen = "VVA"
"""
RUNS = (("new", ""), ("again", ""), (CHANGED, CHANGED), (NEWER, NEWER))
LONGEST = timedelta(hours=1)


class Clock(SystemClock):
    """The real clock; what it was told to wait is remembered."""

    def __init__(self) -> None:
        self.slept = 0.0

    def sleep(self, duration: timedelta) -> None:
        self.slept += duration.total_seconds()
        super().sleep(duration)


def once(workspace: Path, *, profile: bool = False) -> dict[str, object]:
    """What ``bridge once`` does, in this process."""
    begun = time.perf_counter()
    clock = Clock()
    parts = assemble(workspace, clock=clock)
    service = Service(parts)
    assembled = time.perf_counter()
    spy = cProfile.Profile()
    if profile:
        _spied(spy, service)
    spent = time.process_time()
    code = service.once(LONGEST)
    spent = time.process_time() - spent
    seconds = time.perf_counter() - assembled - clock.slept
    if profile:
        stats = pstats.Stats(spy)
        stats.sort_stats("tottime").print_stats(30)
        stats.sort_stats("cumtime").print_stats("bridge", 60)
    with parts.ledger.read() as tx:
        last = deliveries.listed(tx)[0]
        sent = submissions.listed(tx, parts.side)
    return {
        "seconds": seconds,
        "cpu": spent,
        "start": assembled - begun,
        "code": code,
        "records": last.records,
        "unchanged": last.unchanged,
        "state": last.state,
        "submissions": len(sent),
        "messages": sum(item.messages for item in sent),
        "rss": rss(),
    }


def _spied(spy: cProfile.Profile, service: Service) -> None:
    """The errands run in a thread of the engine; the spy goes along."""
    handle = service._foreman.handle  # noqa: SLF001

    def spied(*due: object) -> None:
        spy.runcall(handle, *due)

    service._foreman.handle = spied  # type: ignore[method-assign] # noqa: SLF001


def template(rows: int) -> Path:
    """A workspace that knows every article of a stock file of ``rows``."""
    folder = OUT / "template" / str(rows)
    if (folder / "ready").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    inbox, listings = folder / "inbox", folder / "rehearsal" / "listings"
    inbox.mkdir(parents=True)
    listings.mkdir(parents=True)
    (folder / "bridge.toml").write_text(SETTINGS, "utf-8")
    number = -(-rows // len(WAREHOUSES))
    for what, name in (("article", "Artikelstamm"), ("price", "Preise")):
        _drop(Wanted(what, "csv", number), inbox, f"{name}_20260112.csv")
    known = [{"sku": data.number_of(place)} for place in range(number)]
    answer = {"items": known}
    (listings / "all.json").write_text(json.dumps(answer), "utf-8")
    print(_child(folder), file=sys.stderr)
    for path in (folder / "outbox" / "amazon").glob("*"):
        path.unlink()
    shutil.rmtree(folder / "archive")
    (folder / "ready").touch()
    return folder


def _drop(wanted: Wanted, inbox: Path, name: str) -> None:
    shutil.copyfile(data.made(wanted), inbox / name)


def _child(workspace: Path, *flags: str) -> dict[str, object]:
    """``once`` in a fresh process; ``process`` is its whole time."""
    begun = time.perf_counter()
    words = [sys.executable, __file__, "--once", str(workspace), *flags]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True)
    *shown, last = done.stdout.decode().splitlines()
    if shown:
        print(*shown, sep="\n", file=sys.stderr)
    found: dict[str, object] = json.loads(last)
    return found | {"process": time.perf_counter() - begun}


def runs(rows: int, *flags: str) -> dict[str, dict[str, object]]:
    """Every run after the other on one copy of the template."""
    workspace = OUT / f"workspace_{rows}_{os.getpid()}"
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(template(rows), workspace)
    found = {}
    for place, (name, variant) in enumerate(RUNS):
        wanted = Wanted("stock", "csv", rows, variant)
        _drop(wanted, workspace / "inbox", f"Bestand_2026011{place + 3}.csv")
        found[name] = _child(workspace, *flags)
    shutil.rmtree(workspace)
    return found


if __name__ == "__main__":
    first, *flags = sys.argv[1:]
    if first == "--once":
        said = once(Path(flags[0]), profile="--profile" in flags)
        print(json.dumps(said))
    else:
        print(json.dumps(runs(int(first), *flags)))
