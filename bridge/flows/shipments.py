"""Parcels that wait are told to Amazon: a call each, or many in one feed.

1. one commit: a submission is written down, its parcels are on their way.
2. the call or the feed is sent.
3. one commit: what Amazon says of each parcel, and whether its order left.

A crash after 1 or 2: the same is sent again. A call with the same reference
edits the parcel it made; a feed is looked for first.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import billing
from bridge.flows.consigning import ERRAND
from bridge.flows.goods import goods_of
from bridge.flows.sending import Errors
from bridge.flows.sending import await_feed
from bridge.flows.sending import called
from bridge.flows.sending import finish
from bridge.flows.sending import outcome_of
from bridge.ledger import dues
from bridge.ledger import orders
from bridge.ledger import parcels
from bridge.ledger import submissions
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import FEED
from bridge.ledger.submissions import Message
from bridge.mapping import orderfeeds
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction
    from bridge.ledger.parcels import Parcel
    from bridge.ledger.submissions import Submission

RESULT = "ship_result"
CONFIRM = "confirmShipment"
OPERATIONS = (CONFIRM, orderfeeds.FULFILLMENT)
MESSAGE = "Shipment"


def ship(parts: Parts, key: str, generation: int) -> None:
    """Tell Amazon of every parcel that waits; twice is harmless.

    Raises:
        ThrottledError: Something has to wait for a plan of Amazon's.
        TransientError: Some of it could not be sent; it stays due.
    """
    errors = Errors()
    with parts.ledger.read() as tx:
        begun = submissions.in_state(
            tx, parts.side, submissions.SENDING, OPERATIONS
        )
    for row in begun:
        with errors.held():
            _send(parts, row.id)
    while written := _written(parts):
        for number in written:  # a parcel gives pieces up before the next
            with errors.held():
                _send(parts, number)
    errors.told()
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _written(parts: Parts) -> list[int]:
    """The next submissions of one marketplace, written down."""
    most = parts.settings.amazon.confirm_up_to
    with parts.ledger.write() as tx:
        there = parcels.markets(tx, parts.side)
        if not there:
            return []
        market, number = next(iter(there.items()))
        limit = orderfeeds.MOST_MESSAGES if number > most else most
        found = parcels.waiting(tx, parts.side, market, limit)
        lots = [found] if number > most else _one_of_each(found)
        return [_begin(parts, tx, market, lot) for lot in lots]


def _one_of_each(found: list[Parcel]) -> list[list[Parcel]]:
    """The first parcel of each order: calls travel side by side.

    A parcel may take what an earlier one of its order gives away.
    """
    firsts: dict[str, Parcel] = {}
    for one in found:
        firsts.setdefault(one.order_id, one)
    return [[one] for one in firsts.values()]


def _begin(
    parts: Parts, tx: Transaction, market: str, lot: list[Parcel]
) -> int:
    alone = parts.settings.amazon.confirm_up_to and len(lot) == 1
    number = submissions.begin(
        tx,
        parts.side,
        kind=CALL if alone else FEED,
        operation=CONFIRM if alone else orderfeeds.FULFILLMENT,
        marketplace=market,
        subject=lot[0].order_id if alone else None,
        messages=[
            Message(place, one.order_id, MESSAGE)
            for place, one in enumerate(lot, 1)
        ],
        now=parts.clock.now(),
    )
    parcels.send(tx, lot, number)
    return number


def _send(parts: Parts, number: int) -> None:
    """Send one submission and keep what Amazon says."""
    with parts.ledger.read() as tx:
        row = submissions.get(tx, number)
        lot = parcels.carried(tx, number)
    if row is None or row.state != submissions.SENDING:
        return
    if row.kind == CALL:
        _call(parts, row, lot[0])
        return
    told = [(one.order_id, one.sent or {}) for one in lot]
    seller = parts.settings.amazon.seller_id
    await_feed(
        parts, row, orderfeeds.fulfillments(seller, told), RESULT, _land
    )


def _call(parts: Parts, row: Submission, parcel: Parcel) -> None:
    body: dict[str, Any] = {
        "marketplaceId": MARKETPLACES[row.marketplace].id,
        "packageDetail": parcel.sent,
    }
    call = Call(
        number=row.number,
        operation=row.operation,
        marketplace=row.marketplace,
        subject=parcel.order_id,
        query={},
        body=body,
    )
    finish(parts, row.id, called(parts, call), _land)


def _land(parts: Parts, tx: Transaction, landing: Landing) -> None:
    """Keep what Amazon says of parcels; an order may have left by now."""
    told = parcels.land(tx, landing.row.id, landing.refused)
    billing.wake(parts, tx, [one.order_id for one in told])
    for order in dict.fromkeys(one.order_id for one in told):
        row = orders.get(tx, parts.side, order)
        known = parcels.of_order(tx, parts.side, order)
        taken = [one.accepted for one in known if one.accepted]
        if row is not None and taken:
            left = _left(goods_of(parts, tx, row).pieces, taken)
            orders.ship(tx, parts.side, order, None if left else _last(taken))


def _left(
    pieces: Mapping[str, int], taken: list[dict[str, Any]]
) -> Counter[str]:
    """The pieces of an order that lie in no parcel Amazon knows."""
    left = Counter(pieces)
    for body in taken:
        for item in body["orderItems"]:
            left[item["orderItemId"]] -= item["quantity"]
    return +left


def _last(taken: list[dict[str, Any]]) -> datetime:
    return max(datetime.fromisoformat(body["shipDate"]) for body in taken)


ship_result = outcome_of(RESULT, _land)
