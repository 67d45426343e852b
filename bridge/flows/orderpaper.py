"""An order as Sage is to get it: with persons and Sage's own numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.flows.buyers import whose
from bridge.flows.outgoing import Paper
from bridge.ledger import documents
from bridge.ledger import orders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow

PENDING = frozenset({"PENDING", "PENDING_AVAILABILITY"})


def goes_to_sage(status: str, *, seen: bool) -> bool:
    """A pending order waits; one that ended unseen is nobody's business."""
    return status not in PENDING and (seen or status != "CANCELLED")


def complete(parts: Parts, row: OrderRow, *, first: bool) -> Paper:
    """An order as Sage is to get it.

    Args:
        parts: The pieces.
        row: The order of the ledger.
        first: A line that was cancelled before the first file is left out;
            a later file carries it with quantity 0 (decisions 24).
    """
    document = orjson.loads(row.body)
    with parts.ledger.read() as tx:
        persons = persons_of(parts, tx, row.id)
        owner = whose(parts, tx, document, persons)
        skus = [line.get("sku") or "" for line in document["lines"]]
        known = orders.articles_of(tx, parts.side, skus)
        rates = _rates(parts, tx, list(known.values()))
    found: list[Finding] = []
    if not persons:
        found.append(Finding("orders.nobody", severity="warn", turn="nobody"))
    lines = [
        _line(parts, line, known, rates, found) for line in document["lines"]
    ]
    gifts = persons.pop("gift_messages", {})
    for line in lines:
        if line.get("item") in gifts:
            line["gift_message"] = gifts[line["item"]]
    document["lines"] = _standing(
        lines, first=first, ended=row.status == "CANCELLED"
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
    locked = orders.person(tx, parts.side, number)
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
    known: Mapping[str, tuple[str, int]],
    rates: Mapping[tuple[str, int], str],
    found: list[Finding],
) -> dict[str, Any]:
    """A line with Sage's article; an unknown SKU never stops an order."""
    sku = line.get("sku") or ""
    place = known.get(sku)
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
    if "tax_rate" not in made and place in rates:
        made["tax_rate"] = rates[place]
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
