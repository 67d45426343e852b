"""The documents of a delivery before it is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import text

from bridge.ledger import tables
from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction

#: What becomes of a staged record.
NEW = "new"  # converted; its body is here
SAME = "same"  # its raw row is the one already known
REFUSED = "refused"  # kept out, but its key is present in the file
WITHDRAWN = "withdrawn"  # filtered out although it is known
DOUBLE = "double"  # says the same as a later row of the file

KNOWN_AT_ONCE = 200_000  # documents; 40 MB while a file is read
LOOK_UP = 2_000  # values in one IN list; SQLite takes 32,766


class Staged(NamedTuple):
    """One record of a delivery; the columns of its row."""

    delivery_id: int
    seq: int
    line: int
    article: str
    variant: int
    key: str
    raw: bytes | None
    hash: bytes | None
    body: bytes | None
    as_of: int
    fate: str


_ADD = (
    f"INSERT INTO staged ({', '.join(Staged._fields)})"  # noqa: S608 - ours
    f" VALUES ({marks(len(Staged._fields))})"
)
# A record that changes nothing: not even its key is needed.
_ADD_IDLE = """
INSERT INTO staged
  (delivery_id, seq, line, raw, as_of, article, variant, key, fate)
VALUES (?, ?, ?, ?, ?, '', 0, '', 'same')
"""
_AGES = """
SELECT raw, as_of FROM document
WHERE mandant = ? AND kind = ? AND mapping = ? AND NOT gone
  AND raw IS NOT NULL LIMIT ?
"""
# Idle records that may stand twice: by their raw row, or by the key of a
# record that differs.
_NAME_SUSPECTS = """
UPDATE staged SET article = d.article, variant = d.variant, key = d.key,
  hash = d.hash
FROM document d
WHERE staged.delivery_id = :delivery AND staged.fate = 'same'
  AND staged.key = '' AND d.raw = staged.raw AND d.mandant = :mandant
  AND d.kind = :kind AND d.mapping = :mapping
  AND staged.raw IN (
    SELECT raw FROM staged WHERE delivery_id = :delivery AND fate = 'same'
    GROUP BY raw HAVING count(*) > 1
    UNION SELECT k.raw FROM staged s JOIN document k
      ON k.mandant = :mandant AND k.kind = :kind AND k.article = s.article
      AND k.variant = s.variant AND k.key = s.key AND k.mapping = :mapping
    WHERE s.delivery_id = :delivery AND s.fate = 'new')
"""
# By the index of raw alone: asked for the scope as well, SQLite would look
# through the whole of it.
_KNOWN = """
SELECT raw, article, variant, key, hash, mandant, kind, mapping, gone
FROM document WHERE raw IN
"""


class Idle(NamedTuple):
    """A known record that is no younger than its document.

    It is counted and may stand twice; accepting it does nothing. Half of a
    second look at the same file would be writing its key.
    """

    delivery_id: int
    seq: int
    line: int
    raw: bytes
    as_of: int


@dataclass(frozen=True)
class Scope:
    """Whose documents: one Mandant's, of one kind, of one mapping."""

    mandant: int
    kind: str
    mapping: str


def clear(tx: Transaction, delivery: int) -> None:
    """A delivery is always read from the start."""
    table = tables.staged
    tx.execute(delete(table).where(table.c.delivery_id == delivery))


def add(tx: Transaction, rows: Sequence[Staged]) -> None:
    """Stage one chunk."""
    if rows:
        run(tx, _ADD, list(rows))


def add_idle(tx: Transaction, rows: Sequence[Idle]) -> None:
    """Stage the idle records of one chunk."""
    if rows:
        run(tx, _ADD_IDLE, list(rows))


def ages(tx: Transaction, scope: Scope) -> dict[bytes, int]:
    """The age of every known document by its raw row.

    One scan takes a fifth of looking each of them up. Empty if there are
    more than ``KNOWN_AT_ONCE``.
    """
    of = (scope.mandant, scope.kind, scope.mapping, KNOWN_AT_ONCE + 1)
    found: dict[bytes, int] = dict(map(tuple, run(tx, _AGES, of).all()))
    return found if len(found) <= KNOWN_AT_ONCE else {}


