"""Money is given back at Amazon: only when a person says so, never twice.

1. a credit note is shared out over the items of its order, and waits for a
   person; what cannot be is said at its row.
2. a person confirms the amounts he saw.
3. one commit: a feed is written down, with what was confirmed.
4. the feed is sent. Where nobody can say whether it arrived, or whether it
   was worked off, it is in doubt and stays so until a person has looked.
5. one commit: what Amazon says of each order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.flows import billing
from bridge.flows.crediting import split
from bridge.flows.goods import goods_of
from bridge.flows.parcelling import Fault
from bridge.flows.sending import IN_DOUBT
from bridge.flows.sending import await_feed
from bridge.flows.sending import begin_feed
from bridge.flows.sending import outcome_of
from bridge.ledger import dues
from bridge.ledger import orders
from bridge.ledger import submissions
from bridge.ledger import tellings
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import WAITING
from bridge.ledger.tellings import DOUBT
from bridge.ledger.tellings import PERSON
from bridge.ledger.tellings import REFUND
from bridge.ledger.tellings import TOLD
from bridge.mapping import orderfeeds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.crediting import Split
    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.tellings import Telling

RESULT = "refund_result"
ACTION = "Refund"
#: Then nobody can say what Amazon did.
DOUBTFUL = frozenset({IN_DOUBT, "amazon.feed_fatal", "amazon.report_gone"})


def confirm(parts: Parts, tx: Transaction, wish: Mapping[str, str]) -> bool:
    """A person wants the money of a credit note given back.

    Args:
        parts: The pieces of the order's account.
        tx: The transaction.
        wish: ``key`` of the credit note, ``total`` as the person saw it,
            ``reason`` in Amazon's word; ``again`` where it was sent before,
            and the person knows that Amazon did nothing; ``alone`` where he
            knows of another that is too much beside it.

    Returns:
        Whether it will be.
    """
    item = tellings.get(tx, parts.side, REFUND, wish["key"])
    if item is None or wish["reason"] not in orderfeeds.REFUND_REASONS:
        return False
    if item.body["total"] != wish["total"] or not _may_go(item, wish):
        return False
    if hindrance(parts, tx, wish) is not None:
        return False
    body = {**item.body, "reason": wish["reason"], "confirmed": True}
    tellings.change(
        tx, item, state=WAITING, lacks=None, issues=None, body=body
    )
    billing.raise_refund(parts, tx)
    return True


def hindrance(
    parts: Parts, tx: Transaction, wish: Mapping[str, str]
) -> Finding | None:
    """Why nothing good can follow from a confirmation, if so.

    Args:
        parts: The pieces of the order's account.
        tx: The transaction.
        wish: As :func:`confirm` gets it.

    Returns:
        ``refunds.refused_here``: the bridge would refuse the credit note;
        ``refunds.together``: another waits that is too much beside it.
    """
    item = tellings.get(tx, parts.side, REFUND, wish["key"])
    if item is None:
        return None
    order = orders.get(tx, parts.side, item.order_id)
    if order is None:
        return None
    faults = _split(parts, tx, item, order).faults
    if faults:
        why = billing.in_words(parts, item, faults[0])
        return Finding("refunds.refused_here", facts=_named(item, why=why))
    if wish.get("alone"):
        return None
    beside = (
        _together(item, other)
        for other in tellings.waiting(tx, parts.side, REFUND, [order.id])
        if other.key != item.key and other.lacks == PERSON
        if _split(parts, tx, item, order, other).faults
    )
    return next(beside, None)


def _together(item: Telling, other: Telling) -> Finding:
    facts = _named(
        item,
        amount=item.body["total"],
        other=str(other.body["number"]),
        rest=other.body["total"],
        currency=str(item.body.get("currency") or ""),
    )
    return Finding("refunds.together", facts=facts)


def _named(item: Telling, **facts: str) -> dict[str, str]:
    number = str(item.body["number"])
    return {"value": number, "order": item.order_id, **facts}


def _may_go(item: Telling, wish: Mapping[str, str]) -> bool:
    asked = item.state == WAITING and item.lacks == PERSON
    return asked or (
        bool(wish.get("again")) and item.state in {REFUSED, DOUBT}
    )


def refund(parts: Parts, key: str, generation: int) -> None:
    """Judge credit notes, send what was confirmed; twice is harmless.

    Raises:
        ThrottledError: It has to wait for a plan of Amazon's.
        TransientError: It could not be sent; it stays due.
    """
    with parts.ledger.read() as tx:
        begun = submissions.in_state(
            tx, parts.side, submissions.SENDING, [orderfeeds.ADJUSTMENT]
        )
    for row in begun:
        _send(parts, row.id)
    with parts.ledger.write() as tx:
        for item in tellings.waiting(tx, parts.side, REFUND):
            _judge(parts, tx, item)
    while (number := _written(parts)) is not None:
        _send(parts, number)
    with parts.ledger.write() as tx:
        dues.done(tx, REFUND, key, generation)


def _judge(parts: Parts, tx: Transaction, item: Telling) -> None:
    """Share a credit note out; what is good waits for a person."""
    order = orders.get(tx, parts.side, item.order_id)
    lacks = billing.lacks(order)
    if order is None or lacks is not None:
        tellings.change(tx, item, lacks=lacks)
        return
    made = _split(parts, tx, item, order)
    if made.faults:
        billing.refuse(parts, tx, item, made.faults)
        return
    body = {**item.body, "items": _items(item, made)}
    lacks = None if item.body.get("confirmed") else PERSON
    facts = {"body": body, "lacks": lacks, "marketplace": order.marketplace}
    tellings.change(tx, item, **facts)


def _split(
    parts: Parts,
    tx: Transaction,
    item: Telling,
    order: OrderRow,
    beside: Telling | None = None,
) -> Split:
    """Share a credit note out over what the others leave.

    Args:
        parts: The pieces of the order's account.
        tx: The transaction.
        item: The credit note.
        order: What it is of.
        beside: Another that waits, counted as if it had been given.
    """
    given = [
        part
        for one in tellings.of_order(tx, parts.side, item.order_id)
        if one.kind == REFUND and one.key != item.key
        if one.state in TOLD or one.body.get("confirmed") or one == beside
        if one.state != REFUSED
        for part in one.body.get("items") or ()
    ]
    goods = goods_of(parts, tx, order)
    return split(orjson.loads(order.body), goods, item.body, given)


def _items(item: Telling, made: Split) -> list[dict[str, Any]]:
    """As a feed wants them; the same facts give the same numbers."""
    number = f"{item.body['year']}-{item.body['number']}"
    return [
        {
            "item": name,
            "id": f"{number}-{place}",
            "amounts": {kind: f"{amounts[kind]:.2f}" for kind in amounts},
        }
        for place, (name, amounts) in enumerate(made.items.items(), 1)
    ]


def _written(parts: Parts) -> int | None:
    """The next feed of one marketplace, written down."""
    with parts.ledger.write() as tx:
        ready = [
            one
            for one in tellings.waiting(tx, parts.side, REFUND)
            if one.lacks is None and one.body.get("confirmed")
        ]
        operation = orderfeeds.ADJUSTMENT
        return begin_feed(parts, tx, operation, ready, lambda _: ACTION)


def _send(parts: Parts, number: int) -> None:
    with parts.ledger.read() as tx:
        row = submissions.get(tx, number)
        told = tellings.carried(tx, number)
    if row is None or row.state != submissions.SENDING:
        return
    said = [(one.order_id, one.body) for one in told]
    seller = parts.settings.amazon.seller_id
    body = orderfeeds.adjustments(seller, said)
    await_feed(parts, row, body, RESULT, _land)


def _land(parts: Parts, tx: Transaction, landing: Landing) -> None:
    """Keep what Amazon says; what nobody can say is in doubt."""
    for item in tellings.land(tx, landing.row.id, landing.refused):
        if item.state != REFUSED:
            continue
        issues = item.issues or []
        if not issues or DOUBTFUL & {one.get("code") for one in issues}:
            tellings.change(tx, item, state=DOUBT)
            fault = Fault("refunds.doubt", "", item.order_id)
            billing.note(parts, tx, item, [fault])
        else:
            billing.note(parts, tx, item, _declined(issues))


def _declined(issues: Sequence[Mapping[str, Any]]) -> list[Fault]:
    said = (f"{one.get('code')} {one.get('message')}" for one in issues)
    return [Fault("refunds.declined", "", text) for text in said]


refund_result = outcome_of(RESULT, _land)
