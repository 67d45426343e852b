"""What of an order is to be shipped, and what Sage calls it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.flows.exploding import parts_of
from bridge.flows.parcelling import Goods
from bridge.flows.stockroom import stockroom
from bridge.ledger import orders

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.orders import OrderRow
    from bridge.mapping.plan import Rule

SETTING = "setting."
CHARGES = ("charges",)


def goods_of(parts: Parts, tx: Transaction, row: OrderRow) -> Goods:
    """The pieces of an order; what was cancelled is none of them."""
    lines = orjson.loads(row.body)["lines"]
    skus = [line.get("sku") or "" for line in lines]
    known = orders.articles_of(tx, parts.side, skus)
    names: dict[str, tuple[str, ...]] = {}
    pieces: dict[str, int] = {}
    within = _within_sets(parts, tx, known.values())
    inside: dict[str, frozenset[str]] = {}
    for line in lines:
        number = _number(line, "quantity") - _number(line, "cancelled")
        if number <= 0:
            continue
        pieces[line["item"]] = number
        for name in _called(parts, line, known):
            names[name] = (*names.get(name, ()), line["item"])
        place = known.get(line.get("sku") or "")
        if place and within[place]:
            inside[line["item"]] = within[place]
    others = frozenset(beside(parts)).union(*within.values())
    return Goods(pieces, names, others, inside)


def _within_sets(
    parts: Parts, tx: Transaction, places: Collection[tuple[str, int]]
) -> dict[tuple[str, int], frozenset[str]]:
    """The articles in each article of an order; none if it is no set."""
    room = stockroom(parts, tx, places, counted=False)
    return {
        place: frozenset(
            part.article for part in parts_of(room, place, Decimal(1))
        )
        for place in places
    }


def _number(line: Mapping[str, Any], field: str) -> int:
    return int(Decimal(str(line.get(field) or 0)))


def _called(
    parts: Parts,
    line: Mapping[str, Any],
    known: Mapping[str, tuple[str, int]],
) -> set[str]:
    """What the line of a delivery note may call an item."""
    sku = line.get("sku") or ""
    article, _ = known.get(sku, (parts.settings.amazon.fallback_article, 0))
    return {article, sku} - {""}


def beside(parts: Parts) -> Iterator[str]:
    """Articles that order files name for postage, gift wrap and the like."""
    for box in parts.settings.outbox:
        for name in box.mappings:
            for rule in _charges(parts.book.plan(name).fields):
                for inner in _within(rule):
                    setting = inner.constant.removeprefix(SETTING)
                    if setting != inner.constant:
                        values = parts.settings.values
                        yield values.get(setting, inner.otherwise or "")


def _charges(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    """The lists of a mapping that are made of charges."""
    for rule in rules:
        if rule.names == CHARGES:
            yield rule
        yield from _charges((*rule.rules, *rule.fields))


def _within(rule: Rule) -> Iterator[Rule]:
    yield rule
    for inner in (*rule.rules, *rule.fields):
        yield from _within(inner)
