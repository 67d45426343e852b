"""A partner's answer: ``<name>.ok``, or ``<name>.fehler.csv`` with why.

He reads of his file only: counts, and findings that are his to act on, in
his own column names. What we must mend is told him in one sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.flows import remotenames
from bridge.flows.filing import COLUMNS
from bridge.flows.filing import said
from bridge.flows.filing import sheet
from bridge.ledger import deliveries
from bridge.ledger import dispatches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.config.partners import Partner
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.dispatches import Dispatch
    from bridge.ledger.engine import Transaction
    from bridge.ledger.remotefiles import RemoteFile

GOOD = frozenset({"accepted"})
HIS = frozenset({"sender", "partner"})


def expect(
    tx: Transaction, parts: Parts, partner: Partner, file: RemoteFile
) -> None:
    """Write down that a file will be answered, in the commit that takes it."""
    if partner.receipts:
        dispatches.make(
            tx,
            partner=partner.name,
            folder=partner.receipt_folder or file.folder,
            name=remotenames.shown(file.name),
            draft="",
            delivery_id=file.delivery_id,
            state=dispatches.AWAITED,
            made_at=parts.clock.now(),
        )


def answer(parts: Parts, partner: str) -> None:
    """Write the receipt of every delivery that is judged by now.

    Its bytes are kept until the partner has them: what is sent again after
    a cut is the same.
    """
    with parts.ledger.read() as tx:
        awaited = dispatches.of(tx, partner, (dispatches.AWAITED,))
    for item in awaited:
        with parts.ledger.write() as tx:
            _answer(parts, tx, item)


def _answer(parts: Parts, tx: Transaction, item: Dispatch) -> None:
    delivery = deliveries.get(tx, item.delivery_id or 0)
    if delivery is None:
        return
    judged = [delivery, *deliveries.parts_of(tx, delivery.id)]
    if any(one.step != deliveries.FILED for one in judged):
        return
    if delivery.sha256 is None:  # lost before it was read; fetched again
        dispatches.drop(tx, item.id)
        return
    found = [f for one in judged for f in deliveries.findings(tx, one.id)]
    good = all(one.state in GOOD for one in judged)
    ending = remotenames.OK if good else remotenames.FAULTS
    language = parts.settings.bridge.language
    dispatches.change(
        tx,
        [item.id],
        name=f"{item.name}{ending}",
        draft=remotenames.draft(f"{item.name}{ending}"),
        body=body([*_counted(judged), *told(found)], language),
        state=dispatches.CLAIMED,
    )


def _counted(judged: Iterable[Delivery]) -> Iterator[Finding]:
    """What became of the rows, for each kind of thing a file states."""
    for one in judged:
        facts = {
            "records": str(one.records),
            "accepted": str(one.accepted),
            "refused": str(one.refused),
            "filtered": str(one.filtered),
        }
        yield Finding("partners.counted", turn="nobody", facts=facts)


def told(found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings a partner can act on; the rest in one sentence."""
    ours = False
    for item in found:
        if item.turn in HIS:
            yield item
        else:
            ours = ours or item.severity == "refuse"
    if ours:
        yield Finding("partners.ours", turn="nobody")


def body(found: Iterable[Finding], language: str) -> bytes:
    """The bytes of a receipt: a csv that opens well in a spreadsheet."""
    rows = (said(item, language) for item in found)
    return sheet(COLUMNS[:-1], rows)  # whose turn it is, he knows
