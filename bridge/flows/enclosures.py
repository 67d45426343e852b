"""The PDFs that papers name, as they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.flows import lockedfiles
from bridge.flows.filing import located
from bridge.flows.identifying import PDF
from bridge.flows.parcelling import Fault
from bridge.formats.pdfdoc import pdf_fault
from bridge.ledger import deliveries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction

MIB = 2**20
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
