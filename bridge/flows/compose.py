"""The listings of touched articles are composed again; differences wait.

Each lot is one commit: articles are taken off the list, their facets stated.
A crash rolls the lot back, and it is composed again.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.flows import joining
from bridge.flows import kin
from bridge.flows.pricetags import retag
from bridge.flows.raising import raise_submit
from bridge.flows.reserving import reserve_late
from bridge.flows.reserving import reserve_parts
from bridge.flows.restocking import restock
from bridge.flows.shelf import open_shelf
from bridge.flows.shelf import view_of
from bridge.flows.shop import Cause
from bridge.flows.shop import Rows
from bridge.flows.shop import as_json
from bridge.flows.shop import open_shop
from bridge.flows.shop import state
from bridge.flows.shop import state_nothing
from bridge.flows.shop import state_stock
from bridge.flows.shop import stocked
from bridge.flows.stocking import Quantity
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import flight
from bridge.ledger import listings
from bridge.ledger import offers
from bridge.ledger import presence
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.errors import Turn
    from bridge.flows.joining import Known
    from bridge.flows.parts import Parts
    from bridge.flows.shelf import Shelf
    from bridge.flows.shop import Shop
    from bridge.flows.view import View
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Listed
    from bridge.ledger.touches import Touched

ERRAND = "compose"
LOT = 2_000  # articles of one commit
ARCHIVED, COLUMN = "offers.archived", "USER_AmazonArchiv"
EMPTY: Mapping[str, str] = MappingProxyType({})


def compose(parts: Parts, key: str, generation: int) -> None:
    """Bring every touched article's listings up to date."""
    shops = [open_shop(one) for one in parts.everyone]
    while True:
        with parts.ledger.write() as tx:
            lot = touches.take_touched(tx, parts.mandant, LOT)
            if not lot and _taken_late(parts, tx):
                continue  # their stock is touched now
            if not lot:
                for one in parts.everyone:
                    raise_submits(one, tx)
                dues.done(tx, ERRAND, key, generation)
                return
            _compose_lot(shops, parts, tx, lot)


def _taken_late(parts: Parts, tx: Transaction) -> bool:
    """Whether orders take what was composed for the first time."""
    late = [reserve_late(one, tx) for one in parts.everyone]
    return any(late)


def compose_touched(parts: Parts, tx: Transaction) -> None:
    """Compose every touched article in one transaction of the caller's."""
    shops = [open_shop(one) for one in parts.everyone]
    while lot := touches.take_touched(tx, parts.mandant, LOT):
        _compose_lot(shops, parts, tx, lot)


def raise_submits(parts: Parts, tx: Transaction) -> None:
    """Have what waits sent, wherever something does."""
    for market in parts.settings.amazon.marketplaces:
        unasked = presence.unasked(tx, parts.side, market, 1)
        if unasked or flight.any_due(tx, parts.side, market):
            raise_submit(parts, tx, market)


def _compose_lot(
    shops: Sequence[Shop],
    parts: Parts,
    tx: Transaction,
    lot: Sequence[Touched],
) -> None:
    """State what follows from some articles, for every account."""
    whole = [item.article for item in lot if item.facets == touches.ALL]
    for one in parts.everyone:
        reserve_parts(one, tx, whole)
    of: dict[int, list[Touched]] = {}
    for item in kin.widened(tx, parts.mandant, lot):
        of.setdefault(item.facets, []).append(item)
    for shop in shops:
        _compose_for(shop, tx, dict(of))


def _compose_for(
    shop: Shop, tx: Transaction, of: dict[int, list[Touched]]
) -> None:
    """State it for one account, as little as each change concerns."""
    rows = Rows()
    restock(shop, tx, of.pop(touches.STOCK, []), rows)
    rest = retag(shop, tx, of.pop(touches.PRICE, []), rows)
    rest += [item for items in of.values() for item in items]
    if rest:
        _recompose(shop, tx, rest, rows)
    listings.put_listings(tx, rows.listings)
    listings.put_stocked(tx, rows.stocked)
    listings.put_tagged(tx, rows.tagged)
    offers.desire(tx, rows.facets)


def _recompose(
    shop: Shop, tx: Transaction, lot: Sequence[Touched], rows: Rows
) -> None:
    places = [(item.article, item.variant) for item in lot]
    shelf = open_shelf(shop.parts, tx, places, shop.shelves)
    have: dict[tuple[str, int], list[Listed]] = {}
    side, mandant = shop.parts.side, shop.parts.mandant
    names = [item.article for item in lot]
    for row in offers.of_articles(tx, side, mandant, names):
        have.setdefault((row.article, row.variant), []).append(row)
    owners = offers.owners(tx, side, [k.sku for k in shelf.known.values()])
    for item in lot:
        place = (item.article, item.variant)
        listed = have.get(place, [])
        article = shelf.article(place)
        if article is None or not article.sellable:
            _end(shop, listed, item, rows, article)
            continue
        taken = owners.setdefault(article.sku, place)
        if taken != place:
            _conflict(tx, article, taken, item)
            continue
        for market in shop.contexts:
            _offer(shop, market, shelf, item, listed, rows)
        if place not in shelf.families:
            _leave(shop, listed, item, rows)
        elif shelf.is_parent(place):
            _withdraw(shop, listed, item, rows)
        renamed = [row for row in listed if row.sku != article.sku]
        _end(shop, renamed, item, rows)


