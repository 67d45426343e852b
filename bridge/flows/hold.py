"""Whether a delivery must wait for a person (decisions 18)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import kin
from bridge.flows.articleprices import of_articles
from bridge.flows.repricing import DOCUMENTS
from bridge.flows.repricing import repriced
from bridge.flows.stockroom import stockroom
from bridge.ledger import deliveries
from bridge.ledger import offers
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable

    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Listed

LEAST_SHARE = Decimal("0.8")  # of the last full file's records
LOT = 2_000  # articles looked at together


def reason(
    parts: Parts, tx: Transaction, delivery: Delivery
) -> dict[str, Any] | None:
    """Why the delivery must be confirmed first, or nothing.

    Asked in the transaction that has accepted its documents, before the
    commit: what would be composed is looked at, nothing is kept.
    """
    if delivery.confirmed:
        return None
    found = _shrunk(tx, delivery)
    looks = [_zeroed]
    if parts.book.plan(str(delivery.mapping)).document in DOCUMENTS:
        looks.append(repriced)
    for look in looks:
        for one in parts.everyone:
            found = found or look(one, tx)
    return found


def _shrunk(tx: Transaction, delivery: Delivery) -> dict[str, Any] | None:
    if not delivery.complete:
        return None
    last = deliveries.last_complete(
        tx, str(delivery.mapping), delivery.scope, delivery.id
    )
    if last is None or delivery.records >= LEAST_SHARE * last.records:
        return None
    return {
        "code": "intake.shrunk",
        "records": str(delivery.records),
        "before": str(last.records),
    }


def _zeroed(parts: Parts, tx: Transaction) -> dict[str, Any] | None:
    amazon = parts.settings.amazon
    total = offers.with_stock(tx, parts.side)
    if not total:
        return None
    ending = _ending(parts, tx)
    if ending < amazon.confirm_at_least:
        return None
    if Decimal(ending) / total <= amazon.confirm_above_share:
        return None
    return {
        "code": "intake.zeroes",
        "ending": str(ending),
        "total": str(total),
        "share": f"{Decimal(100 * ending) / total:.0f}",
    }


def _ending(parts: Parts, tx: Transaction) -> int:
    """How many offers with stock would have none, or be withdrawn."""
    number = 0
    for lot in touches.all_touched(tx, parts.mandant, LOT):
        places = kin.concerned(tx, parts.mandant, lot)
        names = {article for article, _ in places}
        rows = [
            row
            for row in offers.of_articles(tx, parts.side, parts.mandant, names)
            if row.available and (row.article, row.variant) in places
        ]
        if rows:
            number += len(_without(parts, tx, places, rows))
    return number


def _without(
    parts: Parts,
    tx: Transaction,
    places: Collection[tuple[str, int]],
    listings: Iterable[Listed],
) -> set[str]:
    """The SKUs that would have nothing to sell."""
    room = stockroom(parts, tx, places)
    settings = parts.settings
    articles = of_articles(tx, parts.book, settings, places, ("Article",))
    found = set()
    for row in listings:
        place = (row.article, row.variant)
        article = articles.get(place)
        left = room.quantity(place, row.unit, row.unit_factor).pieces
        if left is None and not room.holds(place):
            left = 0
        if left == 0 or article is None or not article.sellable:
            found.add(row.sku)
    return found
