"""The PDFs that papers name, as they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.flows import lockedfiles
from bridge.flows import papershelf
from bridge.flows.filing import located
from bridge.flows.identifying import PDF
from bridge.flows.parcelling import Fault
from bridge.formats.pdfdoc import pdf_fault
from bridge.ledger import deliveries
from bridge.ledger import papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.ledger.tellings import Telling

MIB = 2**20
DOCUMENT = "SalesDocument"
OWN = 0  # no delivery: the bridge printed it
FAULTS = {
    "no_pdf": "invoices.no_pdf",
    "cut": "invoices.cut",
    "encrypted": "invoices.encrypted",
}


def present(tx: Transaction, file: str | None) -> int | None:
    """The delivery of the PDF of a name, the newest; none if none came."""
    found = deliveries.of_file(tx, file, "pdf") if file else None
    return None if found is None else found.id


def told(parts: Parts, delivery: Delivery) -> list[Finding]:
    """What is wrong with a PDF that came in, whoever will name it.

    It is kept all the same: a paper that names it says so at its row.
    """
    if delivery.format != PDF or delivery.step != deliveries.ACCEPTED:
        return []
    content = pdf_of(parts, delivery.id)
    name = delivery.name.rpartition("/")[2]
    return [
        Finding(fault.code, None, None, fault.value, "warn")
        for fault in faults_of(parts, content, name)
    ]


def faults_of(parts: Parts, content: bytes, name: str) -> Iterator[Fault]:
    """What Amazon would not take, or no reader opens."""
    if len(content) > parts.settings.invoices.largest_mib * MIB:
        size = f"{len(content) / MIB:.1f} MiB"
        yield Fault("invoices.too_large", "file", f"{name}, {size}")
    fault = pdf_fault(content)
    if fault is not None:
        yield Fault(FAULTS[fault], "file", name)


def pdf_for(parts: Parts, tx: Transaction, item: Telling) -> int | None:
    """The delivery of a paper's PDF; ``OWN`` if the bridge printed it."""
    came = present(tx, item.file)
    if came is not None:
        return came
    own = papers.get(tx, parts.mandant, DOCUMENT, item.key)
    return OWN if own is not None and own.state == papers.DRAWN else None


def content_for(parts: Parts, item: Telling, number: int) -> bytes:
    """The bytes of a paper's PDF, wherever it comes from.

    Raises:
        DefectError: Somebody took it away.
    """
    if number != OWN:
        return pdf_of(parts, number)
    with parts.ledger.read() as tx:
        own = papers.get(tx, parts.mandant, DOCUMENT, item.key)
    if own is None:
        raise DefectError("papers.file_missing", value=str(item.file))
    return papershelf.content_of(parts, own)


def pdf_of(parts: Parts, number: int) -> bytes:
    """The bytes of a PDF, whether it lies open or locked.

    Raises:
        DefectError: ``intake.file_missing``: somebody took it away.
    """
    with parts.ledger.read() as tx:
        delivery = deliveries.get(tx, number)
    path = None if delivery is None else located(parts, delivery)
    if path is None:
        raise DefectError("intake.file_missing", number=number)
    return b"".join(lockedfiles.content(path, parts.safe))
