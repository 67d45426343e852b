"""Listings and their facets: desired, sent, accepted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import null
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from bridge.ledger import tables
from bridge.ledger.writing import CHUNK
from bridge.ledger.writing import marks
from bridge.ledger.writing import put
from bridge.ledger.writing import run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.engine import Transaction

FACETS = ("stock", "price", "content")  # in the order they travel
SAME, WAITING, SENT = "same", "waiting", "sent"
ACCEPTED, REFUSED, HELD = "accepted", "refused", "held"
ABSENT, PRESENT, UNKNOWN = "absent", "present", "unknown"


@dataclass(frozen=True)
class Side:
    """Whose state: a mode and an account."""

    mode: str
    account: str

    def keys(self) -> dict[str, str]:
        """As columns."""
        return {"mode": self.mode, "account": self.account}


def _of(table: Any, side: Side) -> Any:  # noqa: ANN401 - SQL
    return (table.c.mode == side.mode) & (table.c.account == side.account)


def of_articles(
    tx: Transaction, side: Side, mandant: int, articles: Sequence[str]
) -> list[Any]:
    """The listings of some articles: what composing must know of them."""
    table = tables.listing
    return list(
        tx.execute(
            select(
                table.c.marketplace,
                table.c.sku,
                table.c.article,
                table.c.variant,
                table.c.ready,
                table.c.sellable,
                table.c.unit,
                table.c.unit_factor,
                table.c.available,
            ).where(
                _of(table, side),
                table.c.mandant == mandant,
                table.c.article.in_(sorted(set(articles))),
            )
        ).all()
    )


def owners(
    tx: Transaction, side: Side, skus: Sequence[str]
) -> dict[str, tuple[str, int]]:
    """Which article each SKU belongs to, where it is known."""
    table = tables.listing
    rows = tx.execute(
        select(table.c.sku, table.c.article, table.c.variant).where(
            _of(table, side), table.c.sku.in_(list(skus)), table.c.sellable
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


def put_listings(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep listing rows; what Amazon knows of them (presence) stays."""
    if rows:
        change = [
            name
            for name in rows[0]
            if name
            not in {"mode", "account", "marketplace", "sku", "presence"}
        ]
        put(tx, tables.listing, rows, change=change)


_AVAILABLE = """
UPDATE listing SET available = ?, ready = ?, sellable = ?
WHERE mode = ? AND account = ? AND marketplace = ? AND sku = ?
"""


