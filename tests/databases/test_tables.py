"""Sections [[table]] and [[source]]: whole journeys."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.cli.main import main
from tests.house import House
from tests.house import articles

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases.conftest import Other

TABLE = """
[[table]]
name = "staging"
url = "env:OTHER_URL"
mapping = "bestellung"
table = "bestellung"
create = true
"""
LISTE = """\
mapping: 1
title: Artikelliste
direction: out
document: Article
name: "Liste_{now:%Y}"
formats:
  csv: { encoding: utf-8, delimiter: ";" }
fields:
  Mandant: { context: mandant, as: integer }
  Artikelnummer: { from: article, as: code, cut: 31 }
  Auspraegung: { from: variant, as: integer, else: 0 }
  Bezeichnung: { from: title, cut: 80 }
  Steuersatz: { from: tax_rate, as: decimal }
"""
SOURCE = """
[[source]]
name = "stamm"
url = "env:OTHER_URL"
mapping = "artikelstamm"
table = "export_artikel"
changed = "geaendert"
"""
EXPORT = (
    "CREATE TABLE export_artikel (mandant INTEGER, artikelnummer VARCHAR(31),"
    " bezeichnung1 VARCHAR(80), gewicht NUMERIC(12, 4), aktiv SMALLINT,"
    " user_amazon SMALLINT, geaendert TIMESTAMP)"
)


@pytest.fixture
def away(other: Other, monkeypatch: pytest.MonkeyPatch) -> Other:
    monkeypatch.setenv("OTHER_URL", other.url)
    return other


def house_with(tmp_path: Path, more: str) -> House:
    return House(tmp_path / "house", more=more).build()


def test_each_order_becomes_rows_once(tmp_path: Path, away: Other) -> None:
    house = house_with(tmp_path, TABLE)
    house.order()

    house.once()
    house.once()

    heads = away.rows('SELECT * FROM "PROBE_bestellung"')
    items = away.rows('SELECT * FROM "PROBE_bestellung_positionen"')
    assert 2 == len(heads)
    for row in house.view("order_rows"):
        paid = [
            Decimal(item["Gesamtpreis"])
            for item in items
            if item["Referenznummer"] == row["id"]
        ]
        assert Decimal(row["total"]) == sum(paid)


def test_a_table_that_was_away_gets_its_orders_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_with(tmp_path, TABLE)
    house.order()
    monkeypatch.setenv("OTHER_URL", f"sqlite:///{tmp_path}/no/folder.sqlite")
    assert 4 == house.once(wait=0)

    (tmp_path / "no").mkdir()
    house.days_later = 1
    house.once()

    found = house.view("order_rows")
    assert 2 == len(found)
    assert (tmp_path / "no" / "folder.sqlite").exists()


def test_a_catalogue_is_kept_in_a_table(tmp_path: Path, away: Other) -> None:
    table = TABLE.replace("bestellung", "liste")
    house = house_with(tmp_path, table)
    (house.path / "mappings").mkdir()
    (house.path / "mappings" / "liste.yaml").write_text(LISTE, "utf-8")
    house.drop(house.later("Artikelstamm_geaendert"), articles("0001", "2"))
    house.once()

    house.drop(
        house.later("Artikelstamm_geaendert"),
        articles("0001").replace("Artikel 0001", "Pfeffermühle"),
    )
    house.once()

    rows = away.rows(
        'SELECT "Artikelnummer" AS a, "Bezeichnung" AS b'
        ' FROM "PROBE_liste" ORDER BY 1'
    )
    assert [
        {"a": "0001", "b": "Pfeffermühle"},
        {"a": "2", "b": "Artikel 2"},
    ] == rows


def test_a_table_is_read_like_a_file(tmp_path: Path, away: Other) -> None:
    away.run(EXPORT, _row("0001", "Mühle", "2026-01-14 07:00:00"))
    house = house_with(tmp_path, _renamed(SOURCE, away))

    house.once()

    (delivery,) = house.deliveries()
    assert ("@stamm", "accepted", 1) == (
        delivery.inbox,
        delivery.state,
        delivery.records,
    )
    assert not delivery.complete
    assert "0,42" in _archived(house)


def test_only_what_changed_is_read_again(tmp_path: Path, away: Other) -> None:
    away.run(
        EXPORT,
        _row("0001", "Mühle", "2026-01-14 07:00:00"),
        _row("0002", "Dose", "2026-01-14 07:10:00"),
    )
    house = house_with(tmp_path, _renamed(SOURCE, away))
    house.once()
    house.once()  # what changed last is read again, and says nothing new
    before = len(house.deliveries())
    house.once()
    assert before == len(house.deliveries())

    away.run(_row("0003", "Glas", "2026-01-14 08:00:00"))
    house.once()

    last = house.deliveries()[-1]
    assert ("accepted", before + 1) == (last.state, len(house.deliveries()))
    assert 3 > last.records


def test_check_names_what_is_wrong_with_tables(
    tmp_path: Path, away: Other
) -> None:
    away.run(EXPORT)
    more = (
        TABLE.replace("create = true", "")
        + SOURCE.replace('"geaendert"', '"geandert"')
        + SOURCE.replace('"stamm"', '"x"').replace("artikelstamm", "preisse")
    )
    house = house_with(tmp_path, more)
    for folder in ("inbox", "outbox/sage"):
        (house.path / folder).mkdir(parents=True)

    told = _check(house, 2)

    assert "There is no table 'PROBE_bestellung'." in told
    assert "There is no table 'PROBE_bestellung_positionen'." in told
    assert "has no column 'geandert'" in told
    assert "Known: mandant" in told.replace("\n", " ")
    assert "preisse" in told


@pytest.mark.parametrize("more", [TABLE.replace("true", "false"), SOURCE])
def test_check_makes_no_database_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    path = tmp_path / "erp.sqlite"
    monkeypatch.setenv("OTHER_URL", f"sqlite:///{path}")
    house = house_with(tmp_path, more)

    told = _check(house, 2)

    assert f"{path}, the database of" in told
    assert "is not there" in told
    assert not path.exists()


def test_check_leaves_the_making_of_a_database_to_the_first_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staging.sqlite"
    monkeypatch.setenv("OTHER_URL", f"sqlite:///{path}")
    house = house_with(tmp_path, TABLE)
    for folder in ("inbox", "outbox/sage"):
        (house.path / folder).mkdir(parents=True)

    _check(house, 0)

    assert not path.exists()


def test_a_password_never_stands_in_the_settings(tmp_path: Path) -> None:
    url = "postgresql+psycopg://sage:geheim@server/db"
    house = house_with(tmp_path, TABLE.replace("env:OTHER_URL", url))

    told = _check(house, 2)

    assert "A password never stands in bridge.toml itself." in told
    assert "geheim" not in told


def _row(number: str, title: str, at: str) -> str:
    return (
        f"INSERT INTO export_artikel VALUES (1, '{number}', '{title}', 0.42,"  # noqa: S608 - ours
        f" -1, -1, '{at}')"
    )


def _renamed(settings: str, away: Other) -> str:
    """A view with the column names that Sage's layout has."""
    away.run(
        'CREATE VIEW artikel AS SELECT mandant AS "Mandant",'
        ' artikelnummer AS "Artikelnummer", bezeichnung1 AS "Bezeichnung1",'
        ' gewicht AS "Gewicht", \'kg\' AS "Gewichtseinheit",'
        ' aktiv AS "Aktiv", user_amazon AS "USER_Amazon",'
        ' geaendert AS "geaendert" FROM export_artikel'
    )
    return settings.replace("export_artikel", "artikel")


