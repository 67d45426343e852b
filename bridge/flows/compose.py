"""The listings of touched articles are composed again; differences wait.

Each lot is one commit: articles are taken off the list, their facets stated.
A crash rolls the lot back, and it is composed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows import joining
from bridge.flows import pricing
from bridge.flows import stocking
from bridge.flows.raising import raise_submit
from bridge.flows.restocking import restock
from bridge.flows.shop import Cause
from bridge.flows.shop import Rows
from bridge.flows.shop import as_json
from bridge.flows.shop import open_shop
from bridge.flows.shop import pieces_of
from bridge.flows.shop import state
from bridge.flows.shop import state_stock
from bridge.flows.shop import stocked
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import flight
from bridge.ledger import offers
from bridge.ledger import presence
from bridge.model.coding import code
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.flows.joining import Known
    from bridge.flows.parts import Parts
    from bridge.flows.shop import Shop
    from bridge.ledger.documents import Touched
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Listed

ERRAND = "compose"
LOT = 2_000  # articles of one commit
KINDS = ("Article", "PriceEntry", "StockLevel")


def compose(parts: Parts, key: str, generation: int) -> None:
    """Bring every touched article's listings up to date."""
    shops = [open_shop(one) for one in parts.everyone]
    while True:
        with parts.ledger.write() as tx:
            lot = documents.take_touched(tx, parts.mandant, LOT)
            if not lot:
                for one in parts.everyone:
                    raise_submits(one, tx)
                dues.done(tx, ERRAND, key, generation)
                return
            for shop in shops:
                _compose_lot(shop, tx, lot)


def compose_touched(parts: Parts, tx: Transaction) -> None:
    """Compose every touched article in one transaction of the caller's."""
    shops = [open_shop(one) for one in parts.everyone]
    while lot := documents.take_touched(tx, parts.mandant, LOT):
        for shop in shops:
            _compose_lot(shop, tx, lot)


def raise_submits(parts: Parts, tx: Transaction) -> None:
    """Have what waits sent, wherever something does."""
    for market in parts.settings.amazon.marketplaces:
        unasked = presence.unasked(tx, parts.side, market, 1)
        if unasked or flight.any_due(tx, parts.side, market):
            raise_submit(parts, tx, market)


def _compose_lot(shop: Shop, tx: Transaction, lot: Sequence[Touched]) -> None:
    rows = Rows()
    quick = [item for item in lot if item.facets == documents.STOCK]
    whole = [item for item in lot if item.facets != documents.STOCK]
    if quick:
        restock(shop, tx, quick, rows)
    if whole:
        _recompose(shop, tx, whole, rows)
    offers.put_listings(tx, rows.listings)
    offers.put_stocked(tx, rows.stocked)
    offers.desire(tx, rows.facets)


def _recompose(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> None:
    parts = shop.parts
    articles = [(item.article, item.variant) for item in lot]
    bodies = documents.of_articles(tx, parts.mandant, articles, KINDS)
    known = joining.gather(bodies, parts.book)
    names = [article for article, _ in articles]
    have: dict[tuple[str, int], list[Listed]] = {}
    for row in offers.of_articles(tx, parts.side, parts.mandant, names):
        have.setdefault((row.article, row.variant), []).append(row)
    owners = offers.owners(tx, parts.side, [k.sku for k in known.values()])
    for item in lot:
        place = (item.article, item.variant)
        article = known.get(place)
        if article is None or not article.article:
            continue
        if article.sellable:
            taken = owners.setdefault(article.sku, place)
            if taken != place:
                _conflict(tx, article, taken, item)
                continue
            for market in shop.contexts:
                _offer(shop, market, article, item, rows)
        _end_others(shop, article, have.get(place, []), item, rows)


def _end_others(
    shop: Shop,
    article: Known,
    listings: Iterable[Listed],
    item: Touched,
    rows: Rows,
) -> None:
    """Listings of the article that are no longer wanted, or not so named."""
    for row in listings:
        if not article.sellable or row.sku != article.sku:
            _end(shop, row, item, rows)


def _conflict(
    tx: Transaction, article: Known, taken: tuple[str, int], item: Touched
) -> None:
    """One SKU for two articles: the second is not offered, and it is said."""
    if item.delivery_id is None:
        return
    facts = {"article": taken[0], "own": item.article}
    found = Finding(
        "offers.sku_taken", None, "sku", article.sku, "warn", facts=facts
    )
    deliveries.note(tx, item.delivery_id, [found])


@dataclass(frozen=True)
class View:
    """An article as one marketplace sees it.

    Attributes:
        joined: The coded Listing.
        found: What a person should know of it.
        unit: What its stock is counted in.
        unit_factor: How many sales units that is.
        boundary: When its price changes by itself.
    """

    joined: dict[str, Any]
    found: list[Finding]
    unit: str | None
    unit_factor: Decimal | None
    boundary: datetime | None


def view_of(
    shop: Shop, market: str, article: Known, place: tuple[str, int]
) -> View:
    """Join an article, its prices and its stock for one marketplace."""
    unit = article.article.get("stock_unit") or article.article.get("unit")
    factor = _decimal(article.article.get("unit_factor"))
    levels = stocking.levels_of(article.stock).get(place, [])
    pieces, found = pieces_of(shop, levels, unit, factor)
    priced = pricing.offers(
        shop.parts.settings,
        market,
        article.prices,
        tax_rate=article.tax_rate,
        now=shop.now,
    )
    joined = joining.listing(
        article,
        shop.groups,
        currency=MARKETPLACES[market].currency,
        prices=code(priced.offers) or None,
        available=pieces,
    )
    found += priced.findings
    return View(joined, found, unit, factor, priced.boundary)


def _offer(
    shop: Shop, market: str, article: Known, item: Touched, rows: Rows
) -> None:
    """State every facet of one SKU in one marketplace."""
    home = market == shop.parts.settings.home
    place = (item.article, item.variant)
    view = view_of(shop, market, article, place)
    joined, found = view.joined, view.found
    made = {
        facet: state(
            shop, Cause(market, facet, item.delivery_id), joined, rows, found
        )
        for facet in ("content", "price", *(["stock"] if home else []))
    }
    rows.listings.append(
        _row(shop, market, article, item)
        | {
            "available": joined.get("available"),
            "unit": view.unit,
            "unit_factor": view.unit_factor,
            "recompose_at": view.boundary,
            **_judged(shop, market, joined, made, found),
        }
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _row(
    shop: Shop, market: str, article: Known, item: Touched
) -> dict[str, Any]:
    return {
        **shop.keys(market, article.sku),
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


def _end(shop: Shop, row: Listed, item: Touched, rows: Rows) -> None:
    """An offer that is no longer wanted: stock 0, nothing is deleted."""
    rows.stocked.append(
        stocked(shop, row, 0, ready=row.ready, sellable=False, said=row.said)
    )
    state_stock(shop, row, 0, item.delivery_id, rows)
