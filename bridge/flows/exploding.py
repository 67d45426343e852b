"""What lies in the sets of an order, as lines below the line of the set.

The set keeps its line: it has Amazon's item, its price and its tax, so that
what Sage says of deliveries and returns is understood. The lines of its parts
cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows.reserving import MERCHANT
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.stockroom import Stockroom

    Place = tuple[str, int]


@dataclass(frozen=True)
class Part:
    """What lies in a set.

    Attributes:
        article: Sage's number.
        variant: Of the article.
        quantity: In so many sets, in ``unit``.
        unit: As the parts list says; empty if it does not.
        title: Of the article; empty if it is not known.
    """

    article: str
    variant: int
    quantity: Decimal
    unit: str
    title: str


def parts_of(room: Stockroom, place: Place, number: Decimal) -> list[Part]:
    """What so many sets consist of, sets in them taken apart too.

    Returns:
        In the order of the parts lists; nothing if it is no set, or one
        that holds itself.
    """
    return list(_inside(room, place, number)) if room.is_sound(place) else []


def _inside(room: Stockroom, place: Place, number: Decimal) -> Iterator[Part]:
    for part in room.parts(place):
        inner = (str(part["component"]), int(part.get("variant") or 0))
        many = number * Decimal(part.get("quantity") or 1)
        if room.is_sound(inner):
            yield from _inside(room, inner, many)
            continue
        known = room.article(inner)
        unit = part.get("unit") or known.get("unit") or ""
        title = known.get("title") or ""
        yield Part(*inner, many, str(unit), str(title))


def with_parts(
    room: Stockroom, order: Mapping[str, Any], lines: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The lines of an order, and below a set's line those of its parts.

    Args:
        room: What is known of its articles.
        order: Amazon's own stock holds sets as they are: nothing is taken
            apart there.
        lines: Coded, with ``article`` and ``variant``.
    """
    if order.get("fulfilled_by") not in {None, MERCHANT}:
        return lines
    made: list[dict[str, Any]] = []
    for line in lines:
        made.append(line)
        place = line["article"], line["variant"]
        number = Decimal(line.get("quantity") or 0)
        made += [_line(line, part) for part in parts_of(room, place, number)]
    return [{**line, "position": n} for n, line in enumerate(made, 1)]


def _line(above: Mapping[str, Any], part: Part) -> dict[str, Any]:
    said = {
        "part_of": above.get("item") or above["article"],
        "article": part.article,
        "variant": part.variant,
        "title": part.title,
        "quantity": canonical(part.quantity),
        "unit": part.unit,
        "unit_price": "0",
        "total": "0",
        "tax_rate": above.get("tax_rate"),
    }
    return {name: one for name, one in said.items() if one not in ("", None)}
