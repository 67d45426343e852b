"""Which pieces of an order lie in which parcel. Pure.

Sage states parcels with lines, with several tracking numbers in one cell, or
without any lines: then they hold what the others leave. A piece lies in one
parcel; where a statement has several, its pieces are spread over them in
their order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence


class Fault(NamedTuple):
    """Why a statement cannot be told to Amazon.

    Attributes:
        code: Of the finding.
        field: The document's field, below ``lines`` where it is a line's.
        facts: More placeholders of the sentence.
    """

    code: str
    field: str
    value: str
    facts: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Goods:
    """What of an order is to be shipped.

    Attributes:
        pieces: By Amazon's orderItemId, in the order's order.
        names: The items of what Sage calls an article, or Amazon a SKU.
        beside: Articles that are no goods, such as postage.
        inside: The articles in each item that is a set.
    """

    pieces: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()
    inside: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass
class Packing:
    """Who has which pieces.

    Attributes:
        parcels: Pieces by tracking number, in the order they were stated;
            none where nothing was left.
        faults: By the key of the statement.
    """

    parcels: dict[str, Counter[str]]
    faults: dict[str, list[Fault]]


def packed(
    goods: Goods, statements: Mapping[str, Mapping[str, Any]]
) -> Packing:
    """The pieces of every parcel.

    Args:
        goods: What there is.
        statements: Coded Shipments by their key, the oldest first.
    """
    left = Counter(goods.pieces)
    made = Packing({}, {})
    rest: list[str] = []
    for key, said in statements.items():
        made.parcels.update({one: Counter() for one in trackings(said)})
        if not said.get("lines"):
            rest += trackings(said)
            continue
        taken, faults = _taken(goods, left, said["lines"])
        if faults:
            made.faults[key] = faults
            continue
        left -= taken
        _spread(made, taken, trackings(said))
    _spread(made, left, rest)
    return made


def trackings(said: Mapping[str, Any]) -> list[str]:
    """The tracking numbers of a statement, each once."""
    return list(dict.fromkeys(said.get("parcels") or [said["tracking"]]))


def _taken(
    goods: Goods, left: Counter[str], lines: Sequence[Mapping[str, Any]]
) -> tuple[Counter[str], list[Fault]]:
    """What the lines of a statement take of what is left."""
    taken: Counter[str] = Counter()
    named = _named(goods, lines)
    faults = []
    for line in lines:
        sets = _sets_around(goods, line)
        within = _as_part(goods, line, sets, left, named) if sets else ()
        found = within if sets else _items(goods, line)
        if isinstance(found, Fault):
            faults.append(found)
            continue
        there = {item: left[item] - taken[item] for item in found}
        wanted = _wanted(line, there)
        if isinstance(wanted, Fault):
            faults.append(wanted)
            continue
        for item, number in there.items():
            taken[item] += min(number, wanted)
            wanted -= min(number, wanted)
        if wanted:
            value = str(line.get("quantity") or "")
            faults.append(Fault("shipments.too_many", "quantity", value))
    return +taken, faults


def _items(goods: Goods, line: Mapping[str, Any]) -> tuple[str, ...] | Fault:
    """The order's items a line may mean; none: it is no goods."""
    if item := line.get("item"):
        known = item in goods.pieces
        return (
            (item,) if known else Fault("shipments.unknown_item", "item", item)
        )
    if article := line.get("article"):
        if article in goods.beside and article not in goods.names:
            return ()
        unknown = Fault("shipments.unknown_article", "article", article)
        return goods.names.get(article, unknown)
    if len(goods.pieces) == 1:
        return tuple(goods.pieces)
    value = str(line.get("position") or "")
    return Fault("shipments.no_item", "item", value)


def _sets_around(goods: Goods, line: Mapping[str, Any]) -> list[str]:
    """The sets of an order that a line may name a part of."""
    article, item = line.get("article") or "", line.get("item")
    if item and item in goods.names.get(article, ()):
        return []
    sets = [item] if item else [*goods.inside]
    return [one for one in sets if article in goods.inside.get(one, ())]


def _named(
    goods: Goods, lines: Sequence[Mapping[str, Any]]
) -> dict[str, bool]:
    """The items a statement names themselves, and whether by their item."""
    named: dict[str, bool] = {}
    for line in lines:
        found = () if _sets_around(goods, line) else _items(goods, line)
        for item in () if isinstance(found, Fault) else found:
            named[item] = named.get(item, False) or bool(line.get("item"))
    return named


def _as_part(
    goods: Goods,
    line: Mapping[str, Any],
    sets: Sequence[str],
    left: Mapping[str, int],
    named: Mapping[str, bool],
) -> tuple[str, ...] | Fault:
    """No item, where a line is a part of a set beside that set's own line.

    Where an article is an item of its own as well, only a statement that
    names the set by its item is clear: it hands items on, and this line has
    none.
    """
    article = str(line["article"])
    either = article in goods.names and not line.get("item")
    if either and not any(named.get(one) for one in sets):
        return Fault("shipments.part_or_item", "item", article)
    missing = [one for one in sets if left[one]]
    if missing and not any(one in named for one in sets):
        facts = {"set": missing[0]}
        return Fault("shipments.no_set", "item", article, facts)
    return ()


def _wanted(line: Mapping[str, Any], there: Mapping[str, int]) -> int | Fault:
    """How many pieces a line means; not said means all that are left."""
    said = line.get("quantity")
    if not there:
        return 0
    if said is None:
        return max(1, sum(there.values()))
    number = Decimal(str(said))
    if number != number.to_integral_value():
        return Fault("shipments.fraction", "quantity", str(said))
    return int(number)


def _spread(made: Packing, pieces: Counter[str], parcels: list[str]) -> None:
    """Pieces over parcels, in their order; a late parcel may stay empty."""
    total, number = sum(pieces.values()), len(parcels)
    for place, piece in enumerate(_single(pieces) if parcels else ()):
        at = place if total < number else place * number // total
        made.parcels[parcels[at]][piece] += 1


def _single(pieces: Counter[str]) -> Iterator[str]:
    for item, number in pieces.items():
        for _ in range(number):
            yield item
