"""Article groups of which nobody has said what Amazon calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.ledger import documents
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side


def groups(
    tx: Transaction, side: Side, mandant: int, marketplace: str
) -> list[tuple[str, str]]:
    """The groups of offers without a product type, in their order.

    Returns:
        The group and words for it: its name, else the title of an article.
    """
    of = (side.mode, side.account, marketplace, mandant)
    rows: Any = run(tx, _UNTYPED, of)
    found: dict[str, str] = {}
    for (body,) in rows.all():
        article = orjson.loads(body)
        if article.get("group") and article.get("title"):
            found.setdefault(str(article["group"]), str(article["title"]))
    for body in documents.groups(tx, mandant):
        group = orjson.loads(body)
        if group["group"] in found and group.get("title"):
            found[str(group["group"])] = str(group["title"])
    return sorted(found.items())


_UNTYPED = """
SELECT d.body FROM listing l JOIN document d ON d.mandant = l.mandant
  AND d.kind = 'Article' AND d.article = l.article AND d.variant = l.variant
WHERE l.mode = ? AND l.account = ? AND l.marketplace = ? AND l.mandant = ?
  AND l.product_type IS NULL AND l.sellable AND NOT d.gone
ORDER BY l.article, l.variant
"""
