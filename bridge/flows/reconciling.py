"""Once a day, what Sage wants is compared with what Amazon shows.

1. a listings report is asked for; it says what Amazon shows.
2. every difference becomes a row of a file for a person, with its reason.
3. one commit: how many there are, for ``status``.

A crash in 2: the file is written anew. No offer is changed: a person reads
the reason, and the hint names the command that would.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.flows.accounts import about
from bridge.flows.comparing import Comparison
from bridge.flows.mirroring import mirror_rehearsed
from bridge.flows.reporting import want
from bridge.flows.sheets import save
from bridge.flows.sheets import sheet_path
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

    from bridge.flows.comparing import Difference
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

ERRAND = "reconcile"
EVERY = timedelta(days=1)
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
        ask(parts, tx, daily=True)


def ask(parts: Parts, tx: Transaction, *, daily: bool = False) -> None:
    """Have every marketplace compared as soon as Amazon has reported."""
    for market in parts.settings.amazon.marketplaces:
        want(parts, tx, Wanted(LISTINGS, market), [ERRAND], daily=daily)


def reconcile(parts: Parts, key: str, generation: int) -> None:
    """Compare a marketplace with its last report; twice is harmless."""
    place = Place(parts.side, about(key))
    fact = f"{UNCOMPARED}{key}"
    made_at = _reported(parts, place)
    result = None if made_at is None else _write(parts, place, made_at)
    with parts.ledger.write() as tx:
        facts.forget(tx, fact)
        if result is None:
            facts.know(tx, fact, _left_out(parts, key))
        else:
            comparing.keep_result(tx, place, result)
        dues.done(tx, ERRAND, key, generation)


def _left_out(parts: Parts, key: str) -> str:
    found = Finding("reports.not_compared", severity="warn")
    return found.told(key, parts.settings.bridge.language)


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
    language = parts.settings.bridge.language
    path = sheet_path(parts, ERRAND, place.marketplace)
    reasons: Counter[str] = Counter()
    with parts.ledger.read() as tx:
        comparison = Comparison(tx, place, made_at)
        rows = (
            row(one, place.marketplace, language)
            for one in _counted(comparison.differences(), reasons)
        )
        cells = (tuple(map(said.get, COLUMNS)) for said in rows)
        save(path, COLUMNS, cells, language)
    parts.log.info("offers.compared", differences=reasons.total())
    return {
        "compared_at": parts.clock.now().isoformat(),
        "reported_at": made_at.isoformat(),
        "same": comparison.agreed["skus"],
        "different": dict(sorted(reasons.items())),
        "file": path.relative_to(parts.settings.workspace).as_posix(),
    }


def _counted(
    found: Iterator[Difference], reasons: Counter[str]
) -> Iterator[Difference]:
    for one in found:
        reasons[one.code.partition(".")[2]] += 1
        yield one


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
