"""A new key: everything that is locked is locked anew.

The new key is written first and the old ones stay beside it, so that a
crash leaves nothing that cannot be opened; the old ones are dropped at the
end of a later day, when nothing is locked with them and every worker has
seen the new key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from bridge.flows import lockedfiles
from bridge.flows.persons import LOCKED
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import rekey
from bridge.ledger import retention
from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts
    from bridge.flows.parts import Safe
    from bridge.ledger.engine import Transaction
    from bridge.ledger.retention import Key

ERRAND = "rekey"
AT_ONCE = 500  # rows of one commit


def raise_rekey(parts: Parts, tx: Transaction) -> None:
    """Have everything locked with the present key."""
    dues.raise_due(tx, ERRAND, "all", lane=ERRAND, at=parts.clock.now())


def relock(parts: Parts, key: str, generation: int) -> None:
    """Lock with the present key whatever is locked with another."""
    safe = parts.safe
    while _persons(parts):
        pass
    _documents(parts)
    for path in parts.settings.folder("archive").rglob(
        f"*{lockedfiles.ENDING}"
    ):
        lockedfiles.relock(path, safe)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)
    parts.log.info("key.rotated")


def _persons(parts: Parts) -> int:
    safe = parts.safe
    with parts.ledger.write() as tx:
        rows = rekey.others(tx, safe.key_id, AT_ONCE)
        for row in rows:
            blob = safe.lock(safe.unlock(row.blob, row.key_id))
            rekey.set_blob(tx, row, safe.key_id, blob)
    return len(rows)


def _documents(parts: Parts) -> None:
    """Bodies whose locked part names another key, some at a time."""
    with parts.ledger.read() as tx:
        keys = list(_others(parts, tx))
    for start in range(0, len(keys), AT_ONCE):
        with parts.ledger.write() as tx:
            for key in keys[start : start + AT_ONCE]:
                body = orjson.loads(retention.body_of(tx, key))
                if LOCKED in body:
                    body[LOCKED] = _anew(parts.safe, body[LOCKED])
                    said = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
                    retention.set_body(tx, key, said)


def _anew(safe: Safe, kept: dict[str, str]) -> dict[str, str]:
    opened = safe.unlock(kept["blob"].encode(), kept["key"])
    return {"key": safe.key_id, "blob": safe.lock(opened).decode()}


def _others(parts: Parts, tx: Transaction) -> Iterator[Key]:
    """Documents that are locked with another key than the present one."""
    kinds = [kind.name for kind in KINDS.values() if kind.persons]
    for key, raw in retention.bodies(tx, kinds, LOCKED.encode()):
        kept = orjson.loads(raw).get(LOCKED)
        if kept is not None and kept["key"] != parts.safe.key_id:
            yield key


def drop_old_keys(parts: Parts) -> None:
    """Forget old keys with which nothing is locked; else lock that anew."""
    safe = parts.safe
    if len(safe.key_ids) == 1:
        return
    with parts.ledger.write() as tx:
        if _is_used(parts, tx):
            raise_rekey(parts, tx)
            return
        facts.know(tx, rekey.PRESENT, safe.key_id)
    safe.drop_old_keys()
    parts.log.info("key.dropped")


def _is_used(parts: Parts, tx: Transaction) -> bool:
    """Whether anything is locked with another key than the present one."""
    present = parts.safe.key_id
    if rekey.others(tx, present, 1) or any(_others(parts, tx)):
        return True
    archive = parts.settings.folder("archive")
    originals = archive.rglob(f"*{lockedfiles.ENDING}")
    return any(lockedfiles.key_of(path) != present for path in originals)
