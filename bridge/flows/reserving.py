"""What was just ordered is not sold twice.

Amazon lowers the stock of the SKU that was bought by itself; it knows nothing
of sets that hold the same article, of other accounts, and of a count that
Sage made before it knew of the order.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.flows.raising import raise_compose
from bridge.flows.stockroom import stockroom
from bridge.ledger import orders
from bridge.ledger import reservations
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.reservations import Place

MERCHANT = "MFN"
#: Nothing of these lies on the shelves any more, or ever will be taken.
ENDED = frozenset({"CANCELLED", "SHIPPED", "UNFULFILLABLE"})


def reserve(
    parts: Parts,
    tx: Transaction,
    order: Mapping[str, Any],
    known: Mapping[str, Place] | None = None,
    *,
    first: bool = False,
) -> None:
    """Take what an order holds off what may be sold; again is harmless.

    Args:
        parts: The pieces.
        tx: The transaction.
        order: The coded Order.
        known: The articles of its SKUs, if they were asked for already.
        first: Nothing was ever taken for it.
    """
    skus = _taken(order)
    if known is None:
        known = orders.articles_of(tx, parts.side, skus) if skus else {}
    places = {sku: known[sku] for sku in skus if sku in known}
    missing = [sku for sku in skus if sku not in places]
    pieces = _pieces(parts, tx, order, places)
    if first and not skus:
        return
    reservations.await_skus(tx, parts.side, order["id"], missing, new=first)
    changed = reservations.reserve(
        tx, parts.side, parts.mandant, order["id"], pieces, new=first
    )
    for place in sorted(changed):
        touches.touch_stock(tx, parts.mandant, *place)
    if changed:
        raise_compose(parts, tx)


def reserve_late(parts: Parts, tx: Transaction) -> bool:
    """Have orders take SKUs that nobody knew when they came.

    Returns:
        Whether something was taken that was not.
    """
    late = reservations.come_late(tx, parts.side)
    for number in late:
        _reserve_anew(parts, tx, number)
    return bool(late)


def reserve_parts(
    parts: Parts, tx: Transaction, articles: Iterable[str]
) -> None:
    """Have orders take what lies in sets whose parts list came later."""
    whole = reservations.of_sets(tx, parts.side, parts.mandant, articles)
    for number in whole:
        _reserve_anew(parts, tx, number)


def _reserve_anew(parts: Parts, tx: Transaction, number: str) -> None:
    row = orders.get(tx, parts.side, number)
    if row is None:
        reservations.await_skus(tx, parts.side, number, ())
    else:
        reserve(parts, tx, orjson.loads(row.body))


def skus_of(order: Mapping[str, Any]) -> set[str]:
    """Every SKU that an order names."""
    lines = order.get("lines") or ()
    return {str(line["sku"]) for line in lines if line.get("sku")}


def _taken(order: Mapping[str, Any]) -> list[str]:
    """The SKUs an order takes off the merchant's shelves."""
    own = order.get("fulfilled_by") in {None, MERCHANT}
    if not own or order["status"] in ENDED:
        return []
    return sorted(skus_of(order))


def _pieces(
    parts: Parts,
    tx: Transaction,
    order: Mapping[str, Any],
    places: Mapping[str, Place],
) -> dict[Place, int]:
    """The pieces of each article that leave the merchant's shelves."""
    if not places:
        return {}
    lines = order.get("lines") or []
    room = stockroom(parts, tx, places.values())
    found: Counter[Place] = Counter()
    for line in lines:
        place = places.get(str(line.get("sku")))
        number = _left(line)
        if place and number > 0:
            found.update(room.inside(place, number))
    return dict(found)


def _left(line: Mapping[str, Any]) -> int:
    """The pieces of a line that are not cancelled."""
    gone = Decimal(line.get("cancelled") or 0)
    return int(Decimal(line.get("quantity") or 0) - gone)
