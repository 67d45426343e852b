"""What the bodies of facets state: prices, and pieces."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EXACT = json.JSONDecoder(parse_float=Decimal)
KINDS = {"price": "our_price", "sale": "discounted_price"}


def prices_in(body: bytes | None) -> list[Decimal]:
    """What consumers pay by a price facet: the price, then a sale's."""
    found = []
    for offer in _content(body).get("purchasable_offer") or ():
        if offer.get("audience", "ALL") == "ALL":
            for name in ("our_price", "discounted_price"):
                found += _scheduled(offer, name)
    return found


def amounts_in(body: bytes | None) -> dict[tuple[str, str], Decimal]:
    """What a price facet states, by audience and ``price`` or ``sale``."""
    found = {}
    for offer in _content(body).get("purchasable_offer") or ():
        audience = offer.get("audience", "ALL")
        for kind, name in KINDS.items():
            for amount in _scheduled(offer, name):
                found[audience, kind] = amount
    return found


def _scheduled(offer: Mapping[str, Any], name: str) -> list[Decimal]:
    return [
        Decimal(one["value_with_tax"])
        for entry in offer.get(name) or ()
        for one in entry["schedule"]
    ]


def pieces_in(body: bytes | None) -> int | None:
    """What can be bought by a stock facet, if it states it."""
    for one in _content(body).get("fulfillment_availability") or ():
        if one.get("quantity") is not None:
            return int(one["quantity"])
    return None


def _content(body: bytes | None) -> Any:  # noqa: ANN401 - JSON
    return EXACT.decode(body.decode()) if body else {}
