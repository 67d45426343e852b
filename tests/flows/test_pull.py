"""Files of a partner become deliveries, whatever happens on the way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncssh
import pytest

from bridge.app.service import Service
from bridge.errors import TransientError
from bridge.files.inbox import Inbox
from bridge.flows import pull
from bridge.flows import push
from bridge.flows.raising import raise_partner
from bridge.ledger import dues
from tests.house import House
from tests.house import ShiftedClock
from tests.house import prices
from tests.house import stock
from tests.line import Line
from tests.passwords import PasswordServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from collections.abc import Callable
    from pathlib import Path

    from bridge.flows.parts import Parts
    from tests.sshd import Sshd

NAME = "Bestand_20260115_000001.csv"
LATER = "Bestand_20260115_000002.csv"
STOCK = stock({"0010": "5"}).encode("windows-1252")
FAULTY = stock({"0010": "5", "0011": "viele"}).encode("windows-1252")


def partner_house(
    tmp_path: Path,
    sshd: Sshd,
    then: str = "move:Verarbeitet",
    *,
    patterns: str = '["*"]',
    port: int = 0,
) -> House:
    pull = (
        'mappings = ["bestand"]\nreceipts = true\n'
        f'pull = [{{ folder = "{sshd.area}/out", patterns = {patterns},'
        f' then = "{then}" }}]'
    )
    more = sshd.settings(pull, port=port)
    return House(tmp_path / "house", more=more).build()


def states(house: House) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in house.deliveries()]


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
    assert 1 == len(house.places(STOCK))


def test_postgresql_keeps_names_as_they_are(
    tmp_path: Path, sshd: Sshd, postgres: Callable[[], str]
) -> None:
    house = partner_house(tmp_path, sshd, "keep")
    urls = f'url = "{postgres()}"\njobs_url = "{postgres()}"\n'
    house.more = f"[database]\n{urls}\n{house.more}"
    house.build()
    sshd.put("Bestand_Müller.csv".encode("cp1252"), STOCK)

    codes = [house.once(), house.once()]

    assert [0, 0] == codes
    assert [("Bestand_Müller.csv", "accepted")] == states(house)
    assert "Bestand_Müller.csv.ok" in sshd.names("out")


@pytest.mark.parametrize(("then", "left"), [("delete", []), ("keep", [NAME])])
def test_what_happens_to_the_original_is_said_in_the_settings(
    tmp_path: Path, sshd: Sshd, then: str, left: list[str]
) -> None:
    house = partner_house(tmp_path, sshd, then)
    sshd.put(NAME, STOCK)

    house.once()
    house.once()

    assert [*left, f"{NAME}.ok"] == sshd.names("out")
    assert [(NAME, "accepted")] == states(house)


def test_a_kept_file_is_fetched_again_once_it_changed(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd, "keep")
    sshd.put(NAME, STOCK)
    house.once()
    (sshd.area / "out" / f"{NAME}.ok").unlink()
    sshd.put(NAME, stock({"0010": "12"}).encode("windows-1252"))

    house.once()

    assert [(NAME, "accepted"), (NAME, "accepted")] == states(house)


def test_the_same_name_again_is_put_aside_beside_the_first(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    for _ in range(2):
        sshd.put(NAME, STOCK)
        house.once()
        (sshd.area / "out" / f"{NAME}.ok").unlink()

    assert [f"Verarbeitet/2_{NAME}", f"Verarbeitet/{NAME}"] == sshd.names(
        "out"
    )


def test_a_partner_reads_of_his_faults_and_nothing_else(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(NAME, FAULTY)

    code = house.once()

    answer = sshd.area / "out" / f"{NAME}.fehler.csv"
    lines = answer.read_text("windows-1252").splitlines()
    assert 3 == code
    assert "Zeile;Feld;Wert;Meldung;Hinweis" == lines[0]
    assert "2 records read, 1 accepted, 1 refused" in lines[1]
    assert lines[2].startswith("3;")
    assert ";viele;" in lines[2]
    assert 4 == len(lines)  # both columns of the row are wrong


@pytest.mark.parametrize("then", ["keep", "move:Verarbeitet"])
def test_the_answer_to_a_corrected_file_takes_the_place_of_the_first(
    tmp_path: Path, sshd: Sshd, then: str
) -> None:
    house = partner_house(tmp_path, sshd, then)
    answers: list[list[str]] = []

    other = stock({"0010": "6"}).encode("windows-1252")
    for content in (FAULTY, STOCK, other, FAULTY):
        sshd.put(NAME, content)
        os.utime(sshd.area / "out" / NAME, (1, 1_770_000_000 + len(answers)))
        house.once()
        answers.append([n for n in sshd.names("out") if n.startswith(NAME)])

    left = [NAME] if then == "keep" else []
    assert [
        [*left, f"{NAME}.fehler.csv"],
        [*left, f"{NAME}.ok"],
    ] == answers[:2]
    assert all(len(left) + 1 == len(names) for names in answers)


def test_a_file_of_the_partner_that_is_called_like_an_answer_stays(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(f"{NAME}.ok", b"his own mark")
    sshd.put(NAME, FAULTY)

    house.once()

    kept = (sshd.area / "out" / f"{NAME}.ok").read_bytes()
    assert b"his own mark" == kept
    assert f"{NAME}.fehler.csv" in sshd.names("out")


def test_a_file_reaches_only_the_mappings_of_its_partner(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put("Preise_20260115_000001.csv", prices({"1": "1"}).encode())

    code = house.once()

    answer = sshd.area / "out" / "Preise_20260115_000001.csv.fehler.csv"
    text = answer.read_text("windows-1252")
    assert 3 == code
    assert [("Preise_20260115_000001.csv", "refused")] == states(house)
    assert "are not taken here" in text
    assert "bestand" not in text


def test_answers_are_not_fetched_as_files(tmp_path: Path, sshd: Sshd) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(NAME, FAULTY)

    house.once()
    house.once()

    assert 1 == len(house.deliveries())


def test_an_answer_goes_where_the_settings_say(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    house.more += f'receipt_folder = "{sshd.area}/in"\n'
    house.build()
    sshd.put(NAME, STOCK)

    house.once()

    assert [f"{NAME}.ok"] == sshd.names("in")


def test_hostile_names_are_left_alone_and_told(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    for name in (b"..\\..\\x.csv", b"a\nb.csv", b"a\x01.csv"):
        sshd.put(name, STOCK)

    code = house.once()

    warnings = " ".join(house.view("status")["warnings"])
    assert 0 == code
    assert [] == house.deliveries()
    assert r"'..\\..\\x.csv'" in warnings
    assert "a\\nb.csv" in warnings


class Liar(asyncssh.SFTPServer):
    """Tells of files that lie elsewhere."""

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        del path
        attributes = asyncssh.SFTPAttrs(
            size=5, permissions=0o100_644, atime=1, mtime=1
        )
        for name in (b"../evil.csv", b"..", b"/etc/passwd", b"a\0b"):
            yield asyncssh.SFTPName(name, attrs=attributes)


def test_a_server_that_tells_of_paths_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEHEIM", "geheim")
    server = PasswordServer(tmp_path, "bridge", "geheim", Liar)
    server.start()
    more = (
        '[[partner]]\nname = "agentur"\nhost = "127.0.0.1"\n'
        f'port = {server.port}\nuser = "bridge"\npassword = "env:GEHEIM"\n'
        f'host_key = "{server.fingerprint}"\nsettle = "0s"\n'
        'mappings = ["bestand"]\npull = [{ folder = "out" }]'
    )
    house = House(tmp_path / "house", more=more).build()

    code = house.once()
    server.stop()

    assert 0 == code
    assert [] == house.deliveries()
    assert "'../evil.csv'" in house.view("status")["warnings"][0]


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("Bestand_Müller.csv".encode(), "Bestand_Müller.csv"),
        ("Bestand_Müller.csv".encode("cp1252"), "Bestand_Müller.csv"),
        (b"Bestand_Mu\xcc\x88ller.csv", "Bestand_Müller.csv"),
        (b"Bestand_a:b?.csv", "Bestand_a_b_.csv"),
    ],
)
def test_odd_names_are_fetched_under_a_name_every_disk_takes(
    tmp_path: Path, sshd: Sshd, wire: bytes, name: str
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(wire, STOCK)

    house.once()

    assert [(name, "accepted")] == states(house)
    aside = [os.fsencode(path.name) for path in aside_of(sshd)]
    assert [wire] == aside


def aside_of(sshd: Sshd) -> list[Path]:
    return list((sshd.area / "out" / "Verarbeitet").iterdir())


@dataclass
class MeddlingClock(ShiftedClock):
    """While somebody waits, something happens."""

    meddle: Callable[[], object] = lambda: None

    def sleep(self, duration: timedelta) -> None:
        self.meddle()
        super().sleep(duration)


def once(house: House, clock: ShiftedClock) -> int:
    parts: Parts = house.parts(clock)
    try:
        return Service(parts).once(timedelta(seconds=10))
    finally:
        parts.close()


def test_a_file_that_grows_is_fetched_when_it_stands_still(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    path = sshd.put(NAME, STOCK[:-10])
    size = iter(range(100))

    def grow() -> None:
        path.write_bytes(STOCK + b"\n" * next(size))

    once(house, MeddlingClock(timedelta(0), grow))
    before = states(house)
    house.once()

    assert [] == before
    assert [(NAME, "accepted")] == states(house)


def test_a_connection_that_is_cut_is_taken_up_again(
    tmp_path: Path, sshd: Sshd
) -> None:
    line = Line(sshd.port, most=4_000)
    house = partner_house(tmp_path, sshd, port=line.port)
    sshd.put(NAME, STOCK)

    code = house.once(wait=0)
    waiting = house.view("status")["jobs"]["waiting"]
    house.days_later = 1
    later = house.once()
    line.close()

    assert (4, 0) == (code, later)
    assert waiting
    assert [(NAME, "accepted")] == states(house)


def test_a_server_with_another_key_is_called_once_and_shown(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.stop()
    sshd.new_host_key()
    sshd.start()

    code = house.once()

    parts = house.parts()
    Service(parts)._call_partners("pull")
    with parts.ledger.read() as tx:
        found = dues.open_dues(tx)
    parts.close()
    assert 5 == code
    assert [True] == [due.parked for due in found if due.errand == "pull"]
    error = next(due.error for due in found if due.errand == "pull")
    assert error
    assert "partners.host_changed" == error["code"]
    assert sshd.fingerprint == error["facts"]["fingerprint"]


@pytest.mark.parametrize(("code", "parked"), [(4, False), (5, True)])
def test_what_may_pass_gets_another_chance(
    house: House, code: int, *, parked: bool
) -> None:
    parts = house.parts()
    with parts.ledger.write() as tx:
        raise_partner(parts, tx, "pull", "spedition")
        due = dues.open_dues(tx)[0]
        dues.park(tx, due, error={"exit_code": code})
        raise_partner(parts, tx, "pull", "spedition")
        found = dues.open_dues(tx)
    parts.close()

    assert [parked] == [one.parked for one in found]


def test_a_folder_that_is_not_there_does_not_stop_the_others(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    house.more = house.more.replace(
        "pull = [", f'pull = [{{ folder = "{sshd.area}/none" }}, '
    )
    house.build()
    sshd.put(NAME, STOCK)

    code = house.once()
    (sshd.area / "none").mkdir()
    later = house.once()

    assert (5, 0) == (code, later)
    assert [(NAME, "accepted")] == states(house)


def test_an_original_that_cannot_be_moved_is_not_fetched_twice(
    tmp_path: Path, sshd: Sshd
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(NAME, STOCK)
    sshd.put("Verarbeitet", b"a file where a folder should be")
    house.more = house.more.replace('["*"]', '["Bestand_*"]')
    house.build()

    code = house.once()
    (sshd.area / "out" / "Verarbeitet").unlink()
    later = house.once()

    assert (5, 0) == (code, later)
    assert [(NAME, "accepted")] == states(house)
    assert [f"{NAME}.ok", f"Verarbeitet/{NAME}"] == sshd.names("out")


def test_a_warning_goes_with_its_cause(tmp_path: Path, sshd: Sshd) -> None:
    house = partner_house(tmp_path, sshd)
    path = sshd.put(b"..\\x.csv", STOCK)
    house.once()
    before = house.view("status")["warnings"]
    path.unlink()

    house.once()

    assert 1 == len(before)
    assert [] == house.view("status")["warnings"]


def test_an_original_stays_until_its_copy_is_claimed(
    tmp_path: Path, sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = partner_house(tmp_path, sshd)
    sshd.put(NAME, STOCK)

    def busy(*_: object) -> Path:
        raise TransientError("files.in_use", name=NAME)

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "claim", busy)
        house.once()
    before = sshd.names("out")
    house.once()

    assert [NAME] == before
    assert [(NAME, "discarded"), (NAME, "accepted")] == states(house)
    assert [f"{NAME}.ok", f"Verarbeitet/{NAME}"] == sshd.names("out")


def test_many_files_are_fetched_and_answered_in_batches(
    tmp_path: Path, sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "AT_ONCE", 7)
    monkeypatch.setattr(push, "AT_ONCE", 7)
    house = partner_house(tmp_path, sshd)
    for number in range(30):
        sshd.put(f"Bestand_20260115_{number:06}.csv", STOCK)

    code = house.once(wait=60)

    assert 0 == code
    assert 30 == len(house.deliveries())
    assert 60 == len(sshd.names("out"))
