"""What people asked for beside a running service is taken up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import orjson

from bridge.flows import acknowledging
from bridge.flows import arrivals
from bridge.flows import drawing
from bridge.flows import ending
from bridge.flows import fulfilment
from bridge.flows import importing
from bridge.flows import mails
from bridge.flows import negotiated
from bridge.flows import pages
from bridge.flows import reconciling
from bridge.flows import references
from bridge.flows import refunds
from bridge.flows import restoring
from bridge.flows.accounts import holding
from bridge.flows.billing import raise_invoice
from bridge.flows.cataloguing import VIEWS
from bridge.flows.consigning import raise_ship
from bridge.flows.media import raise_media
from bridge.flows.papering import raise_draw
from bridge.flows.publish import REFUSAL
from bridge.flows.raising import CATALOGUE
from bridge.flows.raising import raise_compose
from bridge.flows.raising import raise_hand_on
from bridge.flows.raising import raise_poll
from bridge.flows.raising import raise_publish
from bridge.flows.raising import raise_submit
from bridge.flows.rekeying import raise_rekey
from bridge.flows.warehousing import raise_fulfil
from bridge.ledger import deliveries
from bridge.ledger import facts
from bridge.ledger import flight
from bridge.ledger import orders
from bridge.ledger import papers
from bridge.ledger import parcels
from bridge.ledger import publications
from bridge.ledger import tellings
from bridge.ledger import touches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

DONE, REFUSED = "done", "refused"
PAYMENTS = "payment-requests"

#: Modules that can be transferred by hand now, and what each moves.
TRANSFERS = {
    "products": touches.ALL,
    "sale-prices": touches.PRICE,
    "tier-prices": touches.PRICE,
    "variants": touches.CONTENT,
    "languages": touches.CONTENT,
    "bundles": touches.STOCK | touches.CONTENT,
    "customer-prices": 0,
    **dict.fromkeys(references.MODULES, 0),
    "media": touches.CONTENT,
    "orders": 0,
    "shipments": 0,
    "documents": 0,
    PAYMENTS: 0,
    "order-export": 0,
    "catalogue": 0,
    "reconcile": 0,
    "catalogue-in": 0,
    "categories": 0,
}
#: Modules that move articles of one kind only: those with such documents.
OF = {"variants": "Variant", "bundles": "Bundle"}
#: Nothing is sent by them that could be told before.
PLANLESS = frozenset({"catalogue", "reconcile", "catalogue-in", "categories"})


def take_up(parts: Parts) -> int:
    """Do everything that was asked for; each in one commit.

    Returns:
        How many wishes were taken up.
    """
    with parts.ledger.read() as tx:
        wishes = facts.asked(tx)
    for wish in wishes:
        outcome = _DO[wish.kind](parts, wish.argument)
        with parts.ledger.write() as tx:
            facts.answer(tx, wish.id, outcome, parts.clock.now())
        parts.log.info("request.done", request=wish.kind, outcome=outcome)
    return len(wishes)


def _confirm(parts: Parts, argument: str) -> str:
    """A held delivery is read again, now confirmed.

    Others were accepted meanwhile: what changed nothing may change now.
    """
    with parts.ledger.write() as tx:
        delivery = deliveries.get(tx, int(argument))
        if delivery is None or delivery.state != "held":
            return REFUSED
        deliveries.change(
            tx,
            delivery.id,
            confirmed=True,
            state="waiting",
            step=deliveries.CLAIMED,
            hold=None,
        )
        arrivals.due(tx, parts, delivery)
    return DONE


def _discard(parts: Parts, argument: str) -> str:
    """A held delivery is put aside; nothing of it is taken."""
    with parts.ledger.write() as tx:
        delivery = deliveries.get(tx, int(argument))
        if delivery is None or delivery.state != "held":
            return REFUSED
        deliveries.change(
            tx, delivery.id, state="discarded", step=deliveries.ACCEPTED
        )
        arrivals.due(tx, parts, delivery)
    return DONE


def _again(parts: Parts, argument: str) -> str:
    """A delivery is read again from its file, as old as it was."""
    with parts.ledger.read() as tx:
        delivery = deliveries.get(tx, int(argument))
    if delivery is None or delivery.step != deliveries.FILED:
        return REFUSED
    if delivery.part_of:
        return _again(parts, str(delivery.part_of))
    inbox = parts.inboxes.get(delivery.inbox)
    if inbox is None:
        return REFUSED
    path = inbox.reclaim(delivery.id, delivery.name, _roots(parts))
    with parts.ledger.write() as tx:
        deliveries.change(
            tx,
            delivery.id,
            state="waiting",
            step=deliveries.CLAIMED,
            confirmed=False,
        )
    arrivals.announce(parts, [(delivery.id, path)])
    return DONE


def _roots(parts: Parts) -> list[Path]:
    archive = parts.settings.folder("archive")
    return [  # the refused rows of a file lie in the quarantine
        *archive.glob("[0-9]*/[0-9]*"),
        parts.settings.folder("quarantine"),
    ]


def _order_again(parts: Parts, argument: str) -> str:
    """An order is written once more, as a further version."""
    with parts.ledger.write() as tx:
        own = holding(parts, tx, argument)
        row = orders.get(tx, own.side, argument)
        if row is None or row.status == "CANCELLED":
            return REFUSED  # nobody wants it
        if (row.reply or {}).get("status") in acknowledging.TAKEN:
            return REFUSED  # Sage has it: it would be a second one
        last = publications.last_version(tx, own.side, "Order", argument)
        orders.set_version(tx, own.side, argument, max(last, row.version) + 1)
        raise_publish(own, tx, argument)
    return DONE


def _order_refuse(parts: Parts, argument: str) -> str:
    """A person confirms that an order Sage refused is not taken."""
    number, _, reason = argument.partition("|")
    with parts.ledger.write() as tx:
        own = holding(parts, tx, number)
        if not acknowledging.refuse(own, tx, number, reason):
            return REFUSED
        facts.forget(tx, REFUSAL + number)
    return DONE


def _offer_again(parts: Parts, argument: str) -> str:
    """What an offer should be is sent once more, whatever Amazon has."""
    with parts.ledger.write() as tx:
        wanted = [
            (one, market)
            for one in parts.everyone
            for market in flight.again(tx, one.side, argument)
        ]
        for one, market in wanted:
            raise_submit(one, tx, market)
    return DONE if wanted else REFUSED


def _offer_delete(parts: Parts, argument: str) -> str:
    """A listing that may go is deleted at Amazon."""
    return DONE if ending.end(parts, argument) else REFUSED


def _offer_confirm(parts: Parts, argument: str) -> str:
    """An A+ page of others at an offer may be replaced."""
    return DONE if pages.confirm(parts, argument) else REFUSED


def _order_refund(parts: Parts, argument: str) -> str:
    """A person confirms the amount of a credit note that he saw."""
    wish = orjson.loads(argument)
    with parts.ledger.write() as tx:
        own = holding(parts, tx, wish["order"])
        return DONE if refunds.confirm(own, tx, wish) else REFUSED


def _by_name(
    act: Callable[[Parts, Transaction, str], bool],
    parts: Parts,
    argument: str,
) -> str:
    """A person wants something done with a thing he named."""
    with parts.ledger.write() as tx:
        return DONE if act(parts, tx, argument) else REFUSED


def _transfer(parts: Parts, argument: str) -> str:
    """One module by hand."""
    if argument not in TRANSFERS:
        return REFUSED
    with parts.ledger.write() as tx:
        _MOVE.get(argument, _compare)(parts, tx, argument)
    return DONE


def _compare(parts: Parts, tx: Transaction, name: str) -> None:
    """Everything the module moves is composed and compared anew."""
    kind = OF.get(name, "Article")
    touches.touch_every(tx, parts.mandant, TRANSFERS[name], kind)
    for one in parts.everyone:
        flight.forget_refusals(tx, one.side)
    raise_compose(parts, tx)


def _illustrate(parts: Parts, tx: Transaction, name: str) -> None:
    """Files are looked at, and every article is compared anew."""
    raise_media(parts, tx)
    _compare(parts, tx, name)


def _ask_for_orders(parts: Parts, tx: Transaction, _name: str) -> None:
    for one in parts.everyone:
        raise_poll(one, tx)


def _ship(parts: Parts, tx: Transaction, _name: str) -> None:
    for one in parts.everyone:
        parcels.another_chance(tx, one.side)
        raise_ship(one, tx)


def _bill(parts: Parts, tx: Transaction, name: str) -> None:
    for one in parts.everyone:
        tellings.another_chance(tx, one.side, tellings.INVOICE)
        raise_invoice(one, tx)
    _print(parts, tx, name)


def _print(parts: Parts, tx: Transaction, name: str) -> None:
    """Papers that were refused are printed, if nothing hinders any more."""
    request = name == PAYMENTS
    papers.another_chance(tx, parts.mandant, requests=request)
    raise_draw(parts, tx)


def _export(parts: Parts, tx: Transaction, _name: str) -> None:
    for one in parts.everyone:
        tellings.another_chance(tx, one.side, tellings.FULFILMENT)
        raise_fulfil(one, tx)


def _hand_on(parts: Parts, tx: Transaction, _name: str) -> None:
    for kind in VIEWS:
        raise_hand_on(parts, tx, kind, CATALOGUE)


def _sheets(parts: Parts, tx: Transaction, _name: str) -> None:
    raise_hand_on(parts, tx, negotiated.DOCUMENT, CATALOGUE)


def _list(parts: Parts, tx: Transaction, name: str) -> None:
    for one in parts.everyone:
        references.raise_references(one, tx, name)
        pages.raise_pages(one, tx, now=True)


def _ask(parts: Parts, tx: Transaction, name: str) -> None:
    """Amazon is asked for a report; what waits for it follows."""
    ask = importing.WISHES.get(name, reconciling.ask)
    for one in parts.everyone:
        ask(one, tx)


def _rotate(parts: Parts, _argument: str) -> str:
    """A new key locks from now on; what is locked is locked anew."""
    parts.safe.add_key()
    with parts.ledger.write() as tx:
        raise_rekey(parts, tx)
    return DONE


def _submission(
    how: Callable[[Parts, int], bool], parts: Parts, argument: str
) -> str:
    """A held submission goes, or is dropped."""
    return DONE if how(parts, int(argument)) else REFUSED


_MOVE: dict[str, Callable[[Parts, Transaction, str], None]] = {
    "media": _illustrate,
    "orders": _ask_for_orders,
    "shipments": _ship,
    "documents": _bill,
    PAYMENTS: _print,
    "order-export": _export,
    "customer-prices": _sheets,
    **dict.fromkeys(references.MODULES, _list),
    CATALOGUE: _hand_on,
    reconciling.ERRAND: _ask,
    **dict.fromkeys(importing.WISHES, _ask),
}
_DO: dict[str, Callable[[Parts, str], str]] = {
    "delivery.again": _again,
    "delivery.confirm": _confirm,
    "delivery.discard": _discard,
    "offer.again": _offer_again,
    "offer.delete": _offer_delete,
    "offer.confirm": _offer_confirm,
    "order.again": _order_again,
    "order.refuse": _order_refuse,
    "order.refund": _order_refund,
    "document.again": partial(_by_name, drawing.again),
    "document.mail": partial(_by_name, mails.again),
    "fulfilment.confirm": partial(_by_name, fulfilment.confirm),
    "fulfilment.cancel": partial(_by_name, fulfilment.cancel),
    "key.rotate": _rotate,
    "submission.confirm": partial(_submission, restoring.confirm),
    "submission.discard": partial(_submission, restoring.discard),
    "transfer.run": _transfer,
}
