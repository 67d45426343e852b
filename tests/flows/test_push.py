"""Files go to a partner once, whole, and never over another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bridge.cli.main import main
from tests.house import House
from tests.line import Line

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.sshd import Sshd


def pushing_house(
    tmp_path: Path, sshd: Sshd, *, patterns: str = '["*"]', port: int = 0
) -> House:
    push = (
        f'push = [{{ folder = "{sshd.area}/in", from = "outbox/sage",'
        f" patterns = {patterns} }}]"
    )
    more = sshd.settings(push, port=port)
    house = House(tmp_path / "house", more=more).build()
    (house.path / "outbox" / "sage").mkdir(parents=True)
    return house


def outgoing(house: House, name: str, content: bytes) -> Path:
    path = house.path / "outbox" / "sage" / name
    path.write_bytes(content)
    return path


def test_a_file_is_brought_and_put_into_the_archive_locked(
    tmp_path: Path, sshd: Sshd, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    house = pushing_house(tmp_path, sshd)
    outgoing(house, "Bestellung_1.xml", b"<a/>")

    code = house.once()

    archive = house.path / "archive" / "partners" / "spedition"
    outbox = house.path / "outbox" / "sage"
    assert 0 == code
    assert ["Bestellung_1.xml"] == sshd.names("in")
    assert b"<a/>" == (sshd.area / "in" / "Bestellung_1.xml").read_bytes()
    (kept,) = archive.glob("*/*/*")
    assert "1_Bestellung_1.xml.locked" == kept.name
    assert b"<a/>" not in kept.read_bytes()
    main(["--workspace", str(house.path), "key", "open", str(kept)])
    assert b"<a/>" == capsysbinary.readouterr().out
    assert [] == [p for p in outbox.rglob("*") if p.is_file()]


def test_orders_written_in_the_same_run_go_out_at_once(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd, patterns='["*", "PROBE_*"]')
    house.order()

    house.once()

    assert 2 == len(sshd.names("in"))


def test_a_rehearsed_order_is_brought_to_nobody_by_accident(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd)
    house.order()

    house.once()

    assert [] == sshd.names("in")
    assert 2 == len(list(house.path.rglob("PROBE_*")))


def test_what_the_partner_took_is_not_brought_again(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd)
    outgoing(house, "Bestellung_1.xml", b"<a/>")
    house.once()
    (sshd.area / "in" / "Bestellung_1.xml").unlink()

    house.once()

    assert [] == sshd.names("in")


def test_a_file_of_the_partner_is_not_overwritten(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd)
    outgoing(house, "Bestellung_1.xml", b"<ours/>")
    theirs = sshd.put("Bestellung_1.xml", b"<theirs/>", folder="in")

    code = house.once()
    warnings = house.view("status")["warnings"]
    waiting = house.view("status")["partners"]["spedition"]["waiting"]
    before = theirs.read_bytes()
    theirs.unlink()
    later = house.once()

    assert (5, 0) == (code, later)
    assert b"<theirs/>" == before
    assert 1 == waiting
    assert "Another file called Bestellung_1.xml" in warnings[0]
    assert b"<ours/>" == theirs.read_bytes()
    assert [] == house.view("status")["warnings"]


def test_a_cut_upload_is_brought_to_its_end(
    tmp_path: Path, sshd: Sshd
) -> None:
    line = Line(sshd.port, most=8 << 20)
    house = pushing_house(tmp_path, sshd, port=line.port)
    content = os.urandom(12 << 20)
    outgoing(house, "Bestellung_1.xml", content)

    code = house.once(wait=0)
    house.days_later = 1
    later = house.once()
    line.close()

    assert (4, 0) == (code, later)
    assert content == (sshd.area / "in" / "Bestellung_1.xml").read_bytes()
    assert ["Bestellung_1.xml"] == sshd.names("in")


def test_what_is_meant_for_others_stays(tmp_path: Path, sshd: Sshd) -> None:
    house = pushing_house(tmp_path, sshd, patterns='["Bestellung_*"]')
    other = outgoing(house, "Rechnung_1.xml", b"1")
    outgoing(house, "bestellung_1.xml", b"2")

    house.once()

    assert ["bestellung_1.xml"] == sshd.names("in")
    assert other.exists()


def test_a_wrong_key_is_shown_and_not_tried_again(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = pushing_house(tmp_path, sshd)
    (sshd.folder / "user.pub").write_bytes(b"")
    outgoing(house, "Bestellung_1.xml", b"1")

    code = house.once()

    parked = house.view("status")["parked"]
    assert 5 == code
    assert ["partners.not_let_in"] == [one["error"]["code"] for one in parked]


def test_a_folder_of_ours_that_is_not_there_does_not_stop_the_answers(
    tmp_path: Path, sshd: Sshd
) -> None:
    more = f'push = [{{ folder = "{sshd.area}/in", from = "outbox/none" }}]'
    house = House(tmp_path / "house", more=sshd.settings(more)).build()

    code = house.once(wait=0)

    assert 4 == code
    assert 1 == house.view("status")["jobs"]["waiting"]
