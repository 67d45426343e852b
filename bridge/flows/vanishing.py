"""What a full file no longer holds (contract, section 5).

Articles and stocks go to 0, promotions end, parts leave their sets; all else
that is known is kept, and told.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import orjson

from bridge.errors import Finding
from bridge.flows.stockroom import SET
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import staging
from bridge.model.values import micros

if TYPE_CHECKING:
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.documents import Absent
    from bridge.ledger.engine import Transaction
    from bridge.ledger.staging import Scope


def vanish(tx: Transaction, scope: Scope, delivery: Delivery) -> None:
    """End what a full file no longer holds, and tell of it."""
    if delivery.keyless:
        _told(tx, delivery, "intake.vanish_skipped", delivery.keyless)
        return
    absent = documents.absent(tx, scope, delivery.id)
    if scope.kind == "StockLevel":  # the file speaks of some warehouses
        own = set(delivery.scope or ())
        absent = [one for one in absent if documents.warehouse(one.key) in own]
        ended = absent
    else:
        fewer = _fewer(tx, scope, absent)
        ended = [
            one
            for one in absent
            if one.article in fewer or _ends(tx, scope, one)
        ]
    age = micros(delivery.as_of or delivery.modified_at)
    number = documents.vanish(tx, scope, delivery.id, age, ended)
    code = "intake.parts_gone" if scope.kind == SET else "intake.vanished"
    _told(tx, delivery, code, number)
    _told(tx, delivery, "intake.vanished_kept", len(absent) - number)


def _told(tx: Transaction, delivery: Delivery, code: str, number: int) -> None:
    if number:
        facts = {"number": str(number)}
        said = Finding(code, None, None, str(number), "warn", "nobody", facts)
        deliveries.note(tx, delivery.id, [said])


def _ends(tx: Transaction, scope: Scope, item: Absent) -> bool:
    """Whether what is not there any more is over: articles, promotions."""
    if scope.kind != "PriceEntry":
        return scope.kind == "Article"
    body = staging.bodies(tx, scope, [item.key]).get(item.key, b"{}")
    return bool(orjson.loads(body).get("promotion"))


def _fewer(tx: Transaction, scope: Scope, absent: list[Absent]) -> set[str]:
    """Sets that a full file states with fewer parts than before.

    A set of which it holds no row at all is kept as it is.
    """
    if scope.kind != SET:
        return set()
    gone = Counter(item.article for item in absent)
    known = documents.counted(tx, scope, gone)
    return {name for name, number in gone.items() if known[name] > number}