def _leave(
    shop: Shop, listed: Iterable[Listed], item: Touched, rows: Rows
) -> None:
    """Listings of an article that belongs to a family no longer."""
    for row in listed:
        if row.parent:
            cause = Cause(row.marketplace, "relations", item.delivery_id)
            state_nothing(shop, cause, row.sku, rows)


def _withdraw(
    shop: Shop, listed: Iterable[Listed], item: Touched, rows: Rows
) -> None:
    """What was sold itself and stands for its variants now has no stock."""
    for row in listed:
        if row.available and not row.is_parent:
            state_stock(shop, row, Quantity(0), item.delivery_id, rows)


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


def _offer(  # noqa: PLR0913, PLR0917 - what, where, and what it was
    shop: Shop,
    market: str,
    shelf: Shelf,
    item: Touched,
    listed: Iterable[Listed],
    rows: Rows,
) -> None:
    """State every facet of one SKU in one marketplace."""
    place = (item.article, item.variant)
    there = any(
        row.marketplace == market and row.presence == offers.PRESENT
        for row in listed
    )
    view = view_of(shop, market, shelf, place, at_amazon=there)
    joined, found = view.joined, view.found
    head = joined["sku"] if shelf.is_parent(place) else None
    made = {
        facet: state(
            shop, Cause(market, facet, item.delivery_id), joined, rows, found
        )
        for facet in view.facets
    }
    for facet in view.dropped:
        cause = Cause(market, facet, item.delivery_id)
        state_nothing(shop, cause, joined["sku"], rows)
    missing = [facet for facet in view.needed if not made[facet]]
    rows.listings.append(
        {
            **shop.keys(market, joined["sku"]),
            "mandant": shop.parts.mandant,
            "article": item.article,
            "variant": item.variant,
            "presence": offers.UNKNOWN,
            "sellable": True,
            "parent": joined.get("parent_sku") or head,
            "available": joined.get("available"),
            "promise": view.promise,
            "restock_at": view.wake,
            "unit": view.unit,
            "unit_factor": view.unit_factor,
            "recompose_at": view.boundary,
            **_judged(shop, market, view, missing),
        }
    )


def _judged(
    shop: Shop, market: str, view: View, missing: Sequence[str]
) -> dict[str, Any]:
    """Whether a new listing could be made now, and what stands against it."""
    joined, found = view.joined, view.found
    product_type = shop.mapping.product_type(joined, shop.contexts[market])
    if product_type is None:
        found.append(_said("offers.generic_type", "product_type", "operator"))
    if missing:
        facts = {"facets": ", ".join(missing)}
        found.append(_said("offers.incomplete", None, "sender", facts))
    is_long = len(str(joined["sku"]).encode()) > joining.LONGEST_SKU
    if is_long:
        sku = str(joined["sku"])
        found.append(
            Finding("offers.long_sku", None, "sku", sku, "refuse", "sender")
        )
    return {
        "product_type": product_type,
        "whole": view.whole and not is_long,
        "ready": not missing and view.whole and not is_long,
        "findings": [as_json(item) for item in found],
    }


def _said(
    code: str, field: str | None, turn: Turn, facts: Mapping[str, str] = EMPTY
) -> Finding:
    return Finding(code, None, field, None, "warn", turn, facts)


def _end(
    shop: Shop,
    listed: Iterable[Listed],
    item: Touched,
    rows: Rows,
    article: Known | None = None,
) -> None:
    """Offers that are no longer wanted: stock 0, nothing is deleted."""
    nothing = Quantity(0)
    archived = article is not None and article.archived
    for row in listed:
        said = _ended(row, archived=archived)
        more = {"ready": row.ready, "sellable": False}
        rows.stocked.append(stocked(shop, row, nothing, said=said, **more))
        if not row.is_parent:
            state_stock(shop, row, nothing, item.delivery_id, rows)


def _ended(row: Listed, *, archived: bool) -> str | None:
    """What is said of a listing that is over: whether it may be deleted."""
    before = orjson.loads(row.said or "[]") or []
    after = [item for item in before if item["code"] != ARCHIVED]
    if archived:
        facts = {"sku": row.sku}
        after.append(as_json(_said(ARCHIVED, COLUMN, "operator", facts)))
    return row.said if after == before else orjson.dumps(after).decode()
