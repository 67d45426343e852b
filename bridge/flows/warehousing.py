"""Orders of Sage that Amazon ships from its stock are kept and made out.

A confirmation or order of Sage marked ``FBA`` that is none of Amazon's own.
Who gets the goods is read from the paper whenever it is needed, and kept
nowhere else.
"""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bridge.errors import Finding
from bridge.flows.accounts import key_of
from bridge.flows.goods import beside
from bridge.flows.parcelling import Fault
from bridge.flows.persons import Persons
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import offers
from bridge.ledger import orders
from bridge.ledger import tellings
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import WAITING
from bridge.ledger.tellings import FULFILMENT
from bridge.model.marketplaces import MARKETPLACES
from bridge.model.marketplaces import is_order_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.ledger.tellings import Telling

ERRAND = "fulfil"
DOCUMENT, FBA = "SalesDocument", "FBA"
KINDS = frozenset({"confirmation", "order"})
#: What of a paper is kept beside what Amazon says.
SAID = (
    *("kind", "kind_name", "code", "year", "number", "order"),
    *("issued", "total", "currency"),
)
LEFT = frozenset({WAITING, REFUSED})  # Amazon has nothing of it
MOST_LINES, MOST_PIECES = 100, 250  # amazon.md 2
LONGEST = 40  # characters of a number at Amazon
ADDRESS = {
    "name": "name",
    "addressLine1": "street",
    "addressLine2": "extra",
    "city": "city",
    "postalCode": "postcode",
    "countryCode": "country",
}


def keep(parts: Parts, tx: Transaction, delivery: int) -> None:
    """Keep the marked orders a delivery states, in the commit that does.

    What Amazon has is not changed.
    """
    stated = documents.of_delivery(tx, parts.mandant, DOCUMENT, delivery)
    for bodies in list(stated):
        last = max(bodies, key=lambda body: body.as_of)
        said = orjson.loads(last.body)
        if said.get("fulfilled_by") != FBA or said["kind"] not in KINDS:
            continue
        if is_order_number(said.get("order") or ""):
            _note_amazons(parts, tx, last, said["order"])
        else:
            own = _shipping(parts, tx, last.key)
            if own is None:
                _note_changed(tx, last, said)
                continue
            _keep(own, tx, last, said)
            raise_fulfil(own, tx)


def _shipping(parts: Parts, tx: Transaction, key: str) -> Parts | None:
    """The pieces of the account whose stock an order is shipped from.

    The settings say which, for Sage's orders have none. What another account
    told Amazon stays with it, even where its section is gone (then there is
    none): two of them would ship the goods twice. What it did not tell, or
    Amazon refused, goes over.
    """
    own = parts.of_account(
        parts.settings.warehouse.account or parts.side.account
    )
    known = tellings.held_by(tx, own.side.mode, FULFILMENT, key)
    if known is None or known.account == own.side.account:
        return own
    if known.state in LEFT:
        tellings.change(tx, known, account=own.side.account)
        return own
    there = (
        one for one in parts.everyone if one.side.account == known.account
    )
    return next(there, None)


def raise_fulfil(parts: Parts, tx: Transaction) -> None:
    """Have the orders of Amazon's warehouse looked after."""
    key, now = key_of(parts), parts.clock.now()
    dues.raise_due(tx, ERRAND, key, lane=f"{ERRAND}:{key}", at=now)


def raise_looks(parts: Parts, tx: Transaction) -> None:
    """Have Amazon asked how far it is, if it is at anything."""
    if tellings.on_their_way(tx, parts.side, FULFILMENT):
        raise_fulfil(parts, tx)


def made_out(parts: Parts, tx: Transaction, item: Telling) -> dict[str, Any]:
    """An order as Amazon wants it (amazon.md M5). Names a person."""
    said = _opened(parts, tx, item)
    settings = parts.settings.warehouse
    market = MARKETPLACES[parts.settings.home]
    zone = ZoneInfo(parts.settings.bridge.timezone)
    day = datetime.combine(date.fromisoformat(said["issued"]), time(), zone)
    address = _address(said)
    return {
        "marketplaceId": market.id,
        "sellerFulfillmentOrderId": item.order_id,
        "displayableOrderId": item.order_id,
        "displayableOrderDate": f"{day.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "displayableOrderComment": _latin(settings.comment),
        "shippingSpeedCategory": settings.speed,
        "fulfillmentAction": "Ship",
        "fulfillmentPolicy": settings.policy,
        "destinationAddress": {
            name: address[field]
            for name, field in ADDRESS.items()
            if address.get(field)
        },
        "items": [
            {
                "sellerSku": _sku(parts, tx, line),
                "sellerFulfillmentOrderItemId": str(line["position"]),
                "quantity": int(Decimal(line["quantity"])),
            }
            for line in _goods(parts, said)
        ],
    }


