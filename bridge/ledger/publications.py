"""Documents written into outboxes: frozen before anything is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.writing import at
from bridge.ledger.writing import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

FROZEN, READY, DONE, REFUSED = "frozen", "ready", "done", "refused"


@dataclass(frozen=True)
class Publication:
    """One document in one outbox; the columns of its row."""

    id: int
    mode: str
    account: str
    mandant: int
    document: str
    key: str
    outbox: str
    mapping: str
    version: int
    now: datetime
    name: str
    sha256: str | None
    state: str
    findings: Any
    change: bool


_TABLE = tables.publication
_BEGUN = (
    select(_TABLE)
    .where(
        at(_TABLE, "mode", "account", "outbox", "mapping"),
        text("state NOT IN ('done', 'refused')"),  # as its index says
    )
    .order_by(_TABLE.c.id)
)
_BEGUN_OF_KEY = _BEGUN.where(at(_TABLE, "key"))
_OF_KEY = (
    select(_TABLE)
    .where(at(_TABLE, "mode", "account", "document", "key"))
    .order_by(_TABLE.c.id)
)
_OF_KEYS = (
    select(_TABLE)
    .where(
        at(_TABLE, "mode", "account", "document"),
        _TABLE.c.key.in_(bindparam("keys", expanding=True)),
    )
    .order_by(_TABLE.c.id)
)
_TAKEN = select(_TABLE.c.id).where(at(_TABLE, "outbox", "name")).limit(1)
_FREEZE = insert(_TABLE).returning(_TABLE)
_READY = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("number"))
    .values(
        sha256=bindparam("digest"), findings=bindparam("said"), state=READY
    )
)


def unfinished(
    tx: Transaction, side: Side, outbox: str, mapping: str, key: str | None
) -> list[Publication]:
    """What was begun for an outbox and not brought to its end."""
    of = {**side.keys(), "outbox": outbox, "mapping": mapping}
    begun = _BEGUN if key is None else _BEGUN_OF_KEY
    rows = tx.execute(begun, of if key is None else {**of, "key": key})
    return [Publication(**row) for row in rows.mappings()]


def is_taken(tx: Transaction, outbox: str, name: str) -> bool:
    """Whether a name was ever given in an outbox."""
    facts = {"outbox": outbox, "name": name}
    return tx.execute(_TAKEN, facts).first() is not None


def freeze(tx: Transaction, **facts: Any) -> Publication:  # noqa: ANN401 - columns
    """Write down name and instant, before any byte is written."""
    made = tx.execute(_FREEZE, {"state": FROZEN, "change": False, **facts})
    return Publication(**made.mappings().one())


def change(tx: Transaction, number: int, **values: Any) -> None:  # noqa: ANN401
    """Set columns of a publication."""
    table = tables.publication
    tx.execute(update(table).where(table.c.id == number).values(**values))


def ready(
    tx: Transaction, number: int, digest: str, said: list[dict[str, Any]]
) -> None:
    """The draft is written: what its bytes are, and what a person is told."""
    tx.execute(_READY, {"number": number, "digest": digest, "said": said})


def done(tx: Transaction, numbers: Sequence[int]) -> None:
    """The files have their names."""
    table = tables.publication
    tx.execute(update(table).where(table.c.id.in_(numbers)).values(state=DONE))


def findings(tx: Transaction, number: int) -> list[dict[str, Any]]:
    """What a person should know of a publication."""
    table = tables.publication
    query = select(table.c.findings).where(table.c.id == number)
    return list(tx.scalar(query) or ())


def of_key(tx: Transaction, side: Side, document: str, key: str) -> list[Any]:
    """Every publication of a document, in the order of making."""
    facts = {**side.keys(), "document": document, "key": key}
    return list(tx.execute(_OF_KEY, facts))


def of_keys(
    tx: Transaction, side: Side, document: str, keys: Iterable[str]
) -> dict[str, list[Publication]]:
    """As ``of_key``, for many documents of a kind."""
    found = defaultdict[str, list[Publication]](list)
    for some in pieces(keys):
        facts = {**side.keys(), "document": document, "keys": some}
        for row in tx.execute(_OF_KEYS, facts).mappings():
            found[row["key"]].append(Publication(**row))
    return found


def last_version(tx: Transaction, side: Side, document: str, key: str) -> int:
    """The highest version of a document that was ever frozen; 0 for none."""
    table = tables.publication
    return int(
        tx.scalar(
            select(func.max(table.c.version)).where(
                table.c.mode == side.mode,
                table.c.account == side.account,
                table.c.document == document,
                table.c.key == key,
            )
        )
        or 0
    )
