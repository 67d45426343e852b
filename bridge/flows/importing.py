"""The catalogue comes in: what Amazon shows, in full, for Sage.

1. a listings report names the SKUs.
2. lot by lot each is looked at; what is known of it is kept, and how far it
   came, in one commit.
3. files and tables of what is shown are due.

A crash in 2 goes on behind the last lot; a lot twice changes nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import orjson

from bridge.flows.accounts import about
from bridge.flows.mirroring import mirror_rehearsed
from bridge.flows.raising import CATALOGUE
from bridge.flows.raising import raise_hand_on
from bridge.flows.raising import raise_rows
from bridge.flows.reporting import want
from bridge.flows.showing import SHOWN
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import reports
from bridge.ledger import snapshots
from bridge.ledger.snapshots import Place
from bridge.ports.reports import LISTINGS
from bridge.ports.reports import NODES
from bridge.ports.reports import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

ERRAND = "catalogue_in"


def ask_catalogue(parts: Parts, tx: Transaction) -> None:
    """Have all that the home marketplace shows brought in."""
    want(parts, tx, Wanted(LISTINGS, parts.settings.home), [ERRAND])


def ask_categories(parts: Parts, tx: Transaction) -> None:
    """Have every marketplace's tree of browse nodes written down."""
    for market in parts.settings.amazon.marketplaces:
        want(parts, tx, Wanted(NODES, market))


#: What a person may wish for, by its name.
WISHES: Mapping[str, Callable[[Parts, Transaction], None]] = MappingProxyType(
    {"catalogue-in": ask_catalogue, "categories": ask_categories}
)


def catalogue_in(parts: Parts, key: str, generation: int) -> None:
    """Look at every SKU of a marketplace, and have what is shown written."""
    place = Place(parts.side, about(key))
    report = _reported(parts, place)
    cursor = f"{ERRAND}:{place.marketplace}"
    with parts.ledger.read() as tx:
        known = facts.get_cursor(tx, parts.side, cursor) or {}
    start = known["after"] if known.get("report") == report else ""
    while lot := _look(parts, place, start):
        start = lot[-1]
        with parts.ledger.write() as tx:
            at = {"report": report, "after": start}
            facts.set_cursor(tx, parts.side, cursor, at)
    with parts.ledger.write() as tx:
        facts.set_cursor(tx, parts.side, cursor, {})
        for kind in SHOWN:
            raise_hand_on(parts, tx, kind, CATALOGUE)
            raise_rows(parts, tx, kind, CATALOGUE)
        dues.done(tx, ERRAND, key, generation)


def _look(parts: Parts, place: Place, start: str) -> list[str]:
    """Look at the SKUs behind a start, and keep what is known of them."""
    most = parts.showcase.most_at_once
    with parts.ledger.read() as tx:
        lot = snapshots.unread(tx, place, start, most)
    if not lot:
        return []
    found = parts.showcase.look(place.marketplace, lot)
    with parts.ledger.write() as tx:
        for sku, said in found.items():
            snapshots.keep_body(tx, place, sku, orjson.dumps(said))
    return lot


def _reported(parts: Parts, place: Place) -> int:
    """The report that named the SKUs; a rehearsal's are those it accepted."""
    with parts.ledger.read() as tx:
        wanted = Wanted(LISTINGS, place.marketplace)
        last = reports.last(tx, place.side, wanted)
    if last is None:
        return 0
    if last.state == reports.EMPTY and place.side.mode != "live":
        mirror_rehearsed(parts, place, last.id)
    return last.id
