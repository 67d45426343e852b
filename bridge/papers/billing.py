"""A paper of Sage becomes a bill, or it is said what keeps it from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from bridge.model.marketplaces import is_order_number
from bridge.papers import completeness
from bridge.papers import reckoning
from bridge.papers.bill import GIVES_BACK
from bridge.papers.bill import INVOICE
from bridge.papers.bill import NO_XML
from bridge.papers.bill import NOTHING
from bridge.papers.bill import SHORT
from bridge.papers.bill import TYPES
from bridge.papers.bill import Account
from bridge.papers.bill import Bill
from bridge.papers.bill import Former
from bridge.papers.bill import Party
from bridge.papers.cases import HOME_RATES
from bridge.papers.cases import REVERSE
from bridge.papers.cases import SUPPLY
from bridge.papers.cases import UNION
from bridge.papers.cases import is_vat_id
from bridge.papers.fault import Fault
from bridge.papers.reckoning import Tax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.config.papers import Letterhead
    from bridge.config.papers import Papers
    from bridge.config.papers import Terms
    from bridge.errors import Severity
    from bridge.model.papers import SalesDocument
    from bridge.papers.bill import BillLine
    from bridge.papers.units import Units

NO_NAME = re.compile(r"[^\w.-]+", re.ASCII)  # signs no file is called by
LONGEST_NUMBER = 60
FORM = "{code}-{year}-{number}"  # of a number as it is printed


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every paper of a firm has in common.

    Attributes:
        number: How a number is printed, such as ``{code}-{year}-{number}``.
        language: Where neither the paper nor ``[papers]`` says one.
        terms: Of payment, by Sage's key.
    """

    head: Letterhead
    papers: Papers
    units: Units
    number: str = FORM
    language: str = "de"
    terms: Mapping[str, Terms] = field(default_factory=dict)

    def speaks(self, language: str | None) -> str:
        """The language of a letter, where its paper says one or none."""
        return language or self.papers.language or self.language


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a paper.

    Attributes:
        bill: ``None`` where something keeps it from being printed.
        faults: Everything a person should know.
    """

    bill: Bill | None
    faults: tuple[Fault, ...]


def bill_of(
    paper: SalesDocument,
    house: House,
    former: SalesDocument | None = None,
) -> Made:
    """Work a paper out and judge it.

    Args:
        paper: With the net figures that ``mapping.netting`` worked out.
        house: Whose paper it is.
        former: The paper this one refers to, if it is known.
    """
    faults = [
        *completeness.sender_faults(house.head),
        *completeness.paper_faults(paper),
    ]
    if paper.kind in TYPES:
        faults += completeness.taxed_faults(house.head)
        faults += _terms_faults(paper, house)
    faults += _vat_id_faults(paper, house.head.country)
    bill = _bill(paper, house, former, faults)
    if bill is not None:
        faults += reckoning.rounding_faults(paper, paper.taxes)
        faults += completeness.bill_faults(bill)
    refused = any(fault.severity == "refuse" for fault in faults)
    return Made(None if refused else bill, tuple(faults))


def number_of(form: str, code: str, year: int, number: str) -> str:
    """The number as it is printed; a paper may have no code."""
    made = form.format(code=code, year=year, number=number)
    return made.strip("-/ ")


def short_of(kind: str, year: int, number: str) -> str:
    """How files of a paper begin: ``RE_2026_100456`` (sage.md P15).

    A number may be anything; in the name of a file signs that are not for
    it become hyphens.
    """
    return f"{SHORT[kind]}_{year}_{plain_number(number)}"


def plain_number(number: str) -> str:
    """A number as it may stand in the name of a file."""
    return NO_NAME.sub("-", number).strip("-.")[:LONGEST_NUMBER] or "-"


def _vat_id_faults(paper: SalesDocument, home: str) -> list[Fault]:
    """A VAT id that cannot be one; it refuses only where the case needs it.

    Outside the Union a firm has a tax id of its own country, which is none.
    """
    if not paper.vat_id or is_vat_id(paper.vat_id):
        return []
    needed = paper.kind in TYPES and _needs_vat_id(paper, home)
    if not needed and buyer_of(paper, home).country not in UNION:
        return []
    severity: Severity = "refuse" if needed else "warn"
    return [Fault("papers.no_vat_id", "vat_id", paper.vat_id, severity)]


def _terms_faults(paper: SalesDocument, house: House) -> list[Fault]:
    """Terms of payment that nobody gave words, where others have some."""
    key = paper.payment_terms
    amazon = is_order_number(paper.order or "")
    unknown = key and house.terms and key not in house.terms
    if not unknown or amazon or paper.kind in GIVES_BACK:
        return []
    facts = {"known": ", ".join(sorted(house.terms))}
    return [
        Fault(
            "papers.unknown_terms", "payment_terms", key or "", "warn", facts
        )
    ]


def _needs_vat_id(paper: SalesDocument, home: str) -> bool:
    """Whether a paper shows no tax because of who the buyer is."""
    if paper.tax_case:
        return paper.tax_case in {SUPPLY, REVERSE}
    abroad = _recipient(paper, home).country in UNION - {home}
    return abroad and not paper.tax


def _bill(
    paper: SalesDocument,
    house: House,
    former: SalesDocument | None,
    faults: list[Fault],
) -> Bill | None:
    if paper.issued is None:
        return None
    home = house.head.country
    to = _recipient(paper, home)
    known = paper.vat_id if is_vat_id(paper.vat_id or "") else ""
    exempt = house.papers.small_business
    tax = Tax(to.country, home, known or "", exempt)
    lines = reckoning.lines_of(paper, house.units, tax, faults)
    language = house.speaks(paper.language)
    amazon = paper.order or ""
    amazon = amazon if is_order_number(amazon) else ""
    total = paper.total or NOTHING
    terms = house.terms.get(paper.payment_terms or "")
    return Bill(
        kind=paper.kind,
        number=number_of(
            house.number, paper.code or "", paper.year, paper.number
        ),
        short=short_of(paper.kind, paper.year, paper.number),
        language=language,
        issued=paper.issued,
        currency=paper.currency or "",
        gross=bool(paper.gross),
        seller=seller_of(house.head),
        buyer=buyer_of(paper, home),
        to=to,
        customer=paper.customer or "",
        lines=lines,
        shares=reckoning.shares_of(paper, lines, language, small=exempt),
        net=paper.net or NOTHING,
        tax=paper.tax or NOTHING,
        total=total,
        prepaid=total if amazon else paper.prepaid or NOTHING,
        supplied=paper.supplied,
        due_for_delivery=paper.due_for_delivery,
        valid_to=paper.valid_to,
        pay_by=None if amazon else paper.pay_by,
        terms=terms.said(language) if terms and not amazon else "",
        discount=_discount(terms) if terms and not amazon else "",
        order=paper.order or "",
        amazon=amazon,
        former=_former(paper, house, former),
        account=None if amazon else account_of(house.head),
        reference=paper.buyer_reference or "",
        einvoice=_form(paper, house),
        intro=paper.intro or "",
        closing=paper.closing or "",
        oss=to.country in UNION - {home} and _is_foreign(lines),
    )


def _is_foreign(lines: tuple[BillLine, ...]) -> bool:
    """Whether tax of another country is shown: its rate is none at home."""
    return any(
        f"{line.rate.normalize():f}" not in HOME_RATES for line in lines
    )


def _discount(terms: Terms) -> str:
    """What may be taken off, as XRechnung wants it said (BR-DE-18)."""
    if not (terms.discount and terms.within):
        return ""
    return f"#SKONTO#TAGE={terms.within}#PROZENT={terms.discount:.2f}#\n"


def _form(paper: SalesDocument, house: House) -> str:
    """Whether and how machines read it; only invoices are for them."""
    if paper.kind not in TYPES:
        return NO_XML
    return paper.einvoice or house.papers.einvoice


def _former(
    paper: SalesDocument, house: House, known: SalesDocument | None
) -> Former | None:
    """The paper it refers to, with its day where it is known."""
    if not paper.of_number:
        return None
    kind, year = paper.of_kind or INVOICE, paper.of_year or paper.year
    code = paper.of_code or (known.code if known else "") or ""
    number = number_of(house.number, code, year, paper.of_number)
    return Former(number, kind, None if known is None else known.issued)


def seller_of(head: Letterhead) -> Party:
    """The firm as a party of its papers."""
    postcode, city = head.place
    return Party(
        name=head.company,
        street=head.street,
        postcode=postcode,
        city=city,
        country=head.country,
        vat_id=head.vat_id,
        tax_number=head.tax_number,
        contact=head.contact or (head.directors[0] if head.directors else ""),
        phone=head.phone,
        email=head.email,
        register=head.registered,
    )


def account_of(head: Letterhead) -> Account | None:
    """Where customers pay to; ``None``: no account is known."""
    if not head.iban:
        return None
    return Account(
        holder=head.account_holder or head.company,
        bank=head.bank,
        iban=head.iban,
        bic=head.bic,
    )


def buyer_of(paper: SalesDocument, home: str) -> Party:
    """Who is to pay, as a party; without a country at home."""
    return Party(
        name=paper.name or "",
        extra=paper.name2 or "",
        street=paper.street or "",
        postcode=paper.postcode or "",
        city=paper.city or "",
        country=paper.country or home,
        vat_id=paper.vat_id or "",
        email=paper.email or "",
    )


def _recipient(paper: SalesDocument, home: str) -> Party:
    """Who gets the goods: the buyer, unless another one is named."""
    if not (paper.to_name or paper.to_city):
        return buyer_of(paper, home)
    return Party(
        name=paper.to_name or paper.name or "",
        extra=paper.to_extra or "",
        street=paper.to_street or "",
        postcode=paper.to_postcode or "",
        city=paper.to_city or "",
        country=paper.to_country or paper.country or home,
    )
