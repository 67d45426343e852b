"""What articles point at, and whether that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from bridge.ledger import links
from bridge.ledger.documents import Body
from bridge.ledger.writing import marks
from bridge.ledger.writing import run
from bridge.ledger.writing import stream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.ledger.engine import Transaction

KIND = "Reference"
CHUNK = 2_000  # names of one statement


class Stated(NamedTuple):
    """Where a reference stands in a delivery."""

    key: str
    mapping: str
    line: int


def every(tx: Transaction, mandant: int) -> Iterator[Body]:
    """All references, article by article."""
    rows = stream(
        tx,
        f"SELECT {', '.join(Body._fields)} FROM document WHERE mandant = ?"  # noqa: S608 - our own names
        " AND kind = ? AND NOT gone ORDER BY article, key, mapping",
        (mandant, KIND),
    )
    return map(Body._make, rows)


def of_delivery(tx: Transaction, mandant: int, delivery: int) -> list[Stated]:
    """The references whose present state a delivery has told."""
    rows = run(
        tx,
        "SELECT key, mapping, line FROM document WHERE mandant = ? AND"
        " kind = ? AND delivery_id = ? AND NOT gone ORDER BY line",
        (mandant, KIND, delivery),
    )
    return [Stated._make(row) for row in rows.all()]


def known(tx: Transaction, mandant: int, numbers: Iterable[str]) -> set[str]:
    """Those of some numbers that are an article, or a variant's own."""
    wanted = sorted(set(numbers))
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        lot = wanted[start : start + CHUNK]
        rows = run(
            tx,
            "SELECT DISTINCT article FROM document WHERE mandant = ? AND"  # noqa: S608 - marks
            " kind = 'Article' AND NOT gone AND article IN"
            f" ({marks(len(lot))})",
            (mandant, *lot),
        )
        found.update(number for (number,) in rows.all())
        variants = links.to(tx, mandant, "Variant", lot)
        found.update(link.to_article for link in variants)
    return found