def faults(parts: Parts, tx: Transaction, item: Telling) -> list[Fault]:
    """Why an order cannot go to Amazon's warehouse."""
    return list(_faults(parts, _opened(parts, tx, item)))


def _faults(parts: Parts, said: Mapping[str, Any]) -> Iterator[Fault]:
    address = _address(said)
    where = "to_" if said.get("to_street") else ""
    for field in ("name", "street", "postcode", "city", "country"):
        if not address.get(field):
            yield Fault("warehouse.address", f"{where}{field}", "")
    lines = _goods(parts, said)
    pieces = [Decimal(line.get("quantity") or 0) for line in lines]
    for amount in pieces:
        if amount != amount.to_integral_value() or amount <= 0:
            yield Fault("warehouse.pieces", "lines.quantity", str(amount))
    if not lines or len(lines) > MOST_LINES or sum(pieces) > MOST_PIECES:
        value = f"{len(lines)} / {sum(pieces)}"
        yield Fault("warehouse.too_many", "lines.quantity", value)
    if len(_number(parts, said)) > LONGEST:
        yield Fault("warehouse.long_number", "number", said["number"])


def _keep(
    parts: Parts, tx: Transaction, stated: Body, said: dict[str, Any]
) -> None:
    body = {name: said[name] for name in SAID if said.get(name) is not None}
    known = tellings.get(tx, parts.side, FULFILMENT, stated.key)
    if known is not None and known.state not in LEFT:
        if known.delivery_id != stated.delivery_id:
            _note_changed(tx, stated, said)
        return
    row = {
        "kind": FULFILMENT,
        "key": stated.key,
        "order_id": _number(parts, said)[:LONGEST],
        "marketplace": parts.settings.home,
        "delivery_id": stated.delivery_id,
        "line": stated.line,
        "body": body,
        "file": None,
    }
    tellings.keep(tx, parts.side, row)


def _note_amazons(
    parts: Parts, tx: Transaction, stated: Body, number: str
) -> None:
    """A paper of Amazon's own order is none of the warehouse's.

    Sage states such papers of orders that Amazon ships anyway: of those
    nothing is said.
    """
    order = orders.held_by(tx, parts.sides, number)
    body = {} if order is None else orjson.loads(order.body)
    if body.get("fulfilled_by") == FBA:
        return
    column = parts.book.plan(stated.mapping).column("order")
    found = Finding("warehouse.amazons", stated.line, column, number, "warn")
    deliveries.note(tx, stated.delivery_id, [found])


def _note_changed(
    tx: Transaction, stated: Body, said: Mapping[str, Any]
) -> None:
    """What Amazon has does not follow a paper that is stated anew."""
    number = str(said["number"])
    changed = Finding("warehouse.changed", stated.line, None, number, "warn")
    deliveries.note(tx, stated.delivery_id, [changed])


def _number(parts: Parts, said: Mapping[str, Any]) -> str:
    """What Amazon calls the order: the same at every attempt."""
    named = (parts.mandant, said.get("code") or said["kind"], said["year"])
    return "-".join(map(str, (*named, said["number"])))


def _opened(parts: Parts, tx: Transaction, item: Telling) -> dict[str, Any]:
    """The paper with the person it names; the younger statement wins."""
    stated = documents.stated(tx, parts.mandant, DOCUMENT, item.key)
    last = max(stated, key=lambda body: body.as_of)
    plan = parts.book.plan(last.mapping)
    opened: dict[str, Any] = orjson.loads(
        Persons(plan, parts.safe).opened(last.body)
    )
    return opened


def _address(said: Mapping[str, Any]) -> dict[str, Any]:
    """Where the goods go: A1, else the recipient of the invoice."""
    if said.get("to_street"):
        there = {field: said.get(f"to_{field}") for field in ADDRESS.values()}
        return {**there, "name": there["name"] or said.get("name")}
    names = {field: said.get(field) for field in ADDRESS.values()}
    return {**names, "extra": said.get("name2")}


def _goods(parts: Parts, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of goods; postage and the like are none."""
    postage = set(beside(parts))
    lines = said.get("lines") or ()
    return [line for line in lines if line["article"] not in postage]


def _sku(parts: Parts, tx: Transaction, line: Mapping[str, Any]) -> str:
    """What Amazon calls the goods."""
    if line.get("sku"):
        return str(line["sku"])
    article = str(line["article"])
    variant = int(line.get("variant") or 0)
    return offers.sku_of(tx, parts.side, article, variant) or article


def _latin(text: str) -> str:
    """Only signs of ISO 8859-1, which is all Amazon prints."""
    return text.encode("iso-8859-1", "replace").decode("iso-8859-1")
