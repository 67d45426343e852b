"""A family differs in another way than Amazon knows: a person decides.

Amazon wants the parent deleted and made anew (amazon.md M15). Until a person
has it deleted, what the family consists of stays as Amazon has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.errors import Finding

if TYPE_CHECKING:
    from bridge.flows.shelf import Shelf
    from bridge.flows.shelf import View
    from bridge.flows.shop import Shop

RELATIONS, THEME = "relations", "variation_theme"
COLUMN = "Merkmal"


def kept(
    shop: Shop, market: str, shelf: Shelf, place: tuple[str, int], view: View
) -> View:
    """A view without its relations, where their theme would change."""
    family = shelf.families.get(place)
    if family is None or RELATIONS not in view.facets:
        return view
    parent = family.base.sku
    old = shelf.themes.get((market, parent))
    if old is None:
        return view
    context = shop.contexts[market]
    told = shop.mapping.attributes(RELATIONS, view.joined, context, [])
    new = next((str(one["name"]) for one in told.get(THEME, ())), old)
    if new == old:
        return view
    facts = {"old": old, "new": new, "parent": parent}
    own = shelf.is_parent(place)
    code = "offers.new_theme" if own else "offers.other_theme"
    found = Finding(code, None, COLUMN, None, "warn", "operator", facts)
    return replace(
        view,
        found=[*view.found, found],
        facets=[facet for facet in view.facets if facet != RELATIONS],
        whole=False,
    )
