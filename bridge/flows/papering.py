"""What Sage says of papers is kept to be printed.

1. one commit with the file that states a paper: it is to be printed. What was
   printed is never printed over: a paper that changed is a finding.
2. a PDF of Sage's that comes later wakes the papers that name it.

Twice is harmless: a paper is known by kind, year and number.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
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
from bridge.flows.persons import HUSHED
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
from bridge.papers.bill import TYPES
from bridge.papers.billing import plain_number
from bridge.papers.billing import short_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date

    from bridge.flows.parts import Parts
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.mapping.plan import Plan
    from bridge.papers.fault import Fault

ERRAND = "draw"
DOCUMENT, REQUEST = "SalesDocument", "PaymentRequest"
#: Their numbers are given once: what is printed stays.
FIXED = frozenset(TYPES)
OF_REQUEST = ("kind", "year", "number", "level")  # what its key is made of
SHARPEST = 9  # level that Sage may state
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


def enclosed(parts: Parts, tx: Transaction, file: str) -> None:
    """A PDF came; papers that waited for it are looked at again."""
    for row in papers.lacking(tx, parts.mandant, file):
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
    key = _key(said, "kind", "year", "number")
    return stated(parts, tx, DOCUMENT, key)


def former_of(parts: Parts, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """The paper another one refers to, if Sage has stated it."""
    if not said.get("of_number"):
        return None
    key = _key(said, "of_kind", "of_year", "of_number")
    with parts.ledger.read() as tx:
        return stated(parts, tx, DOCUMENT, key)


def request_of(
    parts: Parts, tx: Transaction, said: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The payment request of a paper and a level, if Sage has stated it."""
    return stated(parts, tx, REQUEST, _key(said, *OF_REQUEST))


def sharper(parts: Parts, tx: Transaction, said: Mapping[str, Any]) -> int:
    """The highest level above its own a paper was asked for; 0: none."""
    own = int(said.get("level") or 0)
    for level in range(SHARPEST, own, -1):
        key = _key({**said, "level": level}, *OF_REQUEST)
        row = papers.get(tx, parts.mandant, REQUEST, key)
        if row is not None and row.there:
            return level
    return 0


def asked_on(
    parts: Parts, tx: Transaction, said: Mapping[str, Any]
) -> date | None:
    """The day Sage's file asked for a payment, if it is in the ledger."""
    key = _key(said, *OF_REQUEST)
    bodies = documents.stated(tx, parts.mandant, REQUEST, key)
    if not bodies:
        return None
    age = max(body.as_of for body in bodies)
    zone = ZoneInfo(parts.settings.bridge.timezone)
    return (EPOCH + age * MICROSECOND).astimezone(zone).date()


def _key(said: Mapping[str, Any], *names: str) -> str:
    """The key of the document that some fields of another one name."""
    values = (said.get(name) for name in names)
    return KEY_SEPARATOR.join("" if v is None else str(v) for v in values)


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

    Nothing that names a person is quoted; the row itself was taken.
    """
    with parts.ledger.read() as tx:
        delivery = deliveries.get(tx, row.delivery_id)
    plan = parts.book.plans.get(str(delivery.mapping if delivery else ""))
    persons = plan.kind.persons if plan else ()
    quoted = (_hushed(fault, persons) for fault in faults)
    found = (finding(plan, row.line, fault) for fault in quoted)
    return [replace(item, severity="warn") for item in found]


def _hushed(fault: Fault, persons: Collection[str]) -> Fault:
    personal = fault.value and fault.field in persons
    return replace(fault, value=HUSHED) if personal else fault


def finding(plan: Plan | None, line: int, fault: Fault) -> Finding:
    """A fault of a paper as it is told: by the column of its file."""
    return Finding(
        fault.code,
        line,
        plan.column(fault.field) if plan and fault.field else None,
        fault.value,
        fault.severity,
        facts=fault.facts,
    )


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
        wanted=file,
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
    if is_paid:  # nobody is asked any more
        if known is not None and not known.there:
            papers.forget(tx, known)
        return
    if known is not None and known.there:
        code = "papers.changed" if row.kind in FIXED else "papers.restated"
        changed = Finding(code, row.line, None, row.name, "warn")
        deliveries.note(tx, row.delivery_id, [changed])
        return
    papers.keep(tx, row)
