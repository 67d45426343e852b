"""An offer of a thing that Amazon's catalogue has, found by its GTIN."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.view import View

#: What an offer says of itself; the rest is the catalogue's (amazon.md M13).
OWN = frozenset(
    {
        *("condition_type", "merchant_suggested_asin", "product_tax_code"),
        "merchant_shipping_group",
    }
)
ONLY = "offer_only"  # of a joined listing


def borrowed(view: View, found: Sequence[Mapping[str, Any]]) -> View:
    """A view that offers the one thing there is; else a person is told.

    Args:
        view: Of an article outside a family.
        found: The things of the catalogue that bear its number.
    """
    joined = view.joined
    if not found or joined.get("asin"):
        return view
    gtin = str(joined["gtin"])
    asins = ", ".join(str(one["asin"]) for one in found)
    facts = {"gtin": gtin, "asin": asins}
    if len(found) > 1:
        return _refused(view, "offers.several_things", "EANNummer", facts)
    (one,) = found
    theirs, ours = str(one.get("brand") or ""), str(joined.get("brand") or "")
    if theirs and ours and _plain(theirs) != _plain(ours):
        facts |= {"brand": theirs, "own": ours}
        return _refused(view, "offers.thing_of_others", "Hersteller", facts)
    return replace(
        view,
        joined={**joined, "asin": one["asin"], ONLY: True},
        facets=[facet for facet in view.facets if facet != "media"],
    )


def _refused(
    view: View, code: str, column: str, facts: Mapping[str, str]
) -> View:
    found = Finding(code, None, column, None, "warn", "sender", facts)
    return replace(view, found=[*view.found, found], whole=False)


def _plain(brand: str) -> str:
    return "".join(filter(str.isalnum, brand.casefold()))
