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

from bridge.flows.raising import raise_compose
from bridge.flows.stockroom import stockroom
from bridge.ledger import orders
from bridge.ledger import reservations
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

MERCHANT = "MFN"
#: Nothing of these lies on the shelves any more, or ever will be taken.
ENDED = frozenset({"CANCELLED", "SHIPPED", "UNFULFILLABLE"})


def reserve(parts: Parts, tx: Transaction, order: Mapping[str, Any]) -> None:
    """Take what an order holds off what may be sold; again is harmless."""
    pieces = _pieces(parts, tx, order)
    changed = reservations.reserve(
        tx, parts.side, parts.mandant, order["id"], pieces
    )
    for place in sorted(changed):
        touches.touch_stock(tx, parts.mandant, *place)
    if changed:
        raise_compose(parts, tx)


def _pieces(
    parts: Parts, tx: Transaction, order: Mapping[str, Any]
) -> dict[tuple[str, int], int]:
    """The pieces of each article that leave the merchant's shelves."""
    own = order.get("fulfilled_by") in {None, MERCHANT}
    if not own or order["status"] in ENDED:
        return {}
    lines = order.get("lines") or []
    skus = sorted({str(line["sku"]) for line in lines if line.get("sku")})
    places = orders.articles_of(tx, parts.side, skus)
    if not places:
        return {}
    room = stockroom(parts, tx, places.values())
    found: Counter[tuple[str, int]] = Counter()
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
