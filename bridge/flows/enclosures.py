"""The PDFs that papers name, as they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.flows import lockedfiles
from bridge.flows.filing import located
from bridge.ledger import deliveries

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction


def present(tx: Transaction, file: str | None) -> int | None:
    """The delivery of the PDF of a name, the newest; none if none came."""
    found = deliveries.of_file(tx, file, "pdf") if file else None
    return None if found is None else found.id


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
