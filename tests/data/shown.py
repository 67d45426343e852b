"""What Amazon must show of the made-up catalogue, reckoned by hand.

Slow and simple on purpose, and without a line of the bridge: it is what the
bridge is held against.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from tests.data.catalogue import Thing

#: Marketplace: its id, the language of Sage and of Amazon, list, currency.
MARKETS = {
    "DE": ("A1PA6795UKMFR9", "D", 2),
    "FR": ("A13V1IB3VIYZZH", "F", 3),
    "UK": ("A1F83G8C2ARO7P", "E", 4),
}
ADDRESS = "https://bilder.example/artikel"
COLOURS: dict[str, dict[str, str]] = {
    "D": {},
    "F": {"rot": "rouge", "grün": "vert", "blau": "bleu"},
    "E": {"rot": "red", "grün": "green", "blau": "blue"},
}
CENT = Decimal("0.01")


def shown(things: list[Thing]) -> dict[tuple[str, str], dict[str, Any]]:
    """By marketplace id and SKU: what a customer would see."""
    found = {}
    known = {one.sku: one for one in things}
    for market, (place, language, number) in MARKETS.items():
        for one in things:
            said = _one(one, known, market, language, number)
            if said is not None:
                found[place, one.sku] = said
    return found


def _one(
    one: Thing,
    known: Mapping[str, Thing],
    market: str,
    language: str,
    number: int,
) -> dict[str, Any] | None:
    name = one.texts.get(language)
    if name is None:
        return None  # never the German name abroad
    if one.is_parent:
        return {"name": name, "parentage": "parent", "theme": "SIZE/COLOR"}
    if number not in one.cents:
        return None
    if one.axes and one.key[1]:
        name = f"{name}, {one.axes[0]}, {_colour(one, language)}"
    return {
        "name": name,
        "price": Decimal(one.cents[number]) / 100,
        **_sale(one, market),
        **(_at_home(one, known) if market == "DE" else {}),
        **_inside(one, known, language),
        **_related(one, language),
        **_files(one, language),
    }


def _sale(one: Thing, market: str) -> dict[str, Any]:
    """A sale in euros that is on."""
    if not one.sale or market == "UK" or not one.sale[1][1].endswith("2099"):
        return {}
    return {"sale": Decimal(one.sale[0]) / 100}


def _at_home(one: Thing, known: Mapping[str, Thing]) -> dict[str, Any]:
    return {"pieces": _pieces(one, known), **_companies(one)}


def _inside(
    one: Thing, known: Mapping[str, Thing], language: str
) -> dict[str, Any]:
    words = [_words(known[part], n, language) for part, n in one.parts]
    return {"parts": words} if words and all(words) else {}


def _colour(one: Thing, language: str) -> str:
    """A colour in the language of a marketplace."""
    assert one.axes is not None
    return COLOURS[language].get(one.axes[1], one.axes[1])


def _files(one: Thing, language: str) -> dict[str, Any]:
    """Its pictures, and its manual where it is in the language."""
    found: dict[str, Any] = {}
    if one.pictures:
        found["pictures"] = [f"{ADDRESS}/{name}" for name in one.pictures]
    if language in one.manuals:
        found["manual"] = f"{ADDRESS}/{one.manuals[language]}"
    return found


def references(one: Thing) -> set[tuple[str, str]]:
    """What it points at, and how often: never at Amazon, always here."""
    return {(to, str(factor)) for to, factor in one.accessories}


def _related(one: Thing, language: str) -> dict[str, Any]:
    if not one.axes:
        return {}
    return {
        "parentage": "child",
        "parent": one.parent,
        "theme": "SIZE/COLOR",
        "size": one.axes[0],
        "color": _colour(one, language),
    }


def _pieces(one: Thing, known: Mapping[str, Thing]) -> int:
    if not one.parts:
        return one.pieces or 0
    return min(_pieces(known[part], known) // n for part, n in one.parts)


def _words(one: Thing, number: int, language: str) -> str | None:
    name = one.texts.get(language)
    return name if number == 1 or name is None else f"{number} x {name}"


def _companies(one: Thing) -> dict[str, Any]:
    if not one.company:
        return {}
    base, tiers = one.company
    if _gross(base) > Decimal(one.cents[2]) / 100:
        return {}
    return {
        "company": _gross(base),
        "tiers": [(n, _gross(cents)) for n, cents in sorted(tiers.items())],
    }


def _gross(cents: int) -> Decimal:
    amount = Decimal(cents) / 100 * Decimal("1.19")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def read(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What a listing's attributes say, in the same words."""
    found: dict[str, Any] = {}
    for ours, theirs in (
        ("name", "item_name"),
        ("parentage", "parentage_level"),
        ("size", "size"),
        ("color", "color"),
    ):
        if theirs in attributes:
            found[ours] = attributes[theirs][0]["value"]
    if "fulfillment_availability" in attributes:
        found["pieces"] = attributes["fulfillment_availability"][0]["quantity"]
    for one in attributes.get("variation_theme", ()):
        found["theme"] = one["name"]
    for one in attributes.get("child_parent_sku_relationship", ()):
        if "parent_sku" in one:
            found["parent"] = one["parent_sku"]
    parts = attributes.get("included_components", ())
    if parts:
        found["parts"] = [one["value"] for one in parts]
    return (
        found
        | _media(attributes)
        | _offers(attributes.get("purchasable_offer", ()))
    )


def _media(attributes: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    names = ["main_product_image_locator"]
    names += [f"other_product_image_locator_{n}" for n in range(1, 9)]
    pictures = [
        one["media_location"]
        for name in names
        for one in attributes.get(name, ())
    ]
    if pictures:
        found["pictures"] = pictures
    for one in attributes.get("compliance_media", ()):
        assert "user_manual" == one["content_type"]
        found["manual"] = one["source_location"]
    return found


def _offers(offers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in offers:
        amount = _amount(one["our_price"])
        if one["audience"] == "ALL":
            found["price"] = amount
            if "discounted_price" in one:
                found["sale"] = _amount(one["discounted_price"])
            continue
        plan = one.get("quantity_discount_plan", [{"schedule": [{}]}])
        levels = plan[0]["schedule"][0].get("levels", [])
        found["company"] = amount
        found["tiers"] = [
            (level["lower_bound"], _cents(level["value"])) for level in levels
        ]
    return found


def _amount(prices: Any) -> Decimal:  # noqa: ANN401 - JSON
    return _cents(prices[0]["schedule"][0]["value_with_tax"])


def _cents(value: Any) -> Decimal:  # noqa: ANN401 - JSON
    return Decimal(str(value)).quantize(CENT)
