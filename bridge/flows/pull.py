"""Files of a partner become deliveries.

For each file, each step committed or harmless to repeat:

1. ``seen``: name, size and age are written down; a file that looks the
   same at a later look stands still.
2. Downloaded under a name nobody reads, then laid into the partner's own
   staging folder. A crash here downloads the rest, or once more.
3. ``taken``: in one commit the file is a delivery, with the receipt it will
   get. A crash after it: the claim is finished as for any inbox.
4. Moved, deleted or ``kept`` at the partner's: first there, then written
   down. A file that is gone there was moved before the crash.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from bridge.config.partners import DELETE
from bridge.config.partners import KEEP
from bridge.config.partners import MOVE
from bridge.errors import InputError
from bridge.flows import arrivals
from bridge.flows import receipts
from bridge.flows import remotenames
from bridge.flows.troubles import Troubles
from bridge.ledger import deliveries
from bridge.ledger import remotefiles
from bridge.ledger.remotefiles import KEPT
from bridge.ledger.remotefiles import SEEN
from bridge.ledger.remotefiles import TAKEN
from bridge.ledger.remotefiles import RemoteFile
from bridge.ports.partners import Away
from bridge.ports.partners import Fetch
from bridge.ports.partners import Lying

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.config.partners import Partner
    from bridge.config.partners import Pull
    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ports.partners import Area

ERRAND = "pull"
AT_ONCE = 200  # files of one commit
AT_ONCE_BYTES = 64 << 20
LARGEST = 2 * 1024**3  # bytes; no mapping reads more
SHOWN = 20  # names of a warning


@dataclass(frozen=True)
class _Visit:
    """One folder of a partner, while we are there."""

    parts: Parts
    partner: Partner
    entry: Pull
    area: Area
    troubles: Troubles


def pull(parts: Parts, key: str, generation: int) -> None:
    """Fetch what stands still at a partner's; twice is harmless."""
    partner = parts.settings.with_area(key)
    troubles = Troubles(parts, ERRAND, key)
    if partner is not None and partner.pull:
        arrivals.recover(parts, only=key)
        with parts.partners[key].connect() as area:
            for entry in partner.pull:
                with troubles.of(entry.folder):
                    _visit(_Visit(parts, partner, entry, area, troubles))
        if not troubles.passing:
            _sweep(parts.settings.box(key).folder)
    troubles.over(generation)


def _sweep(home: Path) -> None:
    """Drafts of files that were changed or withdrawn halfway."""
    for draft in home.glob(".*.part"):
        draft.unlink(missing_ok=True)


def _visit(visit: _Visit) -> None:
    """Finish what a crash left, then fetch what stands still."""
    left = [one for one in _known(visit).values() if one.state == TAKEN]
    _put_away(visit, _not_let_go(visit, left))
    settled, restless = _look(visit)
    if restless:
        visit.parts.clock.sleep(visit.partner.settle)
        settled, _ = _look(visit)
    for batch in _batches(settled):
        _take(visit, batch)


def _known(visit: _Visit) -> dict[bytes, RemoteFile]:
    with visit.parts.ledger.read() as tx:
        return remotefiles.known(tx, visit.partner.name, visit.entry.folder)


def _not_let_go(
    visit: _Visit, taken: Sequence[RemoteFile]
) -> list[RemoteFile]:
    """Without files whose copy was lost before it was read: once more."""
    with visit.parts.ledger.write() as tx:
        lost = [one for one in taken if _lost(tx, one)]
        remotefiles.forget(tx, lost)
    return [one for one in taken if one not in lost]


def _lost(tx: Transaction, file: RemoteFile) -> bool:
    delivery = deliveries.get(tx, file.delivery_id or 0)
    return delivery is None or (
        delivery.state == "discarded" and delivery.sha256 is None
    )


def _look(visit: _Visit) -> tuple[list[RemoteFile], bool]:
    """What stands still, and whether something must be seen again."""
    known, seen = _known(visit), _seen(visit)
    fresh: list[RemoteFile] = []
    settled: list[RemoteFile] = []
    for name, file in seen.items():
        before = known.get(name)
        if before is None or _lying(before) != _lying(file):
            fresh.append(file)
        elif before.state == SEEN:
            stood = file.seen_at - before.seen_at >= visit.partner.settle
            (settled if stood else fresh).append(before)
    gone = [one for name, one in known.items() if seen and name not in seen]
    if fresh or gone:
        with visit.parts.ledger.write() as tx:
            remotefiles.keep(tx, fresh)
            remotefiles.forget(tx, gone)
    return settled, bool(fresh)


