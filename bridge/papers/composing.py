"""A bill and its texts become a letter: every word in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.messages import catalogue
from bridge.papers import figures
from bridge.papers.bill import GIVES_BACK
from bridge.papers.bill import NOTE
from bridge.papers.bill import NOTHING
from bridge.papers.bill import QUOTE
from bridge.papers.bill import TYPES
from bridge.papers.letter import Column
from bridge.papers.letter import Letter
from bridge.papers.letter import Row
from bridge.papers.letter import Sum
from bridge.papers.letter import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.papers.bill import Bill
    from bridge.papers.bill import BillLine
    from bridge.papers.bill import Party
    from bridge.papers.letter import Code
    from bridge.papers.letter import Enclosure
    from bridge.papers.letter import Head

WIDE = 165.0  # millimetres between the margins
POSITION, ARTICLE, COUNT = 10.0, 22.0, 19.0
PRICE, DISCOUNT, RATE, TOTAL = 20.0, 13.0, 11.0, 22.0


@dataclass(frozen=True, slots=True)
class Texts:
    """What templates make of a paper, by paragraph."""

    opening: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def letter_of(
    bill: Bill,
    head: Head,
    texts: Texts,
    code: Code | None = None,
    enclosure: Enclosure | None = None,
) -> Letter:
    """The letter of a bill.

    Args:
        bill: Worked out and judged.
        head: The firm.
        texts: What its templates say.
        code: What a telephone reads, where something is to be paid.
        enclosure: The same for machines.
    """
    word = _Words(bill.language)
    title = f"{word(bill.kind)} {bill.number}"
    return Letter(
        language=bill.language,
        title=title,
        subject=title,
        head=head,
        address=address_of(bill.buyer, bill.seller.country, bill.language),
        info=tuple(_information(bill, word)),
        issued=bill.issued,
        page=word("page"),
        opening=texts.opening,
        table=_table(bill, word),
        sums=() if bill.kind == NOTE else tuple(_sums(bill, word)),
        notes=(*_notes(bill, word), *texts.payment),
        code=code,
        closing=texts.closing,
        signature=word("received") if bill.kind == NOTE else "",
        enclosure=enclosure,
    )


class _Words:
    """The words of papers in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, name: str, **facts: object) -> str:
        return catalogue.term("letter", name, self.language, **facts)


def address_of(party: Party, home: str, language: str) -> tuple[str, ...]:
    """The lines of an address; the country only abroad, in capitals."""
    lines = [party.name, party.extra, party.street]
    lines.append(f"{party.postcode} {party.city}".strip())
    if party.country and party.country != home:
        name = catalogue.country(party.country, language)
        lines.append(name.upper())
    return tuple(line for line in lines if line)


def _information(bill: Bill, word: _Words) -> Iterator[tuple[str, str]]:
    """Labels and values beside the address; empty ones are left out."""

    def day(value: object) -> str:
        return figures.day(value, bill.language)  # type: ignore[arg-type]

    yield word(f"number_{bill.kind}"), bill.number
    yield word("issued"), day(bill.issued)
    ahead = bill.kind not in TYPES  # nothing is delivered yet
    facts = {
        "supplied": _supplied(bill, word),
        "due_for_delivery": day(bill.due_for_delivery) if ahead else "",
        "valid_to": day(bill.valid_to) if bill.kind == QUOTE else "",
        "customer": bill.customer,
        "buyer_vat_id": bill.buyer.vat_id,
        "amazon" if bill.amazon else "order": bill.amazon or bill.order,
        "reference": bill.reference,
        "former": "" if bill.former is None else _former(bill, word),
    }
    for name, value in facts.items():
        if value:
            yield word(name), value


def _supplied(bill: Bill, word: _Words) -> str:
    """The day of supply, even where it is that of the invoice."""
    if bill.supplied is None or bill.kind not in TYPES:
        return ""
    return figures.day(bill.supplied, word.language)


def _former(bill: Bill, word: _Words) -> str:
    former = bill.former
    if former is None:
        return ""
    said = f"{word(former.kind)} {former.number}"
    if former.issued is None:
        return said
    day = figures.day(former.issued, bill.language)
    return f"{said} {word('of_day', day=day)}"


