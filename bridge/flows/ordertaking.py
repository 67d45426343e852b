"""The orders of a report, each in one commit; twice changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.flows.orders import keep
from bridge.flows.orders import meet
from bridge.flows.orders import report
from bridge.ledger import orders

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.reports import Report


def take_orders(parts: Parts, row: Report, path: Path, encoding: str) -> int:
    """Keep the orders of a report that are not known yet."""
    number = 0
    for said in parts.readings.orders(path, encoding, row.marketplace):
        number += 1
        with parts.ledger.write() as tx:
            if isinstance(said, BridgeError):
                report(parts, tx, said)
            elif orders.get(tx, parts.side, said.order["id"]) is None:
                keep(parts, tx, said, orders.REPORT, meet(parts, tx, [said]))
    return number
