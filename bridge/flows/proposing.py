"""Product types that Amazon proposes for article groups that have none.

Nothing automatic is reliable (amazon.md M13): a person looks at the list and
copies what is right into ``warengruppen.csv``. What Amazon said is kept, and
is asked for again after a month; an answer that does not come is asked for
the next time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError
from bridge.flows.sheets import save
from bridge.flows.sheets import sheet_path
from bridge.ledger import facts
from bridge.ledger import untyped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts

NAME = "product-types"
KEPT = "proposal"
FRESH = timedelta(days=30)
#: The first three are the columns of the table; their names are its own.
COLUMNS = (
    *("table_group", "table_type", "table_node"),
    *("name", "title", "others"),
)
Types = list[tuple[str, str]]


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one group.

    Attributes:
        group: Artikelgruppe.
        words: What was asked for: its name, or that of an article.
        types: Amazon's names and what it calls them, the likeliest first.
        error: Why nothing is known.
    """

    group: str
    words: str
    types: Types
    error: BridgeError | None = None


def proposals(parts: Parts, market: str) -> Iterator[Proposal]:
    """What Amazon proposes for each group without a product type."""
    with parts.ledger.read() as tx:
        groups = untyped.groups(tx, parts.side, parts.mandant, market)
    for group, words in groups:
        try:
            yield Proposal(group, words, _types(parts, market, words))
        except (RefusedError, ThrottledError, TransientError) as error:
            yield Proposal(group, words, [], error)


def write(parts: Parts, market: str, found: list[Proposal]) -> str:
    """Write them down as lines for the table; where."""
    path = sheet_path(parts, NAME, market)
    rows = [
        (
            *(one.group, one.types[0][0] if one.types else "", ""),
            *(one.types[0][1] if one.types else "", one.words),
            ", ".join(name for name, _ in one.types[1:]),
        )
        for one in found
    ]
    save(path, COLUMNS, rows, parts.settings.bridge.language)
    return path.relative_to(parts.settings.workspace).as_posix()


def _types(parts: Parts, market: str, words: str) -> Types:
    """What Amazon says, or said within a month."""
    key, now = f"{KEPT}:{market}:{words}", parts.clock.now()
    with parts.ledger.read() as tx:
        known = facts.known(tx, key)
    if known is not None:
        kept = orjson.loads(known)
        if now - datetime.fromisoformat(kept["at"]) < FRESH:
            return [(name, called) for name, called in kept["types"]]
    found = list(parts.showcase.types(market, words))
    said = orjson.dumps({"at": now.isoformat(), "types": found})
    with parts.ledger.write() as tx:
        facts.know(tx, key, said.decode())
    return found
