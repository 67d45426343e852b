"""What offers were is held for a person, and wished for when he says so.

1. one commit: the former bodies are written down as a held submission.
2. a person looks at it, and confirms or discards it.
3. one commit: the facets wish for what they were; they travel as any other.

Twice is harmless: a submission that is not held any more does nothing.
Nothing is ever taken back by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.flows.compose import raise_submits
from bridge.ledger import facts
from bridge.ledger import former
from bridge.ledger import submissions
from bridge.ledger.offers import FACETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.former import Once
    from bridge.ledger.offers import Side

HELD = "warning:restore:"  # facts that status shows
#: A former stock would be sold although it is not there.
USUAL = tuple(facet for facet in FACETS if facet != "stock")


def hold_offer(
    tx: Transaction, side: Side, once: Once, now: datetime, language: str
) -> int | None:
    """Hold what an offer was at an instant, until a person confirms it.

    Returns:
        The submission; nothing if it was no other than it should be now.
    """
    number = former.hold_offer(tx, side, once, now)
    _warn(tx, number, language)
    return number


def hold_delivery(  # noqa: PLR0913, PLR0917 - what, when, and who says it how
    tx: Transaction,
    side: Side,
    delivery: int,
    facets: Sequence[str],
    now: datetime,
    language: str,
) -> int | None:
    """Hold what an account's offers were before a delivery changed them."""
    number = former.hold_delivery(tx, side, delivery, facets, now)
    _warn(tx, number, language)
    return number


def _warn(tx: Transaction, number: int | None, language: str) -> None:
    """What waits for a person stands among the warnings."""
    row = None if number is None else submissions.get(tx, number)
    if row is not None:
        held = BridgeError(
            "offers.to_confirm", number=row.id, facets=row.messages
        )
        facts.know(tx, f"{HELD}{row.id}", held.told(language))


def confirm(parts: Parts, number: int) -> bool:
    """Wish for what a held submission says.

    Returns:
        Whether it was held.
    """
    with parts.ledger.write() as tx:
        wished = former.confirm(tx, number, parts.clock.now())
        if wished is None:
            return False
        facts.forget(tx, f"{HELD}{number}")
        for one in parts.everyone:
            raise_submits(one, tx)
    parts.log.info("offers.restored", submission=number, facets=wished)
    return True


def discard(parts: Parts, number: int) -> bool:
    """Leave everything as it is.

    Returns:
        Whether the submission was held.
    """
    with parts.ledger.write() as tx:
        facts.forget(tx, f"{HELD}{number}")
        return former.discard(tx, number, parts.clock.now())
