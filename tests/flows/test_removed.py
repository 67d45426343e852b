"""A section that was taken out leaves nothing that waits for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.flows import troubles
from bridge.flows.raising import raise_source
from bridge.ledger import dispatches
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import standing
from tests.house import House
from tests.sagepapers import CONSUMER

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
[[source]]
name = "stamm"
url = "sqlite:///erp.sqlite"
mapping = "artikelstamm"
table = "artikel"
changed = "stand"
"""


def test_what_only_asked_is_over(tmp_path: Path) -> None:
    house = House(tmp_path / "house", more=SOURCE).build()
    assert 4 == house.once(wait=0)
    parts = house.parts()
    with parts.ledger.write() as tx:
        facts.know(tx, f"{standing.CONTACT}alt", "2026-01-14T07:30:00+00:00")
        facts.know(tx, f"{troubles.SEVERE}alt:pull:x", "No right.")
        dues.raise_due(tx, "push", "alt", lane="alt", at=parts.clock.now())
    parts.close()
    house.more = ""
    house.build()

    code = house.once()

    status = house.view("status")
    assert 0 == code
    assert {"waiting": 0, "running": 0, "failed": 0} == status["jobs"]
    assert ({}, []) == (status["partners"], status["warnings"])


def test_files_for_a_partner_who_is_gone_are_told(tmp_path: Path) -> None:
    house = House(tmp_path / "house").build()
    parts = house.parts()
    with parts.ledger.write() as tx:
        dispatches.make(
            tx,
            partner="alt",
            folder="in",
            name="Bestellung_1.xml",
            draft=".x.part",
            state=dispatches.CLAIMED,
            made_at=parts.clock.now(),
        )
    parts.close()

    house.once()
    house.once()

    (told,) = house.view("status")["warnings"]
    assert "1 files for 'alt' are not brought" in told
    assert "Put the section [[partner]] back" in told


def test_a_database_that_is_away_is_named_while_it_is_asked_again(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "house", more=SOURCE).build()
    house.once(wait=0)
    parts = house.parts()

    with parts.ledger.write() as tx:
        raise_source(parts, tx, name="stamm")

    parts.close()
    waiting = house.view("status")["waiting"]
    assert ["databases.no_file"] == [error["code"] for error in waiting]


@pytest.mark.parametrize(
    ("errand", "key"),
    [
        ("publish", f"main|{CONSUMER}|alt|bestellung"),
        ("rows", f"main|{CONSUMER}|alt"),
    ],
)
def test_an_order_for_a_section_that_is_gone_says_how_to_get_it_again(
    house: House, errand: str, key: str
) -> None:
    house.order()
    house.once()
    parts = house.parts()
    with parts.ledger.write() as tx:
        dues.raise_due(tx, errand, key, lane="alt", at=parts.clock.now())
    parts.close()

    code = house.once()

    (order,) = (
        row for row in house.view("order_rows") if row["id"] == CONSUMER
    )
    (said,) = (
        one for one in order["findings"] if one["code"] == "jobs.order_dropped"
    )
    assert 0 == code
    assert 0 == house.view("status")["jobs"]["failed"]
    assert {"order": CONSUMER} == said["facts"]


def test_a_delivery_for_an_outbox_that_is_gone_says_how_to_get_it_again(
    house: House,
) -> None:
    house.offer({"0010": "5"})
    number = house.deliveries()[0].id
    parts = house.parts()
    with parts.ledger.write() as tx:
        key, now = f"{number}|alt|opentrans_invoice_aus", parts.clock.now()
        dues.raise_due(tx, "hand_on", key, lane="alt", at=now)
    parts.close()

    code = house.once()

    (said,) = (
        one
        for one in house.findings(number)
        if one.code == "jobs.delivery_dropped"
    )
    assert 0 == code
    assert 0 == house.view("status")["jobs"]["failed"]
    assert f"bridge delivery again {number}" in said.hint()
