"""An SFTP server of another maker that asks for a password."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncssh

from bridge.partners.keys import HostKeys
from bridge.partners.session import Address

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class PasswordServer:
    """asyncssh in a thread of its own.

    Attributes:
        folder: What it shows.
        user: Who may come in.
        password: With what.
        area: What it tells of its files.
        attempts: How often a password was tried.
    """

    folder: Path
    user: str
    password: str
    area: type[asyncssh.SFTPServer] = asyncssh.SFTPServer
    attempts: int = 0
    port: int = 0
    fingerprint: str = ""
    _connections: list[asyncssh.SSHServerConnection] = field(
        default_factory=list, init=False
    )

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready))
        )
        self._thread.start()
        ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def address(self, password: str) -> Address:
        return Address(
            name="agentur",
            host="127.0.0.1",
            port=self.port,
            user=self.user,
            hosts=HostKeys((self.fingerprint,)),
            credentials=lambda: (None, password),
            connect_within=timedelta(seconds=5),
            answer_within=timedelta(seconds=5),
        )

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        key = asyncssh.generate_private_key("ssh-ed25519")
        self.fingerprint = key.get_fingerprint()
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Guard(self),
            server_host_keys=[key],
            sftp_factory=self.area,
        )
        self.port = server.get_port()
        ready.set()
        await self._over.wait()
        server.close()
        await server.wait_closed()
        for connection in self._connections:
            connection.abort()
            await connection.wait_closed()


class _Guard(asyncssh.SSHServer):
    """Asks for the password."""

    def __init__(self, owner: PasswordServer) -> None:
        self._owner = owner

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._owner._connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        return bool(username)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._owner.attempts += 1
        right = (self._owner.user, self._owner.password)
        return (username, password) == right
