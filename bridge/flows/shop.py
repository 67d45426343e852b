"""What composing needs of an account, and how a facet is stated."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

import orjson

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.flows import stocking
from bridge.flows.borrowing import ONLY
from bridge.flows.borrowing import OWN
from bridge.flows.stocking import Quantity
from bridge.flows.wording import words
from bridge.ledger import documents
from bridge.ledger.listings import Stocked
from bridge.ledger.offers import Desired
from bridge.mapping.compile_amazon import AmazonMapping
from bridge.mapping.envelope import canonical_bytes
from bridge.mapping.envelope import sorted_instances
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from bridge.flows.parts import Parts
    from bridge.flows.stockroom import Stockroom
    from bridge.flows.wording import Words
    from bridge.ledger.listings import Tagged
    from bridge.ledger.offers import Listed

DIGEST = 16  # bytes
Row = dict[str, Any]
Stated: TypeAlias = tuple[bytes, bytes]  # a facet's body and its digest


@dataclass
class Rows:
    """What one lot writes."""

    listings: list[Row] = field(default_factory=list)
    facets: list[Desired] = field(default_factory=list)
    stocked: list[Stocked] = field(default_factory=list)
    tagged: list[Tagged] = field(default_factory=list)


@dataclass(frozen=True)
class Shop:
    """An account's words and contexts, made once for a run."""

    parts: Parts
    side: tuple[str, str]  # mode and account
    home: str
    mapping: AmazonMapping
    groups: Mapping[str, Mapping[str, Any]]
    contexts: Mapping[str, Mapping[str, str]]
    now: datetime
    shelves: stocking.Warehouses
    words: Words
    #: Whether the pieces and what is promised alone decide the stock facet.
    alike: bool
    #: If so, it by them.
    stocks: dict[Quantity, Stated] = field(default_factory=dict)

    def keys(self, market: str, sku: str) -> Row:
        """The key columns of a listing."""
        side = self.parts.side.keys()
        return {**side, "marketplace": market, "sku": sku}


def the_mapping(parts: Parts) -> AmazonMapping:
    """The one mapping that speaks to Amazon.

    Raises:
        ConfigError: There is none, or more than one.
    """
    plans = [p for p in parts.book.plans.values() if p.direction == "amazon"]
    if len(plans) != 1:
        names = ", ".join(plan.name for plan in plans)
        raise ConfigError("offers.one_mapping", names=names)
    return AmazonMapping(plans[0], parts.settings.bridge.timezone)


def open_shop(parts: Parts) -> Shop:
    """Everything composing asks again and again, looked up once."""
    with parts.ledger.read() as tx:
        groups = [
            orjson.loads(body) for body in documents.groups(tx, parts.mandant)
        ]
    contexts = {}
    for market in parts.settings.amazon.marketplaces:
        place = MARKETPLACES[market]
        contexts[market] = parts.context(
            marketplace=place.id,
            language=place.language,
            currency=place.currency,
        )
    mapping = the_mapping(parts)
    side = parts.side
    return Shop(
        parts,
        (side.mode, side.account),
        parts.settings.home,
        mapping,
        {group["group"]: group for group in groups},
        contexts,
        parts.clock.now(),
        stocking.warehouses(parts.settings, parts.clock.now()),
        words(mapping.plan.tables),
        mapping.reads("stock") <= Quantity(None).fields.keys(),
    )


def pieces_of(
    room: Stockroom,
    place: tuple[str, int],
    unit: str | None,
    factor: Decimal | None,
) -> tuple[Quantity, list[Finding]]:
    """What may be sold, and what a person should know of it."""
    known = _located(room, room.quantity(place, unit, factor))
    if not known.code:
        return known, []
    found = Finding(known.code, None, "stock", known.value, "warn", "sender")
    return known._replace(code="", value=""), [found]


def _located(room: Stockroom, known: Quantity) -> Quantity:
    """Where nothing was counted: the warehouses that were asked for."""
    if known.pieces is not None or known.code or not room.shelves.named:
        return known
    where = ", ".join(sorted(room.shelves.named))
    return known._replace(code="offers.not_in_warehouse", value=where)


@dataclass(frozen=True)
class Cause:
    """One facet to be stated, and why."""

    market: str
    facet: str
    delivery: int | None


def state(
    shop: Shop,
    cause: Cause,
    joined: Mapping[str, Any],
    rows: Rows,
    found: list[Finding],
) -> bool:
    """State one facet; what yields nothing is left as it was.

    Unless the mapping says ``clear`` of anything in it.

    Returns:
        Whether there is anything to state.
    """
    stated = _stated(shop, cause, joined, found)
    if stated is None:
        if shop.mapping.clears(cause.facet):
            state_nothing(shop, cause, joined["sku"], rows)
        return False
    _desire(shop, cause, joined["sku"], stated, rows)
    return True


def state_nothing(shop: Shop, cause: Cause, sku: str, rows: Rows) -> None:
    """State that nothing of a facet is left: what Amazon has, goes."""
    body = canonical_bytes({})
    digest = blake2b(body, digest_size=DIGEST).digest()
    _desire(shop, cause, sku, (body, digest), rows)


def _desire(
    shop: Shop, cause: Cause, sku: str, stated: Stated, rows: Rows
) -> None:
    place = (*shop.side, cause.market, sku, cause.facet)
    rows.facets.append(Desired(*place, *stated, cause.delivery))


def _stated(
    shop: Shop,
    cause: Cause,
    joined: Mapping[str, Any],
    found: list[Finding],
) -> Stated | None:
    """The body of a facet and its digest, if there is anything in it."""
    attributes = shop.mapping.attributes(
        cause.facet, joined, shop.contexts[cause.market], found
    )
    if joined.get(ONLY) and cause.facet == "content":
        attributes = {k: v for k, v in attributes.items() if k in OWN}
    if not attributes:
        return None
    body = canonical_bytes(sorted_instances(attributes))
    return body, blake2b(body, digest_size=DIGEST).digest()


def state_stock(
    shop: Shop, row: Listed, stock: Quantity, delivery: int | None, rows: Rows
) -> None:
    """State the stock of a listing, where it is kept: at home.

    A thousand SKUs of five pieces have one body, unless the mapping reads
    more than the pieces.
    """
    if row.marketplace != shop.home:
        return
    cause = Cause(row.marketplace, "stock", delivery)
    stated = shop.stocks.get(stock)
    if stated is None:
        fields = {k: v for k, v in stock.fields.items() if v is not None}
        whose = {"sku": row.sku, "article": row.article, **fields}
        stated = _stated(shop, cause, whose, [])
    if stated is not None:
        if shop.alike:
            shop.stocks[stock] = stated
        _desire(shop, cause, row.sku, stated, rows)


def stocked(  # noqa: PLR0913 - the columns of a row
    shop: Shop,
    row: Listed,
    stock: Quantity,
    *,
    ready: bool,
    sellable: bool,
    said: str | None,
) -> Stocked:
    """What a change of stock makes of a listing."""
    place = (*shop.side, row.marketplace, row.sku)
    said_so = (stock.pieces, stock.promise, shop.shelves.wake(stock))
    return Stocked(*said_so, ready, sellable, said, *place)


def as_json(item: Finding) -> dict[str, Any]:
    """A finding as a column keeps it."""
    return {
        "code": item.code,
        "field": item.field,
        "value": item.value,
        "severity": item.severity,
        "turn": item.turn,
        "facts": dict(item.facts),
    }
