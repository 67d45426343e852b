"""A new article may be a thing that others sell: then it is an offer of it.

1. what Amazon's catalogue has of the GTINs of new listings is asked, twenty
   at a time, and kept.
2. one commit: their articles are composed again: one thing of the same brand
   is offered, nothing is said of the product itself; of several things, or
   one of another brand, a person is told, and nothing is made.

While Amazon does not answer, or says no, new listings wait; what is there is
sent. A number Amazon declines keeps only its own articles waiting.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.flows.compose import compose_touched
from bridge.ledger import things
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts

FORBIDDEN = "amazon.forbidden"
FRESH = timedelta(days=30)  # an answer; a thing may be made by others any time


def match(parts: Parts, market: str) -> BridgeError | None:
    """Learn which new articles are things of the catalogue already.

    Returns:
        Why some could not be asked for; they wait.
    """
    if parts.settings.amazon.mode != "live":
        return None
    since = parts.clock.now() - FRESH
    with parts.ledger.read() as tx:
        wanted = things.unasked(tx, parts.side, market, since)
    gtins, most = sorted(set(wanted.values())), parts.showcase.most_at_once
    starts = range(0, len(gtins), most)
    lots = deque(gtins[start : start + most] for start in starts)
    unmatched: BridgeError | None = None
    while lots:
        lot = lots.popleft()
        try:
            found = parts.showcase.find(market, lot)
        except RefusedError as error:
            if error.code != FORBIDDEN and len(lot) > 1:
                middle = len(lot) // 2
                lots.extendleft((lot[middle:], lot[:middle]))
                continue  # one of them is declined, the others are not
            unmatched = _later(error, lot[0])
            lots = lots if error.code != FORBIDDEN else deque()
        except TransientError as error:
            unmatched, lots = error, deque()
        else:
            said = {gtin: list(found.get(gtin, ())) for gtin in lot}
            _keep(parts, market, wanted, said)
    if unmatched is not None:
        _postpone(parts, market, since)
    return unmatched


def _later(error: RefusedError, gtin: str) -> TransientError:
    """What Amazon says no to may be mended there: it is asked again."""
    facts: dict[str, Any] = {"gtin": gtin, **error.facts}
    if error.code == FORBIDDEN:
        return TransientError("offers.catalogue_closed", **facts)
    return TransientError("offers.number_declined", **facts)


def _keep(
    parts: Parts,
    market: str,
    wanted: Mapping[str, str],
    found: Mapping[str, things.Found],
) -> None:
    """An answer, and what follows from it, in one commit."""
    skus = [sku for sku, gtin in wanted.items() if found.get(gtin)]
    with parts.ledger.write() as tx:
        things.answer(tx, parts.side, market, found, parts.clock.now())
        for place in things.places(tx, parts.side, market, skus):
            touches.touch(tx, parts.mandant, *place)
        compose_touched(parts, tx)


def _postpone(parts: Parts, market: str, since: datetime) -> None:
    """Leave what was not answered for later."""
    with parts.ledger.write() as tx:
        left = things.unasked(tx, parts.side, market, since)
        things.postpone(tx, parts.side, market, list(left))
