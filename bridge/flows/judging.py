"""What is about to be sent is held against Amazon's rules first.

Of a listing that is there, each facet is judged by what it changes: one that
Amazon would refuse stays here, the others travel. A new listing is one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from bridge.ledger import facts
from bridge.ledger import flight
from bridge.ledger import judging
from bridge.ledger import standing
from bridge.ledger.offers import FACETS
from bridge.mapping.envelope import GENERIC
from bridge.ports.rules import ERROR
from bridge.ports.rules import LISTING
from bridge.ports.rules import OFFER_ONLY
from bridge.ports.rules import Wanted

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.flight import Travelling
    from bridge.ports.rules import Fault
    from bridge.ports.rules import Rulebook

    Issues = list[dict[str, Any]]
    Place = tuple[str, str]  # SKU and facet

REQUIREMENTS = (LISTING, OFFER_ONLY)
PATH = "/attributes/"


def refresh(parts: Parts, market: str) -> None:
    """Have the definitions of what is due brought up to date.

    Raises:
        ConfigError: A definition a person put there cannot be read.
    """
    with parts.ledger.read() as tx:
        types = flight.due_types(tx, parts.side, market)
    bring_up_to_date(parts, market, types)


def anything_known(parts: Parts, market: str) -> bool:
    """Whether there are rules for anything that is due."""
    with parts.ledger.read() as tx:
        types = {*flight.due_types(tx, parts.side, market), GENERIC}
    kinds = (kind or GENERIC for kind in types)
    wanted = (
        Wanted(market, kind, one) for kind in kinds for one in REQUIREMENTS
    )
    return any(map(parts.rulebook.knows, wanted))


def bring_up_to_date(
    parts: Parts, market: str, types: Collection[str | None]
) -> None:
    """Have the definitions of some product types brought up to date.

    Args:
        parts: The pieces.
        market: Country code.
        types: ``None``: the generic one.

    Raises:
        ConfigError: A definition a person put there cannot be read.
    """
    if types:
        general = Wanted(market, GENERIC, OFFER_ONLY)
        kinds = {Wanted(market, kind or GENERIC) for kind in types}
        parts.rulebook.refresh((general, *sorted(kinds)))


@dataclass
class Judge:
    """Our own check for one marketplace, and what it found.

    Attributes:
        rulebook: Amazon's rules.
        market: Country code.
        bars: Whether what would be refused stays here; not in a preview.
        refused: Issues of facets that do not travel.
        warned: Issues of facets that do.
    """

    rulebook: Rulebook
    market: str
    bars: bool = True
    refused: dict[Place, Issues] = field(default_factory=dict)
    warned: dict[Place, Issues] = field(default_factory=dict)
    _rules: dict[str | None, Wanted | None] = field(default_factory=dict)

    def takes_listing(
        self, message: Mapping[str, Any], facets: Iterable[Travelling]
    ) -> bool:
        """Whether a new listing may travel, all of its facets or none."""
        wanted = Wanted(self.market, message["productType"], LISTING)
        if message["requirements"] == OFFER_ONLY:
            wanted = Wanted(self.market, GENERIC, OFFER_ONLY)
        faults = self.rulebook.faults(
            wanted, message["attributes"], whole=True
        )
        noted = [self._note(row, faults) for row in facets]
        return all(noted)

    def fitting(
        self,
        row: Travelling,
        patches: list[dict[str, Any]],
        kind: str | None,
    ) -> list[dict[str, Any]]:
        """The patches of one facet, or none if it may not travel.

        Args:
            row: The facet.
            patches: What it changes.
            kind: The product type; ``None``: only the offer changes.
        """
        wanted = self._known(kind)
        if not patches or wanted is None:
            return patches
        carried = _carried(patches)
        faults = self.rulebook.faults(wanted, carried, whole=False)
        return patches if self._note(row, faults) else []

    def _known(self, kind: str | None) -> Wanted | None:
        """The rules of a product type, where there are any: asked once."""
        if kind not in self._rules:
            wanted = (
                Wanted(self.market, kind)
                if kind
                else Wanted(self.market, GENERIC, OFFER_ONLY)
            )
            known = self.rulebook.knows(wanted)
            self._rules[kind] = wanted if known else None
        return self._rules[kind]

    def keep(self, tx: Transaction, parts: Parts) -> None:
        """Write down what was found; what is refused waits for a change."""
        side, market = parts.side, self.market
        judging.bar(tx, side, market, self.refused)
        judging.warn(tx, side, market, self.warned)
        if self.refused:
            now = parts.clock.now().isoformat()
            facts.know(tx, f"{standing.KEPT_BACK}{side.mode}", now)

    def _note(self, row: Travelling, faults: Sequence[Fault]) -> bool:
        """Keep what was said of a facet; whether it may travel."""
        if not faults:
            return True
        bad = any(one.severity == ERROR for one in faults)
        kept = self.refused if bad else self.warned
        kept[row.sku, row.facet] = [one.as_issue() for one in faults]
        return not (bad and self.bars)

    def knows(self, message: Mapping[str, Any]) -> bool:
        """Whether there are rules to hold a message against."""
        kind = message["productType"]
        wanted = (Wanted(self.market, kind, one) for one in REQUIREMENTS)
        return any(map(self.rulebook.knows, wanted))

    def said_of(self, sku: str) -> list[dict[str, Any]]:
        """What was found of a SKU, each thing once."""
        found: list[dict[str, Any]] = []
        for place in ((sku, facet) for facet in FACETS):
            said = self.refused.get(place) or self.warned.get(place) or ()
            found += [one for one in said if one not in found]
        return found


def _carried(patches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What patches state; a deletion only names an instance."""
    return {
        str(patch["path"]).removeprefix(PATH): patch["value"]
        for patch in patches
        if patch["op"] != "delete"
    }
