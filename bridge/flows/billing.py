"""What Sage says of invoices and credit notes is kept for Amazon.

1. one commit with the file that states a paper: it is to be told. What Amazon
   was told already is never told again: a paper that changed is a finding.
2. a PDF that comes later or anew wakes the papers that name it.

Twice is harmless: a paper is known by kind, year and number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.flows import papering
from bridge.flows.accounts import holding
from bridge.flows.accounts import key_of
from bridge.flows.crediting import lines_of
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import tellings
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import WAITING
from bridge.ledger.standing import KEPT_BACK
from bridge.ledger.tellings import INVOICE
from bridge.ledger.tellings import NO_ORDER
from bridge.ledger.tellings import REFUND
from bridge.ledger.tellings import TOLD
from bridge.model.marketplaces import is_order_number

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parcelling import Fault
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.tellings import Telling

DOCUMENT = "SalesDocument"
ERRAND = "invoice"
NOT_AT_ALL = "none"  # of [invoices] way
CREDITS = frozenset({"credit_note", "cancellation"})
SHIPMENT, SHIPPED = "shipment", "SHIPPED"
GIVES_BACK = "credit_note"
BILLS = frozenset({"invoice", *CREDITS})
#: What of a paper is told, or judged before.
SAID = (
    *("kind", "kind_name", "code", "year", "number", "currency"),
    *("issued", "net", "tax", "total"),
)


def keep(parts: Parts, tx: Transaction, delivery: int) -> None:
    """Keep the papers a delivery states, in the commit that accepts it."""
    stated = documents.of_delivery(tx, parts.mandant, DOCUMENT, delivery)
    for bodies in list(stated):
        last = max(bodies, key=lambda body: body.as_of)
        said = orjson.loads(last.body)
        if said["kind"] in BILLS and is_order_number(said.get("order") or ""):
            own = holding(parts, tx, said["order"])
            if is_billed(parts, said) and _keep(own, tx, INVOICE, last, said):
                raise_invoice(own, tx)
            if said["kind"] == GIVES_BACK:
                _keep(own, tx, REFUND, last, said)
                raise_refund(own, tx)


def is_billed(parts: Parts, said: Mapping[str, Any]) -> bool:
    """Whether a paper is one that goes to Amazon as a PDF."""
    wanted = parts.settings.invoices.way != NOT_AT_ALL
    amazons = is_order_number(said.get("order") or "")
    return bool(wanted and amazons and said.get("kind") in BILLS)


def enclosed(parts: Parts, tx: Transaction, delivery: Delivery) -> None:
    """A PDF came; whatever names it is looked at again."""
    for one in parts.everyone:
        _enclosed(one, tx, delivery)
        raise_invoice(one, tx)
    papering.enclosed(parts, tx, delivery.name.rpartition("/")[2])


def _enclosed(parts: Parts, tx: Transaction, delivery: Delivery) -> None:
    file = delivery.name.rpartition("/")[2]
    for item in tellings.enclosing(tx, parts.side, file):
        if item.state not in TOLD:
            tellings.change(tx, item, state=WAITING, issues=None)
        elif item.enclosure != delivery.id and _differs(tx, item, delivery):
            facts = {"number": item.body["number"]}
            found = Finding(
                *("invoices.other_pdf", None, None, file, "warn"), facts=facts
            )
            deliveries.note(tx, delivery.id, [found])


def wake(parts: Parts, tx: Transaction, orders: Collection[str]) -> None:
    """Something is new of orders: papers may wait for just that.

    Whose order it is shows only now: until then the first account has them.
    """
    tellings.adopt(tx, parts.side, orders)
    if orders and tellings.waiting(tx, parts.side, INVOICE, orders):
        raise_invoice(parts, tx)
    if orders and tellings.waiting(tx, parts.side, REFUND, orders):
        raise_refund(parts, tx)


def raise_invoice(parts: Parts, tx: Transaction) -> None:
    """Have papers that wait looked at."""
    _raise(parts, tx, ERRAND)


def raise_refund(parts: Parts, tx: Transaction) -> None:
    """Have credit notes looked at, and those a person confirmed sent."""
    _raise(parts, tx, REFUND)


def _raise(parts: Parts, tx: Transaction, errand: str) -> None:
    key, now = key_of(parts), parts.clock.now()
    dues.raise_due(tx, errand, key, lane=f"{errand}:{key}", at=now)


def refuse(
    parts: Parts, tx: Transaction, item: Telling, faults: Sequence[Fault]
) -> None:
    """Say at the row of a paper why it stays here."""
    note(parts, tx, item, faults)
    issues = [_issue(parts, item, fault) for fault in faults]
    tellings.change(tx, item, state=REFUSED, lacks=None, issues=issues)
    now = parts.clock.now().isoformat()
    facts.know(tx, f"{KEPT_BACK}{parts.side.mode}", now)


def _facts(item: Telling, fault: Fault) -> dict[str, str]:
    """What a sentence of a paper may say; its amounts have its currency."""
    return {"currency": str(item.body.get("currency") or ""), **fault.facts}


def _issue(parts: Parts, item: Telling, fault: Fault) -> dict[str, str]:
    message = in_words(parts, item, fault)
    return {"code": fault.code, "severity": "ERROR", "message": message}


def in_words(parts: Parts, item: Telling, fault: Fault) -> str:
    """What is wrong with a paper, as its operator reads it."""
    facts = _facts(item, fault)
    said = Finding(fault.code, None, fault.field, fault.value, facts=facts)
    return said.message(parts.settings.bridge.language)


def lacks(order: OrderRow | None) -> str | None:
    """What has to happen before Amazon is told of a paper of an order."""
    if order is None:
        return NO_ORDER
    shipped = order.shipped_at is not None or order.status == SHIPPED
    return None if shipped else SHIPMENT


def note(
    parts: Parts, tx: Transaction, item: Telling, faults: Iterable[Fault]
) -> None:
    """Say at the row of a paper, and its column, why it cannot be told."""
    if item.delivery_id is None:
        return  # no file stated it
    row = deliveries.get(tx, item.delivery_id)
    plan = parts.book.plans.get(str(row.mapping if row else ""))
    found = [
        Finding(
            fault.code,
            item.line,
            plan.column(fault.field) if plan and fault.field else None,
            fault.value,
            "warn",
            facts=_facts(item, fault),
        )
        for fault in faults
    ]
    deliveries.note_once(tx, item.delivery_id, found)


def _keep(
    parts: Parts,
    tx: Transaction,
    kind: str,
    stated: Body,
    said: dict[str, Any],
) -> bool:
    """Keep one paper, unless Amazon was told of it.

    A credit note that changed has to be confirmed anew.
    """
    body = {name: said[name] for name in SAID if said.get(name) is not None}
    if kind == REFUND:
        body |= {"gross": said["gross"], "lines": lines_of(said)}
    known = tellings.get(tx, parts.side, kind, stated.key)
    same = known is not None and all(
        known.body.get(name) == value for name, value in body.items()
    )
    if known is not None and known.state in TOLD:
        if not same:
            moved = {"delivery_id": stated.delivery_id, "line": stated.line}
            tellings.change(tx, known, **moved)
            changed = Finding(
                *("invoices.changed", stated.line, None, body["number"]),
                "warn",
            )
            deliveries.note(tx, stated.delivery_id, [changed])
        return False
    if kind == REFUND and known is not None and same:
        return False  # what was confirmed stays confirmed
    row = {
        "kind": kind,
        "key": stated.key,
        "order_id": said["order"],
        "marketplace": "",
        "delivery_id": stated.delivery_id,
        "line": stated.line,
        "body": body,
        "file": said.get("file") or papering.own_file(parts, said),
    }
    tellings.keep(tx, parts.side, row)
    return True


def _differs(tx: Transaction, item: Telling, other: Delivery) -> bool:
    """Whether a PDF has other bytes than the one that was sent."""
    sent = deliveries.get(tx, item.enclosure or 0)
    return sent is not None and sent.sha256 != other.sha256
