"""`bridge check` names what is wrong with a partner before he is called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bridge.cli.main import main
from tests.house import House

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.sshd import Sshd

PARTNER = """\
[[partner]]
name = "spedition"
host = "127.0.0.1"
user = "bridge"
key = "file:keys/none"
password = "env:NOT_SET"
known_hosts = "file:nowhere"
mappings = ["versand", "versant", "bestellung"]
push = [{ folder = "in", from = "outbox/none" }]
"""


def check(
    house: House, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, str]:
    for name in ("inbox", "outbox/sage"):
        (house.path / name).mkdir(parents=True, exist_ok=True)
    code = main(["--workspace", str(house.path), "check", *more])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_every_mistake_has_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House(tmp_path / "house", more=PARTNER).build()

    code, said = check(house, capsys)

    assert 2 == code
    for place in (
        "bridge.toml:22:7 [partner.0.key]",
        "bridge.toml:23:12 [partner.0.password]: Nothing stands behind",
        "bridge.toml:24:15 [partner.0.known_hosts]",
        "bridge.toml:25:24 [partner.0.mappings.1]: 'versant'",
        "bridge.toml:25:35 [partner.0.mappings.2]: 'bestellung'",
        "bridge.toml:26:33 [partner.0.push.0.from]",
    ):
        assert place in said


def test_a_run_does_not_start_with_a_secret_that_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House(tmp_path / "house", more=PARTNER).build()

    code = main(["--workspace", str(house.path), "once"])

    assert 2 == code
    assert "[partner.0.password]" in capsys.readouterr().err


def test_a_live_check_visits_the_partners(
    tmp_path: Path, sshd: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = f'pull = [{{ folder = "{sshd.area}/out" }}]\nmappings = ["bestand"]'
    house = House(tmp_path / "house", more=sshd.settings(pull)).build()
    sshd.put("a.csv", b"1")

    code, said = check(house, capsys, "--live")

    assert 0 == code
    assert f"spedition: reached, 1 files, key {sshd.fingerprint}" in said


def test_a_live_check_tells_the_key_of_an_unknown_server(
    tmp_path: Path, sshd: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    push = 'push = [{ folder = "in", from = "outbox/sage" }]'
    text = sshd.settings(push).replace(f'host_key = "{sshd.fingerprint}"', "")
    house = House(tmp_path / "house", more=text).build()

    code, said = check(house, capsys, "--live")

    assert 2 == code
    assert f'host_key = "{sshd.fingerprint}"' in said
    assert "[partner.0.host_key]" in said


def test_a_live_check_goes_on_after_a_folder_that_is_not_there(
    tmp_path: Path, sshd: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = (
        f'pull = [{{ folder = "{sshd.area}/none" }},'
        f' {{ folder = "{sshd.area}/out" }}]\nmappings = ["bestand"]'
    )
    house = House(tmp_path / "house", more=sshd.settings(pull)).build()
    (house.path / "inbox").mkdir()
    (house.path / "outbox" / "sage").mkdir(parents=True)

    main(["--workspace", str(house.path), "--json", "check", "--live"])

    said = json.loads(capsys.readouterr().out)

    assert {f"{sshd.area}/out": 0} == said["partners"][0]["folders"]
    assert not said["ok"]
    assert "none" in said["partners"][0]["errors"][0]
