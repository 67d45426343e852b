"""An offer of a thing that Amazon's catalogue has, found by its GTIN."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
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
#: What a thing of the catalogue has from there: pictures and relatives.
THEIRS = frozenset({"media", "relations"})
FAMILY = frozenset({"parentage", "relation", "parent_sku", "theme"})
ONLY = "offer_only"  # of a joined listing


def borrowed(view: View, found: Sequence[Mapping[str, Any]]) -> View:
    """A view that offers the one thing there is; else a person is told.

    Args:
        view: Of what can be bought.
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
    rest = {k: v for k, v in joined.items() if k not in FAMILY}
    return replace(
        view,
        joined={**rest, "asin": one["asin"], ONLY: True},
        facets=[facet for facet in view.facets if facet not in THEIRS],
        dropped=[facet for facet in view.facets if facet in THEIRS],
    )


def childless(
    view: View, found: Iterable[Sequence[Mapping[str, Any]]]
) -> View:
    """A family none of whose variants is made: then it is not made either.

    Args:
        view: Of the parent.
        found: Of each variant the things that bear its number.
    """
    if not all(found):
        return view
    said = Finding("offers.family_of_others", turn="nobody", severity="warn")
    return replace(view, found=[*view.found, said], whole=False)


def _refused(
    view: View, code: str, column: str, facts: Mapping[str, str]
) -> View:
    found = Finding(code, None, column, None, "warn", "sender", facts)
    return replace(view, found=[*view.found, found], whole=False)


def _plain(brand: str) -> str:
    return "".join(filter(str.isalnum, brand.casefold()))