def _archived(house: House) -> str:
    (path,) = (house.path / "archive").rglob("*.csv")
    return path.read_text("windows-1252")


def _check(house: House, code: int) -> str:
    err = io.StringIO()
    with redirect_stderr(err):
        got = main(["--workspace", os.fspath(house.path), "check"])
    assert code == got
    return err.getvalue()


def test_new_customers_of_orders_become_rows(
    tmp_path: Path, away: Other
) -> None:
    more = TABLE.replace("bestellung", "kundenanlage") + (
        'key = ["Matchcode"]\n[customers]\nfrom_orders = "each"\n'
    )
    house = house_with(tmp_path, more)
    house.order(today=True)

    house.once()
    house.once()

    rows = away.rows('SELECT "Matchcode", "Name1" FROM "PROBE_kundenanlage"')
    assert 2 == len(rows)
    assert all(str(row["Matchcode"]).startswith("Amazon ") for row in rows)


def test_customers_without_a_way_out_are_a_mistake(tmp_path: Path) -> None:
    house = house_with(tmp_path, '[customers]\nfrom_orders = "each"\n')

    told = _check(house, 2)

    assert "no outbox and no table takes customers" in told


def test_a_value_that_is_no_number_refuses_its_row_only(
    tmp_path: Path, away: Other
) -> None:
    more = SOURCE.replace("artikelstamm", "bestand").replace(
        'changed = "geaendert"\n', ""
    )
    away.run(
        'CREATE TABLE export_artikel ("Artikelnummer" VARCHAR(31),'
        ' "Lagerkennung" VARCHAR(8), "Bestand" DOUBLE PRECISION)',
        "INSERT INTO export_artikel VALUES ('0001', 'HL', 5)",
        "INSERT INTO export_artikel VALUES ('0002', 'HL', 1e400)"
        if "sqlite" in away.url
        else "INSERT INTO export_artikel VALUES ('0002', 'HL', 'NaN')",
    )
    house = house_with(tmp_path, more)

    house.once()

    (delivery,) = house.deliveries()
    assert ("partly", 1) == (delivery.state, delivery.refused)
