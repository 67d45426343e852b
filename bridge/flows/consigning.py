"""What Sage says of parcels is judged with its file, and kept for Amazon.

1. read: a shipment Amazon would refuse is refused like any other row; its
   finding names the column. What is no order of Amazon's is let pass.
2. accepted: in the same commit each parcel has its number and its content,
   and `ship` is due.

Twice is harmless: a parcel is known by its tracking number.
"""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bridge.errors import Finding
from bridge.flows.accounts import holding
from bridge.flows.goods import goods_of
from bridge.flows.parcelling import Fault
from bridge.flows.parcelling import packed
from bridge.flows.parcelling import trackings
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import orders
from bridge.ledger import parcels
from bridge.ledger import staging
from bridge.model.marketplaces import is_order_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.parcelling import Goods
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.parcels import Parcel
    from bridge.mapping.plan import Plan

    Statements = dict[str, dict[str, Any]]
    Known = Callable[[str], tuple[OrderRow, Goods, Statements] | None]

DOCUMENT = "Shipment"
ERRAND = "ship"
FBA, CANCELLED = "FBA", "CANCELLED"
LONGEST_TRACKING = 50  # characters (amazon.md M6)


def judged(parts: Parts, tx: Transaction, delivery: Delivery) -> list[Finding]:
    """Refuse the staged shipments Amazon would refuse; why."""
    plan = parts.book.plan(str(delivery.mapping))
    if plan.document != DOCUMENT:
        return []
    known = _known(parts, tx)
    found: list[Finding] = []
    for stand, key, body in list(staging.converted(tx, delivery.id)):
        said = orjson.loads(body)
        faults = list(_faults(parts, known, key, said))
        if faults:
            staging.decide(tx, delivery.id, [stand], staging.REFUSED)
        found += [_finding(parts, plan, stand.line, one) for one in faults]
    return found


def keep(parts: Parts, tx: Transaction, delivery: int) -> None:
    """Keep the parcels a delivery tells of, in the commit that accepts it."""
    known = _known(parts, tx)
    changed: dict[str, int] = {}
    accounts: set[str] = set()
    stated = documents.of_delivery(tx, parts.mandant, DOCUMENT, delivery)
    for bodies in list(stated):
        last = max(bodies, key=lambda body: body.as_of)
        said = orjson.loads(last.body)
        there = known(said["order"])
        if there is not None:
            there[2][last.key] = said
            changed[said["order"]] = last.line
            accounts.add(there[0].account)
    for number, line in changed.items():
        _keep(parts, tx, known, number, (delivery, line))
    for account in sorted(accounts):
        raise_ship(parts.of_account(account), tx)


def raise_ship(parts: Parts, tx: Transaction) -> None:
    """Have Amazon told of every parcel that waits."""
    account, now = parts.side.account, parts.clock.now()
    dues.raise_due(tx, ERRAND, account, lane=f"{ERRAND}:{account}", at=now)


def _known(parts: Parts, tx: Transaction) -> Known:
    """Orders, their goods and what was said of them, each asked once."""

    @cache
    def known(number: str) -> tuple[OrderRow, Goods, Statements] | None:
        own = holding(parts, tx, number)
        row = orders.get(tx, own.side, number)
        if row is None:
            return None
        there = parcels.of_order(tx, own.side, number)
        said: Statements = {}
        for item in there:
            said.update(item.said)
        return row, goods_of(own, tx, row), said

    return known


def _faults(
    parts: Parts, known: Known, key: str, said: dict[str, Any]
) -> Iterator[Fault]:
    """Why a statement cannot be told; else it counts for those behind it."""
    number = said["order"]
    there = known(number)
    if there is None:
        if is_order_number(number):
            yield Fault("shipments.unknown_order", "order", number)
        return
    row, goods, statements = there
    faults = [*_head_faults(parts, row, said)]
    others = {name: one for name, one in statements.items() if name != key}
    if not faults:
        faults += packed(goods, {**others, key: said}).faults.get(key, [])
    if not faults:
        statements.pop(key, None)
        statements[key] = said
    yield from faults


