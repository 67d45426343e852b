"""What of an article Amazon has no place for, and why it stays at home."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.flows import families
from bridge.flows.joining import Known
from bridge.ledger import documents
from bridge.mapping.compile_amazon import names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.ledger.engine import Transaction
    from bridge.mapping.book import Book

CODE = "offers.kept_at_home"
#: Fields for which sellers have no attribute (amazon.md A), and the word of
#: the reason. A mapping of one's own may send them all the same.
REASONS = {
    "matchcode": "search_word",
    "group": "own_category",
    "customs_number": "customs",
    "unit": "sales_unit",
    "successor": "reference",
    "tax_class": "tax_class",
    "supplier": "supplier",
    "article_kind": "article_kind",
}
#: The same of its group.
OF_GROUP = {
    "level": "group_level",
    "parent": "group_level",
    "keywords": "group_words",
    "pictures": "group_pictures",
}
SWITCH = "group_switch"


def kept(
    tx: Transaction, book: Book, mandant: int, place: tuple[str, int]
) -> Iterator[Finding]:
    """A finding for each value that is not transferred."""
    known = families.gathered(tx, book, mandant, [place], ("Article",))
    article = known.get(place, Known()).article
    article = article or known.get((place[0], 0), Known()).article
    sent = set(_sent(book))
    for name, reason in REASONS.items():
        if name not in sent:
            yield from _said(name, article.get(name), reason)
    group = _group(tx, mandant, article.get("group"))
    for name, reason in OF_GROUP.items():
        yield from _said(f"group.{name}", group.get(name), reason)
    if group.get("active") is False:
        yield from _said("group.active", group["group"], SWITCH)


def _said(
    name: str,
    value: Any,  # noqa: ANN401 - of any field
    reason: str,
) -> Iterator[Finding]:
    if value is None or value in ("", []):
        return
    told = ", ".join(value) if isinstance(value, list) else str(value)
    facts = {"reason": reason}
    yield Finding(CODE, None, name, told, "warn", "nobody", facts)


def _group(
    tx: Transaction, mandant: int, number: str | None
) -> Mapping[str, Any]:
    """The coded group of an article, if it is known."""
    for body in documents.groups(tx, mandant) if number else ():
        group: Mapping[str, Any] = orjson.loads(body)
        if group["group"] == number:
            return group
    return {}


def _sent(book: Book) -> Iterator[str]:
    """The fields of a listing that a mapping to Amazon reads."""
    for plan in book.plans.values():
        for rules in plan.facets.values():
            for rule in rules:
                yield from names(rule)
