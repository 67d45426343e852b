"""Amazon is asked for orders; each page is one commit with its cursor.

The same page twice changes nothing. A crash between pages asks for the page
that was not committed again.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import RefusedError
from bridge.flows import billing
from bridge.flows.customers import raise_order
from bridge.flows.orderpaper import PENDING
from bridge.flows.shop import as_json
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import orders

if TYPE_CHECKING:
    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ports import Page
    from bridge.ports import Sale

ERRAND = "orders"
CURSOR = "orders"
BROKEN = "warning:order:"  # facts that status shows
SETTLED = timedelta(minutes=2)  # Amazon's minimum age of a window's end
OVERLAP = timedelta(minutes=10)  # asked again, in case Amazon's index lags
#: What may change without Sage having to know.
PASSING = ("status", "updated_at")


def poll(parts: Parts, key: str, generation: int) -> None:
    """Ask for changed orders until there is no further page."""
    while True:
        window = _window(parts)
        page = _page(parts, window)
        if page is None:
            continue
        with parts.ledger.write() as tx:
            for sale in page.sales:
                _keep(parts, tx, sale)
            for error in page.broken:
                _report(parts, tx, error)
            seen = [str(sale.order["id"]) for sale in page.sales]
            billing.wake(parts, tx, seen)
            _move(parts, tx, window, page.token)
            if page.token is None:
                dues.done(tx, ERRAND, key, generation)
                now = parts.clock.now().isoformat()
                facts.know(tx, f"contact:{parts.side.mode}", now)
        if page.token is None:
            return


def _page(parts: Parts, window: dict[str, Any]) -> Page | None:
    """The next page; a dead token begins its window again (decisions 19).

    A token lives for a day: orders that were kept are kept again.
    """
    since, until = _instants(window)
    try:
        return parts.order_book.orders(since, until, window["token"])
    except RefusedError:
        if not window["token"]:
            raise
        with parts.ledger.write() as tx:
            facts.set_cursor(tx, parts.side, CURSOR, {**window, "token": ""})
        return None


def _window(parts: Parts) -> dict[str, Any]:
    """The window that is being asked: the same until its last page."""
    with parts.ledger.read() as tx:
        known = facts.get_cursor(tx, parts.side, CURSOR)
    until = parts.clock.now() - SETTLED
    if known is None:
        since = until - parts.settings.amazon.first_orders
        known = {"from": since.isoformat(), "to": None, "token": ""}
    if known["to"] is None:
        known = {**known, "to": until.isoformat(), "token": ""}
        with parts.ledger.write() as tx:
            facts.set_cursor(tx, parts.side, CURSOR, known)
    return known


def _instants(window: dict[str, Any]) -> tuple[datetime, datetime]:
    return (
        datetime.fromisoformat(window["from"]),
        datetime.fromisoformat(window["to"]),
    )


def _move(
    parts: Parts, tx: Transaction, window: dict[str, Any], token: str | None
) -> None:
    """A page moves only the token; the last page moves the window."""
    if token is not None:
        moved = {**window, "token": token}
    else:
        start = datetime.fromisoformat(window["to"]) - OVERLAP
        moved = {"from": start.isoformat(), "to": None, "token": ""}
    facts.set_cursor(tx, parts.side, CURSOR, moved)


def _report(parts: Parts, tx: Transaction, error: BridgeError) -> None:
    """An order that cannot be understood stands among the warnings."""
    where = "?" if error.where is None else error.where.source
    told = error.told(parts.settings.bridge.language)
    facts.know(tx, f"{BROKEN}{where}", told)
    parts.log.warning("order.broken", order=where, code=error.code)


def _keep(parts: Parts, tx: Transaction, sale: Sale) -> None:
    order = sale.order
    facts.forget(tx, f"{BROKEN}{order['id']}")
    persons = orjson.dumps(sale.persons, option=orjson.OPT_SORT_KEYS)
    lasting = {k: v for k, v in order.items() if k not in PASSING}
    ended = order["status"] == "CANCELLED"
    body = orjson.dumps(
        {**lasting, "ended": ended}, option=orjson.OPT_SORT_KEYS
    )
    row = {
        "id": order["id"],
        "mandant": parts.mandant,
        "marketplace": order["marketplace"],
        "status": order["status"],
        "purchased_at": datetime.fromisoformat(order["purchased_at"]),
        "updated_at": datetime.fromisoformat(order["updated_at"]),
        "currency": order.get("currency"),
        "total": Decimal(order["total"]) if order.get("total") else None,
        "hash": blake2b(body + persons, digest_size=16).digest(),
        "body": orjson.dumps(order),
        "findings": [as_json(item) for item in sale.findings],
    }
    known = orders.get(tx, parts.side, order["id"])
    changed = orders.keep(
        tx,
        parts.side,
        row,
        key_id=parts.safe.key_id,
        blob=parts.safe.lock(persons),
    )
    left_pending = known is not None and known.status in PENDING
    if not changed and not left_pending:
        return
    if order.get("lines") and order["status"] not in PENDING:
        raise_order(parts, tx, order["id"], order["status"])
