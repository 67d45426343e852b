"""A payment request of Sage becomes a letter; Amazon's orders never do."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import papering
from bridge.flows.accounts import is_amazons
from bridge.flows.dating import today
from bridge.flows.lettering import Written
from bridge.flows.lettering import code_lines
from bridge.flows.lettering import firm_of
from bridge.flows.lettering import tidied
from bridge.messages import catalogue
from bridge.model.coding import decode
from bridge.model.papers import PaymentRequest
from bridge.model.papers import SalesDocument
from bridge.papers import figures
from bridge.papers.bill import NO_XML
from bridge.papers.bill import NOTHING
from bridge.papers.bill import Party
from bridge.papers.billing import account_of
from bridge.papers.billing import buyer_of
from bridge.papers.billing import number_of
from bridge.papers.completeness import sender_faults
from bridge.papers.composing import Texts
from bridge.papers.fault import Fault
from bridge.papers.girocode import girocode
from bridge.papers.heading import head_of
from bridge.papers.letter import Code
from bridge.papers.request import Demand
from bridge.papers.request import demand_faults
from bridge.papers.request import letter_of
from bridge.papers.request import paper_faults
from bridge.papers.request import pays_by_code
from bridge.papers.request import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.config.papers import Letterhead
    from bridge.flows.lettering import Study
    from bridge.flows.parts import Parts

ASKED, REMINDED = "zahlungsaufforderung", "mahnung"  # templates


def written(parts: Parts, said: Mapping[str, Any]) -> Written:
    """The letter of a payment request, or why there is none.

    Raises:
        ConfigError: A template has a mistake.
    """
    with parts.ledger.read() as tx:
        known = papering.of_request(parts, tx, said)
        asked = papering.asked_on(parts, tx, said)
        amazons = is_amazons(parts, tx, said.get("order") or "")
        sharper = papering.sharper(parts, tx, said)
    made = demanded(
        parts.study,
        decode(PaymentRequest, dict(said)),
        None if known is None else decode(SalesDocument, known),
        amazons=amazons,
        today=asked or date.fromisoformat(today(parts)),
    )
    if not sharper:
        return made
    level, facts = str(said.get("level") or 0), {"known": str(sharper)}
    milder = Fault("papers.milder", "level", level, "warn", facts)
    return replace(made, faults=(*made.faults, milder))


def demanded(
    study: Study,
    request: PaymentRequest,
    paper: SalesDocument | None,
    *,
    amazons: bool,
    today: date,
) -> Written:
    """The letter of a payment request, or why there is none.

    Args:
        study: Where it is written.
        request: What Sage asks for.
        paper: What is to be paid, if it is known: it has the address.
        amazons: Whether it is of an order of Amazon's.
        today: The day of the letter: that of Sage's file.

    Raises:
        ConfigError: A template has a mistake.
    """
    head = study.house.head
    faults = [
        *study.faults,
        *sender_faults(head),
        *demand_faults(request, head, amazons=amazons),
    ]
    if paper is None:
        faults.append(Fault("papers.no_address", "number", "", "warn"))
    else:
        faults += paper_faults(request, paper)
    if request.pay_by is not None and request.pay_by < today:
        day = request.pay_by.isoformat()
        faults.append(Fault("papers.past_day", "pay_by", day, "warn"))
    if any(fault.severity == "refuse" for fault in faults):
        return Written(None, b"", NO_XML, tuple(faults))
    demand = _demand(study, request, paper, today)
    around = head_of(head, study.logo, demand.language)
    texts, code = _texts(study, demand), _code(head, demand)
    letter = letter_of(demand, around, head.country, texts, code)
    tidy, odd = tidied(letter, asdict(request))
    return Written(tidy, b"", NO_XML, (*faults, *odd))


def _demand(
    study: Study,
    request: PaymentRequest,
    paper: SalesDocument | None,
    today: date,
) -> Demand:
    house = study.house
    language = house.speaks(paper.language if paper else None)
    code = (paper and paper.code) or ""
    number = number_of(house.number, code, request.year, request.number)
    word = catalogue.term("letter", request.kind, language)
    home = house.head.country
    known = Party(country=home) if paper is None else buyer_of(paper, home)
    buyer = replace(known, name=request.name or known.name)
    return Demand(
        request=request,
        paper=f"{word} {number}",
        buyer=buyer,
        language=language,
        written=today,
        issued=(paper and paper.issued) or request.issued or today,
    )


def _texts(study: Study, demand: Demand) -> Texts:
    request, language = demand.request, demand.language
    template = REMINDED if request.level else ASKED
    said = {
        "paper": demand.paper,
        "title": title_of(request.level, language),
        "level": request.level,
        "issued": figures.day(demand.issued, language),
        "pay_by": figures.day(request.pay_by, language),
        "open": figures.money(
            request.open or NOTHING, request.currency or "", language
        ),
        "link": request.link or "",
        "method": request.method or "",
    }
    facts = {"request": said, "firm": firm_of(study)}
    blocks = study.templates.blocks(template, language, facts)
    return Texts(
        opening=blocks.get("opening", ()),
        payment=blocks.get("payment", ()),
        closing=blocks.get("closing", ()),
    )


def _code(head: Letterhead, demand: Demand) -> Code | None:
    request = demand.request
    account = account_of(head)
    if account is None or not pays_by_code(request, head):
        return None
    purpose = request.purpose or demand.paper
    text = girocode(account, request.open or NOTHING, purpose)
    return Code(text, code_lines(account, purpose, demand.language))
