"""A new article may be a thing that others sell: then it is an offer of it.

1. what Amazon's catalogue has of the GTINs of new listings is asked, twenty
   at a time, and kept.
2. one commit: their articles are composed again: one thing of the same brand
   is offered, nothing is said of the product itself; of several things, or
   one of another brand, a person is told, and nothing is made.

While Amazon does not answer, new listings wait; what is there is sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError
from bridge.flows.compose import compose_touched
from bridge.ledger import things
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts

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
    gtins = sorted(set(wanted.values()))
    most = parts.showcase.most_at_once
    for start in range(0, len(gtins), most):
        lot = gtins[start : start + most]
        try:
            found = _asked(parts, market, lot)
        except (ThrottledError, TransientError) as error:
            later = [s for s, gtin in wanted.items() if gtin in gtins[start:]]
            with parts.ledger.write() as tx:
                things.postpone(tx, parts.side, market, later)
            return error
        skus = [sku for sku, gtin in wanted.items() if found.get(gtin)]
        with parts.ledger.write() as tx:
            things.answer(tx, parts.side, market, found, parts.clock.now())
            for place in things.places(tx, parts.side, market, skus):
                touches.touch(tx, parts.mandant, *place)
            compose_touched(parts, tx)
    return None


def _asked(
    parts: Parts, market: str, gtins: Sequence[str]
) -> dict[str, things.Found]:
    """What the catalogue has of each GTIN; nothing where it does not say."""
    try:
        found = parts.showcase.find(market, gtins)
    except RefusedError as error:
        parts.log.warning("amazon.no_catalogue", code=error.code)
        found = {}
    return {gtin: list(found.get(gtin, ())) for gtin in gtins}
