"""A family differs in another way than Amazon knows: a person decides.

Amazon wants the parent deleted and made anew (amazon.md M15). Until a person
has it deleted, what the family consists of stays as Amazon has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.errors import Finding

if TYPE_CHECKING:
    from bridge.flows.shop import Shop
    from bridge.flows.view import View

RELATIONS, THEME = "relations", "variation_theme"
COLUMN = "Merkmal"


def kept(  # noqa: PLR0913 - what, where, and what was there
    shop: Shop,
    market: str,
    view: View,
    old: str | None,
    parent: str,
    *,
    own: bool,
) -> View:
    """A view without its relations, where their theme would change.

    Args:
        shop: The account.
        market: Country code.
        view: Of the parent, or of one of its children.
        old: The theme Amazon knows, if it knows the family.
        parent: The SKU of the family.
        own: Whether the view is the parent's.
    """
    if old is None or RELATIONS not in view.facets:
        return view
    context = shop.contexts[market]
    told = shop.mapping.attributes(RELATIONS, view.joined, context, [])
    new = next((str(one["name"]) for one in told.get(THEME, ())), old)
    if new == old:
        return view
    facts = {"old": old, "new": new, "parent": parent}
    code = "offers.new_theme" if own else "offers.other_theme"
    found = Finding(code, None, COLUMN, None, "warn", "operator", facts)
    return replace(
        view,
        found=[*view.found, found],
        facets=[facet for facet in view.facets if facet != RELATIONS],
        whole=False,
    )
