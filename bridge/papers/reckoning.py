"""Sage's paper is reckoned again: what it says, and whether it adds up.

Sage leads: its own sums are printed, since they are in its books. What differs
by a cent is told; what rounding does not explain is not printed at all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.papers import cases
from bridge.papers.bill import NOTE
from bridge.papers.bill import NOTHING
from bridge.papers.bill import BillLine
from bridge.papers.bill import Share
from bridge.papers.fault import Fault
from bridge.papers.units import PIECES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.model.papers import SalesDocument
    from bridge.model.papers import SalesLine
    from bridge.model.papers import TaxShare
    from bridge.papers.units import Units

CENT = Decimal("0.01")
FEWEST_PLACES, MOST_PLACES = 2, 10  # of a price


@dataclass(frozen=True, slots=True)
class Tax:
    """What decides the case of a line's tax.

    Attributes:
        country: Where the goods go.
        home: The seller's country.
        vat_id: The buyer's, if it can be one.
        exempt: Whether the seller shows no tax at all (UStG § 19).
    """

    country: str
    home: str
    vat_id: str
    exempt: bool


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def lines_of(
    paper: SalesDocument, units: Units, tax: Tax, faults: list[Fault]
) -> tuple[BillLine, ...]:
    """Every line, worked out; what is wrong is appended to ``faults``."""
    return tuple(
        _line(paper, line, units, tax, faults) for line in paper.lines
    )


def _line(
    paper: SalesDocument,
    line: SalesLine,
    units: Units,
    tax: Tax,
    faults: list[Fault],
) -> BillLine:
    faults += _faults(paper, line, units)
    unit = units.find(line.unit) or PIECES
    rate = line.tax_rate or NOTHING
    return BillLine(
        position=line.position,
        article=line.article or "",
        title=line.title or line.article or "",
        quantity=line.quantity or NOTHING,
        unit=unit,
        price=line.unit_price or NOTHING,
        discount=line.discount or NOTHING,
        total=_total(line),
        net_price=_net_price(line),
        net=line.net_total or NOTHING,
        rate=rate,
        category=_case(paper, line, rate, tax, faults),
    )


def _case(
    paper: SalesDocument,
    line: SalesLine,
    rate: Decimal,
    tax: Tax,
    faults: list[Fault],
) -> str:
    """The case of a line's tax; what nobody states is asked for."""
    if paper.kind == NOTE:
        return cases.STANDARD
    if rate and tax.exempt:
        faults.append(_at(line, "papers.tax_of_small_business", "tax_rate"))
    if rate and not _is_taxed_beside(paper):
        facts = {"case": str(paper.tax_case), "rate": str(rate)}
        faults.append(
            _at(line, "papers.tax_despite_case", "tax_rate", str(rate), facts)
        )
    stated = paper.tax_case or (cases.EXEMPT if tax.exempt else None)
    case = cases.case_of(stated, rate, tax.country, tax.home, tax.vat_id)
    free = not line.total and not line.unit_price
    if line.tax_rate is None and not free:
        faults.append(_at(line, "papers.no_rate", "tax_rate"))
    elif not case and not free:
        faults.append(Fault("papers.no_tax_case", "tax_case", str(rate)))
    return case or cases.STANDARD


def _total(line: SalesLine) -> Decimal:
    """What a line comes to: as Sage says, else as it multiplies."""
    return _product(line) if line.total is None else line.total


def _product(line: SalesLine) -> Decimal:
    share = 1 - (line.discount or NOTHING) / 100
    price = line.unit_price or NOTHING
    return cents((line.quantity or NOTHING) * price * share)


def _is_taxed_beside(paper: SalesDocument) -> bool:
    """Whether a line may be taxed: what is exempt may stand beside it."""
    if paper.tax_case == cases.EXEMPT:
        return any(not line.tax_rate for line in paper.lines)
    return paper.tax_case in {None, cases.STANDARD}


