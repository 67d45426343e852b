"""The kinds of documents: their fields, their types and their keys."""

from __future__ import annotations

from dataclasses import MISSING
from dataclasses import dataclass
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any

from bridge.model.catalog import Article
from bridge.model.catalog import Bundle
from bridge.model.catalog import Group
from bridge.model.catalog import Media
from bridge.model.catalog import Reference
from bridge.model.catalog import Text
from bridge.model.catalog import Variant
from bridge.model.customers import Customer
from bridge.model.listing import Listing
from bridge.model.listing import Offer
from bridge.model.listing import Paper
from bridge.model.listing import Tier
from bridge.model.papers import PaymentRequest
from bridge.model.papers import SalesDocument
from bridge.model.papers import SalesLine
from bridge.model.papers import TaxShare
from bridge.model.prices import CustomerPrice
from bridge.model.prices import NegotiatedPrice
from bridge.model.prices import PriceEntry
from bridge.model.prices import PriceSheet
from bridge.model.prices import ProductPrice
from bridge.model.product import Product
from bridge.model.shipping import Fulfilment
from bridge.model.shipping import FulfilmentLine
from bridge.model.shipping import Shipment
from bridge.model.shipping import ShipmentLine
from bridge.model.snapshot import ShownPrice
from bridge.model.snapshot import Snapshot
from bridge.model.stock import StockLevel
from bridge.model.trade import Address
from bridge.model.trade import Charge
from bridge.model.trade import Order
from bridge.model.trade import OrderLine
from bridge.model.trade import OrderReply

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_SEPARATOR = "\x1f"  # cannot occur in a cell: control signs are refused

PLACE = ("article", "variant")

#: What a field's annotation means in the mapping language.
TYPES = MappingProxyType(
    {
        "str": "text",
        "int": "integer",
        "Decimal": "decimal",
        "bool": "boolean",
        "date": "date",
        "datetime": "datetime",
        "Measure": "measure",
        "Money": "money",
        "tuple[str, ...]": "list",
    }
)

#: Values that are made of fields themselves.
PARTS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "Address": Address,
        "OrderLine": OrderLine,
        "Charge": Charge,
        "ShipmentLine": ShipmentLine,
        "FulfilmentLine": FulfilmentLine,
        "SalesLine": SalesLine,
        "TaxShare": TaxShare,
        "Offer": Offer,
        "Tier": Tier,
        "Paper": Paper,
        "ProductPrice": ProductPrice,
        "NegotiatedPrice": NegotiatedPrice,
        "ShownPrice": ShownPrice,
        "Reference": Reference,
        "Media": Media,
    }
)


@dataclass(frozen=True)
class Field:
    """One field of a document.

    Attributes:
        name: Its name in mappings.
        type: A word of the mapping language, ``part`` or ``parts``.
        part: The fields of one part, by name.
        needed: Whether a document cannot exist without it.
        default: The text a key takes when the field is empty.
    """

    name: str
    type: str
    part: Mapping[str, Field]
    needed: bool
    default: str


@dataclass(frozen=True)
class Kind:
    """One kind of document.

    Attributes:
        name: ``Article``, ``StockLevel`` …
        fields: By name.
        key: The fields that make two documents the same thing.
        place: The fields that name the article it belongs to, and which
            variant of it; by them it is found.
        points: The fields of its key that name another article, and which
            variant of it: a component, a number of its own.
        together: Fields that are one statement: who gives one of them and
            leaves another out takes the other back.
        persons: Fields that tell who somebody is; kept locked.
        identity: Where the key is empty: the fields that tell two of them
            apart, each alternative on its own.
    """

    name: str
    fields: Mapping[str, Field]
    key: tuple[str, ...]
    place: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    identity: tuple[tuple[str, ...], ...] = ()

    @property
    def names_people(self) -> bool:
        """Whether files that state it tell who somebody is.

        A dispatch note names the recipient, even if nobody reads the name.
        """
        return bool(self.persons) or "order" in self.fields


def _fields(model: type[Any]) -> dict[str, Field]:
    return {item.name: _field(item) for item in fields(model)}


def _field(item: Any) -> Field:  # noqa: ANN401 - dataclasses.Field is generic
    text = str(item.type).removesuffix(" | None")
    inner = text.removeprefix("tuple[").removesuffix(", ...]")
    needed = item.default is MISSING
    default = "" if needed or item.default is None else str(item.default)
    if inner in PARTS:
        kind = "parts" if text.startswith("tuple[") else "part"
        return Field(item.name, kind, _fields(PARTS[inner]), needed, default)
    return Field(item.name, TYPES[text], {}, needed, default)


def _kind(  # noqa: PLR0913 - what makes a kind
    model: type[Any],
    *key: str,
    place: tuple[str, ...] = (),
    points: tuple[str, ...] = (),
    together: tuple[str, ...] = (),
    persons: tuple[str, ...] = (),
    identity: tuple[tuple[str, ...], ...] = (),
) -> tuple[str, Kind]:
    name = model.__name__
    made = _fields(model)
    more = (together, persons, identity)
    return name, Kind(name, made, key, place, points, *more)


KINDS: Mapping[str, Kind] = MappingProxyType(
    dict(
        (
            _kind(Article, *PLACE, place=PLACE),
            _kind(Group, "group"),
            _kind(
                PriceEntry,
                *("list", "article", "variant", "from_quantity"),
                place=PLACE,
            ),
            _kind(
                StockLevel,
                *("article", "variant", "warehouse", "bin"),
                place=PLACE,
                together=("quantity", "available"),
            ),
            _kind(
                Order,
                "id",
                persons=(
                    *("email", "vat_id", "invoice_address"),
                    "delivery_address",
                ),
            ),
            _kind(OrderReply, "order"),
            _kind(Shipment, "order", "year", "number", "tracking"),
            _kind(
                Customer,
                "account",
                persons=(
                    *("matchcode", "salutation", "name", "name2", "extra"),
                    *("street", "postcode", "city", "phone", "email"),
                    "vat_id",
                ),
                identity=(("vat_id",), ("name", "street", "postcode")),
            ),
            _kind(
                SalesDocument,
                *("kind", "year", "number"),
                persons=(
                    *("name", "name2", "street", "postcode", "city"),
                    *("vat_id", "intro", "closing", "email"),
                    *("to_name", "to_extra", "to_street", "to_postcode"),
                    "to_city",
                ),
            ),
            _kind(
                CustomerPrice,
                *("customer", "article", "variant", "from_quantity"),
                "valid_from",
                place=PLACE,
            ),
            _kind(PriceSheet, "customer"),
            _kind(
                Variant,
                *("article", "variant", "number"),
                place=PLACE,
                points=("number",),
            ),
            _kind(Text, "article", "language", place=("article",)),
            _kind(
                Reference,
                *("from_kind", "article", "kind", "to_kind", "to"),
                place=("article",),
            ),
            _kind(
                Media,
                *("article", "variant", "kind", "file"),
                place=PLACE,
            ),
            _kind(
                Bundle,
                *("bundle", "component", "variant"),
                place=("bundle",),
                points=("component", "variant"),
            ),
            _kind(
                PaymentRequest,
                *("kind", "year", "number", "level"),
                persons=("name", "email", "purpose", "link"),
            ),
            _kind(Listing, "sku"),
            _kind(Product, "article", "variant"),
            _kind(Snapshot, "sku"),
            _kind(Fulfilment, "id"),
            _kind(ShownPrice, "sku", "audience", "from_quantity", "promotion"),
        )
    )
)
