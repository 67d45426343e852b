"""Typed business facts by natural key, and which of them changed.

Everything here works on whole deliveries by statements of the database;
no row travels through Python.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text

from bridge.ledger import links
from bridge.ledger import reservations
from bridge.ledger import tables
from bridge.ledger import touches
from bridge.ledger.writing import marks
from bridge.ledger.writing import pieces
from bridge.ledger.writing import run
from bridge.ledger.writing import stream
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction
    from bridge.ledger.staging import Scope

TOUCHES = {
    "StockLevel": touches.STOCK,
    "PriceEntry": touches.PRICE,
    "CustomerPrice": touches.PRICE,
    "Article": touches.ALL,
    "Variant": touches.ALL,
    "Bundle": touches.ALL,
    "Text": touches.CONTENT,
    "Media": touches.CONTENT,
}

_SAME_DOCUMENT = (
    "d.mandant = :mandant AND d.kind = :kind AND d.article = s.article"
    " AND d.variant = s.variant AND d.key = s.key AND d.mapping = :mapping"
)

_TOUCH = f"""
INSERT INTO touched (mandant, article, variant, facets, delivery_id)
SELECT DISTINCT :mandant, s.article, s.variant, :facets, :delivery
FROM staged s LEFT JOIN document d ON {_SAME_DOCUMENT}
WHERE s.delivery_id = :delivery AND s.fate IN ('new', 'withdrawn')
  AND (d.hash IS NULL OR d.gone OR s.fate = 'withdrawn'
       OR (d.hash <> s.hash AND d.as_of <= s.as_of))
ON CONFLICT (mandant, article, variant) DO UPDATE SET
  facets = touched.facets | excluded.facets,
  delivery_id = excluded.delivery_id
"""  # noqa: S608 - constants of ours

_UPSERT = """
INSERT INTO document (mandant, kind, article, variant, key, mapping, raw,
  hash, body, as_of, delivery_id, line, gone)
SELECT :mandant, :kind, article, variant, key, :mapping, raw,
  hash, body, as_of, delivery_id, line, false
FROM staged WHERE delivery_id = :delivery AND fate = 'new'
ON CONFLICT (mandant, kind, article, variant, key, mapping) DO UPDATE SET
  raw = excluded.raw, hash = excluded.hash, body = excluded.body,
  as_of = excluded.as_of, gone = false,
  delivery_id = CASE WHEN document.hash = excluded.hash
    THEN document.delivery_id ELSE excluded.delivery_id END,
  line = CASE WHEN document.hash = excluded.hash
    THEN document.line ELSE excluded.line END
WHERE excluded.as_of >= document.as_of
"""

_YOUNGER = f"""
UPDATE document SET as_of = s.as_of FROM staged s
WHERE s.delivery_id = :delivery AND s.fate = 'same'
  AND document.as_of < s.as_of AND document.hash = s.hash
  AND {_SAME_DOCUMENT.replace("d.", "document.")}
"""  # noqa: S608 - constants of ours

_BESIDE = f"""
SELECT sum(CASE WHEN d.as_of > s.as_of THEN 1 ELSE 0 END),
  sum(CASE WHEN d.hash = s.hash AND d.as_of <= s.as_of AND NOT d.gone
    THEN 1 ELSE 0 END)
FROM staged s JOIN document d ON {_SAME_DOCUMENT}
WHERE s.delivery_id = :delivery AND s.fate = 'new'
"""  # noqa: S608 - constants of ours

_WITHDRAW = f"""
UPDATE document SET gone = true, as_of = s.as_of,
  delivery_id = s.delivery_id, line = s.line
FROM staged s WHERE s.delivery_id = :delivery AND s.fate = 'withdrawn'
  AND document.as_of <= s.as_of
  AND {_SAME_DOCUMENT.replace("d.", "document.")}
"""  # noqa: S608 - constants of ours

# Only what is no younger than the file: an older one ends nothing.
_ABSENT = f"""
SELECT s.article, s.variant, s.key
FROM staged s JOIN document d ON {_SAME_DOCUMENT}
WHERE s.delivery_id = :delivery AND s.fate = 'absent' AND NOT d.gone
  AND d.as_of <= s.as_of
