"""Once a day, what Sage wants is compared with what Amazon shows.

1. a listings report is asked for; it says what Amazon shows.
2. every difference becomes a row of a file for a person, with its reason.
3. one commit: how many there are, for ``status``.

A crash in 2: the file is written anew. No offer is changed: a person reads
the reason, and the hint names the command that would.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bridge.errors import Finding
from bridge.errors import door
from bridge.flows.comparing import Comparison
from bridge.flows.filing import defused
from bridge.flows.mirroring import mirror_rehearsed
from bridge.flows.reporting import want
from bridge.ledger import comparing
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import reports
from bridge.ledger.snapshots import Place
from bridge.messages import catalogue
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports.reports import LISTINGS
from bridge.ports.reports import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bridge.flows.comparing import Difference
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

ERRAND = "reconcile"
EVERY = timedelta(days=1)
FOLDER = "reports"
UNCOMPARED = "warning:reconcile:"  # facts that status shows
COLUMNS = (
    *("marketplace", "sku", "article", "what", "at_sage", "at_amazon"),
    *("reason", "hint"),
)


def raise_reconcile(parts: Parts, tx: Transaction) -> None:
    """Have Sage and Amazon compared once a day, the first time after one.

    A rehearsal is compared only when somebody asks.
    """
    if parts.side.mode != "live":
        return
    name, now = f"reconcile:next:{parts.side.account}", parts.clock.now()
    due = facts.known(tx, name)
    if due is not None and now.isoformat() < due:
        return
    facts.know(tx, name, (now + EVERY).isoformat())
    if due is not None:
        ask(parts, tx)


def ask(parts: Parts, tx: Transaction) -> None:
    """Have every marketplace compared as soon as Amazon has reported."""
    for market in parts.settings.amazon.marketplaces:
        want(parts, tx, Wanted(LISTINGS, market), [ERRAND])


def reconcile(parts: Parts, key: str, generation: int) -> None:
    """Compare a marketplace with its last report; twice is harmless."""
    place = Place(parts.side, key)
    made_at = _reported(parts, place)
    result = None if made_at is None else _write(parts, place, made_at)
    with parts.ledger.write() as tx:
        facts.forget(tx, f"{UNCOMPARED}{key}")
        if result is None:
            facts.know(tx, f"{UNCOMPARED}{key}", _left_out(parts, key))
        else:
            comparing.keep_result(tx, place, result)
        dues.done(tx, ERRAND, key, generation)


def _left_out(parts: Parts, market: str) -> str:
    found = Finding("reports.not_compared", severity="warn")
    return found.told(market, parts.settings.bridge.language)


def _reported(parts: Parts, place: Place) -> datetime | None:
    """When what Amazon shows was reported; nothing if it was not.

    Where nothing is recorded, a rehearsal shows what it has accepted.
    """
    with parts.ledger.read() as tx:
        wanted = Wanted(LISTINGS, place.marketplace)
        last = reports.last(tx, place.side, wanted)
    if last is None or last.state == reports.FAILED:
        return None
    if last.state != reports.EMPTY:
        return last.made_at
    if place.side.mode == "live":
        return None
    mirror_rehearsed(parts, place, last.id)
    return parts.clock.now()


def _write(parts: Parts, place: Place, made_at: datetime) -> dict[str, object]:
    """The file of a comparison, and what is kept of it."""
    now = parts.clock.now()
    path = _path(parts, place, now)
    reasons: Counter[str] = Counter()
    with parts.ledger.read() as tx, door(path):
        comparison = Comparison(tx, place, made_at)
        found = _counted(comparison.differences(), reasons)
        _save(path, found, place, parts.settings.bridge.language)
    parts.log.info("offers.compared", differences=reasons.total())
    return {
        "compared_at": now.isoformat(),
        "reported_at": made_at.isoformat(),
        "same": comparison.agreed["skus"],
        "different": dict(sorted(reasons.items())),
        "file": path.relative_to(parts.settings.workspace).as_posix(),
    }


def _path(parts: Parts, place: Place, now: datetime) -> Path:
    language = parts.settings.bridge.language
    stem = catalogue.term("file", ERRAND, language)
    at = now.astimezone(ZoneInfo(parts.settings.bridge.timezone))
    name = f"{stem}_{place.marketplace}_{at:%Y%m%d_%H%M%S}.csv"
    return parts.settings.folder(FOLDER) / name


def _counted(
    found: Iterator[Difference], reasons: Counter[str]
) -> Iterator[Difference]:
    for one in found:
        reasons[one.code.partition(".")[2]] += 1
        yield one


def _save(
    path: Path, found: Iterator[Difference], place: Place, language: str
) -> None:
    """A csv for a spreadsheet, which appears whole; nothing is computed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open(
        "w", encoding="windows-1252", errors="replace", newline=""
    ) as text:
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        rows.writerow([_term("heading", name, language) for name in COLUMNS])
        for one in found:
            cells = row(one, place.marketplace, language)
            rows.writerow([defused(cells[name] or "") for name in COLUMNS])
    draft.replace(path)


def row(
    one: Difference, marketplace: str, language: str
) -> dict[str, str | None]:
    """A difference as a person reads it, by the names of the columns."""
    told = one.told(MARKETPLACES[marketplace].currency, language)
    return {
        "marketplace": marketplace,
        "sku": one.sku,
        "article": one.article,
        "what": _term("heading", one.what, language),
        "at_sage": told.sage,
        "at_amazon": told.amazon,
        "reason": told.reason,
        "hint": told.hint,
    }


def _term(kind: str, name: str, language: str) -> str:
    return catalogue.term(kind, name, language)
