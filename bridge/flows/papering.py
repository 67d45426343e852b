"""What Sage says of papers is kept to be printed.

1. one commit with the file that states a paper: it is to be printed. What was
   printed is never printed over: a paper that changed is a finding.
2. a PDF of Sage's that comes later wakes the papers that name it.

Twice is harmless: a paper is known by kind, year and number.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from itertools import count
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bridge.errors import Finding
from bridge.flows.enclosures import present
from bridge.flows.persons import Persons
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import papers
from bridge.ledger.papers import Paper
from bridge.model.kinds import KEY_SEPARATOR
from bridge.model.values import EPOCH
from bridge.model.values import MICROSECOND
from bridge.papers.bill import SHORT
from bridge.papers.billing import plain_number
from bridge.papers.billing import short_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date

    from bridge.flows.parts import Parts
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.papers.fault import Fault

ERRAND = "draw"
DOCUMENT, REQUEST = "SalesDocument", "PaymentRequest"
PRINTED = frozenset({DOCUMENT, REQUEST})
PDF = "pdf"  # what a paper may wait for


def prints(parts: Parts) -> bool:
    """Whether papers are printed at all: there must be a letterhead."""
    settings = parts.settings
    return settings.papers.own and bool(settings.letterhead.company)


def keep(parts: Parts, tx: Transaction, document: str, delivery: int) -> None:
    """Keep the papers a delivery states, in the commit that accepts it."""
    if not prints(parts):
        return
    for body in bodies_of(parts, tx, document, delivery):
        row = _row(parts, tx, document, body)
        if row is not None:
            _keep(tx, row)
    raise_draw(parts, tx)


def bodies_of(
    parts: Parts, tx: Transaction, document: str, delivery: int
) -> list[Body]:
    """The documents a delivery changed, each as it was stated last."""
    stated = documents.of_delivery(tx, parts.mandant, document, delivery)
    return [max(bodies, key=lambda body: body.as_of) for bodies in stated]


def raise_draw(
    parts: Parts, tx: Transaction, later: timedelta = timedelta(0)
) -> None:
    """Have papers printed that wait for it."""
    at = parts.clock.now() + later
    dues.raise_due(tx, ERRAND, str(parts.mandant), lane=ERRAND, at=at)


def enclosed(parts: Parts, tx: Transaction) -> None:
    """A PDF came; papers that waited for it are looked at again."""
    for row in papers.lacking(tx, parts.mandant):
        body = said_of(parts, tx, row)
        if body is not None and present(tx, body.get("file")) is not None:
            papers.change(tx, row, lacks=None)
            raise_draw(parts, tx)


def said_of(
    parts: Parts, tx: Transaction, row: Paper
) -> dict[str, Any] | None:
    """The coded document of a paper, complete; ``None``: it is gone."""
    return stated(parts, tx, row.document, row.key)


def stated(
    parts: Parts, tx: Transaction, document: str, key: str
) -> dict[str, Any] | None:
    """The coded document of a key, as it was stated last."""
    bodies = documents.stated(tx, parts.mandant, document, key)
    if not bodies:
        return None
    return opened(parts, max(bodies, key=lambda body: body.as_of))


def of_request(
    parts: Parts, tx: Transaction, said: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The paper a coded payment request is about, if Sage has stated it."""
    names = (said.get(name) for name in ("kind", "year", "number"))
    key = KEY_SEPARATOR.join(str(name or "") for name in names)
    return stated(parts, tx, DOCUMENT, key)


def asked_on(
    parts: Parts, tx: Transaction, said: Mapping[str, Any]
) -> date | None:
    """The day Sage's file asked for a payment, if it is in the ledger."""
    names = (said.get(name) for name in ("kind", "year", "number", "level"))
    key = KEY_SEPARATOR.join(str(name or 0) for name in names)
    ages = [
        body.as_of
        for body in documents.stated(tx, parts.mandant, REQUEST, key)
    ]
    if not ages:
        return None
    zone = ZoneInfo(parts.settings.bridge.timezone)
    return (EPOCH + max(ages) * MICROSECOND).astimezone(zone).date()


