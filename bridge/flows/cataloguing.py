"""All that is offered, each article whole, for a file that holds all of it.

Two views of it: a ``Listing`` is what the home marketplace shows, a
``Product`` what the ledger knows. Both are joined lot by lot, in the order of
their numbers.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import joining
from bridge.flows.pricelists import audiences
from bridge.flows.references import stated
from bridge.flows.shelf import open_shelf
from bridge.flows.shelf import view_of
from bridge.flows.shop import open_shop
from bridge.ledger import documents
from bridge.mapping.verbs import rounded
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.joining import Known
    from bridge.flows.parts import Parts

    Coded = Mapping[str, Any]
    Place = tuple[str, int]

KINDS = ("Article", "PriceEntry", "Reference", "Media")
LOT = 500  # articles that are in memory at a time
PLACES = 10  # of the price of one of many; a dozen has no exact twelfth
LAST = 1_000_000  # what says no place of its own stands behind


def listings(parts: Parts) -> Iterator[dict[str, Any]]:
    """Every article that is offered, as the home marketplace sees it."""
    shop = open_shop(parts)
    with parts.ledger.read() as tx:
        for lot in documents.every_article(tx, parts.mandant, LOT):
            shelf = open_shelf(parts, tx, lot, shop.shelves)
            for place in shelf.places(lot):
                view = view_of(shop, shop.home, shelf, place)
                yield {"mandant": parts.mandant, **view.joined}


def products(parts: Parts) -> Iterator[dict[str, Any]]:
    """Every article that is offered, with all that belongs to it."""
    for place, known, base in _offered(parts):
        media = base.media if known is base else [*base.media, *known.media]
        yield {
            "mandant": parts.mandant,
            **known.article,
            "variant": place[1],
            "sku": known.sku,
            "prices": _prices(parts, known),
            "references": stated(known.article, base.references),
            "media": sorted(media, key=_shown),
        }


#: What a catalogue may be made of, by the kind its mapping writes.
VIEWS = {"Listing": listings, "Product": products}


def _offered(parts: Parts) -> Iterator[tuple[Place, Known, Known]]:
    """What is known of each article, and of what all its variants share."""
    with parts.ledger.read() as tx:
        for lot in documents.every_article(tx, parts.mandant, LOT):
            bodies = documents.of_articles(tx, parts.mandant, lot, KINDS)
            known = joining.gather(bodies, parts.book)
            for place in lot:
                own = known.get(place)
                if own is not None and own.sellable:
                    yield place, own, known.get((place[0], 0), own)


def _prices(parts: Parts, known: Known) -> list[dict[str, Any]]:
    """The prices of one unit, list by list, the base price first."""
    entries = [one for one in known.prices if one.get("amount") is not None]
    whose = audiences(parts.settings, parts.settings.home, entries)
    made = [
        {
            **entry,
            "audience": whose.get(int(entry["list"])),
            "amount": _of_one(entry),
        }
        for entry in entries
    ]
    return sorted(made, key=_listed)


def _of_one(entry: Coded) -> str:
    amount = Decimal(entry["amount"])
    per = Decimal(entry.get("per") or 1)
    return canonical(amount if per == 1 else rounded(amount / per, PLACES))


def _listed(price: Coded) -> tuple[object, ...]:
    last = [str(price.get(name) or "") for name in ("valid_from", "currency")]
    return int(price["list"]), Decimal(price["from_quantity"]), *last


def _shown(media: Coded) -> tuple[object, ...]:
    return _place(media), str(media["kind"]), str(media["file"])


def _place(item: Coded) -> int:
    return int(item.get("position") or LAST)
