"""What a mail says, and to whom: looked up when it is sent, kept nowhere.

A mail that is not to be sent says why instead.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.errors import DefectError
from bridge.flows import papering
from bridge.flows import papershelf
from bridge.flows.accounts import is_amazons
from bridge.flows.identity import is_alias
from bridge.flows.lettering import firm_of
from bridge.flows.papering import DOCUMENT
from bridge.flows.papering import REQUEST
from bridge.flows.parcelling import trackings
from bridge.ledger import mails
from bridge.ledger import papers
from bridge.ledger.mails import REFUSED
from bridge.ledger.mails import UNSENT
from bridge.messages import catalogue
from bridge.model.filenames import safe_name
from bridge.model.marketplaces import is_order_number
from bridge.papers import figures
from bridge.papers.billing import number_of
from bridge.papers.request import title_of
from bridge.ports.mailer import Attachment
from bridge.ports.mailer import Mail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.mails import Mail as Row
    from bridge.ledger.papers import Paper

    Coded = Mapping[str, Any]

SHIPMENT = "Shipment"
INVOICES = "invoices"  # what Amazon's buyers may get, where it is switched on
TEMPLATES = {
    "quotes": "mail_angebot",
    "confirmations": "mail_auftragsbestaetigung",
    "delivery_notes": "mail_lieferschein",
    "invoices": "mail_rechnung",
    "credit_notes": "mail_gutschrift",
    "payment_requests": "mail_zahlungsaufforderung",
    "tracking": "mail_sendung",
}
FRAME = "mail"  # the page of HTML around the words
SUBJECT, BLOCKS = "subject", ("greeting", "body", "closing")
MOST_LEVELS = 10  # of reminders: 0 to 9
PDF, XML = "application/pdf", "application/xml"
DIGITS = 12  # of a digest in the name of a file


@dataclass(frozen=True)
class Obstacle:
    """Why a mail is not sent.

    Attributes:
        code: Of the finding.
        state: What becomes of the mail.
        facts: More placeholders of the sentence.
    """

    code: str
    state: str = UNSENT
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class _Topic:
    """What a mail is about.

    Attributes:
        said: The document that knows the customer.
        facts: What templates may say.
        link: Where a reader may go on.
        paper: Whose files go along.
    """

    said: Coded
    facts: Mapping[str, Any]
    link: str = ""
    paper: Paper | None = None


def message_id(row: Row, domain: str) -> str:
    """The Message-ID of a mail, made of its key: the same mail, the same id.

    It tells nothing of what it is made of.
    """
    key = (
        *(row.mode, str(row.mandant), row.event),
        *(row.document, row.key, str(row.number)),
    )
    digest = hashlib.sha256("\n".join(key).encode()).hexdigest()[:32]
    return f"{digest}@{domain}"


def composed(
    parts: Parts, row: Row, id_: str, at: datetime
) -> Mail | Obstacle:
    """A mail with all that goes along, or why it is not sent.

    Args:
        parts: The pieces.
        row: What it is for.
        id_: Its Message-ID.
        at: Its date.

    Raises:
        ConfigError: A template has a mistake.
    """
    with parts.ledger.read() as tx:
        topic = _topic(parts, tx, row)
        if isinstance(topic, Obstacle):
            return topic
        address = topic.said.get("email") or ""
        hindrance = _forbidden(parts, tx, row, topic, address)
    if hindrance is not None:
        return hindrance
    files = _files(parts, topic.paper)
    if isinstance(files, Obstacle):
        return files
    return _letter(parts, row, topic, files, (id_, at))


def _topic(parts: Parts, tx: Transaction, row: Row) -> _Topic | Obstacle:
    if row.document == SHIPMENT:
        return _parcel(parts, tx, row)
    said = papering.stated(parts, tx, row.document, row.about)
    paper = papers.get(tx, row.mandant, row.document, row.about)
    if said is None or paper is None or not paper.there:
        return Obstacle("mail.withdrawn")
    settled = None
    if row.document == REQUEST:
        settled = _settled(parts, tx, row, said)
    if settled is not None:
        return settled
    if row.number == 1 and paper.hash != papering.digest(dict(said)):
        return Obstacle("mail.changed")
    if row.document == DOCUMENT:
        return _Topic(said, _paper_facts(parts, said), paper=paper)
    billed = papering.of_request(parts, tx, said) or {}
    whole = {**billed, **{name: x for name, x in said.items() if x}}
    facts = _request_facts(parts, said, _language(parts, whole), billed)
    return _Topic(whole, facts, said.get("link") or "", paper)


def _settled(
    parts: Parts, tx: Transaction, row: Row, said: Coded
) -> Obstacle | None:
    """A request that was paid, or that a reminder has overtaken.

    A person may ask for an older level, but nobody for what was paid.
    """
    for level in range(MOST_LEVELS):
        other = papering.request_of(parts, tx, {**said, "level": level})
        if other is None:
            continue
        if not Decimal(other.get("open") or 0):
            return Obstacle("mail.paid")
        if level > (said.get("level") or 0) and row.number == 1:
            return Obstacle("mail.overtaken")
    return None


def _parcel(parts: Parts, tx: Transaction, row: Row) -> _Topic | Obstacle:
    said = papering.stated(parts, tx, SHIPMENT, row.about)
    if said is None or row.name not in trackings(said):
        return Obstacle("mail.withdrawn")
    known = [
        paper
        for key in mails.papers_of(tx, row.mandant, said["order"])
        if (paper := papering.stated(parts, tx, DOCUMENT, key)) is not None
    ]
    if not known:
        return Obstacle("mail.unknown_order")
    known.sort(key=lambda one: (bool(one.get("email")), one.get("issued", "")))
    carrier = parts.carriers.find(said["carrier"])
    link = "" if carrier is None else carrier.page_of(row.name)
    facts = {
        "tracking": row.name,
        "carrier": said["carrier"],
        "link": link,
        "order": said["order"],
        "shipped": _day(parts, said, _language(parts, known[-1])),
    }
    return _Topic(known[-1], {"parcel": facts}, link)


def _day(parts: Parts, said: Coded, language: str) -> str:
    zone = ZoneInfo(parts.settings.bridge.timezone)
    at = datetime.fromisoformat(said["shipped_at"]).astimezone(zone)
    return figures.day(at.date(), language)


def _forbidden(
    parts: Parts, tx: Transaction, row: Row, topic: _Topic, address: str
) -> Obstacle | None:
    """Whether there is no way to a customer, or none that is allowed.

    Amazon's buyers are written to by Amazon's messages alone (amazon.md M7,
    communication guidelines); an invoice may go to the alias it made up.
    """
    number = topic.said.get("order") or ""
    theirs = is_amazons(parts, tx, number)
    if theirs:
        on = parts.settings.mail.amazon_aliases and row.event == INVOICES
        allowed = on and is_alias(address)
        return None if allowed else Obstacle("mail.amazons_order")
    if not address:
        return Obstacle("mail.no_address")
    return Obstacle("mail.alias") if is_alias(address) else None


def _files(
    parts: Parts, paper: Paper | None
) -> tuple[Attachment, ...] | Obstacle:
    """The files of a paper as they were printed, or which is not there."""
    if paper is None:
        return ()
    found = []
    for name, kind, read in (
        (paper.file, PDF, papershelf.content_of),
        (paper.xml, XML, papershelf.xml_of),
    ):
        if not name:
            continue
        try:
            content = read(parts, paper)
        except DefectError:
            return Obstacle("mail.no_file", REFUSED, {"file": name})
        found.append(Attachment(name=name, kind=kind, content=content))
    return tuple(found)


def _letter(
    parts: Parts,
    row: Row,
    topic: _Topic,
    files: tuple[Attachment, ...],
    stamp: tuple[str, datetime],
) -> Mail:
    language = _language(parts, topic.said)
    name, templates = TEMPLATES[row.event], parts.study.templates
    facts = {
        **topic.facts,
        "firm": firm_of(parts.study),
        "name": _name(topic.said),
    }
    blocks = templates.blocks(name, language, facts)
    subject = " ".join(blocks.get(SUBJECT, ()))
    words = [one for block in BLOCKS for one in blocks.get(block, ())]
    frame = name if templates.has_page(name, language) else FRAME
    page = templates.page(
        frame,
        language,
        {
            **facts,
            "language": language,
            "subject": subject,
            "paragraphs": [one.splitlines() for one in words],
            "colour": parts.settings.letterhead.colour,
            "link": topic.link,
        },
    )
    return Mail(
        id=stamp[0],
        at=stamp[1].astimezone(ZoneInfo(parts.settings.bridge.timezone)),
        file=file_of(row, stamp[0]),
        name=_name(topic.said),
        address=topic.said["email"],
        subject=subject,
        text="\n\n".join(words) + "\n",
        html=page,
        attachments=files,
    )


def file_of(row: Row, id_: str) -> str:
    """What a mail is called as a file; each has its own name."""
    ending = f"_{row.number}" if row.number > 1 else ""
    return safe_name(f"{row.name}{ending}_{row.event}_{id_[:DIGITS]}.eml")


def _language(parts: Parts, said: Coded) -> str:
    return parts.study.house.speaks(said.get("language"))


def _name(said: Coded) -> str:
    return str(said.get("name") or "")


def _paper_facts(parts: Parts, said: Coded) -> dict[str, Any]:
    language = _language(parts, said)
    days = ("issued", "due_for_delivery", "valid_to", "pay_by")
    facts = {
        **{name: _date(said.get(name), language) for name in days},
        "kind": catalogue.term("letter", said["kind"], language),
        "number": _number(parts, said),
        "total": _money(said, "total", language),
        "order": said.get("order") or "",
        "customer": said.get("customer") or "",
        "amazon": bool(is_order_number(said.get("order") or "")),
    }
    return {"paper": facts}


def _request_facts(
    parts: Parts, said: Coded, language: str, billed: Coded
) -> dict[str, Any]:
    level = said.get("level") or 0
    word = catalogue.term("letter", said["kind"], language)
    number = _number(parts, {**said, "code": billed.get("code")})
    facts = {
        "paper": f"{word} {number}",
        "title": title_of(level, language),
        "level": level,
        "issued": _date(billed.get("issued") or said.get("issued"), language),
        "pay_by": _date(said.get("pay_by"), language),
        "open": _money(said, "open", language),
        "link": said.get("link") or "",
    }
    return {"request": facts}


def _number(parts: Parts, said: Coded) -> str:
    form, code = parts.study.house.number, said.get("code") or ""
    return number_of(form, code, said["year"], said["number"])


def _date(said: str | None, language: str) -> str:
    return figures.day(date.fromisoformat(said) if said else None, language)


def _money(said: Coded, name: str, language: str) -> str:
    value = Decimal(said.get(name) or 0)
    return figures.money(value, said.get("currency") or "", language)
