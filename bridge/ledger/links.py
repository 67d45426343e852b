"""Which article a document of another names: a component, its own number.

What a document names is part of its key: a link never changes, it only
appears. It counts as long as its document is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.model.kinds import KEY_SEPARATOR
from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.ledger.engine import Transaction
    from bridge.ledger.staging import Scope

_ADD = """
INSERT INTO link (mandant, kind, to_article, to_variant, article, variant,
  key)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_STAGED = """
SELECT DISTINCT article, variant, key FROM staged
WHERE delivery_id = ? AND fate = 'new'
"""
_TO = """
SELECT k.to_article, k.to_variant, k.article, k.variant FROM link k
WHERE k.mandant = ? AND k.kind = ? AND EXISTS (SELECT 1 FROM document d
  WHERE d.mandant = k.mandant AND d.kind = k.kind AND d.article = k.article
  AND d.variant = k.variant AND d.key = k.key AND NOT d.gone)
  AND k.to_article IN
"""


class Link(NamedTuple):
    """One article, named by a document of another."""

    to_article: str
    to_variant: int
    article: str
    variant: int


def remember(tx: Transaction, scope: Scope, delivery: int) -> None:
    """Keep what the documents of a delivery point at; twice is harmless."""
    kind = KINDS[scope.kind]
    if not kind.points:
        return
    places = [kind.key.index(name) for name in kind.points]
    of = (scope.mandant, scope.kind)
    rows: list[tuple[object, ...]] = []
    for row in run(tx, _STAGED, (delivery,)).all():
        article, variant, key = tuple(row)
        parts = key.split(KEY_SEPARATOR)
        to, which = [*(parts[place] for place in places), "0"][:2]
        if to:
            rows.append((*of, to, int(which), article, variant, key))
    if rows:
        run(tx, _ADD, rows)


def to(
    tx: Transaction, mandant: int, kind: str, articles: Iterable[str]
) -> Iterator[Link]:
    """What names any of some articles, by documents that are there."""
    names = sorted(set(articles))
    query = f"{_TO} ({marks(len(names))})"
    rows = run(tx, query, (mandant, kind, *names))
    return map(Link._make, rows.all())
