"""A listing is deleted at Amazon, only because a person says so.

1. composing tells of a listing that may be deleted: its article is archived,
   or its family is to be made anew.
2. a person wants it deleted: one commit writes the submissions down.
3. the calls are made; a listing that is gone already is deleted.
4. one commit: the ledger forgets the listing; its article is composed again.

A crash after 2 or 3: the same calls are made again, which is harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import RefusedError
from bridge.flows.raising import raise_compose
from bridge.flows.raising import raise_submit
from bridge.flows.sending import declined
from bridge.ledger import endings
from bridge.ledger import submissions
from bridge.ledger import touches
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import Message
from bridge.mapping import envelope
from bridge.ports import Outcome

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction
    from bridge.ports import Call

GONE = 404


def end(parts: Parts, argument: str) -> bool:
    """Have a listing deleted wherever it may be; a person said so.

    Args:
        parts: The pieces.
        argument: The account, ``|`` and the SKU; without an account all.

    Returns:
        Whether there was anything that may be deleted.
    """
    account, bar, rest = argument.partition("|")
    account, sku = (account, rest) if bar else ("", argument)
    ended = 0
    with parts.ledger.write() as tx:
        for one in parts.everyone:
            if account in {"", one.side.account}:
                ended += _end(one, tx, sku)
    return ended > 0


def _end(parts: Parts, tx: Transaction, sku: str) -> int:
    """Write down a call for each marketplace; one that is open stays it."""
    markets = endings.deletable(tx, parts.side, sku)
    for market in markets:
        submissions.begin(
            tx,
            parts.side,
            kind=CALL,
            operation=envelope.DELETION,
            marketplace=market,
            subject=sku,
            messages=[Message(1, sku, envelope.DELETE)],
            now=parts.clock.now(),
        )
        raise_submit(parts, tx, market)
    return len(markets)


def deleted(parts: Parts, call: Call) -> Outcome:
    """Delete one listing; that it is gone already is no refusal."""
    try:
        return parts.marketplace.call(call)
    except RefusedError as error:
        if error.facts.get("status") == GONE:
            return Outcome(accepted=True)
        return declined(parts, error)


def taken_away(parts: Parts, tx: Transaction, landing: Landing) -> None:
    """What Amazon deleted the ledger forgets; what follows is composed."""
    if landing.refused:
        return
    row = landing.row
    for place in endings.forget(
        tx, parts.side, row.marketplace, str(row.subject)
    ):
        touches.touch(tx, parts.mandant, *place)
    raise_compose(parts, tx)
