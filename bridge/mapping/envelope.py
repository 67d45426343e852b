"""The messages of a listings feed and the bodies of listings calls.

Shapes: amazon.md 3.2, 3.3 (feed), 4 (calls) and 4.1 (what a patch changes).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.mapping.compile_amazon import selectors
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

MOST_MESSAGES = 25_000  # amazon.md 2, since May 2025
MOST_BYTES = 10 * 2**20 - 4096  # "below 10 MiB", with room for the envelope
FEED_TYPE = "JSON_LISTINGS_FEED"
GENERIC = "PRODUCT"  # good for price and stock (amazon.md 4)
#: Facets whose attributes are complete: what is not there is taken back.
WHOLE = frozenset({"price", "stock", "relations", "media"})
UPDATE, PATCH, DELETE = "UPDATE", "PATCH", "DELETE"
ASIN, OFFER_ONLY = "merchant_suggested_asin", "LISTING_OFFER_ONLY"
DELETION = "deleteListingsItem"

Attributes = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Part:
    """One facet on its way: what Amazon has and what it should have."""

    facet: str
    desired: Attributes
    accepted: Attributes


def dumps(value: object) -> bytes:
    """JSON with exact numbers."""
    return orjson.dumps(value, default=_exact)


def canonical_bytes(value: object) -> bytes:
    """The one form of a body that is hashed and stored: sorted keys."""
    return orjson.dumps(value, default=_exact, option=orjson.OPT_SORT_KEYS)


def _exact(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(canonical(value).encode())
    raise TypeError


def sorted_instances(attributes: Attributes) -> Attributes:
    """The same attributes, each one's instances ordered by selectors.

    A list whose order is the seller's own (bullet points) keeps it.
    """
    return {
        name: sorted(items, key=lambda item: _identity(name, item))
        for name, items in attributes.items()
    }


def _identity(name: str, instance: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(instance.get(key)) for key in selectors(name, instance))


def create_message(
    sku: str, product_type: str, parts: Iterable[Part]
) -> dict[str, Any]:
    """The message that makes a listing: every facet at once."""
    attributes: Attributes = {}
    for part in parts:
        attributes |= part.desired
    return {
        "sku": sku,
        "operationType": UPDATE,
        "productType": product_type,
        "requirements": _requirements(attributes),
        "attributes": attributes,
    }


def _requirements(attributes: Attributes) -> str:
    """What a listing has: a parent is a product that nobody can buy.

    What only offers a thing of the catalogue says nothing of the product.
    """
    sold = "purchasable_offer" in attributes
    if ASIN in attributes and "item_name" not in attributes:
        return OFFER_ONLY
    return "LISTING" if sold else "LISTING_PRODUCT_ONLY"


def patch_message(
    sku: str, product_type: str, patches: list[dict[str, Any]]
) -> dict[str, Any]:
    """The message that brings a listing from accepted to desired.

    Args:
        sku: The SKU.
        product_type: The true type for content, ``PRODUCT`` else.
        patches: Of the facets that travel together, in their order.
    """
    return {
        "sku": sku,
        "operationType": PATCH,
        "productType": product_type,
        "patches": patches,
    }


def patches(part: Part, cleared: frozenset[str]) -> list[dict[str, Any]]:
    """What brings one facet from accepted to desired.

    Args:
        part: The facet.
        cleared: Attributes that are deleted at Amazon when empty.
    """
    return list(_patches(part, cleared))


def _patches(part: Part, cleared: frozenset[str]) -> Iterable[dict[str, Any]]:
    for name, wanted in part.desired.items():
        changed = _changed(name, wanted, part.accepted.get(name, []))
        if changed:
            yield _operation("replace", name, changed)
    for name, had in part.accepted.items():
        if part.facet in WHOLE or name in cleared:
            gone = _gone(name, had, part.desired.get(name, []))
            if gone:
                yield _operation("delete", name, gone)


def _changed(
    name: str, wanted: list[dict[str, Any]], had: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The instances of every selector group that is not as it was.

    Several instances may share one group (five bullet points in one
    language): Amazon replaces the group, so it travels whole.
    """
    new, old = _groups(name, wanted), _groups(name, had)
    return [
        item
        for key, items in new.items()
        if canonical_bytes(items) != canonical_bytes(old.get(key, []))
        for item in items
    ]


def _gone(
    name: str, had: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    new = _groups(name, wanted)
    return [
        _named(name, items[0])
        for group, items in _groups(name, had).items()
        if group not in new
    ]


def _named(name: str, instance: dict[str, Any]) -> dict[str, Any]:
    """What tells Amazon which instance is meant; one alone is named whole."""
    keys = [key for key in selectors(name, instance) if key in instance]
    return {key: instance[key] for key in keys} or instance


def _groups(
    name: str, instances: list[dict[str, Any]]
) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for instance in instances:
        found.setdefault(_identity(name, instance), []).append(instance)
    return found


def _operation(
    op: str, name: str, value: list[dict[str, Any]]
) -> dict[str, Any]:
    return {"op": op, "path": f"/attributes/{name}", "value": value}


def feed_start(seller: str, locale: str) -> bytes:
    """The bytes of a feed up to its first message."""
    header = {
        "sellerId": seller,
        "version": "2.0",
        "issueLocale": locale,
        "report": {"includedData": ["issues"], "apiVersion": "2021-08-01"},
    }
    return b'{"header":' + dumps(header) + b',"messages":['


FEED_END = b"]}"
BETWEEN = b","


def call_body(message: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The operation and the body of one message sent as a call."""
    if message["operationType"] == DELETE:
        return DELETION, {}
    if message["operationType"] == UPDATE:
        parts = ("productType", "requirements", "attributes")
        return "putListingsItem", {key: message[key] for key in parts}
    kept = ("productType", "patches")
    return "patchListingsItem", {key: message[key] for key in kept}