EXCEPT SELECT article, variant, key FROM staged
WHERE delivery_id = :delivery AND fate <> 'absent'
"""  # noqa: S608 - constants of ours


class Absent(NamedTuple):
    """A known document that a full file no longer holds."""

    article: str
    variant: int
    key: str


class Body(NamedTuple):
    """One document of an article, as one mapping states it."""

    kind: str
    article: str
    variant: int
    key: str
    mapping: str
    body: bytes
    as_of: int
    gone: bool
    delivery_id: int
    line: int


class Beside(NamedTuple):
    """How staged documents compare with what is known.

    Attributes:
        older: They were skipped.
        same: They say nothing new.
    """

    older: int
    same: int


def accept(tx: Transaction, scope: Scope, delivery: int) -> Beside:
    """Let the staged documents be the truth; mark what must follow.

    Twice is harmless: nothing differs any more.
    """
    facts = _facts(scope, delivery)
    older, same = tx.execute(text(_BESIDE), facts).one()
    if scope.kind in TOUCHES:
        tx.execute(text(_TOUCH), facts | {"facets": TOUCHES[scope.kind]})
        if scope.kind == "StockLevel":
            reservations.touch_all(tx, scope.mandant, delivery)
    elif scope.kind == "Group":
        touches.touch_every_article(tx, scope.mandant, delivery)
    tx.execute(text(_UPSERT), facts)
    links.remember(tx, scope, delivery)
    tx.execute(text(_YOUNGER), facts)
    tx.execute(text(_WITHDRAW), facts)
    return Beside(older or 0, same or 0)


def _facts(scope: Scope, delivery: int) -> dict[str, Any]:
    return {
        "mandant": scope.mandant,
        "kind": scope.kind,
        "mapping": scope.mapping,
        "delivery": delivery,
    }


def absent(tx: Transaction, scope: Scope, delivery: int) -> list[Absent]:
    """Known documents that a full file does not hold, and no younger one."""
    rows = tx.execute(text(_ABSENT), _facts(scope, delivery))
    return [Absent(*row) for row in rows]


_VANISH = """
UPDATE document SET gone = true, delivery_id = ?, as_of = ?
WHERE mandant = ? AND kind = ? AND mapping = ? AND article = ?
  AND variant = ? AND key = ?
"""


def counted(
    tx: Transaction, scope: Scope, articles: Iterable[str]
) -> Counter[str]:
    """How many documents of a mapping are known of some articles."""
    table = tables.document
    found: Counter[str] = Counter()
    for some in pieces(articles):
        rows = tx.execute(
            select(table.c.article, func.count())
            .where(
                table.c.mandant == scope.mandant,
                table.c.kind == scope.kind,
                table.c.mapping == scope.mapping,
                table.c.article.in_(some),
                table.c.gone.is_(False),
            )
            .group_by(table.c.article)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def vanish(
    tx: Transaction,
    scope: Scope,
    delivery: int,
    age: int,
    gone: Sequence[Absent],
) -> int:
    """Mark documents as gone; their articles are composed again.

    Args:
        tx: The transaction.
        scope: Whose documents.
        delivery: What does not hold them.
        age: Its age, UTC microseconds: what is older does not revive them.
        gone: The documents.
    """
    of = (delivery, age, scope.mandant, scope.kind, scope.mapping)
    if gone:
        run(tx, _VANISH, [(*of, *item) for item in gone])
    for item in gone:
        touches.touch(tx, scope.mandant, item.article, item.variant, delivery)
    return len(gone)


def warehouse(key: str) -> str:
    """The warehouse of a stock key."""
    return key.split(KEY_SEPARATOR)[2]


def of_articles(
    tx: Transaction,
    mandant: int,
    articles: Sequence[tuple[str, int]],
    kinds: Sequence[str],
) -> Iterator[Body]:
    """Every document of some articles, article by article."""
    names = sorted({article for article, _ in articles})
    rows = run(
        tx,
        f"SELECT {', '.join(Body._fields)} FROM document WHERE mandant = ?"  # noqa: S608 - our own names
        f" AND kind IN ({marks(len(kinds))})"
        f" AND article IN ({marks(len(names))})",
        (mandant, *kinds, *names),
    )
    return map(Body._make, rows.all())


def groups(tx: Transaction, mandant: int) -> Iterator[bytes]:
    """The bodies of all groups."""
    table = tables.document
    return iter(
        tx.scalars(
            select(table.c.body).where(
                table.c.mandant == mandant,
                table.c.kind == "Group",
                table.c.gone.is_(False),
            )
        )
    )


def of_delivery(
    tx: Transaction, mandant: int, kind: str, delivery: int
) -> Iterator[list[Body]]:
    """The documents a delivery changed, as every mapping states them.

    Yields:
        What is known of one document; never of one that is gone.
    """
    of = (mandant, kind)
    rows = stream(
        tx,
        f"SELECT {', '.join(Body._fields)} FROM document WHERE mandant = ?"  # noqa: S608 - our own names
        " AND kind = ? AND NOT gone AND (article, variant, key) IN (SELECT"
        " article, variant, key FROM document WHERE mandant = ? AND kind = ?"
        " AND delivery_id = ?) ORDER BY article, variant, key",
        (*of, *of, delivery),
    )
    bodies = map(Body._make, rows)
    for _, stated in groupby(
        bodies, lambda body: (body.article, body.variant, body.key)
    ):
        yield list(stated)


def stated(tx: Transaction, mandant: int, kind: str, key: str) -> list[Body]:
    """What every mapping states of the documents of a key; none is gone."""
    rows = stream(
        tx,
        f"SELECT {', '.join(Body._fields)} FROM document WHERE mandant = ?"  # noqa: S608 - our own names
        " AND kind = ? AND key = ? AND NOT gone",
        (mandant, kind, key),
    )
    return [Body._make(row) for row in rows]


def every_article(
    tx: Transaction, mandant: int, lot: int
) -> Iterator[list[tuple[str, int]]]:
    """The articles that are there, with their variants, in lots."""
    rows = stream(
        tx,
        "SELECT DISTINCT article, variant FROM document WHERE mandant = ?"
        " AND kind = 'Article' AND NOT gone ORDER BY article, variant",
        (mandant,),
    )
    for part in rows.partitions(lot):
        yield [tuple(row) for row in part]
