"""The listings of touched articles are composed again; differences wait.

Each lot is one commit: articles are taken off the list, their facets stated.
A crash rolls the lot back, and it is composed again.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.flows import joining
from bridge.flows import pricing
from bridge.flows import stocking
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import offers
from bridge.mapping.compile_amazon import AmazonMapping
from bridge.mapping.envelope import canonical_bytes
from bridge.mapping.envelope import sorted_instances
from bridge.model.coding import code
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.flows.joining import Known
    from bridge.flows.parts import Parts
    from bridge.ledger.documents import Touched
    from bridge.ledger.engine import Transaction

ERRAND = "compose"
LOT = 2_000  # articles of one commit
KINDS = ("Article", "PriceEntry", "StockLevel")
DIGEST = 16  # bytes


@dataclass
class Rows:
    """What one lot writes."""

    listings: list[dict[str, Any]]
    facets: list[dict[str, Any]]
    available: list[dict[str, Any]]


@dataclass(frozen=True)
class Shop:
    """What composing needs of the account, made once."""

    parts: Parts
    mapping: AmazonMapping
    groups: Mapping[str, Mapping[str, Any]]
    contexts: Mapping[str, Mapping[str, str]]
    now: datetime


def compose(parts: Parts, key: str, generation: int) -> None:
    """Bring every touched article's listings up to date."""
    shop = _shop(parts)
    while True:
        with parts.ledger.write() as tx:
            lot = documents.take_touched(tx, parts.mandant, LOT)
            if not lot:
                _raise_submits(parts, tx)
                dues.done(tx, ERRAND, key, generation)
                return
            gc.disable()  # a lot makes much, and keeps none of it
            try:
                _compose_lot(shop, tx, lot)
            finally:
                gc.enable()


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


def _shop(parts: Parts) -> Shop:
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
    return Shop(
        parts,
        the_mapping(parts),
        {group["group"]: group for group in groups},
        contexts,
        parts.clock.now(),
    )


def _raise_submits(parts: Parts, tx: Transaction) -> None:
    lane = f"submit:{parts.side.account}"
    for market in parts.settings.amazon.marketplaces:
        unasked = offers.unasked(tx, parts.side, market, 1)
        if unasked or offers.due_skus(tx, parts.side, market, 1):
            dues.raise_due(
                tx, "submit", market, lane=lane, at=parts.clock.now()
            )


def _compose_lot(shop: Shop, tx: Transaction, lot: Sequence[Touched]) -> None:
    rows = Rows([], [], [])
    quick = [item for item in lot if item.facets == documents.STOCK]
    whole = [item for item in lot if item.facets != documents.STOCK]
    if quick:
        _restock(shop, tx, quick, rows)
    if whole:
        _recompose(shop, tx, whole, rows)
    offers.put_listings(tx, rows.listings)
    offers.put_available(tx, rows.available)
    offers.desire(tx, rows.facets)


