"""The ledger keeps its promises on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy import select

from bridge.errors import ConfigError
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import flight
from bridge.ledger import offers
from bridge.ledger import orders
from bridge.ledger import staging
from bridge.ledger import tables
from bridge.ledger import touches
from bridge.ledger.engine import Ledger
from bridge.ledger.offers import Desired
from bridge.ledger.offers import Side
from bridge.ledger.safe import KeySafe
from bridge.ledger.staging import Scope
from bridge.ledger.staging import Staged

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 14, 6, 30, tzinfo=UTC)
SIDE = Side("rehearsal", "main")
SCOPE = Scope(1, "Article", "artikelstamm")


def staged(
    delivery: int, seq: int, article: str, body: bytes, *, at: int = 1
) -> Staged:
    return Staged(
        delivery_id=delivery,
        seq=seq,
        line=seq + 2,
        article=article,
        variant=0,
        key=f"{article}\x1f0",
        raw=body[:16].ljust(16),
        hash=body[:16].ljust(16),
        body=body,
        as_of=at,
        fate=staging.NEW,
    )


def accept(ledger: Ledger, *rows: Staged) -> int:
    with ledger.write() as tx:
        staging.clear(tx, rows[0].delivery_id)
        staging.add(tx, rows)
        return documents.accept(tx, SCOPE, rows[0].delivery_id).older


def bodies(ledger: Ledger) -> dict[str, bytes]:
    with ledger.read() as tx:
        table = tables.document
        rows = tx.execute(select(table.c.article, table.c.body))
        return {row[0]: bytes(row[1]) for row in rows}


def touched(ledger: Ledger) -> list[str]:
    with ledger.write() as tx:
        return [item.article for item in touches.take_touched(tx, 1, 100)]


def test_the_migrations_make_exactly_the_tables(ledger: Ledger) -> None:
    with ledger.read() as tx:
        names = set(inspect(tx).get_table_names())
        columns = {
            table.name: {
                c["name"] for c in inspect(tx).get_columns(table.name)
            }
            for table in tables.metadata.sorted_tables
        }

    assert set(tables.metadata.tables) <= names
    for table in tables.metadata.sorted_tables:
        assert {column.name for column in table.columns} == columns[table.name]


def test_a_failed_transaction_leaves_nothing(ledger: Ledger) -> None:
    def fail() -> None:
        with ledger.write() as tx:
            facts.know(tx, "a", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with ledger.read() as tx:
        assert facts.known(tx, "a") is None


def test_a_new_document_is_kept_and_touches_its_article(
    ledger: Ledger,
) -> None:
    assert 0 == accept(ledger, staged(1, 0, "0010", b"one"))

    assert {"0010": b"one"} == bodies(ledger)
    assert ["0010"] == touched(ledger)


def test_an_equal_document_touches_nothing(ledger: Ledger) -> None:
    accept(ledger, staged(1, 0, "0010", b"one"))
    touched(ledger)

    accept(ledger, staged(2, 0, "0010", b"one", at=2))

    assert [] == touched(ledger)


def test_an_older_document_is_skipped_and_counted(ledger: Ledger) -> None:
    accept(ledger, staged(1, 0, "0010", b"new", at=5))
    touched(ledger)

    assert 1 == accept(ledger, staged(2, 0, "0010", b"old", at=4))

    assert {"0010": b"new"} == bodies(ledger)
    assert [] == touched(ledger)


def test_of_equally_old_documents_the_later_received_wins(
    ledger: Ledger,
) -> None:
    accept(ledger, staged(1, 0, "0010", b"one", at=5))
    accept(ledger, staged(2, 0, "0010", b"two", at=5))

    assert {"0010": b"two"} == bodies(ledger)


def test_what_a_full_file_lacks_is_found(ledger: Ledger) -> None:
    accept(ledger, staged(1, 0, "0010", b"a"), staged(1, 1, "0011", b"b"))
    unseen = [
        staged(2, -place, number, b"")._replace(fate=staging.ABSENT)
        for place, number in ((1, "0010"), (2, "0011"))
    ]
    accept(ledger, staged(2, 0, "0011", b"b"), *unseen)

    with ledger.read() as tx:
        gone = list(documents.absent(tx, SCOPE, 2))

    assert ["0010"] == [item.article for item in gone]


def test_a_key_that_stands_twice_is_found_with_its_lines(
    ledger: Ledger,
) -> None:
    with ledger.write() as tx:
        staging.add(
            tx,
            [
                staged(1, 0, "0010", b"a"),
                staged(1, 1, "0010", b"b"),
                staged(1, 2, "0011", b"c"),
                staged(1, 3, "0011", b"c"),
            ],
        )
        found = {
            key: (same, [record.line for record in records])
            for key, same, records in staging.twice(tx, 1)
        }

    assert {
        "0010\x1f0": (False, [2, 3]),
        "0011\x1f0": (True, [4, 5]),
    } == found


def desire(ledger: Ledger, body: bytes) -> None:
    place = (SIDE.mode, SIDE.account, "DE", "0010", "stock")
    row = Desired(*place, body, body.ljust(16), 1)
    with ledger.write() as tx:
        offers.desire(tx, [row])


def send(ledger: Ledger, number: int) -> None:
    with ledger.write() as tx:
        flight.send(tx, SIDE, "DE", flight.ALL, ["0010"], number)


def land(ledger: Ledger, number: int, *, refused: Any = None) -> None:  # noqa: ANN401
    with ledger.write() as tx:
        flight.land(tx, number, refused or {}, {}, NOW)


def facet(ledger: Ledger) -> tuple[str, bytes | None, bytes | None]:
    with ledger.read() as tx:
        (row,) = offers.facets_of(tx, SIDE, "0010")
    return row.state, row.desired, row.accepted


def test_a_difference_waits_flies_and_lands(ledger: Ledger) -> None:
    desire(ledger, b"5")
    assert ("waiting", b"5", None) == facet(ledger)

    send(ledger, 1)
    assert ("sent", b"5", None) == facet(ledger)

    land(ledger, 1)
    assert ("same", b"5", b"5") == facet(ledger)


def test_a_newer_wish_in_flight_is_neither_lost_nor_overtaken(
    ledger: Ledger,
) -> None:
    desire(ledger, b"5")
    send(ledger, 1)

    desire(ledger, b"4")
    assert ("sent", b"4", None) == facet(ledger)
    land(ledger, 1)

    assert ("waiting", b"4", b"5") == facet(ledger)


def test_a_refused_wish_waits_only_when_it_changes(ledger: Ledger) -> None:
    desire(ledger, b"5")
    send(ledger, 1)
    land(ledger, 1, refused={"0010": [{"message": "nein"}]})
    assert ("refused", b"5", None) == facet(ledger)

    desire(ledger, b"4")
    assert "waiting" == facet(ledger)[0]
    desire(ledger, b"5")
    assert "refused" == facet(ledger)[0]


def test_a_wish_that_returns_to_what_amazon_has_is_nothing_to_send(
    ledger: Ledger,
) -> None:
    desire(ledger, b"5")
    send(ledger, 1)
    land(ledger, 1)

    desire(ledger, b"4")
    desire(ledger, b"5")

    assert "same" == facet(ledger)[0]


def test_landing_twice_is_harmless(ledger: Ledger) -> None:
    desire(ledger, b"5")
    send(ledger, 1)
    land(ledger, 1)
    desire(ledger, b"4")

    land(ledger, 1)

    assert ("waiting", b"4", b"5") == facet(ledger)


def test_rehearsal_and_live_know_nothing_of_each_other(
    ledger: Ledger,
) -> None:
    desire(ledger, b"5")

    with ledger.read() as tx:
        assert [] == offers.facets_of(tx, Side("live", "main"), "0010")
        assert [] == offers.facets_of(tx, Side("rehearsal", "other"), "0010")


def test_a_thing_due_again_has_a_new_generation(ledger: Ledger) -> None:
    with ledger.write() as tx:
        dues.raise_due(tx, "compose", "1", lane="c", at=NOW)
        dues.raise_due(tx, "compose", "1", lane="c", at=NOW)
        (due,) = dues.open_dues(tx)

    assert "compose:1:2" == due.id


def test_doing_an_older_generation_leaves_the_newer_due(
    ledger: Ledger,
) -> None:
    with ledger.write() as tx:
        dues.raise_due(tx, "compose", "1", lane="c", at=NOW)
        dues.raise_due(tx, "compose", "1", lane="c", at=NOW)
        dues.done(tx, "compose", "1", 1)
        assert 1 == len(dues.open_dues(tx))
        dues.done(tx, "compose", "1", 2)
        assert [] == dues.open_dues(tx)


def test_a_generation_is_never_used_twice(ledger: Ledger) -> None:
    with ledger.write() as tx:
        dues.raise_due(tx, "compose", "1", lane="c", at=NOW)
        dues.done(tx, "compose", "1", 1)
        dues.raise_due(tx, "compose", "1", lane="c", at=NOW)
        (due,) = dues.open_dues(tx)

    assert 2 == due.generation


def test_another_attempt_is_a_new_generation_later(ledger: Ledger) -> None:
    with ledger.write() as tx:
        dues.raise_due(tx, "submit", "DE", lane="s", at=NOW)
        (due,) = dues.open_dues(tx)
        later = NOW + timedelta(seconds=5)
        dues.again(tx, due, at=later, error={"code": "x"})
        (due,) = dues.open_dues(tx)

    assert (2, 1, later) == (due.generation, due.attempt, due.not_before)


def test_within_a_lane_the_lowest_rank_comes_first(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for key, rank in (("1", "b"), ("2", "a"), ("3", "c")):
            dues.raise_due(tx, "intake", key, lane="i", at=NOW, rank=rank)
        keys = [due.key for due in dues.open_dues(tx)]

    assert ["2", "1", "3"] == keys


def sold(number: str, updated: datetime, digest: bytes) -> dict[str, Any]:
    return {
        "id": number,
        "mandant": 1,
        "marketplace": "DE",
        "status": "UNSHIPPED",
        "purchased_at": NOW,
        "updated_at": updated,
        "currency": "EUR",
        "total": Decimal("19.90"),
        "hash": digest.ljust(16),
        "body": b"{}",
        "findings": [],
    }


def test_an_order_is_kept_once_and_older_news_changes_nothing(
    ledger: Ledger,
) -> None:
    def keep(updated: datetime, digest: bytes) -> bool:
        with ledger.write() as tx:
            row = sold("1", updated, digest)
            known = orders.get(tx, SIDE, "1")
            return orders.keep(
                tx, SIDE, known, row, key_id="k", blob=b"locked"
            )

    assert keep(NOW, b"a")
    assert not keep(NOW, b"a")
    assert not keep(NOW - timedelta(hours=1), b"b")
    assert keep(NOW + timedelta(hours=1), b"b")
    with ledger.read() as tx:
        row = orders.get(tx, SIDE, "1")
    assert row is not None
    assert (2, Decimal("19.9")) == (row.version, row.total)


def test_instants_come_back_as_utc_and_naive_ones_are_refused(
    ledger: Ledger,
) -> None:
    with ledger.write() as tx:
        dues.raise_due(tx, "a", "1", lane="l", at=NOW)
        (due,) = dues.open_dues(tx)
    assert NOW == due.not_before

    naive = datetime(2026, 1, 14)  # noqa: DTZ001 - that is the point
    with pytest.raises(TypeError), ledger.write() as tx:
        dues.raise_due(tx, "a", "1", lane="l", at=naive)


def test_two_writers_wait_for_each_other(ledger: Ledger) -> None:
    def add() -> None:
        for _ in range(20):
            with ledger.write() as tx:
                dues.raise_due(tx, "a", "1", lane="l", at=NOW)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with ledger.read() as tx:
        (due,) = dues.open_dues(tx)
    assert 80 == due.generation


def test_a_database_that_does_not_answer_is_a_setting_to_correct() -> None:
    ledger = Ledger("postgresql+psycopg://nobody@127.0.0.1:1/none")

    with pytest.raises(ConfigError) as caught:
        ledger.migrate()

    assert "config.no_database" == caught.value.code
    ledger.close()


def test_what_is_locked_opens_only_with_its_own_key(tmp_path: Path) -> None:
    safe = KeySafe(tmp_path / "one.key")
    blob = safe.lock(b"Erika")

    assert b"Erika" not in blob
    assert b"Erika" == KeySafe(tmp_path / "one.key").unlock(blob, safe.key_id)
    with pytest.raises(ConfigError, match=safe.key_id):
        KeySafe(tmp_path / "two.key").unlock(blob, safe.key_id)
