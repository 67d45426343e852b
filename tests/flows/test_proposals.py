"""Amazon proposes product types for groups that have none."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.flows.proposing import proposals
from bridge.flows.proposing import write
from tests.cli.test_commands import call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

GROUPS = (
    "Mandant;Artikelgruppe;Bezeichnung\n1;010;Pfeffermühlen\n1;020;Mörser\n"
)
TYPES = [("KITCHEN_GRINDER", "Küchenmühle"), ("SPICE", "Gewürz")]


def bring(shop: Shop) -> None:
    shop.house.drop(shop.house.later("Artikelgruppen"), GROUPS)
    shop.offer({"0010": "5"})
    shop.amazon.seller.proposals["Pfeffermühlen"] = TYPES


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))


def test_they_are_written_as_lines_of_the_table(shop: Shop) -> None:
    bring(shop)

    with shop.parts() as parts:
        found = list(proposals(parts, "DE"))
        path = write(parts, "DE", found)

    (row,) = rows(shop.house.path / path)  # of 020 nothing is offered
    assert ("010", "KITCHEN_GRINDER", "") == (
        *(row["Artikelgruppe"], row["Produkttyp"], row["Browseknoten"]),
    )
    assert "SPICE" in row.values()


def test_the_same_words_are_asked_once(shop: Shop) -> None:
    bring(shop)

    with shop.parts() as parts:
        twice = [list(proposals(parts, "DE")) for _ in range(2)]

    assert twice[0] == twice[1]
    assert 1 == shop.amazon.count("searchDefinitionsProductTypes")

    shop.clock.time += timedelta(days=31)
    with shop.parts() as parts:
        list(proposals(parts, "DE"))
    assert 2 == shop.amazon.count("searchDefinitionsProductTypes")


@pytest.mark.parametrize("fault", ["429", "503", "dropped", "403"])
def test_an_answer_that_does_not_come_is_told_and_asked_again(
    shop: Shop, fault: Fault
) -> None:
    bring(shop)
    faults = (fault,) * 3
    shop.amazon.faults.plan("searchDefinitionsProductTypes", *faults)

    with shop.parts() as parts:
        (first,) = proposals(parts, "DE")
        shop.amazon.faults.due.clear()
        shop.clock.sleep(parts.settings.amazon.poll_feeds * 10)
        (second,) = proposals(parts, "DE")

    assert first.error is not None
    assert [] == first.types
    assert TYPES == second.types


def test_in_rehearsal_nobody_is_asked(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "5"})

    code = call(house, "offer", "propose", "--json")

    assert 0 != code
    assert "cli.propose_live" in json.dumps(capsys.readouterr())