def opened(parts: Parts, body: Body) -> dict[str, Any]:
    """A coded document with what names persons."""
    plan = parts.book.plan(body.mapping)
    said: dict[str, Any] = orjson.loads(
        Persons(plan, parts.safe).opened(body.body)
    )
    return said


def digest(said: dict[str, Any]) -> bytes:
    """What a paper says, as one number: the same paper, the same digest."""
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).digest()


def findings_of(
    parts: Parts, row: Paper, faults: Iterable[Fault]
) -> list[Finding]:
    """What is wrong with a paper, at its row and by its column.

    Nothing that names a person is quoted.
    """
    with parts.ledger.read() as tx:
        delivery = deliveries.get(tx, row.delivery_id)
    plan = parts.book.plans.get(str(delivery.mapping if delivery else ""))
    persons = plan.kind.persons if plan else ()
    return [
        Finding(
            fault.code,
            row.line,
            plan.column(fault.field) if plan and fault.field else None,
            "…" if fault.field in persons and fault.value else fault.value,
            "warn",
            facts=fault.facts,
        )
        for fault in faults
    ]


def _row(
    parts: Parts, tx: Transaction, document: str, body: Body
) -> Paper | None:
    """A paper as it is to be printed; nothing for what never is."""
    said = opened(parts, body)
    kind = said["kind"] if document == DOCUMENT else papers.REQUEST
    if document == DOCUMENT and kind not in SHORT:
        return None
    file = said.get("file")
    lacks = PDF if file and present(tx, file) is None else None
    total = said.get("total" if document == DOCUMENT else "open")
    return Paper(
        mandant=parts.mandant,
        document=document,
        key=body.key,
        kind=kind,
        name=_free_name(parts, tx, document, body.key, said),
        customer=said.get("customer"),
        order_id=said.get("order"),
        issued=said.get("issued"),
        total=total,
        currency=said.get("currency"),
        delivery_id=body.delivery_id,
        line=body.line,
        hash=digest(said),
        lacks=lacks,
    )


def _free_name(
    parts: Parts,
    tx: Transaction,
    document: str,
    key: str,
    said: dict[str, Any],
) -> str:
    """The name of a paper that no other paper has.

    What is asked for may be of several kinds; ``6/7`` and ``6-7`` make the
    same name.
    """
    plain = name_of(document, said)
    short = SHORT[said["kind"]]
    tails = chain(("", f"_{short}"), (f"_{short}{n}" for n in count(2)))
    for tail in tails:
        others = papers.named(tx, parts.mandant, plain + tail)
        own = ((one.document, one.key) == (document, key) for one in others)
        if all(own):
            return plain + tail
    raise AssertionError  # the tails never end


def name_of(document: str, said: dict[str, Any]) -> str:
    """How the file of a paper begins (sage.md P15, P16)."""
    year, number = said["year"], said["number"]
    if document == DOCUMENT:
        return short_of(said["kind"], year, number)
    return f"ZA_{year}_{plain_number(number)}_{said.get('level', 0)}"


def own_file(parts: Parts, said: dict[str, Any]) -> str | None:
    """How the PDF of a paper is called that the bridge prints itself."""
    if not prints(parts) or said["kind"] not in SHORT:
        return None
    return f"{name_of(DOCUMENT, said)}.pdf"


def _keep(tx: Transaction, row: Paper) -> None:
    """Keep one paper, unless it is printed already."""
    known = papers.get(tx, row.mandant, row.document, row.key)
    if known is not None and known.hash == row.hash and known.there:
        return
    is_paid = row.kind == papers.REQUEST and not Decimal(row.total or 0)
    if is_paid and (known is None or known.there):
        return  # nobody is asked
    if known is not None and known.there:
        changed = Finding("papers.changed", row.line, None, row.name, "warn")
        deliveries.note(tx, row.delivery_id, [changed])
        return
    papers.keep(tx, row)
