"""A+ pages: what each should be, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger.offers import of_side
from bridge.ledger.pagetables import page
from bridge.ledger.writing import put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

WAITING, HELD = "waiting", "held"
CREATING, CHANGING, MADE = "creating", "changing", "made"
SUBMITTING, SUBMITTED = "submitting", "submitted"
APPROVED, REJECTED, REFUSED = "approved", "rejected", "refused"
#: What nothing is done about until the page should be another.
OVER = frozenset({APPROVED, REJECTED, REFUSED})


def want(  # noqa: PLR0913 - the columns of a row
    tx: Transaction,
    side: Side,
    marketplace: str,
    sku: str,
    *,
    asin: str,
    others: list[str],
    body: bytes,
    digest: bytes,
) -> None:
    """Say what a page should be; the same again changes nothing.

    One that may be being made stays so: it is looked for, and then changed.
    """
    row = get(tx, side, marketplace, sku)
    if row is not None and (row.hash, row.asin) == (digest, asin):
        return
    being_made = row is not None and row.state == CREATING
    values = {
        **side.keys(),
        "marketplace": marketplace,
        "sku": sku,
        "asin": asin,
        "state": CREATING if being_made else WAITING,
        "hash": digest,
        "body": body,
        "others": others,
        "issues": None,
    }
    change = ["asin", "state", "hash", "body", "others", "issues"]
    put(tx, page, [values], change=change)


def get(tx: Transaction, side: Side, marketplace: str, sku: str) -> Any | None:  # noqa: ANN401 - a row
    """One page."""
    return tx.execute(
        select(page).where(
            of_side(page, side),
            page.c.marketplace == marketplace,
            page.c.sku == sku,
        )
    ).first()


def unfinished(tx: Transaction, side: Side, marketplace: str) -> list[Any]:
    """Pages something is to be done about."""
    return list(
        tx.execute(
            select(page)
            .where(
                of_side(page, side),
                page.c.marketplace == marketplace,
                page.c.state.not_in(OVER),
            )
            .order_by(page.c.sku)
        )
    )


def held(tx: Transaction, sides: Iterable[Side]) -> int:
    """How many pages wait for a person."""
    every = (
        tx.scalar(
            select(func.count())
            .select_from(page)
            .where(of_side(page, side), page.c.state == HELD)
        )
        for side in sides
    )
    return sum(number or 0 for number in every)


def change(tx: Transaction, side: Side, row: Any, **values: object) -> None:  # noqa: ANN401 - a row
    """Keep how far a page is."""
    tx.execute(
        update(page)
        .where(
            of_side(page, side),
            page.c.marketplace == row.marketplace,
            page.c.sku == row.sku,
        )
        .values(**values)
    )


def another_chance(tx: Transaction, side: Side) -> None:
    """What Amazon refused is tried again; a person wants it."""
    tx.execute(
        update(page)
        .where(of_side(page, side), page.c.state == REFUSED)
        .values(state=WAITING)
    )


def of_skus(tx: Transaction, side: Side, skus: Iterable[str]) -> list[Any]:
    """The pages of some SKUs, in every marketplace."""
    names = sorted(set(skus))
    found = select(page).where(of_side(page, side), page.c.sku.in_(names))
    return list(tx.execute(found.order_by(page.c.marketplace)))


def confirm(tx: Transaction, side: Side, sku: str) -> list[str]:
    """Let the pages that are in the way go.

    Returns:
        The marketplaces in which there was one.
    """
    held = [r for r in of_skus(tx, side, [sku]) if r.state == HELD]
    for row in held:
        change(tx, side, row, confirmed=row.other, state=WAITING)
    return [row.marketplace for row in held]
