"""What Amazon knows of SKUs: their listings, else the catalogue (M13).

An offer for a thing others sell as well has no facts of its own: title,
brand and category are the catalogue's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon import catalogued
from bridge.amazon.attributes import Attributes
from bridge.amazon.listed import MOST
from bridge.amazon.listed import items
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.amazon.session import SellingPartner
    from bridge.model.marketplaces import Marketplace

LISTING = (
    *("summaries", "attributes", "offers", "fulfillmentAvailability"),
    *("relationships", "productTypes"),
)
CATALOGUE = ("attributes", "classifications", "identifiers", "images")
NEEDED = ("title", "brand", "browse_path")  # else the catalogue is asked
GTINS = frozenset({"EAN", "GTIN", "UPC", "JAN"})
OURS = "DEFAULT"


@dataclass(frozen=True)
class LiveShowcase:
    """The port Showcase on the Selling Partner API.

    Attributes:
        seller: The Merchant Token.
        partner: Who talks to Amazon.
    """

    seller: str
    partner: SellingPartner
    most_at_once: int = MOST

    def look(
        self, marketplace: str, skus: Sequence[str]
    ) -> Mapping[str, dict[str, Any]]:
        """Coded snapshots by SKU; what is not there is left out."""
        place = MARKETPLACES[marketplace]
        said = {"includedData": LISTING, "issueLocale": place.language}
        listed = {
            str(item["sku"]): snapshot(item, place)
            for item in items(
                self.partner, self.seller, marketplace, skus, said
            )
        }
        known = self._catalogue(place, listed.values())
        return {
            sku: {**known.get(one.get("asin"), {}), **one}
            for sku, one in listed.items()
        }

    def find(
        self, marketplace: str, gtins: Sequence[str]
    ) -> Mapping[str, Sequence[dict[str, Any]]]:
        """The things of the catalogue that bear numbers: asin and brand."""
        return catalogued.found(self.partner, MARKETPLACES[marketplace], gtins)

    def types(self, marketplace: str, words: str) -> list[tuple[str, str]]:
        """Product types Amazon proposes for some words, with their names."""
        place = MARKETPLACES[marketplace]
        return catalogued.types(self.partner, place, words)

    def _catalogue(
        self, place: Marketplace, found: Iterable[Mapping[str, Any]]
    ) -> dict[str | None, dict[str, Any]]:
        """What the catalogue knows of things whose listing says little."""
        asins = {
            str(one["asin"])
            for one in found
            if one.get("asin") and not all(map(one.get, NEEDED))
        }
        if not asins:
            return {}
        answer = self.partner.ask(
            "searchCatalogItems",
            query={
                "identifiers": sorted(asins),
                "identifiersType": "ASIN",
                "marketplaceIds": [place.id],
                "includedData": CATALOGUE,
                "locale": place.language,
                "pageSize": MOST,
            },
        )
        return {
            str(item["asin"]): thing(item, place)
            for item in answer.get("items") or ()
        }


@dataclass(frozen=True)
class RehearsedShowcase:
    """The port Showcase without any network.

    Attributes:
        recorded: ``rehearsal/listings``: answers of getListingsItem or
            searchListingsItems.
    """

    recorded: Path
    most_at_once: int = 5_000

    def look(
        self, marketplace: str, skus: Sequence[str]
    ) -> Mapping[str, dict[str, Any]]:
        """Coded snapshots by SKU, as far as they are recorded."""
        place, wanted = MARKETPLACES[marketplace], frozenset(skus)
        return {
            str(item["sku"]): snapshot(item, place)
            for path in sorted(self.recorded.glob("*.json"))
            for item in _recorded(path)
            if item.get("sku") in wanted
        }

    def find(
        self, marketplace: str, gtins: Sequence[str]
    ) -> Mapping[str, Sequence[dict[str, Any]]]:
        """Nothing: nobody asks a catalogue in rehearsal."""
        del marketplace, gtins
        return {}

    def types(self, marketplace: str, words: str) -> list[tuple[str, str]]:
        """Nothing: nobody is asked in rehearsal."""
        del marketplace, words
        return []


def _recorded(path: Path) -> Iterator[Mapping[str, Any]]:
    content = json.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    yield from content.get("items", [content])


def snapshot(item: Mapping[str, Any], place: Marketplace) -> dict[str, Any]:
    """A listing in our words, coded.

    Args:
        item: An element of ``items`` of searchListingsItems, or an answer of
            getListingsItem. Unknown keys are ignored.
        place: Whose facts are wanted.
    """
    attributes = Attributes(item.get("attributes") or {}, place)
    summary = _of(place, item.get("summaries"))
    said = {
        "asin": summary.get("asin"),
        "title": summary.get("itemName"),
        "product_type": summary.get("productType"),
        "parent": _parent(item, place),
        **attributes.facts(),
        "prices": attributes.prices() or _offers(item, place),
    }
    return {key: value for key, value in said.items() if value}


def _parent(item: Mapping[str, Any], place: Marketplace) -> str | None:
    related = _of(place, item.get("relationships")).get("relationships")
    for one in related or ():
        if one.get("type") == "VARIATION" and one.get("parentSkus"):
            return str(one["parentSkus"][0])
    return None


def _offers(
    item: Mapping[str, Any], place: Marketplace
) -> list[dict[str, Any]]:
    """Prices where the listing's own attributes have none."""
    audiences = {"B2C": "ALL", "B2B": "B2B"}
    return [
        {
            "audience": audiences.get(one.get("offerType"), "ALL"),
            "from_quantity": "0",
            "amount": str(one["price"]["amount"]),
            "currency": one["price"].get("currencyCode"),
            "gross": True,
        }
        for one in item.get("offers") or ()
        if one.get("marketplaceId") == place.id and one.get("price")
    ]


def thing(item: Mapping[str, Any], place: Marketplace) -> dict[str, Any]:
    """What the catalogue says of a thing, in our words, coded."""
    said = Attributes(item.get("attributes") or {}, place).facts()
    said |= _category(_of(place, item.get("classifications")))
    listed = _of(place, item.get("identifiers")).get("identifiers") or ()
    numbers = [
        str(one["identifier"])
        for one in listed
        if one.get("identifierType") in GTINS
    ]
    images = _of(place, item.get("images")).get("images") or ()
    pictures: dict[str, str] = {}
    for one in images:  # each in several sizes
        pictures.setdefault(str(one.get("variant")), str(one["link"]))
    if numbers:
        said.setdefault("gtin", numbers[0])
    if pictures:
        said.setdefault("pictures", "\n".join(pictures.values()))
    return said


def _category(said: Mapping[str, Any]) -> dict[str, str]:
    """The first category, and the way down to it."""
    for one in said.get("classifications") or ():
        names, above = [], one
        while above:
            names.append(str(above.get("displayName", "")))
            above = above.get("parent")
        path = " > ".join(reversed(names))
        return {
            "browse_node": str(one["classificationId"]),
            "browse_path": path,
        }
    return {}


def _of(place: Marketplace, listed: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """The part of an answer that speaks of a marketplace."""
    for one in listed or ():
        if one.get("marketplaceId") == place.id:
            found: Mapping[str, Any] = one
            return found
    return {}
