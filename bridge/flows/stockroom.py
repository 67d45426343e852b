"""What may be sold of articles and of sets: a set is as many as its parts.

A set that is only sold together has no stock of its own (Sage: a
Handelsstückliste). What is made beforehand has one (a Produktionsstückliste,
Stuecklistentyp 2) and is counted like any article.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import joining
from bridge.flows import stocking
from bridge.flows.stocking import Quantity
from bridge.ledger import documents
from bridge.ledger import reservations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.flows.joining import Known
    from bridge.flows.parts import Parts
    from bridge.flows.stocking import Warehouses
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.ledger.reservations import Reservation

    Place = tuple[str, int]
    Coded = Mapping[str, Any]

CIRCLE = "offers.bundle_circle"
#: How long Sage may take for an order that lies there, if it never answers.
TAKING = timedelta(hours=1)
MADE = 2  # Stuecklistentyp of what is made beforehand
SET = "Bundle"
COUNTED = ("StockLevel", SET)


@dataclass
class Stockroom:
    """The stock of some articles, and of all that lies in them.

    Attributes:
        shelves: Which warehouses count.
        levels: The coded StockLevels of each article.
        components: What lies in each set.
        known: What is known of sets and of what lies in them.
        taken: What orders take of each article.
    """

    shelves: Warehouses
    levels: Mapping[Place, list[dict[str, Any]]]
    components: Mapping[str, list[Coded]] = field(default_factory=dict)
    known: Mapping[Place, Known] = field(default_factory=dict)
    taken: Mapping[Place, list[Reservation]] = field(default_factory=dict)
    _circles: dict[Place, str] = field(
        default_factory=dict, init=False, repr=False
    )

    def holds(self, place: Place) -> bool:
        """Whether anything is known of the stock of an article."""
        return place in self.levels or self._is_set(place)

    def quantity(
        self, place: Place, unit: str | None, factor: Decimal | None
    ) -> Quantity:
        """The pieces of an article, or the sets, that may be sold.

        Args:
            place: Article and variant.
            unit: Its sales unit.
            factor: Sales units in one stock unit, where they differ.
        """
        if self._is_set(place):
            if circle := self._circle(place):
                return Quantity(None, CIRCLE, circle)
            return self._sets(place)
        levels = self.levels.get(place, [])
        ordered = self._ordered(place, levels)
        return stocking.quantity(
            self.shelves, levels, unit=unit, factor=factor, ordered=ordered
        )

    @property
    def settled(self) -> list[Reservation]:
        """What orders take that the last counts hold already."""
        return [
            one
            for place, orders in self.taken.items()
            for one in orders
            if _is_in(one, self._counted(self.levels.get(place, [])))
        ]

    def inside(self, place: Place, pieces: int) -> dict[Place, int]:
        """What so many of an article take off the shelves: of a set, parts."""
        if not self.is_sound(place):
            return {place: pieces}
        found: dict[Place, int] = {}
        for part in self.components[place[0]]:
            inner = _inner(part)
            number = pieces * Decimal(part.get("quantity") or 1)
            for one, taken in self.inside(inner, math.ceil(number)).items():
                found[one] = found.get(one, 0) + taken
        return found

    def _ordered(self, place: Place, levels: Iterable[Coded]) -> int:
        """Pieces that are sold, and not in the last count of Sage's."""
        orders = self.taken.get(place)
        if not orders:
            return 0
        last = self._counted(levels)
        return sum(one.pieces for one in orders if not _is_in(one, last))

    def _counted(self, levels: Iterable[Coded]) -> int:
        """When the warehouses that count were last counted; 0: never."""
        counted = (
            int(level["as_of"])
            for level in levels
            if self.shelves.count(str(level.get("warehouse", "")))
        )
        return max(counted, default=0)

    def article(self, place: Place) -> Coded:
        """A set or a component; of a variant what it shares with others."""
        known = self.known.get(place) or self.known.get((place[0], 0))
        return known.article if known else {}

    def is_sound(self, place: Place) -> bool:
        """Whether an article is a set that does not hold itself."""
        return self._is_set(place) and not self._circle(place)

    def parts(self, place: Place) -> list[Coded]:
        """The coded components of a set, as its parts list orders them."""
        return sorted(self.components.get(place[0], ()), key=_position)

    def _is_set(self, place: Place) -> bool:
        kind = self.article(place).get("bundle_kind")
        return not place[1] and place[0] in self.components and kind != MADE

    def _circle(self, place: Place, above: tuple[Place, ...] = ()) -> str:
        """The set that holds itself in a set or below; empty if none does.

        By the parts lists alone, whatever is known of stocks. What was found
        of a set is kept: it does not depend on where the question came from.
        """
        if place in above:
            return place[0]
        if place not in self._circles:
            within = (*above, place)
            inner = filter(self._is_set, map(_inner, self.parts(place)))
            found = (self._circle(one, within) for one in inner)
            self._circles[place] = next(filter(None, found), "")
        return self._circles[place]

    def _sets(self, place: Place) -> Quantity:
        """As many as the scarcest component allows; of a sound set."""
        least: int | None = None
        whole: list[Quantity] = []
        for part in self.components[place[0]]:
            inner = _inner(part)
            there = self._part(inner, part)
            if there.pieces is None:
                if there.code:
                    return there
                return Quantity(None, "offers.no_component", inner[0])
            each = Decimal(part.get("quantity") or 1)
            sets = int(there.pieces // each)
            least = sets if least is None else min(least, sets)
            whole.append(there._replace(pieces=sets))
        return _together(least, whole)

    def _part(self, place: Place, part: Coded) -> Quantity:
        if self._is_set(place):
            return self._sets(place)
        article = self.article(place)
        unit = part.get("unit") or article.get("unit")
        given = article.get("unit_factor")
        levels = self.levels.get(place, [])
        found = stocking.quantity(
            self.shelves,
            levels,
            unit=unit,
            factor=None if given is None else Decimal(given),
            ordered=self._ordered(place, levels),
        )
        # What is missing of a component is told at the component.
        short = found.code == "offers.negative_stock"
        late = found.code == "offers.past_restock"
        return found._replace(code="", value="") if short or late else found


def _together(least: int | None, whole: Iterable[Quantity]) -> Quantity:
    """So many sets: shipped when the last part is, there when all are."""
    parts = list(whole)
    leads = [one.lead for one in parts if one.lead is not None]
    lead = max(leads, default=None)
    short_parts = [one for one in parts if not one.pieces]
    short = [one.restock for one in short_parts]
    restock = max(short) if short and all(short) else ""
    until = min((one.until for one in short_parts if one.until), default="")
    return Quantity(least, lead=lead, restock=restock, until=until)


def stockroom(
    parts: Parts,
    tx: Transaction,
    places: Iterable[Place],
    shelves: Warehouses | None = None,
    *,
    counted: bool = True,
) -> Stockroom:
    """What is known of the stock of some articles and all that is in them.

    Args:
        parts: The pieces.
        tx: The transaction.
        places: The articles.
        shelves: Which warehouses count, if that is known already.
        counted: Whether to ask for stocks; else only for what lies in sets.
    """
    kinds = COUNTED if counted else (SET,)
    wanted = {article for article, _ in places}
    levels: dict[Place, list[dict[str, Any]]] = {}
    components: dict[str, list[Coded]] = defaultdict(list)
    asked: set[str] = set()
    while wanted - asked:
        names = [(name, 0) for name in wanted - asked]
        asked |= wanted
        bodies = documents.of_articles(tx, parts.mandant, names, kinds)
        stock: list[Body] = []
        sets: list[Body] = []
        for body in bodies:
            (stock if body.kind == "StockLevel" else sets).append(body)
        levels |= stocking.levels_of(stock)
        for (article, _), known in joining.gather(sets, parts.book).items():
            components[article] += known.components
            inner = (str(one["component"]) for one in known.components)
            wanted.update(inner)
    taken = _taken(parts, tx, asked) if counted else {}
    return Stockroom(
        shelves or stocking.warehouses(parts.settings, parts.clock.now()),
        levels,
        {name: parts for name, parts in components.items() if parts},
        _insides(parts, tx, components),
        taken,
    )


def _taken(
    parts: Parts, tx: Transaction, articles: Iterable[str]
) -> dict[Place, list[Reservation]]:
    """What orders take of some articles."""
    taken: dict[Place, list[Reservation]] = defaultdict(list)
    mode = parts.settings.amazon.mode
    for one in reservations.of_articles(tx, mode, parts.mandant, articles):
        taken[one.article, one.variant].append(one)
    return taken


def _is_in(one: Reservation, counted: int) -> bool:
    """Whether a count holds what an order takes.

    It does if it was made after Sage answered the order, or else some time
    after the order was written for Sage.
    """
    known = one.replied_at
    if known is None and one.written_at is not None:
        known = one.written_at + TAKING // timedelta(microseconds=1)
    return known is not None and known < counted


def _inner(part: Coded) -> Place:
    return str(part["component"]), int(part.get("variant") or 0)


def _position(part: Coded) -> tuple[int, str]:
    return int(part.get("position") or 0), str(part["component"])


def _insides(
    parts: Parts,
    tx: Transaction,
    components: Mapping[str, Iterable[Coded]],
) -> dict[Place, Known]:
    """What is known of sets and of what lies in them."""
    names = {(name, 0) for name in components}
    for inner in components.values():
        names |= {(str(part["component"]), 0) for part in inner}
    if not names:
        return {}
    kinds = ("Article", "Text")
    bodies = documents.of_articles(tx, parts.mandant, sorted(names), kinds)
    return joining.gather(bodies, parts.book)
