"""Whose offer is made of an article that changed: its family, its sets.

A change of what all variants share concerns each of them, and a change of
one may break the family. What a component has in stock decides how many
sets there are, through sets of sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.ledger import documents
from bridge.ledger import links
from bridge.ledger import touches
from bridge.ledger.touches import Touched
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction

Lot = dict[tuple[str, int], Touched]


def widened(
    tx: Transaction, mandant: int, lot: Iterable[Touched]
) -> list[Touched]:
    """Touched articles, and those whose listings follow from them."""
    found = {(item.article, item.variant): item for item in lot}
    _families(tx, mandant, found)
    _sets(tx, mandant, found)
    return sorted(found.values())


def concerned(
    tx: Transaction, mandant: int, lot: Iterable[tuple[str, int]]
) -> set[tuple[str, int]]:
    """The places of touched articles, and of those that follow from them."""
    touched = (Touched(*place, touches.ALL, None) for place in lot)
    found = widened(tx, mandant, touched)
    return {(item.article, item.variant) for item in found}


def parents(
    tx: Transaction, mandant: int, articles: Iterable[str]
) -> dict[str, str]:
    """The article that holds the family of each own number of a variant."""
    found = links.to(tx, mandant, "Variant", articles)
    return {link.to_article: link.article for link in found}


def _families(tx: Transaction, mandant: int, lot: Lot) -> None:
    """What all share touches each; what one says touches all."""
    causes = {
        item.article: item
        for item in lot.values()
        if item.facets != touches.STOCK
    }
    for number, parent in parents(tx, mandant, causes).items():
        causes.setdefault(parent, causes[number])
    if not causes:
        return
    shared = [(article, 0) for article in causes]
    for body in documents.of_articles(tx, mandant, shared, ("Variant",)):
        cause = causes[body.article]
        number = body.key.split(KEY_SEPARATOR)[2]
        _touch(lot, (body.article, 0), touches.CONTENT, cause)
        own = number and not body.variant
        child = (number, 0) if own else (body.article, body.variant)
        _touch(lot, child, touches.CONTENT, cause)


def _sets(tx: Transaction, mandant: int, lot: Lot) -> None:
    """Sets, and sets of sets; each is followed once, even in a circle."""
    news: Sequence[Touched] = list(lot.values())
    while news:
        causes = {(item.article, item.variant): item for item in news}
        names = {article for article, _ in causes}
        news = []
        for link in links.to(tx, mandant, "Bundle", names):
            cause = causes.get((link.to_article, link.to_variant))
            if cause is None:
                continue
            place = (link.article, link.variant)
            known = lot.get(place)
            if known is None or cause.facets & ~known.facets:
                news.append(_touch(lot, place, cause.facets, cause))


def _touch(
    lot: Lot, place: tuple[str, int], facets: int, cause: Touched
) -> Touched:
    known = lot.get(place)
    more = Touched(*place, facets, cause.delivery_id)
    if known is not None:
        more = known._replace(facets=known.facets | facets)
    lot[place] = more
    return more
