"""Listings by their SKUs, however these are spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import RefusedError
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.amazon.session import SellingPartner

MOST = 20  # identifiers of a search (amazon.md 2)
NOT_FOUND = 404
SEPARATOR = ","  # between the identifiers of a search


def items(
    partner: SellingPartner,
    seller: str,
    marketplace: str,
    skus: Sequence[str],
    more: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    """The listings of some SKUs, as far as Amazon has them.

    A SKU with a comma would be two in a search: it is asked for by itself.

    Args:
        partner: Who talks to Amazon.
        seller: The Merchant Token.
        marketplace: Country code.
        skus: At most 20.
        more: What else the answer shall hold, as Amazon's query says it.
    """
    query = {"marketplaceIds": [MARKETPLACES[marketplace].id], **more}
    plain = [sku for sku in skus if SEPARATOR not in sku]
    if plain:
        named = {"identifiers": plain, "identifiersType": "SKU"}
        answer = partner.ask(
            "searchListingsItems",
            seller,
            query={**query, **named, "pageSize": MOST},
        )
        yield from answer.get("items") or ()
    for sku in skus:
        if SEPARATOR in sku:
            yield from _one(partner, seller, sku, query)


def _one(
    partner: SellingPartner, seller: str, sku: str, query: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    try:
        yield partner.ask("getListingsItem", seller, sku, query=query)
    except RefusedError as error:
        if error.facts.get("status") != NOT_FOUND:
            raise