def put_available(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what may be sold of listings that are known already."""
    names = (
        *("available", "ready", "sellable"),
        *("mode", "account", "marketplace", "sku"),
    )
    if rows:
        run(tx, _AVAILABLE, [tuple(row[n] for n in names) for row in rows])


_DESIRED = (
    *("mode", "account", "marketplace", "sku", "facet"),
    *("desired", "desired_hash", "delivery_id"),
)
_DESIRE = f"""
INSERT INTO facet ({", ".join(_DESIRED)}, state)
VALUES ({marks(len(_DESIRED))}, 'waiting')
ON CONFLICT (mode, account, marketplace, sku, facet) DO UPDATE SET
  desired = excluded.desired, desired_hash = excluded.desired_hash,
  delivery_id = excluded.delivery_id,
  state = CASE WHEN facet.state = 'sent' THEN 'sent'
    WHEN facet.accepted_hash = excluded.desired_hash THEN 'same'
    WHEN facet.refused_hash = excluded.desired_hash THEN 'refused'
    ELSE 'waiting' END
WHERE facet.desired_hash IS NULL
  OR facet.desired_hash <> excluded.desired_hash
"""  # noqa: S608 - constants of ours


def desire(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """State what facets should be; only a difference is waiting.

    A facet in flight stays ``sent``: the outcome decides what follows, so
    that a newer wish is never lost and never overtakes.

    Args:
        tx: The transaction.
        rows: Key columns, ``desired``, ``desired_hash``, ``delivery_id``.
    """
    if rows:
        run(tx, _DESIRE, [tuple(row[n] for n in _DESIRED) for row in rows])


def facets_of(tx: Transaction, side: Side, sku: str) -> list[Any]:
    """All facets of a SKU."""
    table = tables.facet
    return list(
        tx.execute(
            select(table)
            .where(_of(table, side), table.c.sku == sku)
            .order_by(table.c.marketplace, table.c.facet)
        )
    )


def listings_of(tx: Transaction, side: Side, sku: str) -> list[Any]:
    """The listing rows of a SKU."""
    table = tables.listing
    return list(
        tx.execute(select(table).where(_of(table, side), table.c.sku == sku))
    )


_DUE = """
SELECT f.sku FROM facet f JOIN listing l ON l.mode = f.mode
  AND l.account = f.account AND l.marketplace = f.marketplace
  AND l.sku = f.sku
WHERE f.mode = :mode AND f.account = :account
  AND f.marketplace = :marketplace AND f.state = 'waiting'
  AND (l.presence = 'present' OR (l.presence = 'absent' AND l.ready))
  AND NOT EXISTS (SELECT 1 FROM facet b WHERE b.mode = f.mode
    AND b.account = f.account AND b.marketplace = f.marketplace
    AND b.sku = f.sku AND b.state = 'sent')
GROUP BY f.sku ORDER BY f.sku LIMIT :most
"""


def due_skus(
    tx: Transaction, side: Side, marketplace: str, most: int
) -> list[str]:
    """SKUs with something to send and nothing in flight."""
    facts = {**side.keys(), "marketplace": marketplace, "most": most}
    return list(tx.scalars(text(_DUE), facts))


def due_rows(
    tx: Transaction, side: Side, marketplace: str, skus: Sequence[str]
) -> Iterator[Any]:
    """The waiting facets of some SKUs, with their listing's columns."""
    of = (side.mode, side.account, marketplace)
    waiting = f"{_WAITING} ({marks(len(skus))}) ORDER BY f.sku"
    return iter(run(tx, waiting, (*of, *skus)).all())


_WAITING = """
SELECT f.sku, f.facet, f.desired, f.accepted, l.presence, l.product_type
FROM facet f JOIN listing l ON l.mode = f.mode AND l.account = f.account
  AND l.marketplace = f.marketplace AND l.sku = f.sku
WHERE f.mode = ? AND f.account = ? AND f.marketplace = ?
  AND f.state = 'waiting' AND f.sku IN
"""
_SEND = """
UPDATE facet SET state = 'sent', sent = desired, sent_hash = desired_hash,
  submission_id = ?
WHERE mode = ? AND account = ? AND marketplace = ? AND state = 'waiting'
  AND sku IN
"""


def send(
    tx: Transaction,
    side: Side,
    marketplace: str,
    skus: Sequence[str],
    submission: int,
) -> None:
    """Put the waiting facets of some SKUs into flight."""
    of = (submission, side.mode, side.account, marketplace)
    run(tx, f"{_SEND} ({marks(len(skus))})", (*of, *skus))


def land(
    tx: Transaction,
    submission: int,
    refused: Mapping[str, Any],
    warned: Mapping[str, Any],
) -> None:
    """Bring what was in flight to its end; twice is harmless.

    Args:
        tx: The transaction.
        submission: Its number.
        refused: Amazon's issues by refused SKU.
        warned: Amazon's warnings by accepted SKU.
    """
    table = tables.facet
    flying = (table.c.submission_id == submission) & (table.c.state == SENT)
    meant = table.c.desired_hash == table.c.sent_hash
    for sku, issues in refused.items():
        tx.execute(
            update(table)
            .where(flying, table.c.sku == sku)
            .values(
                state=case((meant, REFUSED), else_=WAITING),
                refused_hash=table.c.sent_hash,
                issues=issues,
                submission_id=None,
            )
        )
    taken = update(table).values(
        state=case((meant, SAME), else_=WAITING),
        accepted=table.c.sent,
        accepted_hash=table.c.sent_hash,
        refused_hash=None,
        submission_id=None,
    )
    for sku, issues in warned.items():
        tx.execute(
            taken.where(flying, table.c.sku == sku).values(issues=issues)
        )
    tx.execute(taken.where(flying).values(issues=null()))


def made_present(
    tx: Transaction, side: Side, marketplace: str, skus: Sequence[str]
) -> None:
    """Amazon took these listings: from now on they are patched."""
    table = tables.listing
    for start in range(0, len(skus), CHUNK):
        tx.execute(
            update(table)
            .where(
                _of(table, side),
                table.c.marketplace == marketplace,
                table.c.sku.in_(skus[start : start + CHUNK]),
            )
            .values(presence=PRESENT)
        )


def with_stock(tx: Transaction, side: Side) -> int:
    """How many offers of the account have something to sell."""
    table = tables.listing
    return int(
        tx.scalar(
            select(func.count(table.c.sku.distinct())).where(
                _of(table, side), table.c.available > 0
            )
        )
        or 0
    )


def ripe(tx: Transaction, side: Side, now: datetime) -> list[Any]:
    """Listings whose sale begins or ends by now."""
    table = tables.listing
    return list(
        tx.execute(
            select(table.c.mandant, table.c.article, table.c.variant)
            .where(_of(table, side), table.c.recompose_at <= now)
            .distinct()
        )
    )


def unasked(
    tx: Transaction, side: Side, marketplace: str, most: int
) -> list[str]:
    """SKUs of which it is not known whether Amazon has them."""
    table = tables.listing
    return list(
        tx.scalars(
            select(table.c.sku)
            .where(
                _of(table, side),
                table.c.marketplace == marketplace,
                table.c.presence == UNKNOWN,
            )
            .limit(most)
        )
    )


def answer_presence(
    tx: Transaction,
    side: Side,
    marketplace: str,
    skus: Sequence[str],
    present: frozenset[str],
) -> None:
    """Keep what Amazon said of some SKUs."""
    table = tables.listing
    of = _of(table, side) & (table.c.marketplace == marketplace)
    for value, chosen in (
        (PRESENT, sorted(present)),
        (ABSENT, [sku for sku in skus if sku not in present]),
    ):
        if chosen:
            tx.execute(
                update(table)
                .where(of, table.c.sku.in_(chosen))
                .values(presence=value)
            )


def settle(
    tx: Transaction, side: Side, marketplace: str, skus: Sequence[str]
) -> None:
    """Waiting facets whose difference is nothing Amazon could be told."""
    table = tables.facet
    tx.execute(
        update(table)
        .where(
            _of(table, side),
            table.c.marketplace == marketplace,
            table.c.sku.in_(skus),
            table.c.state == WAITING,
        )
        .values(
            state=SAME,
            accepted=table.c.desired,
            accepted_hash=table.c.desired_hash,
        )
    )


def flying(tx: Transaction, submission: int) -> Iterator[Any]:
    """The facets a submission carries, with their listing's columns."""
    facet, listing = tables.facet, tables.listing
    joined = facet.join(
        listing,
        (listing.c.mode == facet.c.mode)
        & (listing.c.account == facet.c.account)
        & (listing.c.marketplace == facet.c.marketplace)
        & (listing.c.sku == facet.c.sku),
    )
    return iter(
        tx.execute(
            select(
                facet.c.sku,
                facet.c.facet,
                facet.c.sent.label("desired"),
                facet.c.accepted,
                listing.c.presence,
                listing.c.product_type,
            )
            .select_from(joined)
            .where(facet.c.submission_id == submission, facet.c.state == SENT)
            .order_by(facet.c.sku)
        )
    )


def forget_refusals(tx: Transaction, side: Side) -> None:
    """A person wants what was refused to be sent once more."""
    table = tables.facet
    tx.execute(
        update(table)
        .where(_of(table, side), table.c.state == REFUSED)
        .values(state=WAITING, refused_hash=None)
    )


def unripe(tx: Transaction, side: Side, now: datetime) -> None:
    """What is composed now need not be woken for the same instant again."""
    table = tables.listing
    tx.execute(
        update(table)
        .where(_of(table, side), table.c.recompose_at <= now)
        .values(recompose_at=None)
    )
