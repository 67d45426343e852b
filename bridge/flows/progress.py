"""How far Amazon's warehouse is with an order of Sage is told back to Sage.

1. in the commit that keeps Amazon's word: a further version, if it says more
   than Sage was told, and something due.
2. each outbox that wants it gets a file, frozen before it is written; each
   table the order anew.

A crash writes the file that was frozen; twice is harmless.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.flows.goods import beside
from bridge.flows.outgoing import Paper
from bridge.flows.outgoing import Target
from bridge.flows.outgoing import finish
from bridge.flows.outgoing import free_name
from bridge.flows.raising import raise_rows
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import publications
from bridge.ledger import tellings
from bridge.ledger.tellings import FULFILMENT
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.publications import Publication
    from bridge.ledger.tellings import Telling

    Coded = dict[str, Any]

ERRAND = "progress"
DOCUMENT = "Fulfilment"
PAPER = "SalesDocument"
UNDER_WAY = "processing"
#: What Amazon's words mean; every other one: it is at it.
MEANINGS = {
    "Complete": "shipped",
    "CompletePartialled": "partly_shipped",
    "Cancelled": "cancelled",
    "Unfulfillable": "refused",
    "Invalid": "refused",
}
#: What of the paper is told back, by the names of both.
SAME = {
    "order": "order",
    "document_kind": "kind_name",
    "code": "code",
    "year": "year",
    "number": "number",
}


def moved(parts: Parts, tx: Transaction, item: Telling, body: Coded) -> Coded:
    """What is kept of an order from now on; if it is news, Sage is told.

    Args:
        parts: The pieces of its account.
        tx: The transaction that keeps it.
        item: The order as it was.
        body: With what Amazon says now.
    """
    version = item.body.get("version", 0)
    if version and _news(body) == _news(item.body):
        return body
    last = publications.last_version(tx, parts.side, DOCUMENT, item.order_id)
    key = key_of(parts, item.order_id)
    lane, now = f"{ERRAND}:{parts.side.account}", parts.clock.now()
    dues.raise_due(tx, ERRAND, key, lane=lane, at=now)
    raise_rows(parts, tx, DOCUMENT, item.order_id)
    return {**body, "version": max(last, version) + 1}


def progress(parts: Parts, key: str, generation: int) -> None:
    """Tell Sage how far an order is; twice is harmless.

    Args:
        parts: The pieces.
        key: ``ACCOUNT|NUMBER``.
        generation: Of the due row.
    """
    number = about(key)
    for target in _targets(parts):
        begun = _begun(parts, target, number)
        if begun is not None:
            finish(parts, target, [begun], lambda _: _papers(parts, number))
            parts.log.info("fulfilment.published", outbox=begun.outbox)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def fulfilment(parts: Parts, number: str) -> Iterator[Coded]:
    """The order as it is told to Sage, by Amazon's number of it.

    Its lines are what lies in which parcel; what lies in none has no
    tracking number.
    """
    with parts.ledger.read() as tx:
        item = _named(parts, tx, number)
        if item is None:
            return
        stated = documents.stated(tx, parts.mandant, PAPER, item.key)
    last = max(stated, key=lambda body: body.as_of, default=None)
    paper = orjson.loads(last.body) if last is not None else {}
    known = {name: item.body.get(said) for name, said in SAME.items()}
    made = {
        **known,
        "mandant": parts.mandant,
        "account": item.account,
        "id": item.order_id,
        "status": _meaning(item.body),
        "said": item.body.get("status"),
        "lines": list(_lines(parts, item.body, paper)),
    }
    yield {name: one for name, one in made.items() if one is not None}


def _papers(parts: Parts, number: str) -> list[Paper]:
    return [Paper(one, []) for one in fulfilment(parts, number)]


def _news(body: Mapping[str, Any]) -> tuple[str, list[Coded]]:
    """What Sage wants to know of an order."""
    return _meaning(body), body.get("parcels") or []


def _meaning(body: Mapping[str, Any]) -> str:
    return MEANINGS.get(str(body.get("status")), UNDER_WAY)


def _named(parts: Parts, tx: Transaction, number: str) -> Telling | None:
    found = tellings.of_order(tx, parts.side, number)
    return next((one for one in found if one.kind == FULFILMENT), None)


def _targets(parts: Parts) -> Iterator[Target]:
    """The outboxes that want it, each with its mapping."""
    for box in parts.settings.outbox:
        if box.account not in {"", parts.side.account}:
            continue
        for mapping in box.mappings:
            if parts.book.plan(mapping).document == DOCUMENT:
                yield Target(box, mapping)


def _begun(parts: Parts, target: Target, number: str) -> Publication | None:
    """What is frozen for an outbox, now or before; none: it has it."""
    place = (target.box.name, target.mapping)
    with parts.ledger.write() as tx:
        begun = publications.unfinished(tx, parts.side, *place, number)
        if begun:
            return begun[0]
        item = _named(parts, tx, number)
        made = publications.of_key(tx, parts.side, DOCUMENT, number)
        last = max(
            (x.version for x in made if (x.outbox, x.mapping) == place),
            default=0,
        )
        if item is None or item.body.get("version", 0) <= last:
            return None
        return publications.freeze(
            tx,
            **parts.side.keys(),
            mandant=parts.mandant,
            document=DOCUMENT,
            key=number,
            outbox=target.box.name,
            mapping=target.mapping,
            version=item.body["version"],
            now=parts.clock.now(),
            name=free_name(parts, tx, target, {"id": number}),
        )


def _lines(parts: Parts, body: Coded, paper: Coded) -> Iterator[Coded]:
    """Pieces by parcel, then those that lie in none."""
    postage = set(beside(parts))
    goods = {
        str(line["position"]): line
        for line in paper.get("lines") or ()
        if line.get("article") not in postage
    }
    gone: Counter[str] = Counter()
    for parcel in body.get("parcels") or ():
        held = parcel.get("items") or ()
        for item in held:
            gone[item["position"]] += item["quantity"]
            line = _line(item["position"], goods, Decimal(item["quantity"]))
            yield line | _of_parcel(parcel)
        if not held:
            yield _of_parcel(parcel)
    for position, line in goods.items():
        left = Decimal(line.get("quantity") or 0) - gone[position]
        if left > 0:
            yield _line(position, goods, left)


def _line(
    position: str, goods: Mapping[str, Coded], quantity: Decimal
) -> Coded:
    known = goods.get(position, {})
    names = ("item", "article")
    said = {name: known[name] for name in names if known.get(name)}
    number = {"position": int(position)} if position.isdigit() else {}
    return {**number, **said, "quantity": canonical(quantity)}


def _of_parcel(parcel: Mapping[str, Any]) -> Coded:
    names = ("tracking", "carrier", "shipped_at")
    return {name: parcel[name] for name in names if parcel.get(name)}
