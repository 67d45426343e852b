"""Personal data: locked wherever it rests, gone when its time is over."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bridge.errors import DefectError
from bridge.flows import lockedfiles
from bridge.ledger import persontables
from bridge.ledger import tables
from bridge.ledger.safe import KeySafe
from tests.flows.test_customers import EACH
from tests.flows.test_customers import SAGE
from tests.flows.test_customers import buyer
from tests.flows.test_customers import made
from tests.flows.test_customers import roots
from tests.flows.test_orders import CONSUMER
from tests.flows.test_orders import recorded
from tests.flows.test_orders import texts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House

PAPER = (
    "Rechnung;2026;{};15.01.2026;{};D90001;Erika Beispiel;EUR;-1;8,40;1,60;"
    "10,00;1;0010;1;10,00;10,00;19,00\n"
)
PAPERS = (
    "Belegart;Belegjahr;Belegnummer;Belegdatum;Referenznummer;Kunde;A2Name1;"
    "WKz;IstBruttopreis;Nettobetrag;Steuerbetrag;Bruttobetrag;Position;Artikelnummer;Menge;Einzelpreis;"
    "Gesamtpreis;Steuersatz\n" + PAPER.replace("{}", "1", 1)
)
#: Where persons must be readable: what Sage fetches, what Amazon said, what
#: a person must correct.
OPEN = ("outbox/sage", "rehearsal/orders", "quarantine")


def plain(house: House, word: str) -> list[str]:
    """Every file of the workspace that holds a word in plain text."""
    found = []
    for path in sorted(house.path.rglob("*")):
        name = path.relative_to(house.path).as_posix()
        if not path.is_file() or name.startswith(OPEN):
            continue
        content = path.read_bytes()
        codes = ("utf-8", "cp1252", "utf-16-le")
        if any(word.encode(code) in content for code in codes):
            found.append(name)
    return found


def shipped(house: House) -> None:
    path, content = recorded(house)
    for order in content["orders"]:
        order["fulfillment"]["fulfillmentStatus"] = "SHIPPED"
    path.write_text(json.dumps(content), encoding="utf-8")


def test_no_word_of_a_person_lies_open_in_the_workspace(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.drop("Kunden_1.csv", SAGE.replace("Mara", "Zölestine"))
    house.order(today=True)
    buyer(house, name="Xaver Unverwechselbar", street="Quittengasse 77")

    house.once()

    words = (
        *("Xaver", "Unverwechselbar", "Quittengasse", "quittengasse77"),
        *("x1@marketplace", "Zölestine", "Beispielweg"),
    )
    assert {word: [] for word in words} == {
        word: plain(house, word) for word in words
    }
    assert 2 <= len(roots(house, "Kunden"))


def test_a_name_that_was_cut_is_not_quoted_in_the_ledger(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.order(today=True)
    buyer(
        house, name="Überlanger Name " * 6, email="щука@marketplace.amazon.de"
    )

    house.once()

    assert [] == plain(house, "Überlanger")
    (row,) = [r for r in house.view("order_rows") if r["id"] == CONSUMER]
    assert "mapping.cut" in [item["code"] for item in row["findings"]]


def test_an_archived_list_of_persons_is_locked_and_can_be_read_again(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.drop("Kunden_1.csv", SAGE)
    house.once()
    (kept,) = (house.path / "archive").rglob("*Kunden_1.csv*")
    assert kept.name.endswith(".csv.locked")

    house.ask("delivery.again", 1)
    house.once()

    assert "accepted" == house.deliveries()[-1].state
    assert [kept] == list((house.path / "archive").rglob("*Kunden_1.csv*"))


def test_a_cut_lock_is_told(tmp_path: Path) -> None:
    safe = KeySafe(tmp_path / "key")
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 3_000_000)
    locked = lockedfiles.lock(path, safe)
    lines = locked.read_bytes().splitlines(keepends=True)
    assert 5 == len(lines)
    locked.write_bytes(b"".join(lines[:-1]))

    with pytest.raises(DefectError, match="is not whole"):
        lockedfiles.unlock(locked, safe)

    assert locked.exists()


def test_a_buyer_is_forgotten_thirty_days_after_the_shipment(
    tmp_path: Path,
) -> None:
    house = made(tmp_path, EACH)
    house.order(today=True)
    house.once()
    shipped(house)
    house.once()
    before = house.column(select(persontables.person.c.order_id))

    house.days_later = 3650
    house.once()

    assert CONSUMER in before
    assert CONSUMER not in house.column(select(persontables.person.c.order_id))
    assert CONSUMER not in house.column(
        select(persontables.identity.c.order_id)
    )
    (row,) = [r for r in house.view("order_rows") if r["id"] == CONSUMER]
    assert row["purged_at"]
    rules = house.column(select(persontables.purge.c.rule))
    assert "personal_data 30d" in rules


def test_an_order_without_its_buyer_can_still_be_written(
    tmp_path: Path,
) -> None:
    house = made(tmp_path, "")
    house.order(today=True)
    house.once()
    shipped(house)
    house.once()
    house.days_later = 3650
    house.once()

    house.ask("order.again", CONSUMER)
    house.once()

    last = [
        r for r in roots(house, "Bestellung_") if CONSUMER in texts(r, "*/*")
    ]
    assert ["Amazon-Kunde"] == texts(last[-1], "*/A2Name1")
    (row,) = [r for r in house.view("order_rows") if r["id"] == CONSUMER]
    assert "orders.nobody" in [item["code"] for item in row["findings"]]


def test_a_paper_that_comes_after_the_purge_loses_the_name_as_well(
    tmp_path: Path,
) -> None:
    house = made(tmp_path, "")
    house.order(today=True)
    house.once()
    shipped(house)
    house.once()
    house.days_later = 3650
    house.once()
    other = "305-0000009-0000009"
    house.drop(
        "Belege_1.csv", PAPERS.format(CONSUMER) + PAPER.format(2, other)
    )
    house.once()
    house.days_later = 3652

    house.once()

    bodies = house.column(
        select(tables.document.c.body).where(
            tables.document.c.kind == "SalesDocument"
        )
    )
    named = {json.loads(body)["order"]: b"locked" in body for body in bodies}
    assert {CONSUMER: False, other: True} == named
    assert "papers" in house.column(select(persontables.purge.c.what))


def test_originals_and_reports_go_by_rule(tmp_path: Path) -> None:
    house = made(tmp_path, "")
    house.drop("Kunden_1.csv", SAGE)
    house.drop("Urlaub.csv", "a;b\n1;2\n")
    house.offer({"0010": "1"})
    archive, quarantine = house.path / "archive", house.path / "quarantine"

    house.days_later = 31
    house.once()
    names = " ".join(path.name for path in archive.rglob("*"))
    assert "Kunden" not in names
    assert "Artikelstamm" in names
    assert list(quarantine.iterdir())

    house.days_later = 91
    house.once()
    assert not list(archive.rglob("*"))
    assert not list(quarantine.iterdir())


def test_a_new_key_locks_everything_anew(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.drop("Kunden_1.csv", SAGE)
    house.order(today=True)
    buyer(house)
    house.once()
    path = house.path / "state" / "person.key"
    old = path.read_bytes()
    prints = house.column(select(persontables.identity.c.print))

    house.ask("key.rotate", "")
    house.once()

    keys = set(house.column(select(persontables.person.c.key_id)))
    assert {KeySafe(path).key_id} == keys
    house.days_later = 2
    house.once()  # nothing is locked with the old key any more
    assert old.strip() not in path.read_bytes()
    assert prints == house.column(select(persontables.identity.c.print))
    house.ask("delivery.again", 1)
    house.ask("order.again", CONSUMER)
    house.once()
    assert "accepted" == house.deliveries()[0].state
    named = [
        text
        for root in roots(house, "Bestellung_")
        for text in texts(root, "*/A2Name1")
    ]
    assert 2 == named.count("Mara Beispiel")


def test_finished_jobs_are_forgotten(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.offer({"0010": "1"})
    jobs = "SELECT workflow_uuid FROM workflow_status"

    house.days_later = 401
    house.once()

    with closing(sqlite3.connect(house.path / "state/jobs.sqlite")) as kept:
        left = {name for (name,) in kept.execute(jobs)}
    assert left
    assert not [name for name in left if name.startswith("intake:")]


def test_more_than_thirty_days_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from bridge.cli.main import main  # noqa: PLC0415 - the whole program

    house = made(tmp_path, '[retention]\npersonal_data = "90d"\n')

    code = main(["--workspace", str(house.path), "check"])

    assert 2 == code
    assert re.search(
        r"bridge\.toml:\d+:\d+ .*30 days", capsys.readouterr().err
    )
