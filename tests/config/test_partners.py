"""Every mistake in [[partner]] is told with its place and the right word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend

from bridge.config.loading import load
from bridge.config.partners import nearest_then
from bridge.config.secrets import secret
from bridge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOREIGN = "7:33 config.foreign_folder"
THEN = "7:34 config.unknown_then"
NOTHING = "7:38 config.nothing_there"
PUSH = 'push = [{ folder = "in", from = "outbox/sage" }]\n'
HEAD = """\
[[partner]]
name = "spedition"
host = "sftp.example"
user = "bridge"
password = "env:GEHEIM"
mappings = ["versand"]
"""


def told(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    return [
        f"{item.line}:{item.column} {item.code}"
        for item in caught.value.findings
    ]


def test_a_good_partner_is_read(tmp_path: Path) -> None:
    more = (
        'host_key = ["SHA256:' + "A" * 43 + '"]\n'
        'pull = [{ folder = "out", then = "move:Verarbeitet" }]\n'
        'push = [{ folder = "in", from = "outbox/sage" }]\n'
    )
    (tmp_path / "bridge.toml").write_text(HEAD + more, encoding="utf-8")

    partner = load(tmp_path).partner[0]

    assert "move:Verarbeitet" == partner.pull[0].then
    assert tmp_path / "outbox" / "sage" == partner.push[0].source


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('key = "keys/spedition"', "7:7 config.file_expected"),
        ('passphrase = "hunter2"', "7:14 config.plain_secret"),
        ('host_key = "SHA256:abc"', "7:12 config.not_a_fingerprint"),
        ('host_key = ["MD5:00:11"]', "7:13 config.not_a_fingerprint"),
        ('known_hosts = "/etc/known"', "7:15 config.file_expected"),
        ('every = "0s"', "7:9 config.no_time"),
        ('every = "5"', "7:9 config.not_a_duration"),
        ("port = 0", "7:8 config.too_small"),
        ("port = 70000", "7:8 config.too_large"),
        ("parallel = 0", "7:12 config.too_small"),
        ('pul = [{ folder = "out" }]', "7:1 config.unknown_key"),
        ('pull = [{ folder = "../x" }]', "7:20 config.remote_folder"),
        ('pull = [{ folder = "out", then = "mov:X" }]', THEN),
        ('pull = [{ folder = "out", then = "move:" }]', THEN),
        ('pull = [{ folder = "out", then = "move:../x" }]', THEN),
        ('pull = [{ folder = "o", pattern = [] }]', "7:25 config.unknown_key"),
        ('pull = [{ folder = "out", patterns = [] }]', NOTHING),
        ('push = [{ folder = "in" }]', "7:9 config.missing"),
        ('push = [{ folder = "in", from = "inbox" }]', "7:33 config.overlap"),
        ('push = [{ folder = "in", from = "state" }]', "7:33 config.overlap"),
        ('push = [{ folder = "in", from = "." }]', "7:33 config.overlap"),
        ('push = [{ folder = "in", from = "/etc" }]', FOREIGN),
        ('push = [{ folder = "in", from = "../x" }]', FOREIGN),
        ('push = [{ folder = "in", from = "a/../outbox" }]', FOREIGN),
        ('encoding = "utf-88"', "7:12 config.unknown_encoding"),
        ("pull = []", "1:1 config.nothing_to_do"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(
    tmp_path: Path, line: str, found: str
) -> None:
    more = "" if line.startswith(("pull", "push")) else PUSH

    assert [found] == told(tmp_path, f"{HEAD}{line}\n{more}")


@pytest.mark.parametrize(
    "host",
    [
        *("sftp://x/y", "x/y", "x:22", "user@x", "", "a b", "10.0.0.1:22"),
        "[::1]:22",
    ],
)
def test_a_host_is_the_name_of_a_server_alone(
    tmp_path: Path, host: str
) -> None:
    code = "config.not_a_host" if host else "config.nothing_there"

    text = HEAD.replace("sftp.example", host) + PUSH

    assert [f"3:8 {code}"] == told(tmp_path, text)


@pytest.mark.parametrize("host", ["x", "a-b.example", "10.0.0.1", "fe80::1"])
def test_names_and_addresses_of_servers_are_taken(
    tmp_path: Path, host: str
) -> None:
    text = HEAD.replace("sftp.example", host) + PUSH
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")

    assert host == load(tmp_path).partner[0].host


def test_files_are_brought_from_an_outbox_wherever_it_is(
    tmp_path: Path,
) -> None:
    away = tmp_path / "import"
    push = PUSH.replace("outbox/sage", str(away))
    text = f"{HEAD}{push}[[outbox]]\nfolder = '{away}'\n"
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "bridge.toml").write_text(text, encoding="utf-8")

    assert away == load(tmp_path / "house").partner[0].push[0].source


def test_a_partner_needs_a_way_in_and_a_place_for_his_files(
    tmp_path: Path,
) -> None:
    text = (
        '[[partner]]\nname = "a"\nhost = "b"\nuser = "c"\n'
        'pull = [{ folder = "out" }]\n'
    )

    assert ["1:1 config.no_login", "1:1 config.no_mappings"] == told(
        tmp_path, text
    )


def test_a_partner_is_not_called_like_an_inbox(tmp_path: Path) -> None:
    inbox = '[[inbox]]\nname = "Spedition"\nfolder = "inbox"\n'
    text = inbox + HEAD + PUSH

    assert ["2:8 config.doubled_name", "5:8 config.doubled_name"] == told(
        tmp_path, text
    )


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        ("Bestellung_*", "*", True),
        ("Bestellung_*", "*.xml", True),
        ("Bestellung_*.xml", "Bestellung_*.csv", False),
        ("a?c", "ab*", True),
        ("a[xy]c", "abc", True),
        ("bestellung*", "BESTELLUNG_1", True),
        ("Rechnung_*", "Bestellung_*", False),
    ],
)
def test_two_partners_cannot_wait_for_the_same_file(
    tmp_path: Path, one: str, two: str, *, clash: bool
) -> None:
    push = 'push = [{{ folder = "in", from = "{}", patterns = ["{}"] }}]\n'
    other = HEAD.replace("spedition", "agentur")
    text = (
        HEAD
        + push.format("outbox/sage", one)
        + other
        + push.format("./outbox/sage", two)
        + 'mandant = "x"\n'  # so that there is always something to tell
    )

    found = told(tmp_path, text)

    assert clash == ("14:61 config.same_files" in found)


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("mov:X", "move:X"),
        ("Move", "move:Verarbeitet"),
        ("del", "delete"),
        ("Keep", "keep"),
        ("verschieben", ""),
    ],
)
def test_the_nearest_right_word_is_named(word: str, right: str) -> None:
    assert right == nearest_then(word)


class Drawer(KeyringBackend):
    """A keyring with one entry."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        known = {("bridge", "spedition"): "geheim"}
        return known.get((service, username))

    def set_password(self, *_: str) -> None:
        raise NotImplementedError

    def delete_password(self, *_: str) -> None:
        raise NotImplementedError


@pytest.fixture
def drawer() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Drawer())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("drawer")
@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("env:GEHEIM", "aus der Umgebung"),
        ("file:secret", "aus der Datei"),
        ("keyring:bridge/spedition", "geheim"),
    ],
)
def test_a_secret_is_read_from_where_it_stands(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reference: str,
    found: str,
) -> None:
    monkeypatch.setenv("GEHEIM", "aus der Umgebung")
    (tmp_path / "secret").write_text("aus der Datei\n", encoding="utf-8")

    assert found == secret(reference, tmp_path)


@pytest.mark.usefixtures("drawer")
@pytest.mark.parametrize(
    "reference", ["env:NICHTS", "file:nothing", "keyring:bridge/nobody"]
)
def test_a_secret_that_is_not_there_is_told(
    tmp_path: Path, reference: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        secret(reference, tmp_path)

    assert "config.no_secret" == caught.value.code
    assert reference in caught.value.message("de")