def known_raw(
    tx: Transaction, scope: Scope, raws: Sequence[bytes]
) -> dict[bytes, tuple[str, int, str, bytes]]:
    """Documents whose raw row is known: article, variant, key and hash."""
    of = (scope.mandant, scope.kind, scope.mapping, False)
    found: dict[bytes, tuple[str, int, str, bytes]] = {}
    for start in range(0, len(raws), LOOK_UP):
        part = raws[start : start + LOOK_UP]
        rows = run(tx, f"{_KNOWN} ({marks(len(part))})", tuple(part))
        for row in rows.all():
            raw, article, variant, key, digest, *where = tuple(row)
            if tuple(where) == of:
                found[raw] = (article, variant, key, digest)
    return found


def bodies(
    tx: Transaction, scope: Scope, keys: Sequence[str]
) -> dict[str, bytes]:
    """The known bodies of documents, by key."""
    table = tables.document
    found: dict[str, bytes] = {}
    for start in range(0, len(keys), LOOK_UP):
        rows = tx.execute(
            select(table.c.key, table.c.body).where(
                table.c.mandant == scope.mandant,
                table.c.kind == scope.kind,
                table.c.mapping == scope.mapping,
                table.c.key.in_(keys[start : start + LOOK_UP]),
            )
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def name_suspects(tx: Transaction, scope: Scope, delivery: int) -> None:
    """Give the idle records their keys that may stand more than once."""
    facts = {
        "mandant": scope.mandant,
        "kind": scope.kind,
        "mapping": scope.mapping,
        "delivery": delivery,
    }
    tx.execute(text(_NAME_SUSPECTS), facts)


def twice(
    tx: Transaction, delivery: int
) -> Iterator[tuple[str, bool, list[int]]]:
    """Keys that stand more than once: key, whether they agree, lines."""
    keys = tx.execute(
        text(
            "SELECT key, count(DISTINCT hash) FROM staged"
            " WHERE delivery_id = :delivery AND fate IN ('new', 'same')"
            " AND key <> '' GROUP BY key HAVING count(*) > 1"
        ),
        {"delivery": delivery},
    ).all()
    table = tables.staged
    for key, different in keys:
        lines = tx.scalars(
            select(table.c.line)
            .where(
                table.c.delivery_id == delivery,
                table.c.key == key,
                table.c.fate.in_((NEW, SAME)),
            )
            .order_by(table.c.seq)
        )
        yield key, different == 1, list(lines)


def refuse(tx: Transaction, delivery: int, lines: Iterable[int]) -> None:
    """Keep staged records out; their keys stay present."""
    table = tables.staged
    for line in lines:
        tx.execute(
            table.update()
            .where(table.c.delivery_id == delivery, table.c.line == line)
            .values(fate=REFUSED, body=None)
        )


def double(tx: Transaction, delivery: int, lines: Iterable[int]) -> None:
    """Mark staged records that say the same as a later one."""
    table = tables.staged
    for line in lines:
        tx.execute(
            table.update()
            .where(table.c.delivery_id == delivery, table.c.line == line)
            .values(fate=DOUBLE, body=None)
        )


def counts(tx: Transaction, delivery: int) -> dict[str, int]:
    """How many records have which fate."""
    rows = tx.execute(
        text(
            "SELECT fate, count(*) FROM staged"
            " WHERE delivery_id = :delivery GROUP BY fate"
        ),
        {"delivery": delivery},
    )
    return {fate: number for fate, number in rows}  # noqa: C416 - rows


def warehouses(tx: Transaction, delivery: int) -> list[str]:
    """The warehouses a staged stock file names, sorted."""
    ends = run(
        tx,
        "SELECT DISTINCT substr(key, length(article) +"
        " length(CAST(variant AS TEXT)) + 3) FROM staged"
        # behind article, variant and two signs
        " WHERE delivery_id = ? AND key <> ''",
        (delivery,),
    )
    return sorted({end.split(KEY_SEPARATOR)[0] for (end,) in ends.all()})


def new_bodies(tx: Transaction, delivery: int) -> Iterator[tuple[int, bytes]]:
    """Line and body of every converted record, in file order."""
    table = tables.staged
    rows = tx.execute(
        select(table.c.line, table.c.body)
        .where(table.c.delivery_id == delivery, table.c.fate == NEW)
        .order_by(table.c.seq)
    ).all()
    return ((row[0], row[1]) for row in rows)
