"""Any PDF or e-invoice is looked at: what it is, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.einvoice.checking import XSD
from bridge.einvoice.checking import broken
from bridge.einvoice.reading import held
from bridge.einvoice.ruling import field_of
from bridge.errors import Finding
from bridge.formats.pdfdoc import pdf_fault

if TYPE_CHECKING:
    from bridge.einvoice.checking import Broken
    from bridge.mapping.plan import Plan

BLANK = b"\xef\xbb\xbf \t\r\n"  # what may stand before an XML
PDF, HEAD = b"%PDF", 1024  # within so many bytes, as readers take it
WANTED = "3B"


@dataclass(frozen=True)
class Inspection:
    """What a file is, by name of what was looked at, and what is wrong.

    Attributes:
        facts: ``kind``, ``pages``, ``pdfa``, ``xml``, ``rules``.
        found: What a person should correct.
    """

    facts: dict[str, str]
    found: list[Finding]


def inspected(content: bytes, plan: Plan | None) -> Inspection:
    """Look at the bytes of a PDF or an invoice for machines.

    Args:
        content: Of the file.
        plan: The mapping of Sage's papers: it names the columns.
    """
    if content.lstrip(BLANK).startswith(b"<"):
        found = [_rule(one, plan) for one in broken(content)]
        return Inspection({"kind": "xml", "rules": _judged(found)}, found)
    if PDF not in content[:HEAD]:
        fault = Finding("papers.no_paper", severity="refuse")
        return Inspection({"kind": "other"}, [fault])
    inside = held(content)
    if pdf_fault(content) is not None or inside is None:
        fault = Finding("papers.no_pdf", severity="refuse")
        return Inspection({"kind": "pdf"}, [fault])
    facts = {
        "kind": "pdf",
        "pages": str(inside.pages),
        "pdfa": inside.claim or "-",
        "xml": inside.name or "-",
    }
    found = []
    if inside.claim != WANTED or not inside.intent:
        said = {"claim": inside.claim or "-"}
        found.append(Finding("papers.no_pdfa", severity="warn", facts=said))
    if inside.naked:
        fonts = ", ".join(inside.naked)
        found.append(Finding("papers.naked_fonts", value=fonts))
    if inside.xml:
        rules = [_rule(one, plan) for one in broken(inside.xml)]
        facts["rules"] = _judged(rules)
        found += rules
    return Inspection(facts, found)


def _judged(found: list[Finding]) -> str:
    return "broken" if any(x.severity == "refuse" for x in found) else "kept"


def _rule(item: Broken, plan: Plan | None) -> Finding:
    if item.rule == XSD:
        facts = {"place": item.place}
        return Finding("papers.schema", value=item.text, facts=facts)
    field = field_of(item.rule, item.place)
    column = plan.column(field) if plan and field else field or None
    return Finding(
        "papers.rule",
        None,
        column,
        item.rule,
        "refuse" if item.fatal else "warn",
        facts={"problem": item.text},
    )
