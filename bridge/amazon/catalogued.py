"""Things of Amazon's catalogue, found by their numbers (amazon.md M13)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon.definitions import STRANGE
from bridge.amazon.listed import MOST
from bridge.amazon.paging import following

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.amazon.session import SellingPartner
    from bridge.model.marketplaces import Marketplace

#: What a number is called by how long it is; any other is an EAN.
TYPES = {12: "UPC", 14: "GTIN"}
INCLUDED = ("summaries", "identifiers")


def found(
    partner: SellingPartner, place: Marketplace, gtins: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """The asin and the brand of each thing that bears a number.

    Args:
        partner: Who talks to Amazon.
        place: Whose catalogue.
        gtins: At most twenty.
    """
    kinds: dict[str, list[str]] = defaultdict(list)
    for gtin in gtins:
        kinds[TYPES.get(len(gtin), "EAN")].append(gtin)
    things: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, numbers in kinds.items():
        bare = {number.lstrip("0"): number for number in numbers}
        for item in _items(partner, place, kind, numbers):
            brand = _of(place, item, "summaries").get("brand")
            said = {"asin": str(item["asin"]), "brand": brand}
            for number in sorted(_numbers(place, item) & bare.keys()):
                things[bare[number]].append(said)
    return dict(things)


def types(
    partner: SellingPartner, place: Marketplace, words: str
) -> list[tuple[str, str]]:
    """Product types Amazon proposes for some words, the likeliest first."""
    strange = place.language in STRANGE
    query = {"keywords": [words], "marketplaceIds": [place.id]}
    locale = "DEFAULT" if strange else place.language
    answer = partner.ask(
        "searchDefinitionsProductTypes",
        query={**query, "locale": locale}
        | ({} if strange else {"searchLocale": locale}),
    )
    return [
        (str(one["name"]), str(one.get("displayName") or ""))
        for one in answer.get("productTypes") or ()
    ]


def _items(
    partner: SellingPartner,
    place: Marketplace,
    kind: str,
    numbers: Sequence[str],
) -> Iterator[Mapping[str, Any]]:
    """Every page: one number may be that of many things."""
    query: dict[str, Any] = {
        "identifiers": list(numbers),
        "identifiersType": kind,
        "marketplaceIds": [place.id],
        "includedData": INCLUDED,
        "pageSize": MOST,
    }
    while True:
        answer = partner.ask("searchCatalogItems", query=query)
        yield from answer.get("items") or ()
        token = following(answer, query.get("pageToken", ""))
        if token is None:
            return
        query["pageToken"] = token


def _numbers(place: Marketplace, item: Mapping[str, Any]) -> set[str]:
    """The numbers of a thing, as they are compared: a UPC is a short EAN."""
    listed = _of(place, item, "identifiers").get("identifiers") or ()
    return {str(one["identifier"]).lstrip("0") for one in listed}


def _of(
    place: Marketplace, item: Mapping[str, Any], name: str
) -> Mapping[str, Any]:
    """The part of an answer that speaks of a marketplace."""
    for one in item.get(name) or ():
        if one.get("marketplaceId") == place.id:
            said: Mapping[str, Any] = one
            return said
    return {}
