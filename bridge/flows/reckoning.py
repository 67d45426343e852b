"""What a file says by what did not change in it.

A row that is known is not staged. Here is found what must be said of such
rows all the same: that they stand twice, that their document is younger
now, or that a full file no longer holds one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

from bridge.ledger import documents
from bridge.ledger import staging
from bridge.ledger.staging import Staged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.flows.desk import Desk
    from bridge.ledger.engine import Transaction
    from bridge.ledger.staging import Known

CHUNK = 5_000  # rows of one statement


def reckon(tx: Transaction, desk: Desk, *, complete: bool) -> dict[str, Any]:
    """Stage what follows from the known rows of a file.

    Returns:
        Columns of the delivery: how many rows are unchanged, and of which
        warehouses a full stock file speaks.
    """
    stock = complete and desk.scope.kind == "StockLevel"
    book = _Book(desk)
    if desk.known.idle:
        for known in staging.known_beside(tx, desk.scope, desk.delivery):
            book.say(known, suspect=True)
    if complete or desk.known.twice or _may_be_younger(tx, desk):
        for known in staging.known(tx, desk.scope):
            if book.holds(known):
                book.say(known)
            elif complete:
                book.miss(known)
            book.write(tx, CHUNK)
    book.write(tx)
    named = staging.warehouses(tx, desk.delivery) if stock else []
    return {
        "unchanged": desk.known.idle - book.same,
        "scope": sorted({*named, *book.warehouses}) if stock else [],
    }


def _may_be_younger(tx: Transaction, desk: Desk) -> bool:
    """Whether rows without an age of their own are younger by their file."""
    return (
        desk.known.idle > 0
        and not desk.aged
        and staging.any_older(tx, desk.scope, desk.otherwise)
    )


class _Book:
    """The rows to be staged, until they are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._again: dict[bytes, list[int]] = defaultdict(list)
        for raw, line in desk.known.twice:
            self._again[raw].append(line)
        self._said: set[str] = set()
        self._rows: list[Staged] = []
        self._seq = 0
        self.same = 0
        self.warehouses: set[str] = set()

    def holds(self, known: Known) -> bool:
        """Whether the file holds the known row of a document."""
        return known.raw is not None and self._desk.known.line(known.raw) > 0

    def say(self, known: Known, *, suspect: bool = False) -> None:
        """Stage a document's idle rows, if there is more to them."""
        if not self.holds(known) or known.key in self._said:
            return
        desk, raw = self._desk, known.raw or b""
        if desk.scope.kind == "StockLevel":
            self.warehouses.add(documents.warehouse(known.key))
        again = self._again.get(raw, ())
        younger = not desk.aged and known.as_of < desk.otherwise
        if suspect or again or younger:
            self._said.add(known.key)
            age = max(known.as_of, desk.otherwise) if younger else known.as_of
            lines = (desk.known.line(raw), *again)
            self._add(known, lines, age, staging.SAME)
            self.same += len(lines)

    def miss(self, known: Known) -> None:
        """Stage that a full file does not hold a document."""
        self._add(known, (0,), self._desk.otherwise, staging.ABSENT)

    def write(self, tx: Transaction, least: int = 1) -> None:
        """Hand over what is there, once it is worth it."""
        if len(self._rows) >= least:
            staging.add(tx, self._rows)
            self._rows.clear()

    def _add(
        self, known: Known, lines: Iterable[int], age: int, fate: str
    ) -> None:
        for line in lines:
            self._seq -= 1  # records have taken the others
            row = Staged(
                self._desk.delivery, self._seq, line,
                known.article, known.variant, known.key,
                known.raw, known.hash, None, age, fate,
            )  # fmt: skip
            self._rows.append(row)
