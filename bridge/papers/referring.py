"""Where a paper that corrects another one does not fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.papers.bill import GIVES_BACK
from bridge.papers.bill import REFERS
from bridge.papers.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.model.papers import SalesDocument

#: What both should say alike.
ALIKE = {
    "currency": "papers.former_currency",
    "customer": "papers.former_customer",
}


def former_faults(
    paper: SalesDocument, former: SalesDocument | None
) -> Iterator[Fault]:
    """What a person should know before a correction leaves; warnings.

    Args:
        paper: The correction, credit note or cancellation.
        former: The paper it names, if Sage has stated it.
    """
    if former is None or paper.kind not in REFERS:
        return
    for name, code in ALIKE.items():
        said, known = getattr(paper, name), getattr(former, name)
        if said and known and said != known:
            facts = {"known": str(known), "number": former.number}
            yield Fault(code, name, str(said), "warn", facts)
    if paper.kind in GIVES_BACK and _is_more(paper, former):
        facts = {"known": str(former.total), "number": former.number}
        facts["currency"] = paper.currency or ""
        value = str(paper.total)
        yield Fault("papers.more_than_former", "total", value, "warn", facts)


def _is_more(paper: SalesDocument, former: SalesDocument) -> bool:
    if paper.total is None or former.total is None:
        return False
    return paper.total > former.total
