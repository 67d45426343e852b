"""What decides the prices of some articles, and nothing else of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.flows import families
from bridge.flows import pricing
from bridge.flows.joining import Known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from bridge.config.settings import Settings
    from bridge.ledger.engine import Transaction
    from bridge.mapping.book import Book

    Place = tuple[str, int]

KINDS = ("Article", "PriceEntry")


def of_articles(
    tx: Transaction,
    book: Book,
    settings: Settings,
    places: Iterable[Place],
    kinds: Sequence[str] = KINDS,
) -> dict[Place, Known]:
    """Some articles with all their variants; each with what it shares.

    What only stands for its variants is not sold and has no price.

    Args:
        tx: The transaction.
        book: The mappings; they say whose word counts.
        settings: Whether customers' prices are part of prices.
        places: Articles and variants.
        kinds: The documents that are read.
    """
    kinds = (*kinds, "Variant", *pricing.more_kinds(settings))
    mandant = settings.bridge.mandant
    known = families.gathered(tx, book, mandant, places, kinds)
    found = dict(known)
    for place, family in families.families(known).items():
        member = family.members.get(place)
        found[place] = member.known if member else Known()
    return {place: one for place, one in found.items() if one.article}
