"""An order as Sage is to get it: with persons and Sage's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.flows.buyers import whose
from bridge.flows.exploding import with_parts
from bridge.flows.outgoing import Paper
from bridge.flows.stockroom import stockroom
from bridge.ledger import documents
from bridge.ledger import orders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.flows.stockroom import Stockroom
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow

PENDING = frozenset({"PENDING", "PENDING_AVAILABILITY"})


def goes_to_sage(status: str, *, seen: bool) -> bool:
    """A pending order waits; one that ended unseen is nobody's business."""
    return status not in PENDING and (seen or status != "CANCELLED")


@dataclass(frozen=True)
class Around:
    """Some orders and what is known around them, asked for all at once.

    Attributes:
        rows: The orders, by number.
        locked: Who is behind them: key id and blob, by number.
        places: Article and variant of the SKUs on them.
        rates: Sage's own tax rates of these, where Amazon says none.
        room: What lies in those that are sets.
    """

    rows: Mapping[str, OrderRow]
    locked: Mapping[str, tuple[str, bytes]]
    places: Mapping[str, tuple[str, int]]
    rates: Mapping[tuple[str, int], str]
    room: Stockroom


def around(parts: Parts, tx: Transaction, numbers: Iterable[str]) -> Around:
    """What ``complete`` must know of some orders."""
    wanted = list(numbers)
    rows = orders.get_all(tx, parts.side, wanted)
    skus = {sku for row in rows.values() for sku in _skus(row)}
    places = orders.articles_of(tx, parts.side, sorted(skus))
    return Around(
        rows,
        orders.people(tx, parts.side, wanted),
        places,
        _rates(parts, tx, list(places.values())),
        stockroom(parts, tx, places.values(), counted=False),
    )


def _skus(row: OrderRow) -> set[str]:
    lines = orjson.loads(row.body).get("lines") or ()
    return {line.get("sku") or "" for line in lines}


def complete(
    parts: Parts, known: Around, number: str, *, first: bool
) -> Paper:
    """An order as Sage is to get it.

    Args:
        parts: The pieces.
        known: What is known of it.
        number: Which order.
        first: A line that was cancelled before the first file is left out;
            a later file carries it with quantity 0 (decisions 24).

    Raises:
        DefectError: ``orders.unknown``.
    """
    row = known.rows.get(number)
    if row is None:
        raise DefectError("orders.unknown", order=number)
    document = orjson.loads(row.body)
    persons = _opened(parts, known.locked.get(number))
    owner = whose(parts, document, persons)
    found: list[Finding] = []
    if not persons:
        found.append(Finding("orders.nobody", severity="warn", turn="nobody"))
    lines = [_line(parts, line, known, found) for line in document["lines"]]
    gifts = persons.pop("gift_messages", {})
    for line in lines:
        if line.get("item") in gifts:
            line["gift_message"] = gifts[line["item"]]
    document["lines"] = _standing(
        lines, first=first, ended=row.status == "CANCELLED"
    )
    document["lines_and_parts"] = with_parts(
        known.room, document, document["lines"]
    )
    if row.status == "CANCELLED":  # nothing is to be paid any more
        document |= {"charges": [], "shipping": None, "gift_wrap": None}
        document["discount"] = None
    said: dict[str, Any] = {"mandant": row.mandant, "version": row.version}
    if not first:
        said["change"] = _change(row.status, document)
    return Paper({**document, **persons, **owner, **said}, found)


def persons_of(parts: Parts, tx: Transaction, number: str) -> dict[str, Any]:
    """Who is behind an order; empty once it was purged."""
    return _opened(parts, orders.person(tx, parts.side, number))


def _opened(parts: Parts, locked: tuple[str, bytes] | None) -> dict[str, Any]:
    if locked is None:
        return {}
    key_id, blob = locked
    persons: dict[str, Any] = orjson.loads(parts.safe.unlock(blob, key_id))
    return persons


def _change(status: str, document: Mapping[str, Any]) -> str:
    """What a later file is about."""
    if status == "CANCELLED":
        return "cancelled"
    asked = document.get("cancel_requested")
    return "cancel_requested" if asked else "changed"


def _standing(
    lines: list[dict[str, Any]], *, first: bool, ended: bool
) -> list[dict[str, Any]]:
    kept = []
    for line in lines:
        if ended or line.get("cancelled"):
            if first:
                continue
            line["quantity"] = "0"
            line["total"] = "0"
        kept.append(line)
    return kept


def _line(
    parts: Parts,
    line: dict[str, Any],
    known: Around,
    found: list[Finding],
) -> dict[str, Any]:
    """A line with Sage's article; an unknown SKU never stops an order."""
    sku = line.get("sku") or ""
    place = known.places.get(sku)
    if place is None:
        fallback = parts.settings.amazon.fallback_article
        facts = {"article": fallback}
        found.append(
            Finding(
                "orders.unknown_sku",
                None,
                "sku",
                sku,
                "warn",
                "operator",
                facts,
            )
        )
        return {**line, "article": fallback, "variant": 0}
    made = {**line, "article": place[0], "variant": place[1]}
    if "tax_rate" not in made and place in known.rates:
        made["tax_rate"] = known.rates[place]
    return made


def _rates(
    parts: Parts, tx: Transaction, places: list[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """Sage's own tax rates, for lines Amazon says none of."""
    found = {}
    for body in documents.of_articles(tx, parts.mandant, places, ("Article",)):
        rate = orjson.loads(body.body).get("tax_rate")
        if rate is not None:
            found[body.article, body.variant] = str(Decimal(rate))
    return found
