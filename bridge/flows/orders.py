"""Amazon is asked for orders; each page is one commit with its cursor.

The same page twice changes nothing. A crash between pages asks for the page
that was not committed again. Where searching is not allowed, or not wanted,
reports bring new orders instead; an order both know is one order.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.errors import RefusedError
from bridge.flows import billing
from bridge.flows import reserving
from bridge.flows.customers import raise_order
from bridge.flows.orderpaper import PENDING
from bridge.flows.orderreports import collect
from bridge.flows.shop import as_json
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import orders

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.ledger.orders import OrderRow
    from bridge.ports import Page
    from bridge.ports import Sale

ERRAND = "orders"
CURSOR = "orders"
AUTO, REPORTS = "auto", "reports"
FORBIDDEN = "amazon.forbidden"
BARRED = "orders:barred:"  # facts: until when searching is not tried
TRY_AGAIN = timedelta(hours=1)  # the role may have been added
BY_REPORT = "warning:orders:"  # facts that status shows
BROKEN = "warning:order:"  # facts that status shows
SETTLED = timedelta(minutes=2)  # Amazon's minimum age of a window's end
OVERLAP = timedelta(minutes=10)  # asked again, in case Amazon's index lags
#: What may change without Sage having to know.
PASSING = ("status", "updated_at")


def poll(parts: Parts, key: str, generation: int) -> None:
    """Ask for changed orders, or for reports where that is not allowed."""
    if _is_barred(parts):
        collect(parts)
    else:
        try:
            _search(parts)
        except RefusedError as error:
            if not _bars(parts, error):
                raise
            collect(parts)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)
        now = parts.clock.now().isoformat()
        facts.know(tx, f"contact:{parts.side.mode}", now)


def _is_barred(parts: Parts) -> bool:
    """Whether orders come by report now."""
    how = parts.settings.amazon.orders
    if how != AUTO:
        return how == REPORTS
    with parts.ledger.read() as tx:
        until = facts.known(tx, f"{BARRED}{parts.side.account}")
    return until is not None and parts.clock.now().isoformat() < until


def _bars(parts: Parts, error: RefusedError) -> bool:
    """Whether a refusal leads to reports for a while; that is told."""
    if error.code != FORBIDDEN or parts.settings.amazon.orders != AUTO:
        return False
    account = parts.side.account
    role = str(error.facts.get("role", ""))
    found = Finding("orders.by_report", severity="warn", facts={"role": role})
    told = found.told(account, parts.settings.bridge.language)
    with parts.ledger.write() as tx:
        until = (parts.clock.now() + TRY_AGAIN).isoformat()
        facts.know(tx, f"{BARRED}{account}", until)
        facts.know(tx, f"{BY_REPORT}{account}", told)
    return True


def _search(parts: Parts) -> None:
    """Ask for changed orders until there is no further page."""
    token: str | None = ""
    while token is not None:
        window = _window(parts)
        page = _page(parts, window)
        if page is None:
            continue
        token = page.token
        with parts.ledger.write() as tx:
            known = meet(parts, tx, page.sales)
            for sale in page.sales:
                keep(parts, tx, sale, orders.SEARCH, known)
            for error in page.broken:
                report(parts, tx, error)
            seen = [str(sale.order["id"]) for sale in page.sales]
            billing.wake(parts, tx, seen)
            _move(parts, tx, window, token)
            for fact in (BARRED, BY_REPORT):
                facts.forget(tx, f"{fact}{parts.side.account}")


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


def report(parts: Parts, tx: Transaction, error: BridgeError) -> None:
    """An order that cannot be understood stands among the warnings."""
    where = "?" if error.where is None else error.where.source
    told = error.told(parts.settings.bridge.language)
    facts.know(tx, f"{BROKEN}{where}", told)
    parts.log.warning("order.broken", order=where, code=error.code)


class Known:
    """What the ledger holds of some orders that Amazon names again.

    Args:
        rows: The orders that are known.
        numbers: All that was asked for.
        places: Article and variant of the SKUs on them.
    """

    def __init__(
        self,
        rows: Mapping[str, OrderRow],
        numbers: Iterable[str],
        places: Mapping[str, tuple[str, int]],
    ) -> None:
        self.places = places
        self._rows = rows
        self._asked = set(numbers)

    def row(self, tx: Transaction, side: Side, number: str) -> OrderRow | None:
        """An order as it is now: the second time it may be another."""
        if number not in self._asked:
            return orders.get(tx, side, number)
        self._asked.remove(number)
        return self._rows.get(number)


def meet(parts: Parts, tx: Transaction, sales: Collection[Sale]) -> Known:
    """What is known of orders, asked for all at once."""
    numbers = {str(sale.order["id"]) for sale in sales}
    skus = {sku for sale in sales for sku in reserving.skus_of(sale.order)}
    facts.forget_all(tx, [f"{BROKEN}{number}" for number in numbers])
    return Known(
        orders.get_all(tx, parts.side, sorted(numbers)),
        numbers,
        orders.articles_of(tx, parts.side, sorted(skus)),
    )


def keep(
    parts: Parts, tx: Transaction, sale: Sale, source: str, known: Known
) -> None:
    """Keep what Amazon says of an order, and have it written if it is new.

    What a search adds to an order that came by report is no change, as long
    as goods, sums and address are the same.

    Args:
        parts: The pieces.
        tx: The transaction.
        sale: The order.
        source: How it came: by ``search`` or by ``report``.
        known: What ``meet`` says of it.
    """
    order = sale.order
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
        "source": source,
    }
    before = known.row(tx, parts.side, order["id"])
    key_id, blob = parts.safe.key_id, parts.safe.lock(persons)
    if before is not None and _adds_only(parts, tx, before, sale):
        orders.enrich(tx, parts.side, before, row, key_id=key_id, blob=blob)
        return
    changed = orders.keep(
        tx, parts.side, before, row, key_id=key_id, blob=blob
    )
    if changed:
        reserving.reserve(parts, tx, order, known.places, first=before is None)
    left_pending = before is not None and before.status in PENDING
    if not changed and not left_pending:
        return
    if order.get("lines") and order["status"] not in PENDING:
        raise_order(parts, tx, order["id"], order["status"])


def _adds_only(
    parts: Parts, tx: Transaction, known: OrderRow, sale: Sale
) -> bool:
    """Whether a report said of an order what the search says, but less."""
    if known.source != orders.REPORT:
        return False
    before = orjson.loads(known.body)
    person = orders.person(tx, parts.side, known.id)
    persons = {}
    if person is not None:
        key_id, blob = person
        persons = orjson.loads(parts.safe.unlock(blob, key_id))
    there = persons.get("delivery_address") or {}
    here = sale.persons.get("delivery_address") or {}
    same_place = all(here.get(name) == there[name] for name in there)
    return same_place and _essence(before) == _essence(sale.order)


def _essence(order: dict[str, Any]) -> tuple[object, ...]:
    """What Sage must be told if it changes, as far as a report has it."""
    lines = sorted(
        (line["item"], line["quantity"], line.get("cancelled"), line["total"])
        for line in order.get("lines") or ()
    )
    ended = order["status"] == "CANCELLED"
    return ended, order.get("total"), order.get("currency"), lines
