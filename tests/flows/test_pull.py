"""Files of a partner become deliveries, whatever happens on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.house import House
from tests.house import stock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sshd import Sshd

NAME = "Bestand_20260115_000001.csv"
STOCK = stock({"0010": "5"}).encode("windows-1252")


def partner_house(tmp_path: Path, sshd: Sshd, more: str = "") -> House:
    then = more or 'then = "move:Verarbeitet"'
    pull = (
        'mappings = ["bestand"]\nreceipts = true\n'
        f'pull = [{{ folder = "{sshd.area}/out", patterns = ["Bestand_*"],'
        f" {then} }}]"
    )
    return House(tmp_path / "house", more=sshd.settings(pull)).build()


def test_a_file_is_fetched_answered_and_put_aside(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(NAME, STOCK)

    code = house.once()

    delivery = house.deliveries()[0]
    assert 0 == code
    assert ("spedition", "accepted") == (delivery.inbox, delivery.state)
    assert [f"{NAME}.ok", f"Verarbeitet/{NAME}"] == sshd.names("out")
