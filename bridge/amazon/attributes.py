"""Attributes of a listing read back into our words (amazon.md A)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from itertools import takewhile
from typing import TYPE_CHECKING
from typing import Any

from bridge.model.coding import code

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.model.marketplaces import Marketplace

TEXTS = {
    "title": "item_name",
    "description": "product_description",
    "keywords": "generic_keyword",
    "brand": "brand",
    "manufacturer": "manufacturer",
    "part_number": "part_number",
    "browse_node": "recommended_browse_nodes",
    "condition": "condition_type",
    "tax_code": "product_tax_code",
    "country_of_origin": "country_of_origin",
    "shipping_group": "merchant_shipping_group",
}
#: Kilograms and centimetres of a unit.
UNITS = {
    "kilograms": "1",
    "grams": "0.001",
    "milligrams": "0.000001",
    "tons": "1000",
    "centimeters": "1",
    "millimeters": "0.1",
    "meters": "100",
}
SIDES = ("length", "width", "height")
GTINS = frozenset({"ean", "gtin", "upc", "jan"})
DAY = 10  # characters of a date


@dataclass(frozen=True)
class Attributes:
    """The attributes of one listing, or of one thing of the catalogue.

    Attributes:
        raw: Instances by the name of an attribute.
        place: Of several instances those of this marketplace count.
    """

    raw: Mapping[str, Any]
    place: Marketplace

    def all(self, name: str) -> Iterator[dict[str, Any]]:
        """The instances that count here, those of its language first."""
        here = [
            one
            for one in self.raw.get(name) or ()
            if one.get("marketplace_id", self.place.id) == self.place.id
        ]
        language = self.place.language
        own = [one for one in here if one.get("language_tag") == language]
        yield from own or here

    def value(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """The value of the first instance."""
        first = next(self.all(name), {})
        return first.get("value")

    def facts(self) -> dict[str, Any]:
        """What is said of the thing itself, coded."""
        said = {ours: self.value(name) for ours, name in TEXTS.items()}
        points = [str(one["value"]) for one in self.all("bullet_point")]
        said["bullets"] = "\n".join(points)
        said["gtin"] = self._gtin()
        said["weight"] = self._weight()
        said |= self._sides()
        said["pictures"] = "\n".join(self._pictures())
        said |= self._list_price()
        return {name: code(value) for name, value in said.items() if value}

    def _gtin(self) -> str | None:
        for one in self.all("externally_assigned_product_identifier"):
            if one.get("type") in GTINS:
                return str(one["value"])
        return None

    def _weight(self) -> Decimal | None:
        for name in ("item_weight", "item_package_weight"):
            for one in self.all(name):
                return measure(one)
        return None

    def _sides(self) -> dict[str, Decimal | None]:
        names = ("item_length_width_height", "item_package_dimensions")
        for name in names:
            for one in self.all(name):
                return {side: measure(one.get(side)) for side in SIDES}
        return {}

    def _pictures(self) -> Iterator[str]:
        names = (f"other_product_image_locator_{n}" for n in count(1))
        others = takewhile(self.raw.__contains__, names)
        for name in ("main_product_image_locator", *others):
            for one in self.all(name):
                if one.get("media_location"):
                    yield one["media_location"]

    def _list_price(self) -> dict[str, Any]:
        for one in self.all("list_price"):
            amount = _amount(one) or one.get("value")
            return {
                "list_price": str(amount) if amount else None,
                "currency": one.get("currency"),
            }
        return {}

    def prices(self) -> list[dict[str, Any]]:
        """Every price there is: base, sale and tiers, by audience, coded."""
        made = [
            price
            for offer in self.all("purchasable_offer")
            for price in _offer(offer)
        ]
        return [code(price) for price in made if price.get("amount")]


def measure(said: Mapping[str, Any] | None) -> Decimal | None:
    """A quantity in kilograms or centimetres, where we know its unit."""
    if not said or said.get("unit") not in UNITS:
        return None
    return Decimal(str(said["value"])) * Decimal(UNITS[said["unit"]])


def _offer(offer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    shared = {
        "audience": offer.get("audience", "ALL"),
        "currency": offer.get("currency"),
        "gross": True,
    }
    for one in _scheduled(offer, "our_price"):
        yield shared | {"from_quantity": "0", "amount": _amount(one)}
    for one in _scheduled(offer, "discounted_price"):
        days = {
            "valid_from": _day(one.get("start_at")),
            "valid_to": _day(one.get("end_at")),
        }
        price = {"from_quantity": "0", "amount": _amount(one)}
        said = {key: value for key, value in days.items() if value}
        yield shared | price | {"promotion": True} | said
    for plan in _scheduled(offer, "quantity_discount_plan"):
        if plan.get("discount_type") == "fixed":
            for level in plan.get("levels") or ():
                tier = {"from_quantity": str(level["lower_bound"])}
                yield shared | tier | {"amount": str(level["value"])}


def _scheduled(
    offer: Mapping[str, Any], name: str
) -> Iterable[Mapping[str, Any]]:
    for entry in offer.get(name) or ():
        yield from entry.get("schedule") or ()


def _amount(said: Mapping[str, Any]) -> str | None:
    value = said.get("value_with_tax")
    return None if value is None else str(value)


def _day(said: Any) -> str | None:  # noqa: ANN401 - JSON
    """The day of an instant, as its own clock has it."""
    text = said.get("value") if isinstance(said, dict) else said
    return str(text)[:DAY] if text else None
