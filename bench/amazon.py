"""What the way to Amazon and back costs, and whether its plans are kept.

``python bench/amazon.py calls 2000``: so many changed SKUs, a call each,
against the stand-in of the tests, over HTTP, in simulated time: the rate
that was reached, and what was refused.
``day 50000``: so many changes over a simulated day; every hour of every
operation is held against the plan.
``feeds 1000000``: so many SKUs with a new stock become feeds; nobody
answers, so that only our own work is timed.
``orders 10000``: so many orders are fetched over HTTP, written down and
published in one run; what the stand-in needs is taken out.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from data import OUT
from data import Wanted
from ledger import _drop
from ledger import template
from measure import rss

from bridge.app.clock import SystemClock
from bridge.app.service import Service
from bridge.app.wiring import assemble
from bridge.ports import Outcome
from tests.conftest import StandingClock
from tests.house import prices
from tests.house import stock
from tests.standin import amazon as standin
from tests.standin.live import open_shop
from tests.standin.live import sample_orders
from tests.standin.plans import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from bridge.ports import Call
    from bridge.ports import Feed
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OFFERED = 5_000  # listings of the day
PAGE = 100  # orders


@contextmanager
def opened(more: str = "") -> Iterator[Shop]:
    """A bridge in live mode and its stand-in."""
    root = Path(tempfile.mkdtemp(prefix="bridge-amazon-"))
    clock = StandingClock()
    with standin.serving(clock) as amazon:
        yield open_shop(root / "shop", amazon, clock, more)
    shutil.rmtree(root)


def skus(number: int) -> list[str]:
    return [f"{place:07d}" for place in range(number)]


def kept(amazon: Amazon) -> dict[str, Any]:
    """What was refused, and the fullest hour of each operation."""
    hours: Counter[str] = Counter()
    for name in {one.operation for one in amazon.seen}:
        times = [one.at for one in amazon.seen if one.operation == name]
        start = 0
        for end, at in enumerate(times):
            while at - times[start] > HOUR:
                start += 1
            hours[name] = max(hours[name], end - start + 1)
    allowed = {
        name: PLANS[name][0] * HOUR.total_seconds() + PLANS[name][1]
        for name in hours
        if name in PLANS
    }
    return {
        "violations": len(amazon.meter.refused),
        "share_of_plan": {
            name: round(hours[name] / allowed[name], 3) for name in allowed
        },
    }


def calls(number: int) -> dict[str, Any]:
    """So many changed SKUs, a call each."""
    with opened(f"patch_up_to = {number}") as shop:
        shop.offer(dict.fromkeys(skus(number), "7"))
        shop.clock.sleep(HOUR)
        first = len(shop.amazon.seen)
        shop.house.drop(
            shop.house.later("Bestand"),
            stock(dict.fromkeys(skus(number), "5"), at="14.01.2026 09:00:00"),
        )
        begun = time.perf_counter()
        shop.once(timedelta(days=1))
        seconds = time.perf_counter() - begun
        times = [
            one.at
            for one in shop.amazon.seen[first:]
            if one.operation == "patchListingsItem"
        ]
        taken = (times[-1] - times[0]).total_seconds()
        plan = PLANS["patchListingsItem"][0]
        return {
            "calls": len(times),
            "rate": len(times) / taken,
            "share": len(times) / taken / plan,
            "own_seconds": seconds,
            **kept(shop.amazon),
        }


def day(number: int) -> dict[str, Any]:
    """So many changes over a day: stock by the half hour, prices between."""
    with opened() as shop:
        names = skus(OFFERED)
        shop.offer(dict.fromkeys(names, "7"))
        begun = shop.clock.now()
        steps = 48
        done = 0
        for step in range(steps):
            many = number * (step + 1) // steps - done
            start = (step * 997) % OFFERED
            some = [names[(start + n) % OFFERED] for n in range(many)]
            at = f"{14 + (8 + step // 2) // 24}.01.2026"
            hour = f"{(8 + step // 2) % 24:02d}:{30 * (step % 2):02d}:00"
            changed = dict.fromkeys(some, str(8 + step))
            if step % 4 == 3:
                amounts = dict.fromkeys(some, f"10,{step:02d}")
                shop.house.drop(shop.house.later("Preise"), prices(amounts))
            else:
                text = stock(changed, at=f"{at} {hour}")
                shop.house.drop(shop.house.later("Bestand"), text)
            done += many
            shop.once(timedelta(minutes=25))
            now = begun + (step + 1) * DAY / steps
            if shop.clock.now() < now:
                shop.clock.time = now
        shop.once(timedelta(hours=6))
        sent = Counter(one.operation for one in shop.amazon.seen)
        return {"changes": done, "requests": dict(sent), **kept(shop.amazon)}


@dataclass
class Silent:
    """A marketplace that takes everything and keeps nothing."""

    most_present: int = 100_000
    feeds: list[int] = field(default_factory=list)

    def call(self, call: Call) -> Outcome:
        del call
        return Outcome(accepted=True)

    def upload(self, feed: Feed) -> str:
        self.feeds.append(len(feed.body))
        return "document"

    def submit(self, feed: Feed, document: str) -> str:
        del document
        return f"receipt-{feed.number}"

    def find(self, feed: Feed, sent_at: object) -> tuple[str, ...]:
        del feed, sent_at
        return ()

    def outcome(self, receipt: str) -> Outcome:
        del receipt
        return Outcome(accepted=True)

    def present(self, market: str, names: Sequence[str]) -> frozenset[str]:
        del market
        return frozenset(names)


def feeds(number: int) -> dict[str, Any]:
    """So many SKUs with a new stock become feeds."""
    workspace = OUT / f"feeds_{number}_{os.getpid()}"
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(template(2 * number), workspace)
    wanted = Wanted("stock", "csv", 2 * number, "")
    _drop(wanted, workspace / "inbox", "Bestand_20260113.csv")
    told = Silent()
    parts = replace(assemble(workspace, clock=SystemClock()), marketplace=told)
    service = Service(parts)
    spent = _timed(service)
    code = service.once(timedelta(hours=2))
    shutil.rmtree(workspace)
    return {
        "feeds": len(told.feeds),
        "mib": sum(told.feeds) / 1024**2,
        "seconds": spent["submit"],
        "all": dict(spent),
        "code": code,
        "rss": rss(),
    }


def _timed(service: Service) -> Counter[str]:
    """CPU seconds by errand."""
    spent: Counter[str] = Counter()
    handle = service._foreman.handle  # noqa: SLF001

    def timed(errand: str, key: str, generation: int) -> None:
        begun = time.thread_time()
        handle(errand, key, generation)
        spent[errand] += time.thread_time() - begun  # type: ignore[assignment]

    service._foreman.handle = timed  # type: ignore[method-assign] # noqa: SLF001
    return spent


def orders(number: int) -> dict[str, Any]:
    """So many orders in one run."""
    with opened() as shop:
        folder = shop.house.path / "samples"
        raw = sample_orders(folder, shop.clock.now())[0]
        for place in range(number):
            one = deepcopy(raw)
            one["orderId"] = f"302-{place // 1000:07d}-{place % 1000:07d}"
            shop.amazon.seller.orders[one["orderId"]] = one
        shop.clock.sleep(HOUR)
        theirs = _theirs(shop.amazon)
        begun = time.perf_counter()
        shop.once(timedelta(days=1))
        seconds = time.perf_counter() - begun
        own = seconds - theirs[0]
        files = len(list((shop.house.path / "outbox/sage").glob("*")))
        return {
            "files": files,
            "seconds": seconds,
            "stand_in": theirs[0],
            "per_second": files / own,
            "rss": rss(),
            **kept(shop.amazon),
        }


def _theirs(amazon: Amazon) -> list[float]:
    """What the stand-in's threads compute, in seconds."""
    spent, turn, handle = [0.0], threading.Lock(), amazon.handle

    def handled(*request: Any) -> Any:  # noqa: ANN401
        begun = time.thread_time()
        reply = handle(*request)
        with turn:
            spent[0] += time.thread_time() - begun
        return reply

    amazon.handle = handled  # type: ignore[method-assign]
    return spent


CASES = {"calls": calls, "day": day, "feeds": feeds, "orders": orders}

if __name__ == "__main__":
    case, number = sys.argv[1:]
    print(json.dumps(CASES[case](int(number))))
