"""What of an article Amazon has no place for, and why it stays at home."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows import families
from bridge.flows.joining import Known
from bridge.mapping.compile_amazon import names

if TYPE_CHECKING:
    from collections.abc import Iterator

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
}


def kept(
    tx: Transaction, book: Book, mandant: int, place: tuple[str, int]
) -> Iterator[Finding]:
    """A finding for each value that is not transferred."""
    known = families.gathered(tx, book, mandant, [place], ("Article",))
    article = known.get(place, Known()).article
    article = article or known.get((place[0], 0), Known()).article
    sent = set(_sent(book))
    for name, reason in REASONS.items():
        value: Any = article.get(name)
        if value not in {None, ""} and name not in sent:
            facts = {"reason": reason}
            yield Finding(
                CODE, None, name, str(value), "warn", "nobody", facts
            )


def _sent(book: Book) -> Iterator[str]:
    """The fields of a listing that a mapping to Amazon reads."""
    for plan in book.plans.values():
        for rules in plan.facets.values():
            for rule in rules:
                yield from names(rule)
