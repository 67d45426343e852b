"""Our own check of a paper's upload, and Amazon's report of it (amazon.md M7).

The report is text: a summary, and a table of errors behind tabs. Should it
come as xml it is read like that of an order feed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon.processing import ERROR
from bridge.amazon.processing import SEVERITY
from bridge.amazon.processing import order_outcome
from bridge.errors import DefectError
from bridge.errors import TransientError
from bridge.errors import Where
from bridge.ports import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

INVOICES = "UPLOAD_VAT_INVOICE"
PREFIX = "metadata:"
NEEDED = ("OrderId", "InvoiceNumber", "TotalAmount", "TotalVATAmount")
KINDS = frozenset({"Invoice", "CreditNote"})
TABLE = "original-record-number"  # begins the table of errors
_AMOUNT = re.compile(r"-?\d+\.\d\d").fullmatch
_PLAIN = re.compile(r"[A-Za-z0-9,./\\ _;:#-]*").fullmatch
_COUNT = re.compile(r"^\t[^\t]+\t+(\d+)\s*$", re.MULTILINE)


def check_paper(options: Mapping[str, str], name: str) -> None:
    """See that what goes beside a PDF is of its form.

    Raises:
        DefectError: ``amazon.bad_body``: Amazon would not take it.
    """
    faults = list(_faults(options))
    if faults:
        problem = "; ".join(faults)
        where = Where(name)
        raise DefectError("amazon.bad_body", where=where, problem=problem)


def _faults(options: Mapping[str, str]) -> Iterator[str]:
    said = {key.removeprefix(PREFIX): value for key, value in options.items()}
    for key in NEEDED:
        if not said.get(key):
            yield f"{key} is missing"
    for key in ("TotalAmount", "TotalVATAmount"):
        if not _AMOUNT(said.get(key, "0.00")):
            yield f"{key} is no amount"
    if said.get("DocumentType") not in KINDS:
        yield "DocumentType is unknown"
    for key, value in said.items():
        if not _PLAIN(value):
            yield f"{key} has a sign Amazon does not take"


def paper_outcome(content: bytes, *, aborted: bool) -> Outcome:
    """What Amazon made of one paper.

    Args:
        content: The processing report.
        aborted: The feed was aborted (FATAL).

    Raises:
        TransientError: ``amazon.odd_answer``: no such report.
    """
    if content.lstrip().startswith(b"<"):
        return order_outcome(content, aborted=aborted)
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    head, _, table = text.partition(TABLE)
    counts = [int(number) for number in _COUNT.findall(head)]
    if len(counts) < 2:  # noqa: PLR2004 - processed and successful
        raise TransientError("amazon.odd_answer", operation="getFeedDocument")
    issues = [_issue(line) for line in table.split("\n")[1:] if line.strip()]
    bad = any(one["severity"] == ERROR for one in issues)
    if bad or aborted or counts[1] < counts[0]:
        return Outcome(accepted=False, refused={1: issues}, issues=issues)
    return Outcome(accepted=True, warned={1: issues} if issues else {})


def _issue(line: str) -> dict[str, Any]:
    """A row: record, SKU, code, kind and words of Amazon's."""
    _, _, code, kind, message = [*line.split("\t", 4), *[""] * 4][:5]
    return {
        "code": code.strip(),
        "severity": SEVERITY.get(kind.strip(), ERROR),
        "message": message.strip(),
    }
