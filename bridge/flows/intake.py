"""A delivery is read, judged, accepted and put away.

The journey, each step committed before the next begins:

1. ``claimed``: read from the start into staging; findings are collected.
2. ``staged``: one commit: documents upserted, touched articles marked, what
   follows made due; or held for a person.
3. ``accepted``: the file goes to archive or quarantine, the report beside.
4. ``filed``: done.

A crash after any step: the same errand begins again at that step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import BridgeError
from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows import acknowledging
from bridge.flows import billing
from bridge.flows import bouncing
from bridge.flows import consigning
from bridge.flows import conversion
from bridge.flows import customers
from bridge.flows import dating
from bridge.flows import enclosures
from bridge.flows import filing
from bridge.flows import hold
from bridge.flows import mails
from bridge.flows import media
from bridge.flows import papering
from bridge.flows import warehousing
from bridge.flows.accounts import holding
from bridge.flows.identifying import EML
from bridge.flows.identifying import PDF
from bridge.flows.identity import MARK
from bridge.flows.persons import HUSHED
from bridge.flows.persons import Persons
from bridge.flows.publish import REFUSAL
from bridge.flows.publish import REFUSED
from bridge.flows.raising import raise_answer
from bridge.flows.raising import raise_compose
from bridge.flows.raising import raise_hand_on
from bridge.flows.raising import raise_rows
from bridge.flows.vanishing import vanish
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import identities
from bridge.ledger import orders
from bridge.ledger import staging
from bridge.ledger import touches
from bridge.ledger.deliveries import ACCEPTED
from bridge.ledger.deliveries import CLAIMED
from bridge.ledger.deliveries import FILED
from bridge.ledger.deliveries import STAGED
from bridge.ledger.staging import Scope

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction

ERRAND = "intake"


def intake(parts: Parts, key: str, generation: int) -> None:
    """Bring one delivery to its end; twice is harmless."""
    number = int(key)
    if _at(parts, number).step == CLAIMED:
        _read(parts, _at(parts, number))
    if _at(parts, number).step == STAGED:
        _judge(parts, _at(parts, number))
    delivery = _at(parts, number)
    if delivery.step == ACCEPTED:
        filing.put_away(parts, delivery)
    broken = enclosures.told(parts, delivery)
    bounce = bouncing.read(parts, delivery)
    with parts.ledger.write() as tx:
        if delivery.step == ACCEPTED:
            deliveries.change(tx, number, step=FILED)
            staging.clear(tx, number)
            raise_answer(parts, tx, delivery)
            deliveries.note(tx, number, broken)
            if delivery.format == PDF:
                billing.enclosed(parts, tx, delivery)
            elif delivery.format == EML:
                bouncing.returned(parts, tx, delivery, bounce)
        dues.done(tx, ERRAND, key, generation)
    parts.log.info(
        "delivery.judged",
        delivery=number,
        state=delivery.state,
        records=delivery.records,
        refused=delivery.refused,
    )


def _at(parts: Parts, number: int) -> Delivery:
    with parts.ledger.read() as tx:
        delivery = deliveries.get(tx, number)
    if delivery is None:
        raise DefectError("intake.no_such_delivery", number=number)
    return delivery


def _read(parts: Parts, delivery: Delivery) -> None:
    path = filing.located(parts, delivery)
    if path is None:
        raise DefectError("intake.file_missing", number=delivery.id)
    with parts.ledger.write() as tx:
        deliveries.change(tx, delivery.id, state="reading")
    try:
        counted = conversion.stage(parts, delivery, path)
    except InputError as error:
        _refuse_file(parts, delivery, error)
        return
    with parts.ledger.write() as tx:
        staging.keep_stated(tx, delivery.id)
        found = _twice(tx, delivery.id)
        found += consigning.judged(parts, tx, delivery)
        found += dating.judged(parts, tx, delivery)
        found += dating.ages(parts, delivery)
        deliveries.note(tx, delivery.id, found)
        deliveries.change(tx, delivery.id, step=STAGED, **counted)


def _refuse_file(parts: Parts, delivery: Delivery, error: InputError) -> None:
    """A fault of the whole file: nothing of it is taken."""
    facts = {key: str(value) for key, value in error.facts.items()}
    where = error.where
    whole = Finding(
        error.code,
        None if where is None else where.line,
        None if where is None else where.field,
        facts.get("value"),
        facts=facts,
    )
    plan = parts.book.plan(str(delivery.mapping))
    found = Persons(plan, parts.safe).hushed([whole, *error.findings])
    with parts.ledger.write() as tx:
        staging.clear(tx, delivery.id)
        deliveries.forget_findings(tx, delivery.id)
        deliveries.note(tx, delivery.id, found)
        deliveries.change(tx, delivery.id, state="refused", step=ACCEPTED)


def _twice(tx: Transaction, number: int) -> list[Finding]:
    """One key in several rows: equal is a warning, different refuses all."""
    found = []
    for key, agree, records in list(staging.twice(tx, number)):
        shown = " / ".join(part for part in key.split("\x1f") if part)
        shown = HUSHED if shown.startswith(MARK) else shown
        others = ", ".join(str(record.line) for record in records)
        facts = {"lines": others}
        code = "intake.twice_equal" if agree else "intake.twice_different"
        severity = "warn" if agree else "refuse"
        affected = records[:-1] if agree else records
        found += [
            Finding(code, record.line, None, shown, severity, facts=facts)  # type: ignore[arg-type]
            for record in affected
        ]
        fate = staging.DOUBLE if agree else staging.REFUSED
        staging.decide(tx, number, affected, fate)
    return found


def _judge(parts: Parts, delivery: Delivery) -> None:
    """Accept, hold or refuse, in one commit."""
    with parts.ledger.read() as tx:
        fates = staging.counts(tx, delivery.id)
    said = (staging.NEW, staging.SAME, staging.WITHDRAWN)
    if not delivery.unchanged and fates.keys().isdisjoint(said):
        _accept_nothing(parts, delivery)
        return
    try:
        with parts.ledger.write() as tx:
            _accept(parts, tx, delivery, fates)
    except _HeldError as held:
        with parts.ledger.write() as tx:
            deliveries.change(tx, delivery.id, state="held", hold=held.reason)


class _HeldError(Exception):
    """Rolls back what was accepted: a person must confirm it first."""

    def __init__(self, reason: dict[str, Any]) -> None:
        super().__init__()
        self.reason = reason


def _accept(
    parts: Parts, tx: Transaction, delivery: Delivery, fates: dict[str, int]
) -> None:
    plan = parts.book.plan(str(delivery.mapping))
    scope = Scope(parts.mandant, plan.document, plan.name)
    beside = documents.accept(tx, scope, delivery.id)
    if delivery.complete:
        vanish(tx, scope, delivery)
    reason = hold.reason(parts, tx, delivery)
    if reason is not None:
        raise _HeldError(reason)
    if plan.document == "OrderReply":
        _replies(parts, tx, delivery)
    if plan.document == consigning.DOCUMENT:
        consigning.keep(parts, tx, delivery.id)
        mails.owe_parcels(parts, tx, delivery.id)
    if plan.document == billing.DOCUMENT:
        billing.keep(parts, tx, delivery.id)
        warehousing.keep(parts, tx, delivery.id)
        mails.remember(parts, tx, delivery.id)
    if plan.document in papering.PRINTED:
        papering.keep(parts, tx, plan.document, delivery.id)
    if beside.older:
        number = str(beside.older)
        older = _warning("intake.older", number, {"number": number})
        deliveries.note(tx, delivery.id, [older])
    taken = (staging.NEW, staging.SAME, staging.DOUBLE)
    kept = delivery.unchanged + sum(fates.get(fate, 0) for fate in taken)
    same = delivery.unchanged + fates.get(staging.SAME, 0) + beside.same
    refused = delivery.records - delivery.filtered - kept
    deliveries.change(
        tx,
        delivery.id,
        step=ACCEPTED,
        state="partly" if refused > 0 else "accepted",
        accepted=kept,
        refused=max(refused, 0),
        unchanged=same,
        older=beside.older,
        hold=None,
    )
    _raise_what_follows(parts, tx, plan.document, delivery.id)


def _raise_what_follows(
    parts: Parts, tx: Transaction, kind: str, number: int
) -> None:
    """Make due what the documents of a delivery are for."""
    _raise_compose(parts, tx)
    raise_rows(parts, tx, kind, str(number))
    raise_hand_on(parts, tx, kind, number)
    if kind == media.DOCUMENT:
        media.raise_media(parts, tx)
    if kind == customers.DOCUMENT:
        customers.raise_customers(parts, tx, f"delivery:{number}")


def _warning(
    code: str, value: str | None = None, facts: dict[str, str] | None = None
) -> Finding:
    return Finding(code, None, None, value, "warn", "nobody", facts or {})


def _raise_compose(parts: Parts, tx: Transaction) -> None:
    if touches.any_touched(tx, parts.mandant):
        raise_compose(parts, tx)


def _accept_nothing(parts: Parts, delivery: Delivery) -> None:
    """No record came in: refused, unless all were only filtered out.

    A mapping of the items of a list may well find a file without any.
    """
    plan = parts.book.plan(str(delivery.mapping))
    filtered = delivery.filtered and delivery.filtered == delivery.records
    idle = plan.each and not delivery.records
    state = "accepted" if filtered or idle else "refused"
    found = []
    if idle:
        found = [_warning("intake.no_items", ", ".join(plan.each))]
    elif not delivery.records:
        found = [Finding("intake.no_records")]
    elif filtered:
        found = [_warning("intake.all_filtered", str(delivery.filtered))]
    with parts.ledger.write() as tx:
        deliveries.note(tx, delivery.id, found)
        deliveries.change(
            tx,
            delivery.id,
            state=state,
            step=ACCEPTED,
            refused=delivery.records - delivery.filtered,
        )


def _replies(parts: Parts, tx: Transaction, delivery: Delivery) -> None:
    """Sage's answers reach their orders; an unknown one is reported."""
    for line, body in staging.new_bodies(tx, delivery.id):
        said = orjson.loads(body)
        number = said["order"]
        own = holding(parts, tx, number)
        known = orders.reply(tx, own.side, number, said, parts.clock.now())
        if known and said["status"] == REFUSED:
            reason = said.get("reason") or ""
            no = BridgeError("orders.refused", order=number, reason=reason)
            told = no.told(parts.settings.bridge.language)
            facts.know(tx, REFUSAL + number, told)
        else:
            facts.forget(tx, REFUSAL + number)
        acknowledging.owe(own, tx, number, said)
        if said.get("customer"):
            mode = parts.side.mode
            identities.told(tx, mode, number, said["customer"])
        if not known:
            found = Finding(
                "intake.unknown_order", line, "Referenznummer", number, "warn"
            )
            deliveries.note(tx, delivery.id, [found])
