"""Amazon hears that Sage took an order; or, when a person says so, not.

1. one commit with Sage's reply: the order is owed a word.
2. one commit: a feed is written down, its orders are on their way.
3. the feed is sent; what was not heard of is looked for first.
4. one commit: what Amazon says of each order.

Each order is told once. In live mode feeds are some minutes apart: what
comes in between is collected.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.flows.goods import goods_of
from bridge.flows.sending import await_feed
from bridge.flows.sending import begin_feed
from bridge.flows.sending import outcome_of
from bridge.ledger import dues
from bridge.ledger import orders
from bridge.ledger import submissions
from bridge.ledger import tellings
from bridge.ledger.tellings import ANSWER
from bridge.ledger.tellings import TOLD
from bridge.mapping import orderfeeds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction
    from bridge.ledger.tellings import Telling

ERRAND, RESULT = "acknowledge", "acknowledge_result"
TAKEN = frozenset({"created", "known"})  # replies of Sage
REFUSED = "refused"
SUCCESS, FAILURE = "Success", "Failure"  # Amazon's StatusCode
APART = timedelta(minutes=5)  # createFeed allows one in two (amazon.md 2)
FBA, CANCELLED = "FBA", "CANCELLED"
LONGEST = 50  # characters of a MerchantOrderID


def owe(
    parts: Parts, tx: Transaction, number: str, said: Mapping[str, Any]
) -> None:
    """Have Amazon told that Sage took an order, with Sage's own number."""
    named = [said.get(key) for key in ("document_code", "year", "number")]
    if said["status"] not in TAKEN or not said.get("number"):
        return
    sage = "-".join(str(part) for part in named if part)[:LONGEST]
    _owe(parts, tx, number, {"status": SUCCESS, "number": sage})


def refuse(parts: Parts, tx: Transaction, number: str, reason: str) -> bool:
    """Have Amazon told that an order is not taken: it cancels it.

    Args:
        parts: The pieces.
        tx: The transaction.
        number: The order; Sage must have refused it.
        reason: One of ``orderfeeds.REASONS``.

    Returns:
        Whether Amazon will be told.
    """
    row = orders.get(tx, parts.side, number)
    if row is None or reason not in orderfeeds.REASONS:
        return False
    if (row.reply or {}).get("status") != REFUSED or row.shipped_at:
        return False
    items = list(goods_of(parts, tx, row).pieces)
    body = {"status": FAILURE, "items": items, "reason": reason}
    return bool(items) and _owe(parts, tx, number, body)


def _owe(
    parts: Parts, tx: Transaction, number: str, body: dict[str, Any]
) -> bool:
    row = orders.get(tx, parts.side, number)
    if row is None or row.status == CANCELLED:
        return False
    if orjson.loads(row.body).get("fulfilled_by") == FBA:
        return False  # Amazon ships it, whatever Sage says
    known = tellings.get(tx, parts.side, ANSWER, number)
    if known is not None and known.state in TOLD:
        return False  # only what Amazon declined may be said anew
    said = {
        "kind": ANSWER,
        "key": number,
        "order_id": number,
        "marketplace": row.marketplace,
        "body": body,
    }
    tellings.keep(tx, parts.side, said)
    _raise(parts, tx)
    return True


def _raise(parts: Parts, tx: Transaction) -> None:
    account = parts.side.account
    at = _next(parts, tx)
    dues.raise_due(tx, ERRAND, account, lane=f"{ERRAND}:{account}", at=at)


def _next(parts: Parts, tx: Transaction) -> datetime:
    """When the next feed may go: what comes until then goes with it."""
    now, operation = parts.clock.now(), orderfeeds.ACKNOWLEDGEMENT
    last = submissions.last_begun(tx, parts.side, operation)
    if last is None or parts.settings.amazon.mode != "live":
        return now
    return max(now, min(last, now) + APART)


def acknowledge(parts: Parts, key: str, generation: int) -> None:
    """Tell Amazon of every order that is owed a word; twice is harmless.

    Raises:
        ThrottledError: It has to wait for a plan of Amazon's.
        TransientError: It could not be sent; it stays due.
    """
    operation = orderfeeds.ACKNOWLEDGEMENT
    with parts.ledger.read() as tx:
        begun = submissions.in_state(
            tx, parts.side, submissions.SENDING, [operation]
        )
    for row in begun:
        _send(parts, row.id)
    while (number := _written(parts)) is not None:
        _send(parts, number)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _written(parts: Parts) -> int | None:
    """The next feed, written down; none if nothing is owed."""
    with parts.ledger.write() as tx:
        owed = tellings.waiting(tx, parts.side, ANSWER)
        operation = orderfeeds.ACKNOWLEDGEMENT
        return begin_feed(parts, tx, operation, owed, _status)


def _status(owed: Telling) -> str:
    return str(owed.body["status"])


def _send(parts: Parts, number: int) -> None:
    with parts.ledger.read() as tx:
        row = submissions.get(tx, number)
        told = tellings.carried(tx, number)
    if row is None or row.state != submissions.SENDING:
        return
    said = [(one.order_id, one.body) for one in told]
    seller = parts.settings.amazon.seller_id
    body = orderfeeds.acknowledgements(seller, said)
    await_feed(parts, row, body, RESULT, _land)


def _land(_parts: Parts, tx: Transaction, landing: Landing) -> None:
    tellings.land(tx, landing.row.id, landing.refused)


acknowledge_result = outcome_of(RESULT, _land)
