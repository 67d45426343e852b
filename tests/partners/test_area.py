"""What the port Area promises, kept against a real OpenSSH server."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import paramiko
import pytest

from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.ports.partners import Appear
from bridge.ports.partners import Away
from bridge.ports.partners import Fetch
from bridge.ports.partners import Lying
from bridge.ports.partners import Send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.partners.area import SftpArea
    from tests.line import Line
    from tests.sshd import Sshd

LARGE = os.urandom(20 << 20)
MANY = 20_000


@pytest.fixture
def area(sshd: Sshd) -> Iterator[SftpArea]:
    with sshd.partner().connect() as opened:
        yield opened


def one(area: SftpArea, folder: Path, name: str) -> Lying:
    return next(
        file for file in area.look(str(folder)) if file.wire == name.encode()
    )


def fetch(
    area: SftpArea, folder: Path, name: str, draft: Path
) -> BridgeError | None:
    job = Fetch(str(folder), one(area, folder, name), draft)
    return area.fetch([job])[0]


def send(
    area: SftpArea, folder: Path, draft: str, content: bytes
) -> BridgeError | None:
    opens = partial(io.BytesIO, content)
    return area.send([Send(str(folder), draft, len(content), opens)])[0]


def codes(errors: Sequence[BridgeError | None]) -> list[str | None]:
    return [None if error is None else error.code for error in errors]


def test_files_are_seen_with_size_and_age(sshd: Sshd, area: SftpArea) -> None:
    sshd.put("a.csv", b"12345")
    (sshd.area / "out" / "folder").mkdir()
    (sshd.area / "out" / "link").symlink_to("/etc/passwd")

    found = area.look(f"{sshd.area}/out")

    assert [Lying(b"a.csv", 5, 1_770_000_000)] == found


def test_twenty_thousand_names_are_listed(sshd: Sshd, area: SftpArea) -> None:
    for number in range(MANY):
        (sshd.area / "out" / f"Bestand_{number:05}.csv").touch()

    found = area.look(f"{sshd.area}/out")

    assert MANY == len({file.wire for file in found})


def test_names_stay_the_bytes_they_are(sshd: Sshd, area: SftpArea) -> None:
    names = {"Müller.csv".encode(), b"M\xfcller.csv", b"a\nb", b"..\\x"}
    for name in names:
        sshd.put(name, b"1")

    found = {file.wire for file in area.look(f"{sshd.area}/out")}

    assert names == found


@pytest.mark.parametrize("size", [0, 1, 5_000, 32_768, 32_769, 3 << 20])
def test_a_file_arrives_whole_in_both_directions(
    sshd: Sshd, area: SftpArea, tmp_path: Path, size: int
) -> None:
    content = LARGE[:size]
    for name in ("first", "second"):  # alone, and as one of many
        sshd.put(name, content)
    jobs = [
        Fetch(f"{sshd.area}/out", file, tmp_path / file.wire.decode())
        for file in area.look(f"{sshd.area}/out")
    ]

    fetched = area.fetch(jobs)
    sent = area.send(
        [
            Send(f"{sshd.area}/in", name, size, partial(io.BytesIO, content))
            for name in ("first", "second")
        ]
    )

    assert [None, None, None, None] == [*fetched, *sent]
    for name in ("first", "second"):
        assert content == (tmp_path / name).read_bytes()
        assert content == (sshd.area / "in" / name).read_bytes()


def test_several_connections_share_the_files(
    sshd: Sshd, tmp_path: Path
) -> None:
    names = [f"{number}.csv" for number in range(9)]
    for name in names:
        sshd.put(name, name.encode())
    sshd.put("2.csv", LARGE)

    with sshd.partner(parallel=3).connect() as area:
        jobs = [
            Fetch(f"{sshd.area}/out", file, tmp_path / file.wire.decode())
            for file in area.look(f"{sshd.area}/out")
        ]
        gone = sshd.area / "out" / "7.csv"
        gone.unlink()
        errors = area.fetch(jobs)

    wrong = [
        job.file.wire for job, error in zip(jobs, errors, strict=True) if error
    ]
    assert [b"7.csv"] == wrong
    assert LARGE == (tmp_path / "2.csv").read_bytes()
    assert b"8.csv" == (tmp_path / "8.csv").read_bytes()


def test_a_file_that_changed_since_it_was_seen_is_not_taken(
    sshd: Sshd, area: SftpArea, tmp_path: Path
) -> None:
    sshd.put("a.csv", b"12345")
    seen = one(area, sshd.area / "out", "a.csv")
    (sshd.area / "out" / "a.csv").write_bytes(b"123456")

    found = area.fetch([Fetch(f"{sshd.area}/out", seen, tmp_path / "a")])

    assert ["partners.changed"] == codes(found)
    assert not (tmp_path / "a").exists()


def test_a_draft_gets_its_name_once(sshd: Sshd, area: SftpArea) -> None:
    folder = sshd.area / "in"
    send(area, folder, ".x.part", b"1")
    job = Appear(str(folder), ".x.part", "x.csv")

    first = area.appear([job])
    (folder / "x.csv").unlink()  # the partner fetched it
    second = area.appear([job])

    assert [None, None] == [*first, *second]
    assert [] == sshd.names("in")


def test_a_taken_name_is_never_overwritten(sshd: Sshd, area: SftpArea) -> None:
    folder = sshd.area / "in"
    (folder / "x.csv").write_bytes(b"theirs")
    send(area, folder, ".x.part", b"ours")

    found = area.appear([Appear(str(folder), ".x.part", "x.csv")])

    assert ["partners.name_taken"] == codes(found)
    assert b"theirs" == (folder / "x.csv").read_bytes()


def test_an_original_is_put_aside_under_a_free_name(
    sshd: Sshd, area: SftpArea
) -> None:
    folder = sshd.area / "out"
    sshd.put("a.csv", b"old")
    old = one(area, folder, "a.csv")
    names = (b"a.csv", b"7_a.csv")

    area.put_away([Away(str(folder), old, "Done", names)])
    sshd.put("a.csv", b"newer")
    new = one(area, folder, "a.csv")
    errors = area.put_away([Away(str(folder), new, "Done", names)] * 2)

    assert [None, None] == errors
    assert ["Done/7_a.csv", "Done/a.csv"] == sshd.names("out")


@pytest.mark.parametrize("target", [None, "Done"])
def test_an_original_that_changed_is_left(
    sshd: Sshd, area: SftpArea, target: str | None
) -> None:
    folder = sshd.area / "out"
    sshd.put("a.csv", b"old")
    old = one(area, folder, "a.csv")
    sshd.put("a.csv", b"newer")

    area.put_away([Away(str(folder), old, target, (b"a.csv",))])

    assert ["a.csv"] == sshd.names("out")


def test_a_download_that_was_cut_goes_on(
    sshd: Sshd, line: Line, tmp_path: Path
) -> None:
    sshd.put("large", LARGE)
    draft = tmp_path / "large"
    line.most = 8 << 20
    partner = sshd.partner(port=line.port)
    with pytest.raises(TransientError) as caught, partner.connect() as area:
        fetch(area, sshd.area / "out", "large", draft)
    came = draft.stat().st_size
    line.passed = 0

    with partner.connect() as area:
        fetch(area, sshd.area / "out", "large", draft)

    assert "partners.cut" == caught.value.code
    assert 0 < came < len(LARGE)
    assert LARGE == draft.read_bytes()
    assert line.passed < len(LARGE) - came + (2 << 20)


def test_an_upload_that_was_cut_goes_on(sshd: Sshd, line: Line) -> None:
    folder = sshd.area / "in"
    line.most = 12 << 20
    partner = sshd.partner(port=line.port)
    with pytest.raises(TransientError) as caught, partner.connect() as area:
        send(area, folder, ".x.part", LARGE)
    came = (folder / ".x.part").stat().st_size
    line.passed = 0

    with partner.connect() as area:
        send(area, folder, ".x.part", LARGE)

    assert "partners.cut" == caught.value.code
    assert 0 < came < len(LARGE)
    assert LARGE == (folder / ".x.part").read_bytes()
    assert line.passed < len(LARGE)


@pytest.fixture
def small_disk(sshd: Sshd) -> Iterator[Path]:
    """A folder of the server's with room for 1 MiB."""
    place = sshd.area / "small"
    place.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place))
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield place
    undone = ("umount", "-l", str(place))
    subprocess.run(undone, check=True)


