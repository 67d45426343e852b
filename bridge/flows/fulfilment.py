"""Amazon ships orders of Sage from its stock, each once.

1. Amazon is asked what it would cost; what it could not ship is said at the
   row. Where the settings want it, a person sees the fees and confirms.
2. one commit: a call is written down.
3. Amazon is asked whether it has the order; if not, it gets it. A crash
   between finds it there.
4. until Amazon is done it is asked how far it is; parcels are kept, and Sage
   is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import RefusedError
from bridge.flows import billing
from bridge.flows import warehousing
from bridge.flows.parcelling import Fault
from bridge.flows.progress import moved
from bridge.flows.sending import declined
from bridge.flows.sending import finish
from bridge.flows.warehousing import ERRAND
from bridge.ledger import dues
from bridge.ledger import submissions
from bridge.ledger import tellings
from bridge.ledger.parcels import ACCEPTED
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import SENT
from bridge.ledger.parcels import WAITING
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import Message
from bridge.ledger.tellings import FULFILMENT
from bridge.ledger.tellings import PERSON
from bridge.ports import Outcome
from bridge.ports.warehouse import Offer

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction
    from bridge.ledger.tellings import Telling
    from bridge.ports.warehouse import Progress

OPERATION = "createFulfillmentOrder"
CANCELLED = "cancelled"
#: Amazon's words for the end of an order, and what they mean for it.
ENDS = {
    "Complete": ACCEPTED,
    "CompletePartialled": ACCEPTED,
    "Cancelled": CANCELLED,
    "Unfulfillable": REFUSED,
    "Invalid": REFUSED,
}


def fulfil(parts: Parts, key: str, generation: int) -> None:
    """Bring every marked order one step further; twice is harmless.

    Raises:
        ThrottledError: It has to wait for a plan of Amazon's.
        TransientError: Some of it could not be asked; it stays due.
    """
    with parts.ledger.read() as tx:
        side, sending = parts.side, submissions.SENDING
        begun = submissions.in_state(tx, side, sending, [OPERATION])
        waiting = tellings.waiting(tx, side, FULFILMENT)
    for row in begun:
        _create(parts, row.id)
    for item in waiting:
        if _ready(parts, item):
            number = _written(parts, item)
            if number is not None:
                _create(parts, number)
    with parts.ledger.read() as tx:
        away = tellings.on_their_way(tx, parts.side, FULFILMENT)
    for item in away:
        _follow(parts, item)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def confirm(parts: Parts, tx: Transaction, number: str) -> bool:
    """A person has seen the fees and wants the order shipped."""
    for one in parts.everyone:
        item = _named(one, tx, number)
        if item is not None and item.lacks == PERSON:
            body = {**item.body, "confirmed": True}
            tellings.change(tx, item, lacks=None, body=body)
            warehousing.raise_fulfil(one, tx)
            return True
    return False


def cancel(parts: Parts, tx: Transaction, number: str) -> bool:
    """A person wants an order not shipped; Amazon may be too late."""
    for one in parts.everyone:
        item = _named(one, tx, number)
        if item is not None and item.state in {WAITING, SENT}:
            _call_back(one, tx, item)
            return True
    return False


def _call_back(parts: Parts, tx: Transaction, item: Telling) -> None:
    if item.state == WAITING:
        tellings.change(tx, item, state=CANCELLED, lacks=None)
        return
    tellings.change(tx, item, body={**item.body, "cancel": True})
    warehousing.raise_fulfil(parts, tx)


def _named(parts: Parts, tx: Transaction, number: str) -> Telling | None:
    found = tellings.of_order(tx, parts.side, number)
    return next((one for one in found if one.kind == FULFILMENT), None)


def _ready(parts: Parts, item: Telling) -> bool:
    """Whether an order may go; else it waits, or it is said why not."""
    if item.body.get("confirmed"):
        return True
    if item.lacks == PERSON:
        return False
    offer, faults = _offered(parts, item)
    asks = parts.settings.warehouse.confirm
    with parts.ledger.write() as tx:
        if tellings.get(tx, parts.side, FULFILMENT, item.key) != item:
            return False  # it changed meanwhile: the next errand looks
        if faults:
            billing.refuse(parts, tx, item, faults)
            return False
        fees = {"fees": dict(offer.fees), "fee_currency": offer.currency}
        lacks = PERSON if asks else None
        tellings.change(tx, item, lacks=lacks, body={**item.body, **fees})
    return not asks


def _offered(parts: Parts, item: Telling) -> tuple[Offer, list[Fault]]:
    """What Amazon would take for an order, or why it cannot go."""
    with parts.ledger.read() as tx:
        faults = warehousing.faults(parts, tx, item)
        body = {} if faults else warehousing.made_out(parts, tx, item)
    if faults:
        return Offer(), faults
    offer = parts.warehouse.preview(item.order_id, body)
    if not offer.unable:
        return offer, []
    why = "; ".join(offer.unable)
    return offer, [Fault("warehouse.unable", "lines.quantity", why)]


def _written(parts: Parts, item: Telling) -> int | None:
    """The call, written down; none if that was done meanwhile."""
    with parts.ledger.write() as tx:
        now = tellings.get(tx, parts.side, FULFILMENT, item.key)
        if now is None or now.state != WAITING or now.lacks is not None:
            return None
        number = submissions.begin(
            tx,
            parts.side,
            kind=CALL,
            operation=OPERATION,
            marketplace=now.marketplace,
            subject=now.order_id,
            messages=[Message(1, now.order_id, OPERATION)],
            now=parts.clock.now(),
        )
        tellings.send(tx, [now], number)
        return number


def _create(parts: Parts, number: int) -> None:
    """Hand an order over, unless Amazon has it."""
    with parts.ledger.read() as tx:
        row = submissions.get(tx, number)
        told = tellings.carried(tx, number)
        if row is None or row.state != submissions.SENDING:
            return
        body = warehousing.made_out(parts, tx, told[0])
    outcome = Outcome(accepted=True)
    try:
        if parts.warehouse.look(told[0].order_id) is None:
            parts.warehouse.create(told[0].order_id, body)
    except RefusedError as error:
        outcome = declined(parts, error)
    finish(parts, number, outcome, _land)


def _land(parts: Parts, tx: Transaction, landing: Landing) -> None:
    """What Amazon took is on its way; what it declined is said."""
    for item in tellings.carried(tx, landing.row.id):
        if landing.refused:
            issues = landing.refused[1]
            tellings.change(tx, item, state=REFUSED, issues=issues)
            said = "; ".join(str(one.get("message")) for one in issues)
            fault = Fault("warehouse.declined", "", said)
            billing.note(parts, tx, item, [fault])
        else:
            body = moved(parts, tx, item, item.body)
            tellings.change(tx, item, state=SENT, body=body)


def _follow(parts: Parts, item: Telling) -> None:
    """Ask how far an order is; call it back where a person said so."""
    if item.body.get("cancel"):
        try:
            parts.warehouse.cancel(item.order_id)
        except RefusedError as error:
            _too_late(parts, item, error)
    progress = parts.warehouse.look(item.order_id)
    if progress is not None:
        with parts.ledger.write() as tx:
            _progressed(parts, tx, item, progress)


def _too_late(parts: Parts, item: Telling, error: RefusedError) -> None:
    """Amazon does not call it back any more: that is said once."""
    said = str(error.facts.get("said", ""))
    body = {name: one for name, one in item.body.items() if name != "cancel"}
    with parts.ledger.write() as tx:
        tellings.change(tx, item, body=body)
        fault = Fault("warehouse.too_late", "", said)
        billing.note(parts, tx, item, [fault])


def _progressed(
    parts: Parts, tx: Transaction, item: Telling, progress: Progress
) -> None:
    now = tellings.get(tx, parts.side, FULFILMENT, item.key)
    if now is None:
        return
    body = {
        **now.body,
        "status": progress.status,
        "parcels": list(progress.parcels),
    }
    state = ENDS.get(progress.status, SENT)
    if state != SENT:
        body.pop("cancel", None)
    body = moved(parts, tx, now, body)
    tellings.change(tx, now, state=state, body=body)
    if state == REFUSED:
        fault = Fault("warehouse.ended", "", progress.status)
        billing.note(parts, tx, now, [fault])
