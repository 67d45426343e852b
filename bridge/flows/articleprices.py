"""What decides the prices of some articles, and nothing else of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.flows import families
from bridge.flows import joining
from bridge.flows import kin
from bridge.flows import pricing
from bridge.flows.joining import Known
from bridge.ledger import documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.config.settings import Settings
    from bridge.ledger.engine import Transaction
    from bridge.mapping.book import Book

    Place = tuple[str, int]

KINDS = ("Article", "PriceEntry", "Variant")


def of_articles(
    tx: Transaction, book: Book, settings: Settings, places: Iterable[Place]
) -> dict[Place, Known]:
    """Some articles with all their variants; each with what it shares.

    What only stands for its variants is not sold and has no price.
    """
    mandant = settings.bridge.mandant
    kinds = (*KINDS, *pricing.more_kinds(settings))
    names = {article for article, _ in places}
    above = kin.parents(tx, mandant, names)
    read = [(name, 0) for name in names | set(above.values())]
    known = joining.gather(
        documents.of_articles(tx, mandant, read, kinds), book
    )
    found = dict(known)
    for place, family in families.families(known).items():
        member = family.members.get(place)
        found[place] = member.known if member else Known()
    return {place: one for place, one in found.items() if one.article}