@pytest.mark.parametrize("size", [20_000, 3 << 20])
def test_a_full_disk_is_told_and_not_left_full(
    area: SftpArea, small_disk: Path, size: int
) -> None:
    (small_disk / "ballast").write_bytes(bytes((1 << 20) - 16_384))

    error = send(area, small_disk, ".x.part", LARGE[:size])
    (small_disk / "ballast").unlink()
    later = send(area, small_disk, ".x.part", LARGE[:20_000])

    assert isinstance(error, TransientError)
    assert error.code in {"partners.failed", "partners.not_whole"}
    assert later is None
    assert LARGE[:20_000] == (small_disk / ".x.part").read_bytes()


@pytest.mark.parametrize("folder", ["nowhere", "out/../../nowhere"])
def test_a_folder_that_is_not_there_is_told(
    sshd: Sshd, area: SftpArea, folder: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        area.look(f"{sshd.area}/{folder}")

    assert "partners.not_there" == caught.value.code
    error = send(area, sshd.area / folder, "x", b"1")
    assert "partners.not_there" == (error and error.code)


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers tell hashes, and a wrong one of files with an x in them."""

    def check(file: paramiko.SFTPFile, algorithm: str) -> bytes:
        file.seek(0)
        content = file.read()
        assert "sha256" == algorithm
        return hashlib.sha256(content + content.count(b"x") * b"!").digest()

    monkeypatch.setattr(paramiko.SFTPFile, "check", check)


@pytest.mark.usefixtures("hashing")
def test_hashes_are_compared_where_the_server_tells_them(
    sshd: Sshd, area: SftpArea, tmp_path: Path
) -> None:
    contents = {"good": b"1" * 500, "bad": b"x" * 500, "fine": b"2" * 500}
    for name, content in contents.items():
        sshd.put(name, content)
    jobs = [
        Fetch(
            f"{sshd.area}/out",
            one(area, sshd.area / "out", name),
            tmp_path / name,
        )
        for name in contents
    ]

    fetched = area.fetch(jobs)
    sent = [
        send(area, sshd.area / "in", name, content)
        for name, content in contents.items()
    ]

    expected = [None, "partners.differs", None]
    assert [expected, expected] == [codes(fetched), codes(sent)]
    assert not (tmp_path / "bad").exists()
    assert ["fine", "good"] == sshd.names("in")


def test_a_slow_server_is_waited_for(
    sshd: Sshd, line: Line, tmp_path: Path
) -> None:
    sshd.put("large", LARGE[: 3 << 20])
    line.pause = timedelta(milliseconds=30)

    with sshd.partner(port=line.port).connect() as area:
        error = fetch(area, sshd.area / "out", "large", tmp_path / "large")

    assert error is None
    assert LARGE[: 3 << 20] == (tmp_path / "large").read_bytes()


def test_a_server_that_falls_silent_is_not_waited_for(
    sshd: Sshd, line: Line
) -> None:
    with sshd.partner(port=line.port).connect() as area:
        line.silent = True

        with pytest.raises(TransientError) as caught:
            area.look(f"{sshd.area}/out")

    line.silent = False
    assert "partners.silent" == caught.value.code
