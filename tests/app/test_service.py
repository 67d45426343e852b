"""The loops, as an operator meets them: real processes, real signals."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bridge.flows import arrivals
from tests.house import House
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sshd import Sshd

BERLIN = ZoneInfo("Europe/Berlin")
PATIENCE = 20.0  # seconds a slow machine may take
POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows sends no SIGTERM"
)


def start(path: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bridge", "--workspace", str(path), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(happened: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.1)  # noqa: TID251 - a real process works meanwhile
    return False


@pytest.fixture
def running(house: House) -> Iterator[subprocess.Popen[str]]:
    process = start(house.path, "run")
    assert until((house.path / "state" / "jobs.sqlite").exists)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@POSIX
def test_run_takes_what_is_dropped_and_stops_cleanly(
    house: House, running: subprocess.Popen[str]
) -> None:
    time.sleep(1)  # noqa: TID251 - it watches by now
    house.drop("Bestand_1.csv", stock({"0010": "7"}))

    taken = until(lambda: any((house.path / "archive").rglob("1_Bestand*")))
    running.send_signal(signal.SIGTERM)

    assert taken
    assert 0 == running.wait(PATIENCE)


@POSIX
def test_run_keeps_the_timetable_of_partners(
    tmp_path: Path, sshd: Sshd
) -> None:
    more = sshd.settings(
        'every = "300ms"\nmappings = ["bestand"]\nreceipts = true\n'
        f'pull = [{{ folder = "{sshd.area}/out", then = "delete" }}]\n'
        f'push = [{{ folder = "{sshd.area}/in", from = "outbox/sage" }}]'
    )
    house = House(tmp_path / "house", more=more).build()
    process = start(house.path, "run")
    assert until((house.path / "state" / "jobs.sqlite").exists)
    time.sleep(1)  # noqa: TID251 - it has been there once by now
    sshd.put("Bestand_1.csv", stock({"0010": "7"}).encode())
    (house.path / "outbox" / "sage" / "Bestellung_1.xml").write_bytes(b"1")

    answered = until(lambda: sshd.names("out") == ["Bestand_1.csv.ok"])
    brought = until(lambda: sshd.names("in") == ["Bestellung_1.xml"])
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)

    log = (house.path / "state" / "bridge.log.jsonl").read_text("utf-8")
    assert (True, True) == (answered, brought)
    assert '"partner.sent"' in log
    assert "127.0.0.1" not in log


@POSIX
def test_a_second_process_refuses_and_names_the_first(
    house: House, running: subprocess.Popen[str]
) -> None:
    second = start(house.path, "once")
    _, said = second.communicate(timeout=PATIENCE)

    assert 2 == second.returncode
    assert str(running.pid) in said


@POSIX
def test_a_wish_is_taken_up_by_the_running_process(
    house: House, running: subprocess.Popen[str]
) -> None:
    assert running.poll() is None
    wish = start(house.path, "transfer", "run", "products")
    wish.communicate(timeout=PATIENCE)

    assert 0 == wish.returncode


def test_thousands_of_files_dropped_at_once_are_all_taken(
    house: House,
) -> None:
    number = 4_000  # several batches
    folder = house.path / "inbox"
    folder.mkdir()
    for index in range(number):
        (folder / f"Bestand_{index:05}.csv").write_bytes(b"x")
    parts = house.parts()

    taken = arrivals.receive(parts) + arrivals.receive(parts)

    assert number == taken
    assert number == sum(1 for _ in (folder / ".bridge").glob("*/*.csv"))
    parts.close()


def test_a_sale_that_ended_is_taken_back_at_its_time(house: House) -> None:
    today = datetime.now(UTC).astimezone(BERLIN)  # noqa: TID251
    day = f"{today:%d.%m.%Y}"
    row = f"1;9;Aktion;0010;0;0;15,00;EUR;-1;-1;{day};{day}\n"
    house.offer({"0010": "7"}, "20,00")
    house.drop(house.later("Preise"), prices({}) + row)
    house.once()
    before = house.facets("0010")["price"]["accepted"]

    house.days_later = 2
    house.once()

    after = house.facets("0010")["price"]["accepted"]
    assert "discounted_price" in before["purchasable_offer"][0]
    assert "discounted_price" not in after["purchasable_offer"][0]


@POSIX
def test_several_processes_share_the_work_on_postgresql(
    tmp_path: Path, postgres: Callable[[], str]
) -> None:
    urls = f'url = "{postgres()}"\njobs_url = "{postgres()}"\n'
    house = House(tmp_path / "house", more=f"[database]\n{urls}").build()
    house.parts().close()  # folders and tables
    processes = [start(house.path, "run"), start(house.path, "worker")]
    time.sleep(3)  # noqa: TID251 - both work by now
    for number in range(6):
        name = f"Bestand_2026011{number}_000000.csv"
        house.drop(name, stock({f"001{number}": "7"}))

    taken = until(
        lambda: len(list((house.path / "archive").rglob("*Bestand*"))) == 6
    )
    alive = [process.poll() for process in processes]
    for process in processes:
        process.send_signal(signal.SIGTERM)
    codes = [process.wait(PATIENCE) for process in processes]
    for process in processes:
        process.communicate()

    assert taken
    assert [None, None] == alive
    assert [0, 0] == codes
    assert {"accepted"} == {row.state for row in house.deliveries()}
