"""A database on a network drive is refused before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.app import disks
from bridge.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House


@pytest.fixture
def shared(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> House:
    """A house whose workspace lies on a share."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda / ext4 rw 0 0\n//server/bridge {house.path} cifs rw 0 0\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(disks, "MOUNTS", mounts)
    return house


@pytest.mark.parametrize("command", ["check", "once", "run", "worker"])
def test_no_command_that_works_starts_on_a_network_drive(
    shared: House, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--workspace", str(shared.path), command])

    said = capsys.readouterr().err
    assert 2 == code
    assert "network drive" in said
    assert str(shared.path / "state") in said
    assert not (shared.path / "state" / "ledger.sqlite").exists()


@pytest.mark.parametrize(
    ("path", "expected"),
    [("\\\\server\\bridge\\state", True), ("/nowhere/state", False)],
)
def test_a_share_is_told_by_its_name(
    path: str,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    from pathlib import PurePosixPath  # noqa: PLC0415

    assert expected == disks.on_network(PurePosixPath(path))  # type: ignore[arg-type]
