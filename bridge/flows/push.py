"""Files go to a partner: out of a folder, or our answers to his.

For each file, each step committed before the next begins:

1. ``claimed``: written down, then taken out of everyone's reach, as an
   inbox does it: two partners never get one file, and nobody changes it.
2. Brought under a name that nobody reads; a cut is continued.
3. ``ready``: it is there, whole. Only then it gets its name. A crash
   between finds no draft there: it has its name, and was perhaps fetched.
4. ``sent``: ours goes to ``archive/partners/<partner>``, and is locked.
5. ``filed``: nothing is left to do.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bridge.errors import InputError
from bridge.errors import RefusedError
from bridge.flows import lockedfiles
from bridge.flows import receipts
from bridge.flows import remotenames
from bridge.flows.arrivals import Offered
from bridge.flows.troubles import Troubles
from bridge.ledger import dispatches
from bridge.ledger.dispatches import CLAIMED
from bridge.ledger.dispatches import FILED
from bridge.ledger.dispatches import READY
from bridge.ledger.dispatches import REFUSED
from bridge.ledger.dispatches import SENT
from bridge.ports.partners import Appear
from bridge.ports.partners import Send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from bridge.config.partners import Partner
    from bridge.config.partners import Push
    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.dispatches import Dispatch
    from bridge.ports import Arrived
    from bridge.ports.partners import Area

ERRAND = "push"
AT_ONCE = 200  # files of one commit


@dataclass(frozen=True)
class _Way:
    """On the way to a partner."""

    parts: Parts
    partner: Partner
    troubles: Troubles


def push(parts: Parts, key: str, generation: int) -> None:
    """Bring a partner what is there for him; twice is harmless."""
    partner = parts.settings.with_area(key)
    troubles = Troubles(parts, ERRAND, key)
    if partner is not None:
        way = _Way(parts, partner, troubles)
        receipts.answer(parts, key)
        for entry in partner.push:
            with troubles.of(str(entry.source)):
                _claim(way, entry)
        _bring_all(way)
    troubles.over(generation)


def _claim(way: _Way, entry: Push) -> None:
    """Write down what lies in a folder for the partner, and take it."""
    arrivals = _settled(way, entry)
    for start in range(0, len(arrivals), AT_ONCE):
        with way.parts.ledger.write() as tx:
            for arrival in arrivals[start : start + AT_ONCE]:
                dispatches.make(
                    tx,
                    partner=way.partner.name,
                    folder=entry.folder,
                    name=arrival.name,
                    draft=remotenames.draft(arrival.name),
                    source=str(entry.source),
                    size=arrival.size,
                    mtime_ns=arrival.mtime_ns,
                    state=CLAIMED,
                    made_at=way.parts.clock.now(),
                )
    with way.parts.ledger.read() as tx:
        claimed = dispatches.of(tx, way.partner.name, (CLAIMED,))
    for item in claimed:
        if item.source == str(entry.source):
            _located(way, item)


def _settled(way: _Way, entry: Push) -> list[Arrived]:
    """What stands still in a folder and is meant for the partner."""
    pickup = way.parts.pickups[str(entry.source)]
    arrivals = pickup.scan(patient=False)
    if pickup.restless:
        way.parts.clock.sleep(way.partner.settle)
        arrivals = pickup.scan(patient=False)
    return [one for one in arrivals if _meant(way, entry, one.name)]


def _meant(way: _Way, entry: Push, name: str) -> bool:
    """Whether a file is meant for the partner.

    A rehearsed one goes out only where a pattern says so in so many words:
    nobody shall deliver what was never ordered.
    """
    start, patterns = (
        way.parts.settings.amazon.rehearsal_prefix,
        entry.patterns,
    )
    if start and name.startswith(start):
        patterns = tuple(one for one in patterns if one.startswith(start))
    return remotenames.wanted(name, patterns)


def _located(way: _Way, item: Dispatch) -> Path | None:
    """Where a claimed file lies; one that was taken away is forgotten."""
    pickup = way.parts.pickups.get(item.source or "")
    if pickup is None:
        error = InputError("partners.no_source", path=item.source)
        way.troubles.note(item.name, error)
        return None
    path = Path(item.source or "") / item.name
    offered = Offered(path, item.name, item.size or 0, item.mtime_ns or 0)
    try:
        return pickup.claim(offered, item.id)
    except InputError:
        with way.parts.ledger.write() as tx:
            dispatches.drop(tx, item.id)
        return None


def _bring_all(way: _Way) -> None:
    with way.parts.ledger.read() as tx:
        todo = dispatches.of(tx, way.partner.name)
    if not todo:
        return
    with way.parts.partners[way.partner.name].connect() as area:
        for start in range(0, len(todo), AT_ONCE):
            numbers = [one.id for one in todo[start : start + AT_ONCE]]
            _send(way, area, _at(way, numbers, CLAIMED, REFUSED))
            _name(way, area, _at(way, numbers, READY))
            _file(way, _at(way, numbers, SENT))


def _at(way: _Way, numbers: Sequence[int], *states: str) -> list[Dispatch]:
    with way.parts.ledger.read() as tx:
        found = dispatches.of(tx, way.partner.name, states)
    return [one for one in found if one.id in numbers]


def _send(way: _Way, area: Area, items: Sequence[Dispatch]) -> None:
    """Bring files as drafts; written down once they are there, whole."""
    wanted = list(_sends(way, items))
    errors = area.send([job for _, job in wanted])
    _sorted_out(way, [item for item, _ in wanted], errors, READY)


def _sends(
    way: _Way, items: Sequence[Dispatch]
) -> Iterator[tuple[Dispatch, Send]]:
    for item in items:
        if item.body is not None:
            opens, size = partial(io.BytesIO, item.body), len(item.body)
            yield item, Send(item.folder, item.draft, size, opens)
        elif path := _located(way, item):
            reads, size = partial(_reader, path), path.stat().st_size
            yield item, Send(item.folder, item.draft, size, reads)


def _reader(path: Path) -> io.BufferedReader:
    return path.open("rb")


def _name(way: _Way, area: Area, items: Sequence[Dispatch]) -> None:
    """Let files appear; what is named is written down in one commit.

    An answer takes the place of those to an older file of the same name:
    two answers that differ would leave the partner guessing.
    """
    for lot in _apart(items):
        older = {item.id: _older(way, item) for item in lot}
        due = [item for item in lot if older[item.id] is not None]
        errors = area.appear(
            [
                Appear(one.folder, one.draft, one.name, older[one.id] or ())
                for one in due
            ]
        )
        _now(way, [item for item in lot if item not in due], FILED)
        _sorted_out(way, due, errors, SENT)


def _apart(items: Sequence[Dispatch]) -> list[list[Dispatch]]:
    """Lots in which no two files answer one name, the older first."""
    lots: list[dict[tuple[str, str], Dispatch]] = []
    for item in items:
        answer = item.delivery_id is not None
        name = remotenames.answers_of(item.name)[0] if answer else item.name
        key = item.folder, name
        lot = next((one for one in lots if key not in one), None)
        if lot is None:
            lots.append(lot := {})
        lot[key] = item
    return [[*lot.values()] for lot in lots]


def _older(way: _Way, item: Dispatch) -> tuple[str, ...] | None:
    """The answers an answer replaces; nothing if it is outdated itself."""
    if item.delivery_id is None:
        return ()
    with way.parts.ledger.read() as tx:
        names = remotenames.answers_of(item.name)
        found = dispatches.brought(tx, item, names)
    if any(number > item.id for number in found):
        return None
    return tuple(dict.fromkeys(found.values()))


def _sorted_out(
    way: _Way,
    items: Sequence[Dispatch],
    errors: Sequence[BridgeError | None],
    state: str,
) -> None:
    """Write down how far each file has come, or why not."""
    done = []
    for item, error in zip(items, errors, strict=True):
        if error is None:
            done.append(item)
            continue
        way.troubles.note(item.name, error)
        if isinstance(error, RefusedError):
            _now(way, [item], REFUSED)
    _now(way, done, state)


def _file(way: _Way, items: Sequence[Dispatch]) -> None:
    """Put our own away, locked: the partner has it, it may name people."""
    settings = way.parts.settings
    root = settings.folder("archive") / "partners" / way.partner.name
    zone = ZoneInfo(settings.bridge.timezone)
    done = []
    for item in items:
        pickup = way.parts.pickups.get(item.source or "")
        if pickup is not None:
            when = item.made_at.astimezone(zone).date()
            path = pickup.archive(item.id, when, root)
            if not path.name.endswith(lockedfiles.ENDING):
                lockedfiles.lock(path, way.parts.safe)
        if pickup is not None or item.source is None:
            done.append(item)
    _now(way, done, FILED)


def _now(way: _Way, items: Sequence[Dispatch], state: str) -> None:
    """Write down how far files have come."""
    if not items:
        return
    values: dict[str, object] = {"state": state}
    if state == FILED:
        values |= {"done_at": way.parts.clock.now(), "body": None}
    with way.parts.ledger.write() as tx:
        dispatches.change(tx, [item.id for item in items], **values)
    if state == SENT:
        name, number = way.partner.name, len(items)
        way.parts.log.info("partner.sent", partner=name, number=number)