def _net_price(line: SalesLine) -> Decimal:
    """One unit without tax, the discount taken off it.

    As many places as its product with the quantity comes to the line's net
    amount: receivers multiply (PEPPOL-EN16931-R120).
    """
    net, count = line.net_total or NOTHING, line.quantity or Decimal(1)
    price = net / count
    for places in range(FEWEST_PLACES, MOST_PLACES):
        near = price.quantize(Decimal(1).scaleb(-places))
        if cents(near * count) == net:
            return near or NOTHING
    return price.quantize(Decimal(1).scaleb(-MOST_PLACES))


def _faults(
    paper: SalesDocument, line: SalesLine, units: Units
) -> Iterator[Fault]:
    """What is wrong with one line by itself."""
    if units.find(line.unit) is None:
        near = {"near": units.near(str(line.unit))}
        yield _at(line, "papers.unknown_unit", "unit", line.unit, near)
    if line.quantity is None:
        yield _at(line, "papers.lacks", "quantity")
    if paper.kind == NOTE:
        return
    if line.total is None and _product(line):
        yield _at(line, "papers.lacks", "total")
    if line.total is not None and line.unit_price is not None:
        yield from _differs(paper, line, line.total)
    if line.unit_price is not None and line.unit_price < 0:
        yield _at(
            line, "papers.negative_price", "unit_price", str(line.unit_price)
        )


def _differs(
    paper: SalesDocument, line: SalesLine, total: Decimal
) -> Iterator[Fault]:
    """Whether a line's sum is another than quantity times price."""
    made = _product(line)
    if made == total:
        return
    facts = {
        "made": str(made),
        "difference": str(total - made),
        "position": str(line.position),
        "currency": paper.currency or "",
    }
    small = abs(made - total) <= CENT
    yield Fault(
        "papers.line_differs_a_cent" if small else "papers.line_differs",
        "lines.total",
        str(total),
        "warn" if small else "refuse",
        facts,
    )


def _at(
    line: SalesLine,
    code: str,
    field: str,
    value: str | None = None,
    facts: dict[str, str] | None = None,
) -> Fault:
    said = {"position": str(line.position), **(facts or {})}
    return Fault(code, f"lines.{field}", value or "", facts=said)


def shares_of(
    paper: SalesDocument,
    lines: Iterable[BillLine],
    language: str,
    *,
    small: bool,
) -> tuple[Share, ...]:
    """Net and tax by case and rate, the highest rate first.

    What is taxed is as the netting of the paper says; what is not is the sum
    of its lines.
    """
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for line in lines:
        nets[line.category, line.rate] += line.net
    taxes = {share.rate or NOTHING: share.tax for share in paper.taxes}
    return tuple(
        Share(
            category=case,
            rate=rate,
            net=net,
            tax=taxes.get(rate, NOTHING) if rate else NOTHING,
            reason=cases.reason_of(
                case, paper.tax_note, language, small=small
            ),
            reason_code=cases.REASONS.get(case, ""),
        )
        for (case, rate), net in sorted(
            nets.items(), key=lambda item: (-item[0][1], item[0][0])
        )
        if net or rate or len(nets) == 1
    )


def _tax(share: TaxShare, *, gross: bool) -> Decimal:
    """The tax of a rate: upon what is net, or within what is gross."""
    rate, net = share.rate or NOTHING, share.net or NOTHING
    if not gross:
        return cents(net * rate / 100)
    return cents((net + share.tax) * rate / (100 + rate))


def rounding_faults(
    paper: SalesDocument, taxes: Iterable[TaxShare]
) -> Iterator[Fault]:
    """Where Sage's tax is a cent or more off that of the rate."""
    for share in taxes:
        if share.rate is None or share.net is None:
            continue
        made = _tax(share, gross=bool(paper.gross))
        if made != share.tax:
            facts = {
                "made": str(made),
                "difference": str(share.tax - made),
                "rate": str(share.rate),
                "currency": paper.currency or "",
            }
            yield Fault(
                "papers.tax_differs", "tax", str(share.tax), "warn", facts
            )
