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
from bridge.ledger import rekey
from bridge.ledger import retention
from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

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
    """Bodies whose locked part names another key."""
    safe = parts.safe
    kinds = [kind.name for kind in KINDS.values() if kind.persons]
    with parts.ledger.write() as tx:
        locked = retention.locked_documents(tx, kinds, LOCKED.encode())
        for key, raw in locked:
            body = orjson.loads(raw)
            kept = body.get(LOCKED)
            if kept is None or kept["key"] == safe.key_id:
                continue
            opened = safe.unlock(kept["blob"].encode(), kept["key"])
            blob = safe.lock(opened).decode()
            body[LOCKED] = {"key": safe.key_id, "blob": blob}
            said = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
            retention.set_body(tx, key, said)


def drop_old_keys(parts: Parts) -> None:
    """Forget old keys with which nothing is locked; else lock that anew."""
    safe = parts.safe
    if len(safe.key_ids) == 1:
        return
    with parts.ledger.write() as tx:
        if rekey.others(tx, safe.key_id, 1) or _other_papers(parts, tx):
            raise_rekey(parts, tx)
            return
    safe.drop_old_keys()
    parts.log.info("key.dropped")


def _other_papers(parts: Parts, tx: Transaction) -> bool:
    """Whether a document or an original is locked with an old key."""
    old = [key for key in parts.safe.key_ids if key != parts.safe.key_id]
    kinds = [kind.name for kind in KINDS.values() if kind.persons]
    papers = any(
        retention.locked_documents(tx, kinds, key.encode()) for key in old
    )
    archive = parts.settings.folder("archive")
    originals = archive.rglob(f"*{lockedfiles.ENDING}")
    return papers or any(lockedfiles.key_of(path) in old for path in originals)
