"""Files go to a partner once, whole, and never over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.house import House

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sshd import Sshd


def pushing_house(tmp_path: Path, sshd: Sshd, more: str = "") -> House:
    push = (
        f'push = [{{ folder = "{sshd.area}/in", from = "outbox/sage",'
        f' patterns = ["*"] }}]\n{more}'
    )
    house = House(tmp_path / "house", more=sshd.settings(push)).build()
    (house.path / "outbox" / "sage").mkdir(parents=True)
    return house


def outgoing(house: House, name: str, content: bytes) -> Path:
    path = house.path / "outbox" / "sage" / name
    path.write_bytes(content)
    return path


def test_a_file_is_brought_and_put_into_the_archive(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd)
    outgoing(house, "Bestellung_1.xml", b"<a/>")

    code = house.once()

    archive = house.path / "archive" / "partners" / "spedition"
    outbox = house.path / "outbox" / "sage"
    assert 0 == code
    assert ["Bestellung_1.xml"] == sshd.names("in")
    assert b"<a/>" == (sshd.area / "in" / "Bestellung_1.xml").read_bytes()
    assert ["1_Bestellung_1.xml"] == [p.name for p in archive.glob("*/*/*")]
    assert [] == [p for p in outbox.rglob("*") if p.is_file()]


def test_orders_written_in_the_same_run_go_out_at_once(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd)
    house.order()

    house.once()

    assert 2 == len(sshd.names("in"))