def _head_faults(
    parts: Parts, row: OrderRow, said: Mapping[str, Any]
) -> Iterator[Fault]:
    """What is wrong beside the lines."""
    order = orjson.loads(row.body)
    if order.get("fulfilled_by") == FBA:
        yield Fault("shipments.fba", "order", row.id)
    if row.status == CANCELLED:
        yield Fault("shipments.cancelled", "order", row.id)
    if parts.carriers.find(said["carrier"]) is None:
        yield Fault("shipments.unknown_carrier", "carrier", said["carrier"])
    for one in trackings(said):
        if len(one) > LONGEST_TRACKING:
            yield Fault("shipments.long_tracking", "tracking", one)
    zone = ZoneInfo(parts.settings.bridge.timezone)
    at = _shipped(said)
    shown = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    if at > parts.clock.now():
        yield Fault("shipments.future", "shipped_at", shown)
    if at.astimezone(zone).date() < row.purchased_at.astimezone(zone).date():
        yield Fault("shipments.before_order", "shipped_at", shown)


def _shipped(said: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(said["shipped_at"])


def _finding(parts: Parts, plan: Plan, line: int, fault: Fault) -> Finding:
    """A fault at its line and, as the file calls it, its column."""
    facts = dict(fault.facts)
    if fault.code == "shipments.unknown_carrier":
        facts = {"near": ", ".join(parts.carriers.near(fault.value))}
    column = plan.column(fault.field)
    return Finding(fault.code, line, column, fault.value, facts=facts)


def _keep(
    parts: Parts,
    tx: Transaction,
    known: Known,
    number: str,
    place: tuple[int, int],
) -> None:
    """Number the parcels of one order, and say what lies in each."""
    there = known(number)
    if there is None:
        return
    row, goods, statements = there
    side = parts.of_account(row.account).side
    known_parcels = parcels.of_order(tx, side, number, lock=True)
    held = {one.tracking: one for one in known_parcels}
    reference = max((p.reference for p in held.values()), default=0)
    rows, empty = [], []
    for tracking, pieces in packed(goods, statements).parcels.items():
        said = {
            key: one
            for key, one in statements.items()
            if tracking in trackings(one)
        }
        reference += tracking not in held
        numbered = held.get(tracking)
        code = reference if numbered is None else numbered.reference
        body = _body(parts, row, code, tracking, [*said.values()][-1], pieces)
        empty += [tracking] if body is None else []
        rows.append(
            {
                "order_id": number,
                "tracking": tracking,
                "reference": code,
                "marketplace": row.marketplace,
                "said": said,
                "body": body,
                "state": _state(numbered, body),
            }
        )
    parcels.keep(tx, side, rows)
    if empty:
        _warn_of_empty(parts, tx, place, empty)


def _warn_of_empty(
    parts: Parts, tx: Transaction, place: tuple[int, int], empty: list[str]
) -> None:
    delivery, line = place
    row = deliveries.get(tx, delivery)
    plan = parts.book.plan(str(row.mapping if row else ""))
    found = Finding(
        "shipments.empty_parcel",
        line,
        plan.column("tracking"),
        "; ".join(empty),
        "warn",
    )
    deliveries.note(tx, delivery, [found])


def _state(known: Parcel | None, body: dict[str, Any] | None) -> str:
    """Whether Amazon must be told; what is on its way is not overtaken."""
    if known is not None and known.state == parcels.SENT:
        return parcels.SENT
    if body is None:
        return parcels.EMPTY
    if known is not None and known.accepted == body:
        return parcels.ACCEPTED
    if known is not None and known.body == body:
        return known.state  # refused stays refused until somebody asks
    return parcels.WAITING


def _body(  # noqa: PLR0913, PLR0917 - what a parcel is made of
    parts: Parts,
    row: OrderRow,
    reference: int,
    tracking: str,
    said: Mapping[str, Any],
    pieces: Mapping[str, int],
) -> dict[str, Any] | None:
    """Amazon's packageDetail (amazon.md M6), if there is a piece in it."""
    carrier = parts.carriers.find(said["carrier"])
    if not pieces or carrier is None:
        return None
    method = carrier.method or said.get("service")
    shipped = max(_shipped(said), row.purchased_at).astimezone(UTC)
    body: dict[str, Any] = {
        "packageReferenceId": str(reference),
        "carrierCode": carrier.code,
    }
    if carrier.name:
        body["carrierName"] = carrier.name
    if method:
        body["shippingMethod"] = method[:LONGEST_TRACKING]
    return {
        **body,
        "trackingNumber": tracking,
        "shipDate": f"{shipped:%Y-%m-%dT%H:%M:%S}.000Z",
        "orderItems": [
            {"orderItemId": item, "quantity": number}
            for item, number in pieces.items()
        ],
    }
