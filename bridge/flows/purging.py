"""What has been kept long enough is removed, with a proof of each removal.

Amazon allows who a buyer is for 30 days after delivery (Data Protection
Policy, amazon.md 8). The bridge does not see deliveries; it counts from the
shipment, which is earlier, and from Amazon's last word where an order never
ships. Twice is harmless: what is gone is not found again.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from bridge.flows import lockedfiles
from bridge.flows import papershelf
from bridge.flows.persons import LOCKED
from bridge.flows.rekeying import drop_old_keys
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import former
from bridge.ledger import reports
from bridge.ledger import reservations
from bridge.ledger import retention
from bridge.model.kinds import KINDS
from bridge.model.values import micros

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.retention import Kept
    from bridge.ledger.retention import Key

ERRAND = "purge"
RESERVED = timedelta(days=30)  # counted by Sage long since
EVERY = timedelta(days=1)
NEXT = "purge:next"
ENDED = frozenset({"SHIPPED", "CANCELLED", "UNFULFILLABLE"})
UNSHIPPED = timedelta(days=60)  # an order that never ships is kept longer
REPORTS = timedelta(days=100)  # Amazon keeps them for 90
#: Copies that name people, as a rule: what was brought to partners, mails
#: that became files, papers and orders that were rehearsed.
COPIES = (
    ("archive/partners", "*"),
    ("outbox/mail", "*.eml"),
    ("outbox/amazon", "*.pdf"),
    ("outbox/amazon", "*Fulfillment*"),
)
LOGS = "bridge.log.jsonl.*"  # older ones; the present log is not among them


def raise_purge(parts: Parts, tx: Transaction) -> bool:
    """Have what is old removed, once a day.

    Returns:
        Whether it is that time of the day.
    """
    now = parts.clock.now()
    due = facts.known(tx, NEXT)
    if due is not None and now.isoformat() < due:
        return False
    facts.know(tx, NEXT, (now + EVERY).isoformat())
    dues.raise_due(tx, ERRAND, "all", lane=ERRAND, at=now)
    return True


def purge(parts: Parts, key: str, generation: int) -> None:
    """Remove what the rules of ``[retention]`` do not keep any longer."""
    with parts.ledger.read() as tx:
        kept = retention.with_persons(tx)
        waiting = "\n".join(item.key for item in dues.open_dues(tx))
    for order in kept:
        if _is_over(parts, order) and order.id not in waiting:
            _forget(parts, order)
    _forget_papers(parts)
    _remove_files(parts)
    _remove_papers(parts)
    _remove_old(parts, "state", LOGS, "log", "log")
    drop_old_keys(parts)
    with parts.ledger.write() as tx:
        before = parts.clock.now() - parts.settings.retention.log
        number = retention.forget_findings(tx, before)
        reports.forget(tx, parts.clock.now() - REPORTS)
        if number:
            _prove(parts, tx, "findings", "delivery", number, "log")
        reservations.forget(tx, parts.clock.now() - RESERVED)
        former.forget(tx, parts.clock.now() - parts.settings.retention.offers)
        dues.done(tx, ERRAND, key, generation)


def _is_over(parts: Parts, order: Kept) -> bool:
    since = order.shipped_at or order.updated_at
    if order.shipped_at is None and order.status not in ENDED:
        since += UNSHIPPED
    limit = parts.settings.retention.personal_data
    return parts.clock.now() - since > limit


def _forget(parts: Parts, order: Kept) -> None:
    """One commit an order: who is behind it, and the proof."""
    with parts.ledger.write() as tx:
        retention.forget_person(tx, order)
        _prove(parts, tx, "person", order.id, 1, "personal_data")
    parts.log.info("person.purged", order=order.id)


def _forget_papers(parts: Parts) -> None:
    """Papers of Sage lose the name, whenever they came, with their order."""
    over: dict[str, list[Key]] = {}
    with parts.ledger.read() as tx:
        for key, number in _named_papers(tx):
            over.setdefault(number, []).append(key)
        for number in list(over):
            order = retention.order_named(tx, number)
            if order is None or not _is_over(parts, order):
                del over[number]  # not Amazon's, or not yet
    for number, keys in over.items():
        with parts.ledger.write() as tx:
            for key in keys:
                body = orjson.loads(retention.body_of(tx, key))
                body.pop(LOCKED, None)
                said = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
                retention.set_body(tx, key, said)
            _prove(parts, tx, "papers", number, len(keys), "personal_data")


def _named_papers(tx: Transaction) -> Iterator[tuple[Key, str]]:
    """Papers that name somebody, and the order they belong to."""
    kinds = [
        kind.name
        for kind in KINDS.values()
        if kind.persons and "order" in kind.fields
    ]
    for key, raw in retention.bodies(tx, kinds, LOCKED.encode()):
        body = orjson.loads(raw)
        if LOCKED in body and body.get("order"):
            yield key, body["order"]


def _remove_files(parts: Parts) -> None:
    """Originals and reports; those that name persons go earlier."""
    rules = parts.settings.retention
    now = micros(parts.clock.now())
    with parts.ledger.read() as tx:
        known = retention.received(tx)
    for place in ("archive", "quarantine"):
        number = 0
        for path, delivery in _originals(parts, place):
            came, mapping = known.get(delivery, (now, None))
            personal = _is_pdf(path) or _names_persons(parts, mapping)
            limit = rules.archive
            if personal:
                limit = min(limit, rules.personal_data)
            if now - came > limit // timedelta(microseconds=1):
                path.unlink(missing_ok=True)
                number += 1
        if number:
            with parts.ledger.write() as tx:
                _prove(parts, tx, "files", place, number, "archive")
    for folder, pattern in COPIES:
        _remove_old(parts, folder, pattern, "personal_data")
    _remove_old(parts, "reports", "*.csv", "archive")
    _remove_empty(parts)


def _remove_papers(parts: Parts) -> None:
    """Printed papers, when their years are over (AO § 147 (4), UStG § 14b).

    The time begins with the end of the year a paper is of.
    """
    kept = parts.settings.papers.keep_years
    last = parts.clock.now().year - kept
    for folder in parts.settings.folder(papershelf.FOLDER).glob("[0-9]*"):
        if not folder.name.isdecimal() or int(folder.name) >= last:
            continue
        old = [path for path in folder.iterdir() if path.is_file()]
        for path in old:
            path.unlink(missing_ok=True)
        folder.rmdir()
        with parts.ledger.write() as tx:
            retention.prove(
                tx,
                "files",
                f"{papershelf.FOLDER}/{folder.name}",
                len(old),
                rule=f"keep_years {kept}",
                now=parts.clock.now(),
            )


def _remove_old(
    parts: Parts, folder: str, pattern: str, rule: str, what: str = ""
) -> None:
    """Files of a folder that a rule does not keep any longer."""
    before = parts.clock.now() - getattr(parts.settings.retention, rule)
    found = parts.settings.folder(folder).rglob(pattern)
    old = [path for path in found if _is_older(path, before)]
    for path in old:
        path.unlink(missing_ok=True)
    if old:
        with parts.ledger.write() as tx:
            _prove(parts, tx, "files", what or folder, len(old), rule)


def _is_older(path: Path, before: datetime) -> bool:
    if not path.is_file():
        return False
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < before


def _originals(parts: Parts, place: str) -> Iterator[tuple[Path, int]]:
    """Files by the number of their delivery, which begins their name."""
    for path in parts.settings.folder(place).rglob("*"):
        number = path.name.partition("_")[0]
        if number.isdecimal() and path.is_file():
            yield path, int(number)


def _is_pdf(path: Path) -> bool:
    """Papers that Sage printed name the customer, whoever reads them."""
    return path.name.removesuffix(lockedfiles.ENDING).lower().endswith(".pdf")


def _names_persons(parts: Parts, mapping: str | None) -> bool:
    plan = parts.book.plans.get(mapping or "")
    return plan is not None and plan.kind.names_people


def _remove_empty(parts: Parts) -> None:
    """Months of the archive that hold nothing any more."""
    for pattern in ("[0-9]*/[0-9]*", "[0-9]*"):
        for folder in parts.settings.folder("archive").glob(pattern):
            with suppress(OSError):  # something lies in it
                folder.rmdir()


def _prove(  # noqa: PLR0913, PLR0917 - the columns of a row
    parts: Parts,
    tx: Transaction,
    what: str,
    subject: str,
    number: int,
    rule: str,
) -> None:
    kept = getattr(parts.settings.retention, rule)
    retention.prove(
        tx,
        what,
        subject,
        number,
        rule=f"{rule} {kept.days}d",
        now=parts.clock.now(),
    )
