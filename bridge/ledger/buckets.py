"""Token buckets in the ledger: every worker of an account draws on them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from bridge.ledger import tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from bridge.ledger.engine import Ledger
    from bridge.ledger.engine import Transaction
    from bridge.ports import Plan

NONE = timedelta(0)
TICK = timedelta(milliseconds=1)  # rounded down, a wait would be too short
LAST = 2  # a strike within so many waits of the last one is its successor


@dataclass(frozen=True)
class LedgerBuckets:
    """The port Buckets on the ledger."""

    ledger: Ledger
    _learned: dict[str, float] = field(default_factory=dict)

    def take(self, name: str, plan: Plan, now: datetime) -> timedelta:
        """Take one; else how long to wait before asking again."""
        with self.ledger.write() as tx:
            row = _row(tx, name, plan.burst, now)
            shut: timedelta = row["shut_until"] - now
            if NONE < shut <= _wait(row):
                return shut
            rate = row["rate"] or plan.rate
            passed = max(NONE, now - row["filled_at"]).total_seconds()
            tokens = min(float(plan.burst), row["tokens"] + passed * rate)
            if tokens < 1:
                return timedelta(seconds=(1 - tokens) / rate) + TICK
            _set(tx, name, tokens=tokens - 1, filled_at=now)
        return NONE

    def learn(self, name: str, rate: float) -> None:
        """The other side told a rate; it holds from now on."""
        if self._learned.get(name) == rate:
            return
        with self.ledger.write() as tx:
            _set(tx, name, rate=rate)
        self._learned[name] = rate

    def empty(
        self, name: str, first: timedelta, longest: timedelta, now: datetime
    ) -> timedelta:
        """Nothing is left: the longer, the oftener it was said."""
        with self.ledger.write() as tx:
            row = _row(tx, name, 0, now)
            before = _wait(row)
            again = now - row["shut_until"] < LAST * before
            wait = min(2 * before if again else first, longest)
            _set(
                tx,
                name,
                tokens=0.0,
                filled_at=now,
                wait_seconds=wait.total_seconds(),
                shut_until=now + wait,
            )
        return wait


def _row(tx: Transaction, name: str, burst: int, now: datetime) -> RowMapping:
    """The bucket; a new one is full."""
    table = tables.bucket
    found = select(table).where(table.c.name == name).with_for_update()
    row = tx.execute(found).mappings().first()
    if row is not None:
        return row
    tx.execute(
        insert(table).values(
            name=name,
            tokens=float(burst),
            filled_at=now,
            wait_seconds=0.0,
            shut_until=now,
        )
    )
    return tx.execute(found).mappings().one()


def _set(tx: Transaction, name: str, **values: object) -> None:
    table = tables.bucket
    tx.execute(update(table).where(table.c.name == name).values(**values))


def _wait(row: RowMapping) -> timedelta:
    return timedelta(seconds=row["wait_seconds"])
