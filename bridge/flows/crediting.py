"""What a credit note gives back of which item of an order. Pure.

Nothing is given back that was not paid: each item, its way and its wrapping
have their limit, and all that was given back before counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows.parcelling import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parcelling import Goods

    Amounts = dict[str, Decimal]  # by component
    Items = dict[str, Amounts]  # by Amazon's orderItemId

PRINCIPAL, TAX, WAY, WRAPPING = "Principal", "Tax", "Shipping", "GiftWrap"
CENT, NOTHING = Decimal("0.01"), Decimal(0)


@dataclass
class Split:
    """What is given back of each item, and why something cannot be.

    Attributes:
        items: Amounts by component, by item.
        faults: What is wrong with the credit note.
    """

    items: Items = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def split(
    order: Mapping[str, Any],
    goods: Goods,
    note: Mapping[str, Any],
    given: Iterable[Mapping[str, Any]],
) -> Split:
    """Share a credit note out over the items of its order.

    Args:
        order: The coded Order; ``currency`` is what was paid in.
        goods: What its lines may be called.
        note: ``currency``, ``gross``, ``total`` and ``lines`` (``item``,
            ``article``, ``amount``, ``rate``) of the credit note.
        given: Items and their ``amounts`` of earlier ones.
    """
    made = Split()
    paid = order.get("currency")
    if paid and note.get("currency") not in {None, paid}:
        facts = {"wanted": str(paid)}
        said = str(note["currency"])
        made.faults.append(Fault("refunds.currency", "currency", said, facts))
        return made
    if note["gross"] != order.get("gross", True):
        made.faults.append(Fault("refunds.gross", "gross", str(note["gross"])))
        return made
    left = _left(order, given)
    beside = sum(
        [
            _take(made, goods, line, net=not note["gross"])
            for line in note["lines"]
        ],
        NOTHING,
    )
    _spread(made, left, beside)
    made.faults = made.faults or [*_too_much(made, left)]
    total = sum((sum(one.values()) for one in made.items.values()), NOTHING)
    if not made.faults and total != Decimal(note["total"]):
        made.faults.append(Fault("refunds.sums", "total", str(note["total"])))
    if not made.faults and not total:
        made.faults.append(Fault("refunds.nothing", "total", str(total)))
    return made


def _take(
    made: Split, goods: Goods, line: Mapping[str, Any], *, net: bool
) -> Decimal:
    """Give back what a line says of an item; postage is left to be spread."""
    found = _item(goods, line)
    amount = Decimal(line["amount"])
    if not isinstance(found, Fault) and amount < 0:
        found = Fault("refunds.negative", "lines.total", str(amount))
    if isinstance(found, Fault):
        made.faults.append(found)
        return NOTHING
    if not found:
        return amount
    _give(made, found, PRINCIPAL, amount)
    _give(made, found, TAX, _tax(amount, line) if net else NOTHING)
    return NOTHING


def lines_of(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a coded paper with the amount of each, in cents."""
    return [
        {
            "item": line.get("item"),
            "article": line.get("article"),
            "amount": str(_amount(line)),
            "rate": line.get("tax_rate"),
        }
        for line in said.get("lines") or ()
    ]


def _amount(line: Mapping[str, Any]) -> Decimal:
    """What a line comes to: as Sage says, else as it multiplies."""
    if line.get("total") is not None:
        made = Decimal(line["total"])
    else:
        share = 1 - Decimal(line.get("discount") or 0) / 100
        made = Decimal(line["quantity"]) * Decimal(line["unit_price"]) * share
    return made.quantize(CENT, rounding=ROUND_HALF_UP)


def _tax(amount: Decimal, line: Mapping[str, Any]) -> Decimal:
    tax = amount * Decimal(line.get("rate") or 0) / 100
    return tax.quantize(CENT, rounding=ROUND_HALF_UP)


def _left(
    order: Mapping[str, Any], given: Iterable[Mapping[str, Any]]
) -> Items:
    """What was paid for each item and not given back yet."""
    left: Items = {}
    for line in order["lines"]:
        paid = {
            PRINCIPAL: _decimal(line, "total"),
            TAX: NOTHING
            if order.get("gross", True)
            else _decimal(line, "tax"),
            WAY: _decimal(line, "shipping"),
            WRAPPING: _decimal(line, "wrapping"),
        }
        left[line["item"]] = {**paid, "": sum(paid.values(), NOTHING)}
        left[line["item"]][""] += _decimal(line, "discount")
    for one in given:
        for kind, amount in one["amounts"].items():
            left[one["item"]][kind] -= Decimal(amount)
            left[one["item"]][""] -= Decimal(amount)
    return left


def _decimal(line: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(str(line.get(name) or 0))


def _item(goods: Goods, line: Mapping[str, Any]) -> str | Fault:
    """The item a line means; empty: it is postage and the like."""
    if item := line.get("item"):
        known = item in goods.pieces
        return item if known else Fault("refunds.unknown_item", "item", item)
    article = str(line.get("article") or "")
    found = goods.names.get(article, ())
    if len(found) == 1:
        return found[0]
    if found:
        return Fault("refunds.no_item", "item", article)
    if article in goods.beside:
        return ""
    return Fault("refunds.unknown_article", "article", article)


def _give(made: Split, item: str, kind: str, amount: Decimal) -> None:
    if amount:
        amounts = made.items.setdefault(item, defaultdict(Decimal))
        amounts[kind] += amount


def _spread(made: Split, left: Items, beside: Decimal) -> None:
    """Postage over what was paid for ways, then for wrappings.

    The items that come back are served first.
    """
    order: Sequence[str] = sorted(left, key=lambda one: one not in made.items)
    for kind in (WAY, WRAPPING):
        for item in order:
            amount = max(NOTHING, min(beside, left[item][kind]))
            _give(made, item, kind, amount)
            beside -= amount
    if beside:
        made.faults.append(
            Fault("refunds.postage", "lines.total", str(beside))
        )


def _too_much(made: Split, left: Items) -> Iterator[Fault]:
    """Items of which more would be given back than was paid."""
    for item, amounts in made.items.items():
        limits = left[item]
        over = [kind for kind in amounts if amounts[kind] > limits[kind]]
        total = sum(amounts.values(), NOTHING)
        if over or total > limits[""]:
            yield Fault(
                *("refunds.too_much", "lines.total", str(total)),
                {"item": item},
            )
