"""The whole catalogue as listings, for a file that holds all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import joining
from bridge.flows.compose import KINDS
from bridge.flows.compose import LOT
from bridge.flows.compose import view_of
from bridge.flows.shop import open_shop
from bridge.ledger import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts


def listings(parts: Parts) -> Iterator[dict[str, Any]]:
    """Every article that is offered, as the home marketplace sees it."""
    shop = open_shop(parts)
    with parts.ledger.read() as tx:
        for lot in documents.every_article(tx, parts.mandant, LOT):
            bodies = documents.of_articles(tx, parts.mandant, lot, KINDS)
            known = joining.gather(bodies, parts.book)
            for place in lot:
                article = known.get(place)
                if article is not None and article.sellable:
                    view = view_of(shop, shop.home, article, place)
                    yield {"mandant": parts.mandant, **view.joined}
