"""A real OpenSSH server on a loopback port, with an area of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from getpass import getuser
from pathlib import Path

import pytest

from bridge.app.clock import SystemClock
from bridge.partners.area import SftpPartner
from bridge.partners.keys import HostKeys
from bridge.partners.keys import load_key
from bridge.partners.session import Address

PROGRAM = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
KEYGEN = shutil.which("ssh-keygen") or ""
CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
Subsystem sftp internal-sftp
LogLevel QUIET
"""
START_SECONDS = 10


@dataclass
class Sshd:
    """The server, its keys, and the folders ``in`` and ``out``.

    Attributes:
        folder: Where its keys are; ``area`` in it is what partners see.
        port: On the loopback address.
        more: Lines of its configuration.
    """

    folder: Path
    port: int = 0
    more: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> Sshd:
        for name in ("in", "out"):
            (self.area / name).mkdir(parents=True, exist_ok=True)
        self.make_key("user")
        self.new_host_key()
        self.port = self.port or free_port()
        text = CONFIG.format(port=self.port, folder=self.folder) + self.more
        (self.folder / "config").write_text(text, encoding="utf-8")
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self._process = subprocess.Popen(
            [str(PROGRAM), "-D", "-f", str(self.folder / "config")],
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port)
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def also_shows(self, key: Path) -> None:
        """Restart with one more host key."""
        self.stop()
        self.more = f"HostKey {key}\n"
        self.start()

    def make_key(self, name: str, *more: str) -> Path:
        path = self.folder / name
        if not path.exists():
            command = [KEYGEN, "-q", "-f", str(path)]
            subprocess.run(
                [*command, *(more or ("-t", "ed25519", "-N", ""))], check=True
            )
        return path

    def new_host_key(self) -> None:
        for name in ("host", "host.pub"):
            (self.folder / name).unlink(missing_ok=True)
        self.make_key("host")

    @property
    def area(self) -> Path:
        return self.folder / "area"

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.folder / "host.pub")

    def put(
        self, name: str | bytes, content: bytes, folder: str = "out"
    ) -> Path:
        """A file of the partner, written some time ago."""
        path = self.area / folder / os.fsdecode(name)
        path.write_bytes(content)
        os.utime(path, (1_770_000_000, 1_770_000_000))
        return path

    def names(self, folder: str) -> list[str]:
        return sorted(
            path.relative_to(self.area / folder).as_posix()
            for path in (self.area / folder).rglob("*")
            if path.is_file()
        )

    def settings(self, more: str, *, port: int = 0) -> str:
        """A ``[[partner]]`` that reaches it."""
        return (
            f'[[partner]]\nname = "spedition"\nhost = "127.0.0.1"\n'
            f'port = {port or self.port}\nuser = "{getuser()}"\n'
            f'key = "file:{self.folder}/user"\nsettle = "0s"\n'
            f'host_key = "{self.fingerprint}"\n{more}\n'
        )

    def partner(self, *, port: int = 0, parallel: int = 1) -> SftpPartner:
        """The partner, as the house reaches it."""
        address = Address(
            name="spedition",
            host="127.0.0.1",
            port=port or self.port,
            user=getuser(),
            hosts=HostKeys((self.fingerprint,)),
            credentials=lambda: (load_key(self.folder / "user", ""), None),
            connect_within=timedelta(seconds=5),
            answer_within=timedelta(seconds=5),
        )
        return SftpPartner(address, parallel)


def installed() -> bool:
    """Whether OpenSSH is here; where the build server runs it must be."""
    if PROGRAM is None and os.environ.get("CI"):
        pytest.fail("sshd is missing; .ci/run installs openssh-server")
    return PROGRAM is not None


def fingerprint(public: Path) -> str:
    told = subprocess.run(
        [KEYGEN, "-lf", str(public)],
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout.split()[1]


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        number: int = place.getsockname()[1]
        return number


def wait_for(port: int) -> None:
    end = SystemClock().now() + timedelta(seconds=START_SECONDS)
    while SystemClock().now() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            SystemClock().sleep(timedelta(milliseconds=20))
        else:
            return
    pytest.fail("sshd does not start")
