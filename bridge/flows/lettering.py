"""A paper of Sage becomes a letter: reckoned, judged and worded."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import is_dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

from bridge.einvoice.checking import XSD
from bridge.einvoice.checking import broken
from bridge.einvoice.cii import cii
from bridge.einvoice.ruling import field_of
from bridge.mapping.netting import netted
from bridge.messages import catalogue
from bridge.model.coding import decode
from bridge.model.papers import SalesDocument
from bridge.papers import figures
from bridge.papers.bill import GIVES_BACK
from bridge.papers.bill import NO_XML
from bridge.papers.bill import TYPES
from bridge.papers.bill import XRECHNUNG
from bridge.papers.billing import bill_of
from bridge.papers.composing import Texts
from bridge.papers.composing import letter_of
from bridge.papers.fault import Fault
from bridge.papers.girocode import EURO
from bridge.papers.girocode import girocode
from bridge.papers.heading import fours
from bridge.papers.heading import head_of
from bridge.papers.letter import Code
from bridge.papers.letter import Enclosure
from bridge.papers.referring import former_faults
from bridge.papers.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.errors import Finding
    from bridge.papers.bill import Account
    from bridge.papers.bill import Bill
    from bridge.papers.billing import House
    from bridge.papers.letter import Letter
    from bridge.wording.templates import Templates

#: The template of each kind of paper.
TEMPLATES = {
    "quote": "angebot",
    "confirmation": "auftragsbestaetigung",
    "delivery_note": "lieferschein",
    "invoice": "rechnung",
    "partial_invoice": "teilrechnung",
    "correction": "korrekturrechnung",
    "credit_note": "gutschrift",
    "cancellation": "stornorechnung",
}
#: What netting finds that a paper must not be printed with.
HARD = frozenset({"mapping.no_rate", "mapping.sums_differ"})
LINE = "lines."
#: Without the sum of a line no other one can fit.
NO_TOTAL = ("papers.lacks", "lines.total")
SUMS = frozenset({"mapping.sums_differ", "papers.sums"})
ADDRESS = ("name", "name2", "street", "postcode", "city")


@dataclass(frozen=True)
class Study:
    """Where letters are written.

    Attributes:
        house: Whose letters.
        templates: Their texts.
        logo: The picture of the letterhead; empty: none.
        faults: What every letter from here lacks.
    """

    house: House
    templates: Templates
    logo: bytes = b""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Written:
    """A letter, or why there is none.

    Attributes:
        letter: ``None`` where something keeps it from being printed.
        xml: The invoice for machines; empty: there is none.
        form: ``none``, ``zugferd`` or ``xrechnung``.
        faults: All a person should know.
    """

    letter: Letter | None
    xml: bytes
    form: str
    faults: tuple[Fault, ...]


def written(
    study: Study,
    coded: Mapping[str, Any],
    former: Mapping[str, Any] | None = None,
) -> Written:
    """The letter of a paper.

    Args:
        study: Where it is written.
        coded: The SalesDocument.
        former: The paper it refers to, if it is known.

    Raises:
        ConfigError: A template has a mistake.
    """
    found: list[Finding] = []
    paper = decode(SalesDocument, dict(netted(coded, found)))
    before = None if former is None else decode(SalesDocument, dict(former))
    made = bill_of(paper, study.house, before)
    reckoned = [*_netting(paper.kind, found), *made.faults]
    faults = [*study.faults, *_causes(reckoned)]
    faults += former_faults(paper, before)
    bill = made.bill
    if bill is None or _refused(faults):
        return Written(None, b"", NO_XML, tuple(faults))
    xml = cii(bill) if bill.einvoice != NO_XML else b""
    if xml:
        faults += rule_faults(xml, rules=study.house.papers.schematron)
    if _refused(faults):
        return Written(None, b"", bill.einvoice, tuple(faults))
    letter, odd = tidied(_letter(study, bill, xml), coded)
    told = (*faults, *odd)
    if _refused(odd):
        return Written(None, b"", bill.einvoice, told)
    return Written(letter, xml, bill.einvoice, told)


def _causes(faults: Iterable[Fault]) -> list[Fault]:
    """The faults without those that only follow from another one."""
    every = list(faults)
    if not any((one.code, one.field) == NO_TOTAL for one in every):
        return every
    return [one for one in every if one.code not in SUMS]


def _refused(faults: Iterable[Fault]) -> bool:
    return any(fault.severity == "refuse" for fault in faults)


def _netting(kind: str, found: Iterable[Finding]) -> list[Fault]:
    """What netting finds; an invoice that does not add up is not printed."""
    return [
        Fault(
            item.code,
            f"{LINE}{item.field}"
            if item.field == "tax_rate"
            else item.field or "",
            item.value or "",
            "refuse" if kind in TYPES and item.code in HARD else "warn",
            dict(item.facts),
        )
        for item in found
    ]


def rule_faults(xml: bytes, *, rules: bool) -> list[Fault]:
    """What an invoice for machines breaks, with the field to correct."""
    return [
        Fault(
            "papers.rule",
            field_of(item.rule, item.place),
            item.rule,
            "refuse" if item.fatal else "warn",
            # A schema quotes what it refuses, and that may name somebody.
            {"problem": item.place if item.rule == XSD else item.text},
        )
        for item in broken(xml, rules=rules)
    ]


def _letter(study: Study, bill: Bill, xml: bytes) -> Letter:
    enclosure = None
    if xml:
        enclosure = _enclosed(bill.einvoice, xml)
    head = study.house.head
    blocks = study.templates.blocks(
        TEMPLATES[bill.kind],
        bill.language,
        {"paper": facts_of(bill), "firm": firm_of(study)},
    )
    texts = Texts(
        opening=blocks.get("opening", ()),
        payment=blocks.get("payment", ()),
        closing=blocks.get("closing", ()),
    )
    named = head_of(
        head, study.logo, bill.language, bank=bill.account is not None
    )
    return letter_of(bill, named, texts, _code(bill), enclosure)


def _enclosed(form: str, xml: bytes) -> Enclosure:
    if form == XRECHNUNG:
        return Enclosure("xrechnung.xml", "XRECHNUNG", xml)
    return Enclosure("factur-x.xml", "EN 16931", xml)


def firm_of(study: Study) -> dict[str, Any]:
    """What templates may say of the firm; mails must name it whole too."""
    head = study.house.head
    names = ("company", "contact", "email", "phone", "website", "vat_id")
    return {
        **{name: getattr(head, name) for name in names},
        "address": list(head.address),
        "register": head.registered,
        "directors": list(head.directors),
    }


def facts_of(bill: Bill) -> dict[str, Any]:
    """What templates may say of a paper, as a reader sees it."""
    language, currency = bill.language, bill.currency
    days = ("issued", "supplied", "due_for_delivery", "valid_to", "pay_by")
    former = bill.former
    word = former and catalogue.term("letter", former.kind, language)
    return {
        **{name: figures.day(getattr(bill, name), language) for name in days},
        "kind": catalogue.term("letter", bill.kind, language),
        "number": bill.number,
        "total": figures.money(bill.total, currency, language),
        "due": figures.money(bill.due, currency, language),
        "is_paid": not bill.due,
        "is_free": not bill.total,
        "amazon": bill.amazon,
        "order": bill.order,
        "customer": bill.customer,
        "name": bill.buyer.name,
        "terms": bill.terms,
        "intro": bill.intro,
        "closing": bill.closing,
        "former": f"{word} {former.number}" if former else "",
    }


def _code(bill: Bill) -> Code | None:
    """The code to pay with, where somebody is to pay us in euro."""
    pays = bill.kind in TYPES and bill.kind not in GIVES_BACK
    if not pays or bill.account is None or bill.currency != EURO:
        return None
    if bill.due <= 0:
        return None
    text = girocode(bill.account, bill.due, bill.number)
    return Code(text, code_lines(bill.account, bill.number, bill.language))


def code_lines(
    account: Account, purpose: str, language: str
) -> tuple[str, ...]:
    """What stands beside a code, for who types it."""
    said = catalogue.term("letter", "purpose", language)
    return (
        catalogue.term("letter", "pay_with_app", language),
        account.holder,
        f"IBAN {fours(account.iban)}",
        f"{said} {purpose}",
    )


def tidied(
    letter: Letter, said: Mapping[str, Any]
) -> tuple[Letter, list[Fault]]:
    """The letter in signs its faces have, and which were replaced.

    Args:
        letter: As it was written.
        said: The document it is of: its fields are named.
    """
    bare = replace(letter, enclosure=None, code=None)
    if _signs().issuperset(frozenset().union(*_texts(bare))):
        return letter, []
    odd: dict[str, None] = {}
    tidy = replace(_tidy(bare, odd), enclosure=letter.enclosure)
    if letter.code is not None:
        lines = _tidy(letter.code.lines, odd)
        tidy = replace(tidy, code=replace(letter.code, lines=lines))
    return tidy, _odd_faults(letter, odd, said) if odd else []


def _odd_faults(
    letter: Letter, odd: Iterable[str], said: Mapping[str, Any]
) -> list[Fault]:
    """Which signs cannot be printed; a letter must name who it is for."""
    known = _signs()
    lost = {
        sign
        for line in letter.address
        for sign in line
        if sign not in known and unicodedata.category(sign).startswith("L")
    }
    places = _places(said)
    if lost:
        of = [name for name in ADDRESS if lost & places.get(name, set())]
        name = of[0] if of else "name"
        return [Fault("papers.odd_name", name, "", facts=_shown(odd))]
    found = {name: signs & {*odd} for name, signs in places.items()}
    told = {name: signs for name, signs in found.items() if signs}
    return [
        Fault("papers.odd_signs", name, "", "warn", _shown(sorted(signs)))
        for name, signs in (told or {"": {*odd}}).items()
    ]


def _shown(odd: Iterable[str]) -> dict[str, str]:
    return {"signs": ", ".join(f"U+{ord(sign):04X}" for sign in odd)}


def _places(said: Mapping[str, Any], prefix: str = "") -> dict[str, set[str]]:
    """The signs of each field of a document that letters cannot show."""
    found: dict[str, set[str]] = {}
    for name, value in said.items():
        if isinstance(value, str):
            found[f"{prefix}{name}"] = {*plain(value, _signs())[1]}
        rows = value if isinstance(value, list | tuple) else ()
        for row in (one for one in rows if isinstance(one, dict)):
            for of, signs in _places(row, f"{prefix}{name}.").items():
                found[of] = found.get(of, set()) | signs
    return found


def _signs() -> frozenset[str]:
    """The signs letters are set in."""
    from bridge.pdf.faces import signs  # noqa: PLC0415 - few commands print

    return signs()


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep it lies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _texts(getattr(value, item.name))


def _tidy(value: Any, odd: dict[str, None]) -> Any:  # noqa: ANN401 - any field
    """The same value, its texts in signs that can be set."""
    if isinstance(value, str):
        text, found = plain(value, _signs())
        odd.update(dict.fromkeys(found))
        return text
    if isinstance(value, tuple):
        return tuple(_tidy(one, odd) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        own = {item.name: getattr(value, item.name) for item in fields(value)}
        return replace(
            value, **{name: _tidy(one, odd) for name, one in own.items()}
        )
    return value
