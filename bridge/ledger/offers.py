"""Listings and their facets: desired, sent, accepted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import union
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.writing import at
from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction

#: In the order they travel.
FACETS = ("stock", "price", "content", "relations", "media")
OFFERED = ("stock", "price")  # of any product type
EVERY_FACET = ", ".join(f"'{name}'" for name in FACETS)  # as SQL lists them
SAME, WAITING, SENT = "same", "waiting", "sent"
REFUSED = "refused"
ABSENT, PRESENT, UNKNOWN = "absent", "present", "unknown"


@dataclass(frozen=True)
class Side:
    """Whose state: a mode and an account."""

    mode: str
    account: str

    def keys(self) -> dict[str, str]:
        """As columns."""
        return {"mode": self.mode, "account": self.account}


def of_side(table: Any, side: Side) -> Any:  # noqa: ANN401 - SQL
    """The condition that keeps one side's rows from another's."""
    return (table.c.mode == side.mode) & (table.c.account == side.account)


class Listed(NamedTuple):
    """What composing must know of a listing.

    Attributes:
        factor: Sales units in one stock unit, as text.
        promise: When it is shipped, and when more of it arrives.
        parent: The SKU of its family; its own, if it stands for one.
        said: Its findings as JSON.
    """

    marketplace: str
    sku: str
    article: str
    variant: int
    presence: str
    whole: bool
    ready: bool
    sellable: bool
    unit: str | None
    factor: str | None
    available: int | None
    promise: str | None
    parent: str | None
    said: str | None

    @property
    def is_parent(self) -> bool:
        """Whether it stands for its variants, and is not sold itself."""
        return self.parent == self.sku

    @property
    def unit_factor(self) -> Decimal | None:
        """The factor, exact."""
        return None if self.factor is None else Decimal(self.factor)


_OF_ARTICLES = """
SELECT marketplace, sku, article, variant, presence, whole, ready, sellable,
  unit, unit_factor, available, promise, parent, CAST(findings AS TEXT)
FROM listing WHERE mode = ? AND account = ? AND mandant = ? AND article IN
"""


def of_articles(
    tx: Transaction, side: Side, mandant: int, articles: Iterable[str]
) -> Iterator[Listed]:
    """The listings of some articles."""
    names = sorted(set(articles))
    of = (side.mode, side.account, mandant)
    rows = run(tx, f"{_OF_ARTICLES} ({marks(len(names))})", (*of, *names))
    return map(Listed._make, rows.all())


def owners(
    tx: Transaction, side: Side, skus: Sequence[str]
) -> dict[str, tuple[str, int]]:
    """Which article each SKU belongs to, where it is known."""
    table = tables.listing
    rows = tx.execute(
        select(table.c.sku, table.c.article, table.c.variant).where(
            of_side(table, side), table.c.sku.in_(list(skus)), table.c.sellable
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def complete_but_stock(
    tx: Transaction, side: Side, places: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those of some (marketplace, SKU) that have content and price."""
    found: set[tuple[str, str]] = set()
    for market, group in groupby(sorted(places), itemgetter(0)):
        skus = [sku for _, sku in group]
        rows = run(
            tx,
            f"{_COMPLETE} ({marks(len(skus))}) GROUP BY sku"
            " HAVING count(*) = 2",
            (side.mode, side.account, market, *skus),
        )
        found.update((market, sku) for (sku,) in rows.all())
    return found


# With the marketplace: without it, every facet would be looked at.
_COMPLETE = """
SELECT sku FROM facet WHERE mode = ? AND account = ? AND marketplace = ?
  AND facet IN ('content', 'price') AND desired IS NOT NULL AND sku IN
"""


class Desired(NamedTuple):
    """What a facet should be, and why; the columns of its row."""

    mode: str
    account: str
    marketplace: str
    sku: str
    facet: str
    desired: bytes
    desired_hash: bytes
    delivery_id: int | None


_DESIRE = f"""
INSERT INTO facet ({", ".join(Desired._fields)}, state)
VALUES ({marks(len(Desired._fields))}, 'waiting')
ON CONFLICT (mode, account, marketplace, sku, facet) DO UPDATE SET
  desired = excluded.desired, desired_hash = excluded.desired_hash,
  delivery_id = excluded.delivery_id, checked = NULL, undone_hash = NULL,
  state = CASE WHEN facet.state = 'sent' THEN 'sent'
    WHEN facet.accepted_hash = excluded.desired_hash THEN 'same'
    WHEN facet.refused_hash = excluded.desired_hash THEN 'refused'
    ELSE 'waiting' END
WHERE facet.desired_hash IS NULL
  OR (facet.undone_hash IS NULL
    AND facet.desired_hash <> excluded.desired_hash)
  OR facet.undone_hash <> excluded.desired_hash
"""  # noqa: S608 - constants of ours


