"""Articles that must be composed again, and what of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy import text

from bridge.ledger import tables
from bridge.ledger.writing import run
from bridge.ledger.writing import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.ledger.engine import Transaction

#: Which facets a change concerns, as bits of ``touched.facets``.
STOCK, PRICE, CONTENT = 1, 2, 4
ALL = STOCK | PRICE | CONTENT


class Touched(NamedTuple):
    """An article to compose, what of it, and why."""

    article: str
    variant: int
    facets: int
    delivery_id: int | None


def touch(
    tx: Transaction,
    mandant: int,
    article: str,
    variant: int,
    delivery: int | None = None,
) -> None:
    """Have one article composed again, in all its facets."""
    tx.execute(
        text(
            "INSERT INTO touched (mandant, article, variant, facets,"
            " delivery_id) VALUES (:mandant, :article, :variant, :facets,"
            " :delivery) ON CONFLICT (mandant, article, variant) DO UPDATE"
            " SET facets = excluded.facets"
        ),
        {
            "mandant": mandant,
            "article": article,
            "variant": variant,
            "facets": ALL,
            "delivery": delivery,
        },
    )


def touch_stock(
    tx: Transaction, mandant: int, article: str, variant: int
) -> None:
    """Have the stock of one article stated again."""
    values = (mandant, article, variant, STOCK)
    run(
        tx,
        "INSERT INTO touched (mandant, article, variant, facets) VALUES"
        " (?, ?, ?, ?) ON CONFLICT (mandant, article, variant) DO UPDATE"
        " SET facets = touched.facets | excluded.facets",
        values,
    )


def touch_every_article(tx: Transaction, mandant: int, delivery: int) -> None:
    """A group may give its product type to any article: all are looked at."""
    tx.execute(
        text(
            "INSERT INTO touched (mandant, article, variant, facets,"
            " delivery_id) SELECT DISTINCT mandant, article, variant, :facets,"
            " :delivery FROM document WHERE mandant = :mandant AND"
            " kind = 'Article' ON CONFLICT (mandant, article, variant) DO"
            " UPDATE SET facets = touched.facets | excluded.facets"
        ),
        {"mandant": mandant, "delivery": delivery, "facets": CONTENT},
    )


def take_touched(tx: Transaction, mandant: int, most: int) -> list[Touched]:
    """Take so many touched articles off the list, in this transaction.

    A change that arrives meanwhile waits for the commit and is put on the
    list again; none is lost and none is composed from half a delivery.
    """
    rows = tx.execute(
        text(
            "DELETE FROM touched WHERE mandant = :mandant AND"
            " (article, variant) IN (SELECT article, variant FROM touched"
            " WHERE mandant = :mandant ORDER BY article, variant LIMIT :most)"
            " RETURNING article, variant, facets, delivery_id"
        ),
        {"mandant": mandant, "most": most},
    )
    return sorted(Touched._make(row) for row in rows)


def all_touched(
    tx: Transaction, mandant: int, lot: int
) -> Iterator[list[tuple[str, int]]]:
    """The articles on the list, in lots."""
    rows = stream(
        tx,
        "SELECT article, variant FROM touched WHERE mandant = ?",
        (mandant,),
    )
    for part in rows.partitions(lot):
        yield [tuple(row) for row in part]


def any_touched(tx: Transaction, mandant: int) -> bool:
    """Whether any article waits to be composed."""
    table = tables.touched
    found = tx.execute(
        select(table.c.article).where(table.c.mandant == mandant).limit(1)
    )
    return found.first() is not None


def touch_every(
    tx: Transaction, mandant: int, facets: int, kind: str = "Article"
) -> None:
    """Have every article composed again that has documents of a kind."""
    tx.execute(
        text(
            "INSERT INTO touched (mandant, article, variant, facets)"
            " SELECT DISTINCT mandant, article, variant, :facets FROM document"
            " WHERE mandant = :mandant AND kind = :kind"
            " ON CONFLICT (mandant, article, variant) DO UPDATE SET"
            " facets = touched.facets | excluded.facets"
        ),
        {"mandant": mandant, "facets": facets, "kind": kind},
    )