def _table(bill: Bill, word: _Words) -> Table:
    """The lines; a column nobody needs is not there."""
    if bill.kind == NOTE:
        return _goods(bill, word)
    gross = "_gross" if bill.gross else ""
    reduced = any(line.discount for line in bill.lines)
    columns = [
        Column(word("position"), POSITION),
        Column(word("article"), ARTICLE),
        Column(word("title"), 0),
        Column(word("quantity"), COUNT, right=True),
        Column(word(f"price{gross}"), PRICE, right=True),
        *([Column(word("discount"), DISCOUNT, right=True)] * reduced),
        Column(word("rate"), RATE, right=True),
        Column(word(f"total{gross}"), TOTAL, right=True),
    ]
    rows, so_far = [], NOTHING
    for line in bill.lines:
        so_far += line.total
        cells = _cells(bill, line, reduced=reduced)
        carried = figures.money(so_far, bill.currency, bill.language)
        rows.append(Row(cells, carried))
    return Table(_widened(columns), tuple(rows), 2, word("carried"))


def _goods(bill: Bill, word: _Words) -> Table:
    """The lines of a delivery note: no prices."""
    columns = [
        Column(word("position"), POSITION),
        Column(word("article"), ARTICLE),
        Column(word("title"), 0),
        Column(word("quantity"), COUNT, right=True),
    ]
    rows = [Row(_named(bill, line)) for line in bill.lines]
    return Table(_widened(columns), tuple(rows), 2)


def _widened(columns: list[Column]) -> tuple[Column, ...]:
    """The column without a width takes what the others leave."""
    rest = WIDE - sum(column.width for column in columns)
    return tuple(
        Column(column.label, column.width or rest, column.right)
        for column in columns
    )


def _named(bill: Bill, line: BillLine) -> tuple[str, ...]:
    count = figures.quantity(line.quantity, bill.language)
    unit = line.unit.said(bill.language)
    return (
        str(line.position),
        line.article,
        line.title,
        f"{count}\u00a0{unit}".rstrip(),
    )


def _cells(bill: Bill, line: BillLine, *, reduced: bool) -> tuple[str, ...]:
    language, currency = bill.language, bill.currency
    discount = (
        figures.percent(-line.discount, language) if line.discount else ""
    )
    return (
        *_named(bill, line),
        figures.price(line.price, currency, language),
        *((discount,) * reduced),
        figures.percent(line.rate, language),
        figures.amount(line.total, currency, language),
    )


def _sums(bill: Bill, word: _Words) -> Iterator[Sum]:
    """Net, tax by rate, and what is to be paid or given back.

    What is free of tax is named where something else is taxed: net amounts
    stand apart by rate and exemption (UStG § 14 (4) no. 7).
    """

    def money(value: object) -> str:
        return figures.money(
            value,  # type: ignore[arg-type]
            bill.currency,
            bill.language,
        )

    yield Sum(word("net"), money(bill.net))
    for share in bill.shares:
        if share.rate or (share.net and len(bill.shares) > 1):
            rate = figures.percent(share.rate, bill.language)
            label = word("tax", rate=rate, net=money(share.net))
            yield Sum(label, money(share.tax))
    yield Sum(word(f"sum_{bill.kind}"), money(bill.total), strong=True)
    if bill.prepaid and bill.kind in TYPES:
        paid = "paid_amazon" if bill.amazon else "prepaid"
        given = bill.kind in GIVES_BACK
        label = word("given_amazon") if given and bill.amazon else word(paid)
        yield Sum(label, money(-bill.prepaid))
        yield Sum(word("due"), money(bill.due), strong=True)


def _notes(bill: Bill, word: _Words) -> Iterator[str]:
    """What law wants to be said of the tax and of where the goods went."""
    if bill.kind in TYPES:
        for reason in dict.fromkeys(share.reason for share in bill.shares):
            if reason:
                yield reason
    if bill.oss and bill.kind in TYPES:
        country = catalogue.country(bill.to.country, bill.language)
        yield word("oss", country=country)
    if bill.to != bill.buyer and bill.to.city and bill.to.name:
        lines = address_of(bill.to, bill.seller.country, bill.language)
        yield word("goes_to", address=", ".join(lines))
