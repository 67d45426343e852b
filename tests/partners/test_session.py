"""Who is let in, who is not, and what the operator is told."""

from __future__ import annotations

import errno
import socket
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.errors import PlaceError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.partners.keys import HostKeys
from bridge.partners.keys import load_key
from bridge.partners.keys import read_known_hosts
from bridge.partners.session import Session
from tests.passwords import PasswordServer
from tests.sshd import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.partners.session import Address
    from tests.sshd import Sshd

STRANGE = "SHA256:" + "A" * 43


def refusal(address: Address) -> BridgeError:
    with pytest.raises(BridgeError) as caught:
        Session(address)
    return caught.value


def with_key(sshd: Sshd, key: Path, passphrase: str = "") -> Address:
    return replace(
        sshd.partner().address,
        credentials=lambda: (load_key(key, passphrase), None),
    )


def test_an_unknown_server_is_refused_with_the_fingerprint_to_paste(
    sshd: Sshd,
) -> None:
    error = refusal(replace(sshd.partner().address, hosts=HostKeys()))

    assert "partners.host_unknown" == error.code
    assert 5 == error.exit_code
    assert f'host_key = "{sshd.fingerprint}"' in error.hint("de")


def test_a_server_with_another_key_is_told_from_an_unknown_one(
    sshd: Sshd,
) -> None:
    hosts = HostKeys((STRANGE,))

    error = refusal(replace(sshd.partner().address, hosts=hosts))

    assert "partners.host_changed" == error.code
    assert sshd.fingerprint in error.hint()


def test_nobody_unknown_is_shown_a_password_or_a_key(sshd: Sshd) -> None:
    asked: list[bool] = []

    def credentials() -> tuple[None, str]:
        asked.append(True)
        return None, "secret"

    address = replace(
        sshd.partner().address, hosts=HostKeys(), credentials=credentials
    )

    refusal(address)

    assert [] == asked


def test_a_key_can_be_changed_without_a_day_of_silence(sshd: Sshd) -> None:
    before = sshd.fingerprint
    sshd.stop()
    sshd.new_host_key()
    sshd.start()
    both = HostKeys((before, sshd.fingerprint))

    Session(replace(sshd.partner().address, hosts=both)).close()
    error = refusal(replace(sshd.partner().address, hosts=HostKeys((before,))))

    assert "partners.host_changed" == error.code


def test_any_of_the_keys_of_a_server_may_be_the_agreed_one(
    sshd: Sshd,
) -> None:
    rsa = sshd.make_key("rsa", "-t", "rsa", "-b", "2048", "-N", "")
    sshd.also_shows(rsa)
    hosts = HostKeys((fingerprint(rsa.with_suffix(".pub")),))

    session = Session(replace(sshd.partner().address, hosts=hosts))

    assert session.alive
    session.close()


@pytest.mark.parametrize(("good", "code"), [(True, None), (False, "changed")])
def test_known_hosts_are_read_as_openssh_writes_them(
    sshd: Sshd, tmp_path: Path, *, good: bool, code: str | None
) -> None:
    sshd.make_key("stranger")
    public = sshd.folder / ("host.pub" if good else "stranger.pub")
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{sshd.port} {public.read_text('utf-8')}")
    address = replace(sshd.partner().address, hosts=HostKeys(file=known))

    try:
        Session(address).close()
        found = None
    except RefusedError as error:
        found = error.code

    assert found == (code and f"partners.host_{code}")


def test_a_broken_known_hosts_is_told(tmp_path: Path) -> None:
    (tmp_path / "known_hosts").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError) as caught:
        read_known_hosts(tmp_path / "known_hosts")

    assert "partners.known_hosts" == caught.value.code


def test_a_stranger_is_not_let_in(sshd: Sshd) -> None:
    error = refusal(with_key(sshd, sshd.make_key("stranger")))

    assert "partners.not_let_in" == error.code
    assert 5 == error.exit_code


@pytest.mark.parametrize(
    "kind", [("ed25519",), ("ecdsa",), ("rsa", "-b", "2048")]
)
@pytest.mark.parametrize("form", [(), ("-m", "PEM")])
def test_every_usual_kind_of_key_opens(
    sshd: Sshd, kind: tuple[str, ...], form: tuple[str, ...]
) -> None:
    key = sshd.make_key("own", "-t", *kind, *form, "-N", "geheim")
    public = (sshd.folder / "own.pub").read_bytes()
    (sshd.folder / "user.pub").write_bytes(public)

    session = Session(with_key(sshd, key, "geheim"))

    assert session.alive
    session.close()


@pytest.mark.parametrize("passphrase", ["", "wrong"])
def test_a_key_that_stays_locked_is_told(sshd: Sshd, passphrase: str) -> None:
    key = sshd.make_key("locked", "-t", "ed25519", "-N", "geheim")

    with pytest.raises(ConfigError) as caught:
        load_key(key, passphrase)

    assert "partners.key_locked" == caught.value.code


@pytest.mark.parametrize("content", [None, b"", b"\xff\x00", b"ssh-rsa AAAA"])
def test_what_is_no_key_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        load_key(tmp_path / "key", "")

    assert "partners.key_unreadable" == caught.value.code


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[PasswordServer]:
    server = PasswordServer(tmp_path, "bridge", "geheim")
    server.start()
    yield server
    server.stop()


def test_a_password_opens_another_makers_server(
    guarded: PasswordServer,
) -> None:
    session = Session(guarded.address("geheim"))

    assert session.alive
    session.close()


def test_a_wrong_password_is_refused_and_not_tried_again(
    guarded: PasswordServer,
) -> None:
    error = refusal(guarded.address("falsch"))

    assert "partners.not_let_in" == error.code
    assert 1 == guarded.attempts


def test_nobody_there_may_pass(sshd: Sshd) -> None:
    sshd.stop()

    error = refusal(sshd.partner().address)

    assert isinstance(error, TransientError)
    assert "partners.unreachable" == error.code


def test_a_server_that_does_not_greet_is_not_waited_for(sshd: Sshd) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        address = replace(
            sshd.partner(port=port).address,
            connect_within=timedelta(seconds=1),
        )

        error = refusal(address)

    assert "partners.unreachable" == error.code


def test_a_full_disk_of_our_own_is_told_as_everywhere() -> None:
    session = Session.__new__(Session)  # nobody is asked
    error = OSError(errno.ENOSPC, "No space left on device", "/data/x.part")

    told = session.told(error, "out/x")

    assert isinstance(told, PlaceError)  # waited for, never parked
    assert ("files.full", "/data/x.part") == (told.code, told.facts["path"])
