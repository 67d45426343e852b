"""Reports: asked for once, waited for however long, read from the disk.

1. one commit: a report is written down, who waits for it with it.
2. it is asked for; its receipt is kept.
3. Amazon makes it, in minutes or hours: waiting spends no attempt.
4. its document comes to the disk and is read, row by row.
5. one commit: it is done, and what waited for it is due.

A crash in 2: reports of this kind are looked for before it is asked for
again. In 4: the document is fetched and read again, which changes nothing.
What Amazon refuses or gives up is told by ``status``; who waited goes on
without it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.errors import InputError
from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import door
from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.flows.categories import list_nodes
from bridge.flows.mirroring import mirror
from bridge.flows.ordertaking import take_orders
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import reports
from bridge.ledger import standing
from bridge.ports.reports import LISTINGS
from bridge.ports.reports import NODES
from bridge.ports.reports import ORDERS
from bridge.ports.reports import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.reports import Report
    from bridge.ports.reports import Standing

    Reader = Callable[[Parts, Report, Path, str], int]

ERRAND = "report"
CLOCKS = timedelta(seconds=60)  # Amazon's clock and ours may differ
LOST = frozenset({"reports.broken"})  # whatever a person does
SURE = timedelta(minutes=5)  # what Amazon does not list by then is not there
LOOK = timedelta(minutes=1)  # between two looks
MILD = "warning:report:"  # facts that status shows
SEVERE = f"{standing.SEVERE}report:"

#: Who reads a report: the number of its rows comes back. Twice is harmless.
READERS: dict[str, Reader] = {
    LISTINGS: mirror,
    NODES: list_nodes,
    ORDERS: take_orders,
}


def want(
    parts: Parts,
    tx: Transaction,
    wanted: Wanted,
    then: Iterable[str] = (),
    *,
    daily: bool = False,
) -> None:
    """Have a report made and read; one that is under way is joined.

    Args:
        parts: The pieces.
        tx: The transaction of the cause.
        wanted: Which.
        then: Errands that are due for its marketplace afterwards.
        daily: Whether the timetable wants it, and nobody waits for it.
    """
    now = parts.clock.now()
    number = reports.begin(tx, parts.side, wanted, then, now, daily=daily)
    key = key_of(parts, str(number))
    if dues.known(tx, ERRAND, key) is None:
        dues.raise_due(tx, ERRAND, key, lane=f"{ERRAND}:{number}", at=now)


def report(parts: Parts, key: str, generation: int) -> None:
    """Bring one report a step further, to its end if it is made.

    Raises:
        ThrottledError: It is not made yet; waiting spends no attempt.
        TransientError: Its document did not come whole.
    """
    _sweep(parts)
    with parts.ledger.read() as tx:
        row = reports.get(tx, int(about(key)))
    if row is not None and row.state in reports.OPEN:
        try:
            _advance(parts, row)
        except (RefusedError, InputError) as error:
            if row.type == ORDERS and error.code not in LOST:
                raise  # nobody makes it a second time: a person decides
            _end(parts, row, reports.FAILED, trouble=error)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _advance(parts: Parts, row: Report) -> None:
    """Ask, wait, fetch, read: whatever is next, until it is done."""
    receipt = row.receipt or _ask(parts, row)
    how = parts.reports.standing(receipt)
    if how is None:
        wait = parts.settings.amazon.poll_feeds
        raise ThrottledError("reports.not_yet", retry_after=wait)
    if how.end == "none":
        _end(parts, row, reports.EMPTY)
    elif how.end == "broken" or how.document is None:
        raise RefusedError("reports.broken", value=row.type)
    else:
        _take(parts, row, how, how.document)


def _ask(parts: Parts, row: Report) -> str:
    """Ask for a report, at most once; its receipt.

    Raises:
        ThrottledError: It is not known yet whether an earlier attempt that
            nobody heard of arrived.
    """
    receipt = _arrived(parts, row)
    if receipt is None:
        with parts.ledger.write() as tx:
            reports.change(tx, row.id, asked_at=parts.clock.now())
        try:
            receipt = parts.reports.request(_wanted(row))
        except (ThrottledError, RefusedError):
            with parts.ledger.write() as tx:
                reports.change(tx, row.id, asked_at=None)  # surely not there
            raise
    with parts.ledger.write() as tx:
        reports.change(tx, row.id, receipt=receipt, state=reports.ASKED)
    return receipt


def _arrived(parts: Parts, row: Report) -> str | None:
    if row.asked_at is None:
        return None
    listed = parts.reports.find(_wanted(row), row.asked_at - CLOCKS)
    with parts.ledger.read() as tx:
        known = reports.receipts(tx, parts.side, row.type)
    unknown = [one for one in listed if one not in known]
    if unknown:
        return unknown[-1]  # Amazon lists the newest first
    if parts.clock.now() - row.asked_at < SURE:
        raise ThrottledError("reports.looking", retry_after=LOOK)
    return None


def _take(parts: Parts, row: Report, how: Standing, document: str) -> None:
    """Fetch a document and read it; its file lives no longer."""
    path = _folder(parts) / str(row.id)
    with parts.ledger.write() as tx:
        made = how.made_at or row.asked_at or row.created_at
        values = {"document": document, "made_at": made}
        reports.change(tx, row.id, state=reports.MADE, **values)
    try:
        encoding = parts.reports.fetch(_wanted(row), document, path)
        number = READERS[row.type](parts, row, path, encoding)
    finally:
        with door(path):
            path.unlink(missing_ok=True)
    _end(parts, row, reports.DONE, number=number)


def _end(
    parts: Parts,
    row: Report,
    state: str,
    *,
    number: int | None = None,
    trouble: BridgeError | None = None,
) -> None:
    """The last commit: what became of it, and who waited is due."""
    now = parts.clock.now()
    topic = f"{parts.side.account}:{row.type}:{row.marketplace}"
    with parts.ledger.write() as tx:
        known = reports.get(tx, row.id)
        reports.change(tx, row.id, state=state, done_at=now, rows=number)
        for errand in known.then if known else row.then:
            lane = f"{errand}:{parts.side.account}"
            key = key_of(parts, row.marketplace)
            dues.raise_due(tx, errand, key, lane=lane, at=now)
        for kind in (MILD, SEVERE):
            facts.forget(tx, f"{kind}{topic}")
        if trouble is not None:
            kind = SEVERE if isinstance(trouble, RefusedError) else MILD
            told = trouble.told(parts.settings.bridge.language)
            facts.know(tx, f"{kind}{topic}", f"{topic}: {told}")
        facts.know(tx, f"contact:{parts.side.mode}", now.isoformat())
    parts.log.info("report.ended", report=row.id, state=state, rows=number)


def _sweep(parts: Parts) -> None:
    """Documents a crash left behind; some of them tell of persons."""
    folder = _folder(parts)
    left = {
        path: path.name.strip(".").partition(".")[0] for path in _in(folder)
    }
    numbers = {int(name) for name in left.values() if name.isdecimal()}
    with parts.ledger.read() as tx:
        ended = reports.ended(tx, numbers)
    with door(folder):
        for path, name in left.items():
            if name.isdecimal() and int(name) in ended:
                path.unlink(missing_ok=True)


def _in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _folder(parts: Parts) -> Path:
    return parts.settings.folder("state") / "reports"


def _wanted(row: Report) -> Wanted:
    return Wanted(row.type, row.marketplace)
