"""From an attribute at Amazon back to the mapping's line and Sage's column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.ledger.feeding import feeding
from bridge.mapping.compile_amazon import names
from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.ledger.engine import Transaction
    from bridge.ledger.feeding import Feeding
    from bridge.mapping.book import Book
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule

#: Fields of a Listing that no Article states, and where they come from.
JOINED = {
    "prices": (("PriceEntry", "amount"),),
    "available": (("StockLevel", "available"), ("StockLevel", "quantity")),
    "group_title": (("Group", "title"),),
}
#: Fields the group states where the article does not.
OF_GROUPS = frozenset({"product_type", "browse_node"})
_FIRST = re.compile(r"[^.\[/]+")  # of purchasable_offer.our_price


@dataclass(frozen=True)
class Origins:
    """Where the values of one SKU come from.

    Attributes:
        book: The mappings.
        feeding: Which mappings state something of its article.
    """

    book: Book
    feeding: frozenset[Feeding]

    def of_issue(self, issue: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The origin of each attribute an issue is about."""
        found = map(self.of, issue.get("attributeNames") or ())
        return [one for one in found if one is not None]

    def of(self, attribute: str) -> dict[str, Any] | None:
        """Line of the mapping, and columns, of an attribute it states.

        Returns:
            ``attribute``, ``where`` (file:line) and ``from``: the columns of
            each mapping that fills it, with its own ``where``.
        """
        first = _FIRST.match(attribute)
        name = first.group() if first else attribute
        for plan in self.book.plans.values():
            for rules in plan.facets.values():
                for rule in rules:
                    if rule.field == name:
                        return self._told(plan, rule)
        return None

    def _told(self, plan: Plan, rule: Rule) -> dict[str, Any]:
        fields = dict.fromkeys(names(rule))
        return {
            "attribute": rule.field,
            "where": f"{plan.path.name}:{rule.place.line}",
            "from": [one for name in fields for one in self._columns(name)],
        }

    def _columns(self, name: str) -> Iterator[dict[str, Any]]:
        for kind, field in _stated(name):
            for stated in sorted(self.feeding):
                plan = self.book.plans.get(stated.mapping)
                if plan is None or stated.kind != kind:
                    continue
                for rule in plan.fields:
                    columns = list(dict.fromkeys(rule.reads()))
                    if rule.field == field and columns:
                        where = f"{plan.path.name}:{rule.place.line}"
                        yield {"where": where, "columns": columns}


def _stated(name: str) -> Iterator[tuple[str, str]]:
    """The kinds of documents, and their fields, a listing's field is from."""
    if name in KINDS["Article"].fields:
        yield "Article", name
    if name in OF_GROUPS:
        yield "Group", name
    yield from JOINED.get(name, ())


def origins(
    tx: Transaction, book: Book, mandant: int, article: str, variant: int
) -> Origins:
    """Where the values of one article come from."""
    return Origins(book, feeding(tx, mandant, article, variant))