def desire(tx: Transaction, rows: Sequence[Desired]) -> None:
    """State what facets should be; only a difference is waiting.

    A facet in flight stays ``sent``: the outcome decides what follows, so
    that a newer wish is never lost and never overtakes. What a person took
    back is no difference, however often it is stated again.
    """
    if rows:
        run(tx, _DESIRE, list(rows))


def counts(tx: Transaction) -> dict[str, int]:
    """How many facets there are in each state.

    Those that are the same are what is left: a million are not looked at.
    """
    table = tables.facet
    of = {
        WAITING: "state = 'waiting'",
        REFUSED: "state = 'refused'",
        SENT: "submission_id IS NOT NULL AND state = 'sent'",
        SAME: "TRUE",
    }
    found = {
        state: tx.scalar(
            select(func.count()).select_from(table).where(text(where))
        )
        or 0
        for state, where in of.items()
    }
    found[SAME] -= sum(found.values()) - found[SAME]
    return {state: number for state, number in found.items() if number}


def facets_of(tx: Transaction, side: Side, sku: str) -> list[Any]:
    """All facets of a SKU."""
    table = tables.facet
    return list(
        tx.execute(
            select(table)
            .where(
                of_side(table, side),
                table.c.marketplace.in_(MARKETPLACES),
                table.c.facet.in_(FACETS),  # so that the key is used
                table.c.sku == sku,
            )
            .order_by(table.c.marketplace, table.c.facet)
        )
    )


def listings_of(tx: Transaction, side: Side, sku: str) -> list[Any]:
    """The listing rows of a SKU."""
    table = tables.listing
    return list(
        tx.execute(
            select(table).where(of_side(table, side), table.c.sku == sku)
        )
    )


def with_stock(tx: Transaction, side: Side) -> int:
    """How many offers of the account have something to sell."""
    table = tables.listing
    return int(
        tx.scalar(
            select(func.count(table.c.sku.distinct())).where(
                of_side(table, side), table.c.available > 0
            )
        )
        or 0
    )


def with_price(tx: Transaction, side: Side) -> int:
    """How many prices the account states: offers in marketplaces."""
    table = tables.facet
    return int(
        tx.scalar(
            select(func.count()).where(
                of_side(table, side),
                table.c.facet == "price",
                table.c.desired.is_not(None),
            )
        )
        or 0
    )


def touched(tx: Transaction, side: Side, mandant: int) -> int:
    """How many listings are of articles that wait to be composed."""
    rows = run(
        tx,
        "SELECT count(*) FROM listing WHERE mode = ? AND account = ? AND"
        " mandant = ? AND article IN (SELECT article FROM touched"
        " WHERE mandant = ?)",
        (side.mode, side.account, mandant, mandant),
    )
    return int(rows.scalar_one())


def desired(
    tx: Transaction, side: Side, market: str, facet: str, skus: Sequence[str]
) -> dict[str, bytes]:
    """What a facet of some SKUs should be now, where that is said."""
    table = tables.facet
    rows = tx.execute(
        select(table.c.sku, table.c.desired).where(
            of_side(table, side),
            table.c.marketplace == market,
            table.c.facet == facet,
            table.c.sku.in_(list(skus)),
            table.c.desired.is_not(None),
        )
    )
    return {row.sku: row.desired for row in rows}


def sellable(
    tx: Transaction, side: Side, market: str, skus: Sequence[str]
) -> set[str]:
    """Those of some SKUs that are offered."""
    table = tables.listing
    rows = tx.scalars(
        select(table.c.sku).where(
            of_side(table, side),
            table.c.marketplace == market,
            table.c.sku.in_(list(skus)),
            table.c.sellable,
        )
    )
    return set(rows)


_TURNS = (tables.listing.c.recompose_at, tables.listing.c.restock_at)
_RIPE = union(
    *(  # each has an index of its own
        select(
            tables.listing.c.mandant,
            tables.listing.c.article,
            tables.listing.c.variant,
        ).where(
            at(tables.listing, "mode", "account"), turn <= bindparam("now")
        )
        for turn in _TURNS
    )
)


def ripe(tx: Transaction, side: Side, now: datetime) -> list[Any]:
    """Listings whose sale begins or ends by now, or whose restock day."""
    return list(tx.execute(_RIPE, {**side.keys(), "now": now}))


def unripe(tx: Transaction, side: Side, now: datetime) -> None:
    """What is composed now need not be woken for the same instant again."""
    table = tables.listing
    for column in _TURNS:
        tx.execute(
            update(table)
            .where(of_side(table, side), column <= now)
            .values({column: None})
        )


def sku_of(
    tx: Transaction, side: Side, article: str, variant: int
) -> str | None:
    """What Amazon calls an article of Sage, where it is offered."""
    table = tables.listing
    sku: str | None = tx.scalar(
        select(table.c.sku)
        .where(
            table.c.mode == side.mode,
            table.c.account == side.account,
            table.c.article == article,
            table.c.variant == variant,
        )
        .limit(1)
    )
    return sku
