"""One connection to a partner: opened, sworn in, and timed on every read."""

from __future__ import annotations

import errno
import logging
import socket
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import paramiko

from bridge.errors import NO_ROOM
from bridge.errors import PlaceError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.partners.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import timedelta

    from bridge.errors import BridgeError
    from bridge.partners.keys import HostKeys

#: Twice as fast as paramiko's first choice: it signs and locks at once.
FAST = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
BROKEN = (
    *(OSError, EOFError, UnicodeDecodeError),
    *(paramiko.SSHException, paramiko.SFTPError),
)
KINDS = ("ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519")
LONGEST = 80  # signs of a server's own words that are shown


@dataclass(frozen=True)
class Address:
    """Where a partner's server is and how one gets in.

    Attributes:
        name: As the settings call the partner.
        host: Name or address.
        port: TCP.
        user: Whose area.
        hosts: Which keys the server may show.
        credentials: Reads our key and password, either ``None``; only
            once the server is known.
        connect_within: For each of: connection, greeting, sign-in.
        answer_within: For every answer after that.
    """

    name: str
    host: str
    port: int
    user: str
    hosts: HostKeys
    credentials: Callable[[], tuple[Any, str | None]]
    connect_within: timedelta
    answer_within: timedelta

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port


class Session:
    """An open connection with an SFTP channel.

    Raises:
        TransientError: ``partners.unreachable``: nobody answers in time.
        RefusedError: The server shows another key, or lets us not in.
        ConfigError: Our own key or password cannot be read.
    """

    def __init__(self, address: Address) -> None:
        self.hashes = True  # until the server says that it has none
        self._transport = _greet(address)
        try:
            _sign_in(self._transport, address)
            self.client = _channel(self._transport, address)
        except BaseException:
            self._transport.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether the other side can still be asked."""
        channel = self.client.get_channel()
        return self._transport.is_active() and not channel.closed

    @property
    def fingerprint(self) -> str:
        """Of the key the server showed, as ``SHA256:…``."""
        shown: str = self._transport.get_remote_server_key().fingerprint
        return shown

    def close(self) -> None:
        """Hang up; twice is harmless."""
        self._transport.close()

    @contextmanager
    def door(self, path: str) -> Iterator[None]:
        """Whatever goes wrong inside becomes an error of ours.

        Args:
            path: What it is about, as a person reads it.

        Raises:
            TransientError: ``partners.silent`` or ``partners.cut`` if the
                connection is lost; ``partners.failed`` if the server gave
                up on this one thing.
            RefusedError: ``partners.not_there``, ``partners.forbidden``.
        """
        try:
            yield
        except TimeoutError as error:
            self.close()
            raise TransientError("partners.silent", path=path) from error
        except BROKEN as error:
            raise self.told(error, path) from error

    def told(self, error: Exception, path: str) -> BridgeError:
        """An error of ours for what the server or our own disk said."""
        number = getattr(error, "errno", None)
        here = getattr(error, "filename", None)
        ours = here is not None or number in NO_ROOM
        if ours and isinstance(error, OSError):
            return PlaceError.of(error, here or path)
        if number == errno.ENOENT:
            return RefusedError("partners.not_there", path=path)
        if number == errno.EACCES:
            return RefusedError("partners.forbidden", path=path)
        if isinstance(error, OSError) and number is None and self.alive:
            reason = _plain(str(error))
            return TransientError("partners.failed", path=path, reason=reason)
        return TransientError("partners.cut", path=path)


def _greet(address: Address) -> paramiko.Transport:
    """Connect and see who is there, before a word is said about us.

    A server has keys of several kinds, and people agree on one of them:
    where another was shown, the others are asked for.
    """
    # what it says of an error is said better here, and with ids only
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    try:
        return _greeted(address, address.hosts.kinds(*address.place))
    except RefusedError:
        for kind in KINDS if address.hosts.fingerprints else ():
            with suppress(RefusedError, TransientError):
                return _greeted(address, [kind])
        raise


def _greeted(address: Address, kinds: Sequence[str]) -> paramiko.Transport:
    seconds = address.connect_within.total_seconds()
    with ExitStack() as undone:
        try:
            line = socket.create_connection(address.place, seconds)
            undone.callback(line.close)
            transport = paramiko.Transport(line)
            undone.callback(transport.close)
            _prepare(transport, seconds, kinds)
            transport.start_client(timeout=seconds)
            shown = transport.get_remote_server_key()
        except BROKEN as error:
            raise _unreachable(address, error) from error
        address.hosts.check(shown, *address.place)
        undone.pop_all()
    return transport


def _prepare(
    transport: paramiko.Transport, seconds: float, kinds: Sequence[str]
) -> None:
    """How long it waits, what it locks with, which keys it asks for first."""
    transport.banner_timeout = seconds
    transport.handshake_timeout = seconds
    transport.auth_timeout = seconds
    transport.channel_timeout = seconds
    options = transport.get_security_options()
    others = [one for one in options.ciphers if one not in FAST]
    options.ciphers = (*FAST, *others)
    first = [one for one in options.key_types if _kind(one) in kinds]
    rest = [one for one in options.key_types if one not in first]
    options.key_types = (*first, *rest)


def _kind(algorithm: str) -> str:
    """``rsa-sha2-512`` signs with a key of the kind ``ssh-rsa``."""
    return "ssh-rsa" if algorithm.startswith("rsa-") else algorithm


def _sign_in(transport: paramiko.Transport, address: Address) -> None:
    key, password = address.credentials()
    try:
        left = ["password"]
        if key is not None:
            left = transport.auth_publickey(address.user, key)
        if password is not None and (key is None or "password" in left):
            left = transport.auth_password(address.user, password)
    except paramiko.AuthenticationException as error:
        if not transport.is_active() or "timeout" in str(error):
            raise _unreachable(address, error) from error
        raise _not_let_in(address) from error
    except BROKEN as error:
        raise _unreachable(address, error) from error
    if not transport.is_authenticated():
        raise _not_let_in(address)


def _not_let_in(address: Address) -> RefusedError:
    return RefusedError(
        "partners.not_let_in", host=address.host, user=address.user
    )


def _unreachable(address: Address, error: Exception) -> TransientError:
    return TransientError(
        "partners.unreachable",
        host=address.host,
        port=address.port,
        reason=_reason(error),
    )


def _channel(transport: paramiko.Transport, address: Address) -> Client:
    """The SFTP channel; no read waits longer than agreed."""
    try:
        channel = transport.open_session()
        channel.settimeout(address.answer_within.total_seconds())
        channel.invoke_subsystem("sftp")
        return Client(channel)
    except BROKEN as error:
        raise _unreachable(address, error) from error


def _reason(error: Exception) -> str:
    return _plain(getattr(error, "strerror", None) or str(error))


def _plain(text: str) -> str:
    """A server's words, short and without anything that is not seen."""
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST]
