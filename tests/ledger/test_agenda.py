"""A look at what is due reads the first ripe thing of each lane."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.ledger import agenda
from bridge.ledger import dues

if TYPE_CHECKING:
    from bridge.ledger.agenda import Agenda
    from bridge.ledger.engine import Ledger
    from bridge.ledger.engine import Transaction
    from tests.conftest import StandingClock

LONGEST = timedelta(minutes=30)


def _look(ledger: Ledger, clock: StandingClock) -> Agenda:
    with ledger.read() as tx:
        return agenda.look(tx, clock.now(), LONGEST)


def _park(tx: Transaction, errand: str, key: str) -> None:
    due = dues.known(tx, errand, key)
    assert due is not None
    dues.park(tx, due, error={"code": "x"})


def test_of_a_lane_the_lowest_rank_comes_first(
    ledger: Ledger, clock: StandingClock
) -> None:
    with ledger.write() as tx:
        for key, rank in (("1", "b"), ("2", "a"), ("3", "c")):
            dues.raise_due(
                tx, "intake", key, lane="one", at=clock.now(), rank=rank
            )

    found = _look(ledger, clock)

    assert ["2"] == [due.key for due in found.heads]


def test_what_waits_or_is_parked_does_not_hide_what_comes_after_it(
    ledger: Ledger, clock: StandingClock
) -> None:
    later = clock.now() + timedelta(minutes=5)
    with ledger.write() as tx:
        dues.raise_due(tx, "intake", "1", lane="one", at=later)
        dues.raise_due(tx, "intake", "2", lane="one", at=clock.now())
        _park(tx, "intake", "2")
        dues.raise_due(tx, "intake", "3", lane="one", at=clock.now())

    found = _look(ledger, clock)

    assert ["3"] == [due.key for due in found.heads]
    assert later == found.next_at
    assert 1 == found.parked


def test_each_errand_of_a_lane_shows_its_first(
    ledger: Ledger, clock: StandingClock
) -> None:
    with ledger.write() as tx:
        for errand in ("push", "pull"):
            dues.raise_due(tx, errand, "spedition", lane="p", at=clock.now())
            dues.raise_due(tx, errand, "zoll", lane="p", at=clock.now())

    found = _look(ledger, clock)

    assert {("pull", "spedition"), ("push", "spedition")} == {
        (due.errand, due.key) for due in found.heads
    }


def test_what_was_put_off_before_the_clock_fell_back_is_ripe(
    ledger: Ledger, clock: StandingClock
) -> None:
    far = clock.now() + 2 * LONGEST
    with ledger.write() as tx:
        dues.raise_due(tx, "intake", "1", lane="one", at=far)

    found = _look(ledger, clock)

    assert ["1"] == [due.key for due in found.heads]
    assert found.next_at is None


def test_what_is_asked_for_again_and_again_does_not_push_others_aside(
    ledger: Ledger, clock: StandingClock
) -> None:
    with ledger.write() as tx:
        dues.raise_due(tx, "push", "spedition", lane="p", at=clock.now())
    for _ in range(2):
        clock.sleep(timedelta(seconds=1))
        with ledger.write() as tx:
            for errand in ("pull", "push"):
                dues.raise_due(
                    tx, errand, "spedition", lane="p", at=clock.now()
                )

    found = _look(ledger, clock)

    assert ["push", "pull"] == [due.errand for due in found.heads]
