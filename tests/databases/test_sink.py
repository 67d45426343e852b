"""Documents go into tables of others: whole, once, exactly."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.databases.sink import TableSink
from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.model.record import Record
from bridge.model.table import Column
from bridge.model.table import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases.conftest import Other

ITEMS = Shape(
    table="beleg_positionen",
    columns=(
        Column(name="Nr", content="text", length=20),
        Column(name="Position", content="integer"),
        Column(name="Menge", content="decimal"),
    ),
    key=("Nr", "Position"),
    counter="Position",
)
SHAPE = Shape(
    table="beleg",
    columns=(
        Column(name="Nr", content="text", length=20),
        Column(name="Betrag", content="decimal"),
        Column(name="Brutto", content="boolean"),
        Column(name="Tag", content="date"),
        Column(name="Stand", content="datetime"),
    ),
    key=("Nr",),
    children=(("Positionen", ITEMS),),
)


def paper(number: str, *quantities: str, amount: str = "12.50") -> Record:
    items = [Record(1, {"Menge": Decimal(pieces)}) for pieces in quantities]
    return Record(
        1,
        {
            "Nr": number,
            "Betrag": Decimal(amount),
            "Brutto": True,
            "Tag": date(2026, 1, 14),
            "Stand": datetime(2026, 1, 14, 7, 30, tzinfo=UTC),
            "Positionen": items,
        },
    )


@pytest.fixture
def sink(other: Other) -> Iterator[TableSink]:
    made = TableSink("staging", other.url, SHAPE, create=True)
    yield made
    made.close()


def test_a_document_becomes_a_row_and_its_list_a_child_table(
    other: Other, sink: TableSink
) -> None:
    sink.write(paper("007", "1", "0.333333"))

    (head,) = other.rows("SELECT * FROM beleg")
    assert "007" == head["Nr"]
    assert Decimal("12.50") == Decimal(head["Betrag"])
    items = other.rows('SELECT * FROM beleg_positionen ORDER BY "Position"')
    assert [1, 2] == [item["Position"] for item in items]
    assert Decimal("0.333333") == Decimal(items[1]["Menge"])


def test_the_same_document_twice_is_one_row(
    other: Other, sink: TableSink
) -> None:
    sink.write(paper("1", "1", "2"))
    sink.write(paper("1", "1", "2"))

    assert [{"n": 1}] == other.rows("SELECT count(*) AS n FROM beleg")
    assert 2 == len(other.rows("SELECT * FROM beleg_positionen"))


def test_items_a_document_no_longer_has_are_taken_away(
    other: Other, sink: TableSink
) -> None:
    sink.write(paper("1", "1", "2", "3"))
    sink.write(paper("2", "9"))

    sink.write(paper("1", "5"))

    kept = other.rows(
        'SELECT "Nr", "Menge" FROM beleg_positionen ORDER BY "Nr"'
    )
    assert [("1", Decimal(5)), ("2", Decimal(9))] == [
        (row["Nr"], Decimal(row["Menge"])) for row in kept
    ]


def test_columns_of_others_are_left_alone(
    other: Other, sink: TableSink
) -> None:
    sink.write(paper("1"))
    other.run(
        "ALTER TABLE beleg ADD COLUMN uebernommen INTEGER",
        "UPDATE beleg SET uebernommen = 1",
    )

    sink.write(paper("1", amount="99.99"))

    (row,) = other.rows("SELECT * FROM beleg")
    assert 1 == row["uebernommen"]
    assert Decimal("99.99") == Decimal(row["Betrag"])


def test_a_document_the_database_refuses_leaves_nothing_behind(
    other: Other, sink: TableSink
) -> None:
    sink.write(paper("1", "1"))
    other.run("DROP TABLE beleg_positionen")

    with pytest.raises(RefusedError) as caught:
        sink.write(paper("2", "1"))

    assert "databases.refused" == caught.value.code
    assert [{"Nr": "1"}] == other.rows('SELECT "Nr" FROM beleg')


def test_a_refusal_quotes_no_value(other: Other, sink: TableSink) -> None:
    sink.write(paper("1"))
    other.run('CREATE UNIQUE INDEX nur_einmal ON beleg ("Tag")')

    with pytest.raises(RefusedError) as caught:
        sink.write(paper("geheim"))

    assert "geheim" not in caught.value.told("en")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("column", "name", "amount", "told"),
    [
        ('"Name" VARCHAR(5)', "geheim", "1", ("long_value", "Name", 5, 6)),
        ('"Betrag" NUMERIC(4, 2)', "x", "123", ("large_value", "Betrag", 2)),
        ('"Betrag" SMALLINT', "x", "123456", ("large_value", "Betrag", 4)),
        ('"Name" VARCHAR(9) NOT NULL', "", "1", ("empty_value", "Name")),
    ],
)
def test_a_refusal_names_the_column_and_what_it_holds(
    other: Other, column: str, name: str, amount: str, told: tuple[str, ...]
) -> None:
    columns = {"Name": '"Name" TEXT', "Betrag": '"Betrag" NUMERIC(12, 2)'}
    columns[told[1]] = column
    other.run(
        'CREATE TABLE beleg ("Nr" VARCHAR(20) PRIMARY KEY, '
        + ", ".join(columns.values())
        + ")"
    )
    wanted = (
        *(SHAPE.columns[0], Column(name="Name", content="text")),
        Column(
            name="Betrag",
            content="integer" if "INT" in column else "decimal",
        ),
    )
    shape = Shape(table="beleg", columns=wanted, key=("Nr",))
    sink = TableSink("staging", other.url, shape, create=False)
    record = paper("1", amount=amount)
    record.values["Name"] = name
    if "sqlite" in other.url and told[0] != "empty_value":
        sink.write(record)  # SQLite keeps everything
        sink.close()
        return

    with pytest.raises(RefusedError) as caught, closing(sink):
        sink.write(record)

    said = caught.value
    assert f"databases.{told[0]}" == said.code
    assert [*told[1:]] == [
        said.facts[fact]
        for fact in ("column", "most", "found")[: len(told) - 1]
    ]
    assert "geheim" not in said.told("de")


def test_truth_is_sages_minus_one_in_a_column_of_numbers(
    other: Other,
) -> None:
    other.run(
        'CREATE TABLE beleg ("Nr" VARCHAR(20) PRIMARY KEY,'
        ' "Betrag" NUMERIC(12, 2), "Brutto" SMALLINT, "Tag" TIMESTAMP,'
        ' "Stand" TIMESTAMP)'
    )
    alone = replace(SHAPE, children=())
    sink = TableSink("staging", other.url, alone, create=False)

    sink.write(paper("1"))

    (row,) = other.rows('SELECT "Brutto", "Stand" FROM beleg')
    sink.close()
    assert -1 == row["Brutto"]
    assert "2026-01-14 07:30:00" == str(row["Stand"])[:19]


def test_what_does_not_fit_is_told_column_by_column(other: Other) -> None:
    other.run(
        'CREATE TABLE beleg ("Nr" VARCHAR(8) PRIMARY KEY,'
        ' "Betraege" NUMERIC(12, 2), "Brutto" SMALLINT, "Tag" INTEGER,'
        ' "Stand" TIMESTAMP, "Mandant" INTEGER NOT NULL)'
    )
    sink = TableSink("staging", other.url, SHAPE, create=False)

    found = {(item.code, item.field): item for item in sink.mismatches()}

    sink.close()
    assert {
        ("databases.too_short", "beleg.Nr"),
        ("databases.no_column", "beleg.Betrag"),
        ("databases.wrong_type", "beleg.Tag"),
        ("databases.not_filled", "beleg.Mandant"),
        ("databases.no_table", "beleg_positionen"),
    } == set(found)
    lacking = found["databases.no_column", "beleg.Betrag"]
    assert "Did you mean 'Betraege'?" in lacking.hint("en")


def test_nothing_is_written_into_tables_that_do_not_fit(other: Other) -> None:
    other.run('CREATE TABLE beleg ("Nr" VARCHAR(20) PRIMARY KEY)')
    sink = TableSink("staging", other.url, SHAPE, create=True)

    with pytest.raises(ConfigError) as caught:
        sink.write(paper("1"))

    sink.close()
    assert "databases.unfit" == caught.value.code
    assert [] == other.rows("SELECT * FROM beleg")


def test_a_database_that_is_away_is_asked_again() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    sink = TableSink("staging", url, SHAPE, create=True)

    with pytest.raises(TransientError):
        sink.write(paper("1"))


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        TableSink("x", "mssql+pyodbc://u@server/db", SHAPE, create=True)

    assert "databases.no_driver" == caught.value.code
    assert "pyodbc" in caught.value.told("en")


def test_a_value_is_never_rounded(other: Other) -> None:
    other.run(
        'CREATE TABLE beleg ("Nr" VARCHAR(20) PRIMARY KEY,'
        ' "Betrag" NUMERIC(9, 1), "Brutto" SMALLINT, "Tag" DATE,'
        ' "Stand" TIMESTAMP)'
    )
    alone = replace(SHAPE, children=())
    sink = TableSink("staging", other.url, alone, create=False)

    sink.write(paper("1", amount="12.5"))
    with pytest.raises(RefusedError) as caught:
        sink.write(paper("2", amount="12.55"))

    sink.close()
    assert "databases.inexact" == caught.value.code
    assert [{"Nr": "1"}] == other.rows('SELECT "Nr" FROM beleg')


def test_a_key_must_hold_the_number_of_the_document(other: Other) -> None:
    wrong = replace(SHAPE, key=("Brutto", "Tagg"), natural=("Nr",))
    sink = TableSink("staging", other.url, wrong, create=True)

    found = [item.code for item in sink.mismatches()]

    sink.close()
    assert ["databases.no_key_column", "databases.key_too_short"] == found


def test_a_key_may_be_of_another_type_at_the_head(other: Other) -> None:
    other.run(
        'CREATE TABLE beleg ("Nr" INTEGER PRIMARY KEY,'
        ' "Betrag" NUMERIC(12, 4), "Brutto" SMALLINT, "Tag" VARCHAR(10),'
        ' "Stand" VARCHAR(40))'
    )
    number = Column(name="Nr", content="integer")
    shape = replace(SHAPE, columns=(number, *SHAPE.columns[1:]))
    sink = TableSink("staging", other.url, shape, create=True)

    record = paper("1", "1")
    record.values["Nr"] = Decimal(7)
    sink.write(record)
    sink.write(record)

    sink.close()
    assert 1 == len(other.rows("SELECT * FROM beleg_positionen"))