def _restock(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> None:
    """Only the stock changed: the listing's own row says all that is needed."""
    parts = shop.parts
    articles = [(item.article, item.variant) for item in lot]
    causes = {(i.article, i.variant): i.delivery_id for i in lot}
    names = [article for article, _ in articles]
    listings = [
        row
        for row in offers.of_articles(tx, parts.side, parts.mandant, names)
        if (row.article, row.variant) in causes
    ]
    if not listings:
        return
    bodies = documents.of_articles(
        tx, parts.mandant, articles, ("StockLevel",)
    )
    levels = stocking.levels_of(bodies)
    waiting = [(row.marketplace, row.sku) for row in listings if not row.ready]
    priced = offers.complete_but_stock(tx, parts.side, waiting)
    side, home = parts.side.keys(), parts.settings.home
    for row in listings:
        place = (row.article, row.variant)
        found: list[Finding] = []
        pieces = _pieces(
            shop, levels.get(place, []), row.unit, row.unit_factor, found
        )
        if not row.sellable:
            pieces = 0
        if pieces is None or pieces == row.available:
            continue
        rows.available.append(
            {
                **side,
                "marketplace": row.marketplace,
                "sku": row.sku,
                "available": pieces,
                "sellable": row.sellable,
                "ready": row.ready or (row.marketplace, row.sku) in priced,
            }
        )
        if row.marketplace == home:
            stock = {
                "sku": row.sku,
                "article": row.article,
                "available": pieces,
            }
            _facet(shop, row.marketplace, "stock", stock, causes[place], rows)


def _pieces(
    shop: Shop,
    levels: Iterable[Mapping[str, Any]],
    unit: str | None,
    factor: Any,  # noqa: ANN401 - Decimal or None
    found: list[Finding],
) -> int | None:
    known = stocking.quantity(
        shop.parts.settings, levels, unit=unit, factor=factor
    )
    if known.code:
        found.append(
            Finding(known.code, None, "stock", known.value, "warn", "sender")
        )
    return known.pieces


def _recompose(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> None:
    parts = shop.parts
    articles = [(item.article, item.variant) for item in lot]
    bodies = documents.of_articles(tx, parts.mandant, articles, KINDS)
    known = joining.gather(bodies, parts.book)
    names = [article for article, _ in articles]
    have: dict[tuple[str, int], list[Any]] = {}
    for row in offers.of_articles(tx, parts.side, parts.mandant, names):
        have.setdefault((row.article, row.variant), []).append(row)
    owners = offers.owners(tx, parts.side, [k.sku for k in known.values()])
    for item in lot:
        place = (item.article, item.variant)
        article, listings = known.get(place), have.get(place, [])
        if article is None or not article.article:
            continue
        if article.sellable:
            taken = owners.setdefault(article.sku, place)
            if taken != place:
                _conflict(shop, article, taken)
                continue
            for market in shop.contexts:
                _offer(shop, market, article, item, rows)
        for row in listings:
            if not article.sellable or row.sku != article.sku:
                _end(shop, row, item, rows)


def _conflict(shop: Shop, article: Known, taken: tuple[str, int]) -> None:
    """One SKU for two articles: the second is not offered."""
    shop.parts.log.warning(
        "offer.sku_taken", sku=article.sku, article=str(taken)
    )


def _offer(
    shop: Shop, market: str, article: Known, item: Touched, rows: Rows
) -> None:
    """State every facet of one SKU in one marketplace."""
    parts, found = shop.parts, list[Finding]()
    home = market == parts.settings.home
    unit = article.article.get("stock_unit") or article.article.get("unit")
    levels = stocking.levels_of(article.stock).get(
        (item.article, item.variant), []
    )
    factor = article.article.get("unit_factor")
    pieces = _pieces(shop, levels, unit, _decimal(factor), found)
    priced = pricing.offers(
        parts.settings,
        market,
        article.prices,
        tax_rate=article.tax_rate,
        now=shop.now,
    )
    found += priced.findings
    joined = joining.listing(
        article,
        shop.groups,
        currency=MARKETPLACES[market].currency,
        prices=code(priced.offers) or None,
        available=pieces,
    )
    made = {}
    for facet in ("content", "price", *(["stock"] if home else [])):
        attributes = _facet(
            shop, market, facet, joined, item.delivery_id, rows, found
        )
        made[facet] = bool(attributes)
    rows.listings.append(
        _row(shop, market, article, item)
        | {
            "available": pieces,
            "unit": unit,
            "unit_factor": _decimal(factor),
            "recompose_at": priced.boundary,
            **_judged(shop, market, joined, made, found),
        }
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _row(
    shop: Shop, market: str, article: Known, item: Touched
) -> dict[str, Any]:
    return {
        **shop.parts.side.keys(),
        "marketplace": market,
        "sku": article.sku,
        "mandant": shop.parts.mandant,
        "article": item.article,
        "variant": item.variant,
        "presence": offers.UNKNOWN,
        "sellable": True,
    }


def _judged(
    shop: Shop,
    market: str,
    joined: Mapping[str, Any],
    made: Mapping[str, bool],
    found: list[Finding],
) -> dict[str, Any]:
    """Whether a new listing could be made now, and what stands against it."""
    product_type = shop.mapping.product_type(joined, shop.contexts[market])
    if product_type is None:
        found.append(
            Finding(
                "offers.generic_type",
                None,
                "product_type",
                None,
                "warn",
                "operator",
            )
        )
    ready = all(made.values())
    missing = [facet for facet, there in made.items() if not there]
    if missing:
        facts = {"facets": ", ".join(missing)}
        found.append(
            Finding(
                "offers.incomplete", None, None, None, "warn", "sender", facts
            )
        )
    if len(str(joined["sku"]).encode()) > joining.LONGEST_SKU:
        ready = False
        found.append(
            Finding(
                "offers.long_sku",
                None,
                "sku",
                str(joined["sku"]),
                "refuse",
                "sender",
            )
        )
    return {
        "product_type": product_type,
        "ready": ready,
        "findings": [as_json(item) for item in found],
    }


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


def _facet(  # noqa: PLR0913 - all that makes a facet
    shop: Shop,
    market: str,
    facet: str,
    joined: Mapping[str, Any],
    cause: int | None,
    rows: Rows,
    found: list[Finding] | None = None,
) -> dict[str, Any]:
    """State one facet; what yields nothing is left as it was."""
    notes: list[Finding] = [] if found is None else found
    attributes = shop.mapping.attributes(
        facet, joined, shop.contexts[market], notes
    )
    if attributes:
        body = canonical_bytes(sorted_instances(attributes))
        rows.facets.append(
            {
                **shop.parts.side.keys(),
                "marketplace": market,
                "sku": joined["sku"],
                "facet": facet,
                "desired": body,
                "desired_hash": blake2b(body, digest_size=DIGEST).digest(),
                "delivery_id": cause,
            }
        )
    return attributes


def _end(shop: Shop, row: Any, item: Touched, rows: Rows) -> None:  # noqa: ANN401
    """An offer that is no longer wanted: stock 0, nothing is deleted."""
    rows.available.append(
        {
            **shop.parts.side.keys(),
            "marketplace": row.marketplace,
            "sku": row.sku,
            "available": 0,
            "ready": row.ready,
            "sellable": False,
        }
    )
    if row.marketplace == shop.parts.settings.home:
        stock = {"sku": row.sku, "article": row.article, "available": 0}
        _facet(shop, row.marketplace, "stock", stock, item.delivery_id, rows)
