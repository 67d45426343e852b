"""Invoices and credit notes reach Amazon: each once, as Sage printed it.

1. what waits is judged: what is wrong with it is said at its row; else it
   waits for its order, the shipment and the PDF, as long as it takes.
2. one commit: a feed is written down, with the PDF that goes along.
3. the feed is sent; what was not heard of is looked for first.
4. one commit: what Amazon says of the paper.

Uploads are three seconds apart, as Amazon wants it (amazon.md M7).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError
from bridge.flows import billing
from bridge.flows.billing import CREDITS
from bridge.flows.billing import ERRAND
from bridge.flows.billing import NOT_AT_ALL
from bridge.flows.dating import today
from bridge.flows.enclosures import OWN
from bridge.flows.enclosures import content_for
from bridge.flows.enclosures import faults_of
from bridge.flows.enclosures import pdf_for
from bridge.flows.parcelling import Fault
from bridge.flows.sending import await_feed
from bridge.flows.sending import declined
from bridge.flows.sending import finish
from bridge.flows.sending import outcome_of
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import orders
from bridge.ledger import submissions
from bridge.ledger import tellings
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import WAITING
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import FEED
from bridge.ledger.submissions import Message
from bridge.ledger.tellings import DOUBT
from bridge.ledger.tellings import INVOICE
from bridge.ports import Outcome
from bridge.ports.courier import Parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.ledger.submissions import Submission
    from bridge.ledger.tellings import Telling

RESULT = "invoice_result"
UPLOAD, MESSAGE = "UPLOAD_VAT_INVOICE", "sendInvoice"
OPERATIONS = (UPLOAD, MESSAGE)
BY_MESSAGE = "message"  # of [invoices] way
PDF = "pdf"  # what a paper may lack besides
CANCELLED = "CANCELLED"
CENT = Decimal("0.01")
IN_DOUBT = "invoices.in_doubt"
NO_METADATA = "79513"  # Amazon's code (amazon.md M7)
MISSING = "warning:invoices:"  # facts that status shows
_takes = re.compile(r"[A-Za-z0-9,/\\ _;:#-]+").fullmatch  # amazon.md M7


def invoice(parts: Parts, key: str, generation: int) -> None:
    """Bring every paper to Amazon that is complete; twice is harmless.

    Raises:
        ThrottledError: The next upload has to wait some seconds.
        TransientError: It could not be sent; it stays due.
    """
    with parts.ledger.read() as tx:
        side, sending = parts.side, submissions.SENDING
        begun = submissions.in_state(tx, side, sending, OPERATIONS)
        waiting = tellings.waiting(tx, side, INVOICE)
    if parts.settings.invoices.way == NOT_AT_ALL:
        waiting = []
    ready = [item for item in waiting if _judged(parts, item)]
    _tell_what_lacks(parts)
    for row in begun:
        _send(parts, row.id)
    for item in ready:
        number = _written(parts, item)
        if number is not None:
            _send(parts, number)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def metadata(parts: Parts, item: Telling) -> dict[str, str]:
    """What Amazon gets beside the PDF; a credit note has negative amounts."""
    credit = item.body["kind"] in CREDITS
    sign = -1 if credit else 1
    said = {
        "OrderId": item.order_id,
        "InvoiceNumber": _number(parts, item),
        "TotalAmount": f"{sign * Decimal(item.body['total']):.2f}",
        "TotalVATAmount": f"{sign * Decimal(item.body['tax']):.2f}",
        "DocumentType": "CreditNote" if credit else "Invoice",
    }
    return {f"metadata:{name}": value for name, value in said.items()}


def _number(parts: Parts, item: Telling) -> str:
    """The number as it stands on the PDF."""
    known = {name: item.body.get(name, "") for name in ("code", "year")}
    made = parts.settings.invoices.number.format(
        **known, number=item.body["number"]
    )
    return made.strip("-/ ")  # a paper without a code


def _judged(parts: Parts, item: Telling) -> bool:
    """Whether a paper may be sent now; else it is said why not."""
    with parts.ledger.write() as tx:
        order = orders.get(tx, parts.side, item.order_id)
        pdf = pdf_for(parts, tx, item)
        faults = list(_faults(parts, item))
        if order is not None:
            faults += _order_faults(parts, tx, item, order)
        if pdf is not None:
            content = content_for(parts, item, pdf)
            faults += faults_of(parts, content, str(item.file))
            if pdf != OWN:  # what we print is of one paper
                faults += _told_before(parts, tx, pdf, item)
        lacks = _lacks(order, pdf)
        if faults:
            billing.refuse(parts, tx, item, faults)
        elif lacks != item.lacks:
            tellings.change(tx, item, lacks=lacks)
    return not faults and lacks is None


def _lacks(order: OrderRow | None, pdf: int | None) -> str | None:
    """What has to happen first; Amazon wants the shipment first."""
    return billing.lacks(order) or (PDF if pdf is None else None)


def _faults(parts: Parts, item: Telling) -> Iterator[Fault]:
    """What is wrong with the row itself."""
    said = item.body
    amounts = {name: Decimal(said[name]) for name in ("net", "tax", "total")}
    for name, amount in amounts.items():
        if amount != amount.quantize(CENT):
            yield Fault("invoices.not_cents", name, str(amount))
    if amounts["net"] + amounts["tax"] != amounts["total"]:
        yield Fault("invoices.sums", "total", str(amounts["total"]))
    if not _takes(_number(parts, item)):
        yield Fault("invoices.odd_number", "number", _number(parts, item))
    if said.get("issued", "") > today(parts):
        yield Fault("invoices.future_day", "issued", said["issued"])
    if not item.file:
        yield Fault("invoices.no_file", "file", "")


def _order_faults(
    parts: Parts, tx: Transaction, item: Telling, order: OrderRow
) -> Iterator[Fault]:
    """What does not fit the order Amazon knows."""
    if order.status == CANCELLED and item.body["kind"] not in CREDITS:
        yield Fault("invoices.cancelled", "order", item.order_id)
    if order.currency and order.currency != item.body["currency"]:
        yield Fault("invoices.currency", "currency", item.body["currency"])
        return
    told = [
        one
        for one in tellings.of_order(tx, parts.side, item.order_id)
        if _is_like(one, item) and one.state in tellings.TOLD
    ]
    amounts = (Decimal(one.body["total"]) for one in (*told, item))
    if order.total is not None and sum(amounts) > order.total:
        yield Fault("invoices.above_order", "total", item.body["total"])


def _is_like(one: Telling, item: Telling) -> bool:
    """Whether both say money is owed, or both give it back."""
    gives_back = item.body["kind"] in CREDITS
    return one.kind == INVOICE and (one.body["kind"] in CREDITS) == gives_back


def _told_before(
    parts: Parts, tx: Transaction, pdf: int, item: Telling
) -> Iterator[Fault]:
    """The PDF went to Amazon already, as another paper."""
    for one in tellings.enclosing(tx, parts.side, str(item.file)):
        other = (one.kind, one.key) != (item.kind, item.key)
        if other and one.enclosure == pdf and one.state in tellings.TOLD:
            yield Fault("invoices.other_paper", "file", str(item.file))
            return


def _tell_what_lacks(parts: Parts) -> None:
    """Papers whose PDF is missing stand among the warnings."""
    fact = f"{MISSING}{parts.side.account}"
    with parts.ledger.write() as tx:
        waiting = tellings.waiting(tx, parts.side, INVOICE)
        names = [str(one.file) for one in waiting if one.lacks == PDF]
        if names:
            said = TransientError("invoices.waiting", names=", ".join(names))
            facts.know(tx, fact, said.told(parts.settings.bridge.language))
        else:
            facts.forget(tx, fact)


def _written(parts: Parts, item: Telling) -> int | None:
    """The feed of a paper, written down; none if it was told meanwhile."""
    with parts.ledger.write() as tx:
        now = tellings.get(tx, parts.side, INVOICE, item.key)
        order = orders.get(tx, parts.side, item.order_id)
        if now is None or now.state != WAITING or order is None:
            return None
        by_message = parts.settings.invoices.way == BY_MESSAGE
        number = submissions.begin(
            tx,
            parts.side,
            kind=CALL if by_message else FEED,
            operation=MESSAGE if by_message else UPLOAD,
            marketplace=order.marketplace,
            subject=item.order_id,
            messages=[Message(1, item.order_id, now.body["kind"])],
            now=parts.clock.now(),
        )
        pdf = pdf_for(parts, tx, now)
        tellings.send(tx, [now], number, enclosure=pdf)
        return number


def _send(parts: Parts, number: int) -> None:
    with parts.ledger.read() as tx:
        row = submissions.get(tx, number)
        told = tellings.carried(tx, number)
    if row is None or row.state != submissions.SENDING:
        return
    content = content_for(parts, told[0], told[0].enclosure or OWN)
    if row.kind == CALL:
        _deliver(parts, row, told[0], content)
        return
    options = metadata(parts, told[0])
    await_feed(parts, row, content, RESULT, _land, options=options)


def _deliver(
    parts: Parts, row: Submission, item: Telling, content: bytes
) -> None:
    """Send a paper to the buyer; what may have been sent is in doubt."""
    parcel = Parcel(
        number=row.number,
        marketplace=row.marketplace,
        order=item.order_id,
        name=str(item.file),
        content=content,
    )
    outcome = Outcome(accepted=True)
    if row.asked_at is not None:
        outcome = declined(parts, RefusedError(IN_DOUBT))
        finish(parts, row.id, outcome, _land)
        return
    try:
        place = parts.courier.prepare(parcel)
        _ask(parts, row, parts.clock.now())
        parts.courier.send(parcel, place)
    except ThrottledError:
        _ask(parts, row, None)  # it surely was not sent
        raise
    except RefusedError as error:
        outcome = declined(parts, error)
    finish(parts, row.id, outcome, _land)


def _ask(parts: Parts, row: Submission, at: datetime | None) -> None:
    with parts.ledger.write() as tx:
        submissions.asked(tx, row.id, at)


def _land(parts: Parts, tx: Transaction, landing: Landing) -> None:
    """Keep what Amazon says of a paper, and say it at its row."""
    for item in tellings.land(tx, landing.row.id, landing.refused):
        if item.state != REFUSED:
            continue
        issues = item.issues or [{}]
        if issues[0].get("code") == IN_DOUBT:
            tellings.change(tx, item, state=DOUBT)
        faults = [_declined(issue) for issue in issues]
        billing.note(parts, tx, item, faults)


def _declined(issue: Mapping[str, Any]) -> Fault:
    code, said = str(issue.get("code", "")), str(issue.get("message", ""))
    if code in {IN_DOUBT, "invoices.not_offered"}:
        return Fault(code, "order", said)
    if code == NO_METADATA:
        return Fault("invoices.declined_metadata", "number", said)
    return Fault("invoices.declined", "", f"{code} {said}".strip())


invoice_result = outcome_of(RESULT, _land)