def _seen(visit: _Visit) -> dict[bytes, RemoteFile]:
    """The files of the folder that are meant for us."""
    now, found, odd = visit.parts.clock.now(), {}, []
    partner, folder = visit.partner.name, visit.entry.folder
    for file in visit.area.look(folder):
        name = remotenames.shown(file.wire)
        if remotenames.hostile(file.wire) or file.size > LARGEST:
            odd.append(ascii(name))
        elif _wanted(visit, name):
            found[file.wire] = RemoteFile(
                partner, folder, file.wire, file.size, file.mtime, now
            )
    _tell_odd(visit, odd)
    return found


def _wanted(visit: _Visit, name: str) -> bool:
    if visit.partner.receipts and remotenames.is_answer(name):
        return False
    return remotenames.wanted(name, visit.entry.patterns)


def _tell_odd(visit: _Visit, names: Sequence[str]) -> None:
    """Files that are left alone stand among the warnings."""
    folder, told = visit.entry.folder, ", ".join(sorted(names)[:SHOWN])
    if names:
        error = InputError("partners.left_alone", folder=folder, names=told)
        visit.troubles.note(f"names:{folder}", error)


def _batches(files: Sequence[RemoteFile]) -> Iterator[list[RemoteFile]]:
    """So many files that one commit is worth it, no local name twice."""
    batch: list[RemoteFile] = []
    names: set[str] = set()
    for file in files:
        name = remotenames.local(file.name).casefold()
        size = sum(one.size for one in batch)
        if name in names or len(batch) >= AT_ONCE or size >= AT_ONCE_BYTES:
            yield batch
            batch, names = [], set()
        batch.append(file)
        names.add(name)
    if batch:
        yield batch


def _take(visit: _Visit, batch: Sequence[RemoteFile]) -> None:
    """Fetch files, make each a delivery, and put the originals away."""
    here = _fetched(visit, batch)
    taken: list[RemoteFile] = []

    def beside(tx: Transaction, numbers: Sequence[int]) -> None:
        for number, (file, _) in zip(numbers, here, strict=True):
            done = replace(file, state=TAKEN, delivery_id=number)
            taken.append(done)
            receipts.expect(tx, visit.parts, visit.partner, done)
        remotefiles.keep(tx, taken)

    offered = [offer for _, offer in here]
    arrivals.take(visit.parts, visit.partner.name, offered, beside=beside)
    _put_away(visit, _not_let_go(visit, taken))


def _fetched(
    visit: _Visit, batch: Sequence[RemoteFile]
) -> list[tuple[RemoteFile, arrivals.Offered]]:
    """The files that came whole, laid where they are claimed."""
    home = visit.parts.settings.box(visit.partner.name).folder
    wanted = [
        Fetch(file.folder, _lying(file), home / _draft(file)) for file in batch
    ]
    here = []
    errors = visit.area.fetch(wanted)
    for job, file, error in zip(wanted, batch, errors, strict=True):
        _tell(visit, file, error)
        if error is None:
            here.append((file, _lay(job.draft, file)))
    return here


def _tell(visit: _Visit, file: RemoteFile, error: BridgeError | None) -> None:
    """A file that is gone or changed is simply seen again."""
    if error is not None and not isinstance(error, InputError):
        visit.troubles.note(remotenames.shown(file.name), error)


def _draft(file: RemoteFile) -> str:
    """Where its bytes are gathered: another one for each state of it."""
    facts = repr((file.folder, file.name, file.size, file.mtime)).encode()
    return f".{blake2b(facts, digest_size=8).hexdigest()}.part"


def _lay(draft: Path, file: RemoteFile) -> arrivals.Offered:
    """Lay a whole file where the claim looks for it, as old as it is."""
    name = remotenames.local(file.name)
    os.utime(draft, (file.mtime, file.mtime))
    path = draft.replace(draft.with_name(name))
    nanoseconds = path.stat().st_mtime_ns
    return arrivals.Offered(path, name, file.size, nanoseconds)


def _put_away(visit: _Visit, files: Sequence[RemoteFile]) -> None:
    """What happens to the originals; written down when it has happened."""
    if visit.entry.then == KEEP:
        with visit.parts.ledger.write() as tx:
            kept = [replace(one, state=KEPT) for one in files]
            remotefiles.keep(tx, kept)
        return
    errors = visit.area.put_away([_away(visit.entry, one) for one in files])
    gone = []
    for file, error in zip(files, errors, strict=True):
        _tell(visit, file, error)
        gone += [] if error else [file]
    with visit.parts.ledger.write() as tx:
        remotefiles.forget(tx, gone)


def _away(entry: Pull, file: RemoteFile) -> Away:
    """A name that is taken there gets the number of its delivery."""
    if entry.then == DELETE:
        return Away(file.folder, _lying(file), None)
    other = f"{file.delivery_id}_".encode() + file.name
    target = entry.then.removeprefix(MOVE)
    return Away(file.folder, _lying(file), target, (file.name, other))


def _lying(file: RemoteFile) -> Lying:
    return Lying(file.name, file.size, file.mtime)
