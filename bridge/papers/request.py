"""A payment request becomes a letter: no invoice, and never called one.

It shows no tax and has no number of its own (documents.md D8). Amazon's orders
are paid at Amazon: nobody is asked to pay twice (amazon.md M4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.messages import catalogue
from bridge.papers import figures
from bridge.papers.bill import NOTHING
from bridge.papers.composing import WIDE
from bridge.papers.composing import address_of
from bridge.papers.fault import Fault
from bridge.papers.girocode import EURO
from bridge.papers.girocode import transfer_faults
from bridge.papers.letter import Column
from bridge.papers.letter import Letter
from bridge.papers.letter import Row
from bridge.papers.letter import Sum
from bridge.papers.letter import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bridge.config.papers import Letterhead
    from bridge.model.papers import PaymentRequest
    from bridge.model.papers import SalesDocument
    from bridge.papers.bill import Party
    from bridge.papers.composing import Texts
    from bridge.papers.letter import Code
    from bridge.papers.letter import Head

#: Ways to pay that are no transfer; the link or the provider takes them.
OTHERWISE = frozenset({"paypal", "klarna", "kreditkarte", "lastschrift"})
#: What a request may not say otherwise than its paper.
OTHERS = {
    "currency": "papers.another_currency",
    "customer": "papers.another_customer",
}
ASKED, REMINDED, LAST = "request", "reminder", 3
DAY, AMOUNT = 30.0, 30.0  # millimetres


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked for, of whom.

    Attributes:
        paper: What is to be paid, as its own letter calls it.
        written: The day of this letter.
        issued: The day of the paper it is about.
    """

    request: PaymentRequest
    paper: str
    buyer: Party
    language: str
    written: date
    issued: date


def title_of(level: int, language: str) -> str:
    """What a letter of a level is called; never an invoice."""
    name = ASKED if level == 0 else REMINDED
    if level > 1:
        name = f"{REMINDED}_{min(level, LAST)}"
    return catalogue.term("letter", name, language)


def demand_faults(
    request: PaymentRequest, head: Letterhead, *, amazons: bool
) -> Iterator[Fault]:
    """Why nobody may be asked, or what a person should know."""
    if amazons:
        yield Fault("papers.amazon_pays", "order", request.order or "")
    if not head.iban and not request.link:
        yield Fault("papers.no_account", "letterhead.iban")
    for name in ("pay_by", "currency", "name"):
        if not getattr(request, name):
            yield Fault("papers.lacks", name)
    total, paid = request.total, request.paid or NOTHING
    open_ = request.open or NOTHING
    if not open_:
        yield Fault("papers.paid", "open", str(open_))
        return
    if total is not None and request.paid is not None:
        left = total - paid
        if left != open_:
            facts = {"made": str(left), "currency": request.currency or ""}
            yield Fault("papers.open_differs", "open", str(open_), facts=facts)
    yield from transfer_faults(
        open_, request.currency or "", request.purpose or ""
    )


def paper_faults(
    request: PaymentRequest, paper: SalesDocument
) -> Iterator[Fault]:
    """Where a request says something else than its paper."""
    if request.total is not None and paper.total not in {None, request.total}:
        facts = {"made": str(paper.total), "currency": request.currency or ""}
        code, value = "papers.other_total", str(request.total)
        yield Fault(code, "total", value, facts=facts)
    for name, code in OTHERS.items():
        said, known = getattr(request, name), getattr(paper, name)
        if said and known and said != known:
            yield Fault(code, name, str(said), facts={"known": str(known)})


def pays_by_code(request: PaymentRequest, head: Letterhead) -> bool:
    """Whether a code to transfer with can be printed."""
    if (request.method or "").casefold() in OTHERWISE:
        return False
    return bool(
        head.iban
        and request.currency == EURO
        and not transfer_faults(
            request.open or NOTHING, EURO, request.purpose or ""
        )
    )


def letter_of(
    demand: Demand, head: Head, home: str, texts: Texts, code: Code | None
) -> Letter:
    """The letter of a demand."""
    request, language = demand.request, demand.language
    title = title_of(request.level, language)
    subject = f"{title}: {demand.paper}"
    return Letter(
        language=language,
        title=subject,
        subject=subject,
        head=head,
        address=address_of(demand.buyer, home, language),
        info=tuple(_information(demand)),
        issued=demand.written,
        page=catalogue.term("letter", "page", language),
        opening=texts.opening,
        table=_table(demand),
        sums=tuple(_sums(demand)),
        notes=texts.payment,
        code=code,
        closing=texts.closing,
    )


def _information(demand: Demand) -> Iterator[tuple[str, str]]:
    request, language = demand.request, demand.language
    facts = {
        "issued": figures.day(demand.written, language),
        "customer": request.customer or "",
        "order": request.order or "",
        "pay_by": figures.day(request.pay_by, language),
        "method": request.method or "",
        "purpose": request.purpose or "",
    }
    for name, value in facts.items():
        if value:
            yield catalogue.term("letter", name, language), value


def _table(demand: Demand) -> Table:
    request, language = demand.request, demand.language

    def word(name: str) -> str:
        return catalogue.term("letter", name, language)

    columns = (
        Column(word("title"), WIDE - DAY - AMOUNT),
        Column(word("issued"), DAY),
        Column(word("paper_total"), AMOUNT, right=True),
    )
    amount = figures.amount(
        request.total or NOTHING, request.currency or EURO, language
    )
    day = figures.day(demand.issued, language)
    return Table(columns, (Row((demand.paper, day, amount)),), 0)


def _sums(demand: Demand) -> Iterator[Sum]:
    request, language = demand.request, demand.language
    currency = request.currency or EURO
    if request.paid:
        paid = figures.money(-request.paid, currency, language)
        yield Sum(catalogue.term("letter", "paid", language), paid)
    left = figures.money(request.open or NOTHING, currency, language)
    yield Sum(catalogue.term("letter", "open", language), left, strong=True)
