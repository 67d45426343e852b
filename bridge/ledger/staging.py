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
from bridge.ledger.writing import stream
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction

#: What becomes of a staged record.
NEW = "new"  # converted; its body is here
SAME = "same"  # its raw row is known; kept only where more is to be said
REFUSED = "refused"  # kept out, but its key is present in the file
WITHDRAWN = "withdrawn"  # filtered out although it is known
DOUBLE = "double"  # says the same as a later row of the file
ABSENT = "absent"  # known, and not in a full file; unless staged beside

LOOK_UP = 2_000  # values in one IN list; SQLite takes 32,766
PART = 50_000  # rows fetched together


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
_OF_SCOPE = "mandant = ? AND kind = ? AND mapping = ? AND NOT gone"
_RAWS = f"""
SELECT raw FROM document WHERE {_OF_SCOPE} AND raw IS NOT NULL ORDER BY raw
"""  # noqa: S608 - constants of ours
_KNOWN = f"""
SELECT article, variant, key, raw, hash, as_of FROM document
WHERE {_OF_SCOPE}
"""  # noqa: S608 - constants of ours
_BESIDE = """
SELECT d.article, d.variant, d.key, d.raw, d.hash, d.as_of
FROM staged s JOIN document d ON d.mandant = ? AND d.kind = ?
  AND d.article = s.article AND d.variant = s.variant AND d.key = s.key
  AND d.mapping = ?
WHERE s.delivery_id = ? AND s.fate IN ('new', 'withdrawn') AND NOT d.gone
  AND d.raw IS NOT NULL
"""


class Known(NamedTuple):
    """A known document, without its body."""

    article: str
    variant: int
    key: str
    raw: bytes | None
    hash: bytes
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


def known_rows(tx: Transaction, scope: Scope) -> Iterator[list[bytes]]:
    """The raw rows of all known documents, sorted, in parts."""
    found = stream(tx, _RAWS, (scope.mandant, scope.kind, scope.mapping))
    for part in found.partitions(PART):
        yield [raw for (raw,) in part]


def more_than(tx: Transaction, scope: Scope, number: int) -> bool:
    """Whether more documents than that are known."""
    found = run(
        tx,
        f"SELECT 1 FROM document WHERE {_OF_SCOPE} LIMIT 1 OFFSET ?",  # noqa: S608 - constants of ours
        (scope.mandant, scope.kind, scope.mapping, number),
    )
    return found.first() is not None


def known(tx: Transaction, scope: Scope) -> Iterator[Known]:
    """Every known document."""
    of = (scope.mandant, scope.kind, scope.mapping)
    return map(Known._make, stream(tx, _KNOWN, of))


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


def known_beside(
    tx: Transaction, scope: Scope, delivery: int
) -> Iterator[Known]:
    """The known documents of which a staged record says something new."""
    of = (scope.mandant, scope.kind, scope.mapping, delivery)
    return map(Known._make, stream(tx, _BESIDE, of))


def any_older(tx: Transaction, scope: Scope, age: int) -> bool:
    """Whether a known document is older than a file."""
    of = (scope.mandant, scope.kind, scope.mapping, age)
    found = run(
        tx,
        f"SELECT 1 FROM document WHERE {_OF_SCOPE} AND as_of < ? LIMIT 1",  # noqa: S608 - constants of ours
        of,
    )
    return found.first() is not None


class Stand(NamedTuple):
    """Where a record stands: several may share a line."""

    seq: int
    line: int


def twice(
    tx: Transaction, delivery: int
) -> Iterator[tuple[str, bool, list[Stand]]]:
    """Keys that stand more than once: key, whether they agree, where."""
    keys = tx.execute(
        text(
            "SELECT key, count(DISTINCT hash) FROM staged"
            " WHERE delivery_id = :delivery AND fate IN ('new', 'same')"
            " GROUP BY key HAVING count(*) > 1"
        ),
        {"delivery": delivery},
    ).all()
    table = tables.staged
    for key, different in keys:
        rows = tx.execute(
            select(table.c.seq, table.c.line)
            .where(
                table.c.delivery_id == delivery,
                table.c.key == key,
                table.c.fate.in_((NEW, SAME)),
            )
            .order_by(table.c.line, table.c.seq)
        )
        yield key, different == 1, [Stand(*row) for row in rows]


def decide(
    tx: Transaction, delivery: int, records: Iterable[Stand], fate: str
) -> None:
    """Give staged records another fate; their keys stay present."""
    table = tables.staged
    for record in records:
        tx.execute(
            table.update()
            .where(table.c.delivery_id == delivery, table.c.seq == record.seq)
            .values(fate=fate, body=None)
        )


def keep_stated(tx: Transaction, delivery: int) -> None:
    """What a file states and filters out at once is stated."""
    tx.execute(
        text(
            "DELETE FROM staged WHERE delivery_id = :delivery"
            " AND fate = 'withdrawn' AND key IN (SELECT key FROM staged"
            " WHERE delivery_id = :delivery AND fate IN ('new', 'same'))"
        ),
        {"delivery": delivery},
    )


def refuse_pieces(tx: Transaction, delivery: int) -> None:
    """Refuse what else a file states of documents it states in pieces."""
    tx.execute(
        text(
            "UPDATE staged SET fate = 'refused', body = NULL"
            " WHERE delivery_id = :delivery AND fate = 'new' AND key IN"
            " (SELECT key FROM staged WHERE delivery_id = :delivery"
            " AND fate = 'refused')"
        ),
        {"delivery": delivery},
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
        " WHERE delivery_id = ? AND fate <> 'absent'",
        (delivery,),
    )
    return sorted({end.split(KEY_SEPARATOR)[0] for (end,) in ends.all()})


def new_bodies(tx: Transaction, delivery: int) -> Iterator[tuple[int, bytes]]:
    """Line and body of every converted record, in file order."""
    return ((at.line, body) for at, _, body in converted(tx, delivery))


def converted(
    tx: Transaction, delivery: int
) -> Iterator[tuple[Stand, str, bytes]]:
    """Place, key and body of every converted record, in file order."""
    table = tables.staged
    rows = tx.execute(
        select(table.c.seq, table.c.line, table.c.key, table.c.body)
        .where(table.c.delivery_id == delivery, table.c.fate == NEW)
        .order_by(table.c.seq)
    ).all()
    return ((Stand(row[0], row[1]), row[2], row[3]) for row in rows)
