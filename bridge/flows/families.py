"""Articles that differ in size and colour: one family, told whole or not.

Amazon takes half a family without a word (amazon.md M15); so it is looked at
here: every child has every axis, no two are alike, all are of one brand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows import joining
from bridge.flows import kin
from bridge.flows.joining import Known
from bridge.ledger import documents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction
    from bridge.mapping.book import Book

    Place = tuple[str, int]
    Coded = Mapping[str, Any]

#: In what a family may differ, in the words of documents; each is a field of
#: a Listing, and the mapping says what Amazon calls it.
AXES = ("size", "color", "style", "material", "pattern", "flavor", "scent")
#: What makes one article and not its family.
OWN = frozenset(
    {
        *("article", "variant", "sku", "matchcode", "gtin", "asin"),
        *("part_number", "has_variants", "bundle_kind", "successor"),
    }
)
PARENT, CHILD = "parent", "child"


@dataclass(frozen=True)
class Member:
    """One variant of an article.

    Attributes:
        place: Article and variant it is known by.
        variant: Its coded Variant.
        known: All that is known of it, what the family shares included.
        axes: What it has of each axis.
    """

    place: Place
    variant: Coded
    known: Known
    axes: Mapping[str, str]


@dataclass
class Family:
    """An article and its variants.

    Attributes:
        base: What they share.
        members: Those that are sold, by their place.
        faults: Why it is not told to Amazon, if so.
    """

    base: Known
    members: dict[Place, Member] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)

    @property
    def axes(self) -> tuple[str, ...]:
        """In what its members differ, in the order Sage says it."""
        first = next(iter(self.members.values()), None)
        return tuple(first.axes) if first else ()


def gathered(
    tx: Transaction,
    book: Book,
    mandant: int,
    places: Iterable[Place],
    kinds: Sequence[str],
) -> dict[Place, Known]:
    """What is known of some articles and of those whose family they are in."""
    names = {article for article, _ in places}
    above = kin.parents(tx, mandant, names)
    read = [(name, 0) for name in names | set(above.values())]
    return joining.gather(
        documents.of_articles(tx, mandant, read, kinds), book
    )


def families(known: Mapping[Place, Known]) -> dict[Place, Family]:
    """The family of each article that has one, by every place in it."""
    found: dict[Place, Family] = {}
    stated: dict[str, list[Coded]] = defaultdict(list)
    for (article, _), one in known.items():
        stated[article] += one.variants
    for article, variants in stated.items():
        if not variants:
            continue
        family = Family(known.get((article, 0), Known()))
        for variant in sorted(variants, key=_order):
            if variant.get("active") is not False:
                _join(family, variant, known)
        family.faults += _faults(family)
        found[article, 0] = family
        found |= dict.fromkeys(family.members, family)
    return found


def place_of(variant: Coded) -> Place:
    """By what a variant's stock and prices are known."""
    number = int(variant.get("variant") or 0)
    if not number and variant.get("number"):
        return str(variant["number"]), 0
    return str(variant["article"]), number


def _order(variant: Coded) -> tuple[int, Place]:
    return int(variant.get("position") or 0), place_of(variant)


def _join(
    family: Family, variant: Coded, known: Mapping[Place, Known]
) -> None:
    place = place_of(variant)
    own = known.get(place, Known())
    axes, odd = _axes(variant)
    family.faults += odd
    member = Member(place, variant, _whole(family.base, own, variant), axes)
    family.members[place] = member


def _axes(variant: Coded) -> tuple[dict[str, str], list[Finding]]:
    """What a variant has of each axis; and what is wrong with that."""
    names = variant.get("dimensions") or []
    values = variant.get("values") or []
    odd = [
        _fault("offers.unknown_axis", "Merkmal", name)
        for name in names
        if name not in AXES
    ]
    if len(values) < len(names):
        number = "-".join(map(str, place_of(variant)))
        odd.append(_fault("offers.half_variant", "Wert", number))
    return dict(zip(names, values, strict=False)), odd


def _faults(family: Family) -> list[Finding]:
    """Why the members are no family Amazon should be told of."""
    members = family.members.values()
    if not members:
        return [_fault("offers.no_variants", "Variante", "")]
    if not family.base.sellable:
        return [_fault("offers.no_base", "Artikelnummer", "")]
    found = []
    if len({tuple(sorted(one.axes)) for one in members}) > 1:
        found.append(_fault("offers.mixed_axes", "Merkmal", ""))
    seen: dict[tuple[str, ...], Member] = {}
    for one in members:
        key = tuple(value.casefold() for value in one.axes.values())
        other = seen.setdefault(key, one)
        if other is not one:
            values = ", ".join(one.axes.values())
            found.append(_fault("offers.same_axes", "Wert", values))
    for name, code in (
        ("brand", "offers.other_brand"),
        ("product_type", "offers.other_type"),
    ):
        said = {str(one.known.article.get(name) or "") for one in members}
        if len(said) > 1:
            values = ", ".join(sorted(said))
            found.append(_fault(code, name, values))
    return found


def _fault(code: str, column: str, value: str) -> Finding:
    return Finding(code, None, column, value, "warn", "sender")


def _whole(base: Known, own: Known, variant: Coded) -> Known:
    """What is known of a variant: its own word, else the family's."""
    shared = {k: v for k, v in base.article.items() if k not in OWN}
    if not shared and not own.article:
        return Known(stock=own.stock)  # only what makes it differ is known
    article, number = place_of(variant)
    made = {**shared, **own.article, "article": article, "variant": number}
    if not own.article.get("sku") and variant.get("number"):
        made["sku"] = variant["number"]
    if variant.get("gtin"):
        made["gtin"] = variant["gtin"]
    if variant.get("weight") and (unit := _unit(base)):
        made["weight"] = {"value": variant["weight"], "unit": unit}
    values = variant.get("values") or ()
    if not own.article.get("title") and shared.get("title"):
        made["title"] = ", ".join([str(shared["title"]), *values])
    stated = {one.get("list") for one in own.prices}
    prices = [one for one in base.prices if one.get("list") not in stated]
    return Known(
        article=made,
        gone=own.gone or base.gone,
        prices=[*own.prices, *prices],
        customer_prices=own.customer_prices,
        references=own.references,
        media=[*base.media, *own.media],
        stock=own.stock,
        texts={**base.texts, **own.texts},
        components=own.components,
    )


def _unit(base: Known) -> str | None:
    weight = base.article.get("weight")
    return weight["unit"] if weight else None
