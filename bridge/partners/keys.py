"""Keys: ours, which opens the door, and theirs, which shows the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from paramiko.hostkeys import InvalidHostKey

from bridge.errors import ConfigError
from bridge.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

SSH_PORT = 22


def load_key(path: Path, passphrase: str) -> Any:  # noqa: ANN401 - a PKey
    """A private key: ed25519, ECDSA or RSA, as OpenSSH or PEM writes it.

    Args:
        path: The file.
        passphrase: What locks it; empty if nothing does.

    Raises:
        ConfigError: ``partners.key_unreadable``, or ``.key_locked`` if the
            passphrase does not fit or is missing.
    """
    password = passphrase.encode() or None
    try:
        return paramiko.PKey.from_path(path, password)
    except (TypeError, paramiko.PasswordRequiredException) as error:
        raise ConfigError("partners.key_locked", value=str(path)) from error
    except (
        *(OSError, ValueError, UnsupportedAlgorithm),
        *(paramiko.SSHException, paramiko.pkey.UnknownKeyType),
    ) as error:
        locked = "partners.key_locked" if passphrase else ""
        raise ConfigError(
            locked or "partners.key_unreadable", value=str(path)
        ) from error


@dataclass(frozen=True)
class HostKeys:
    """Which keys a partner's server may show.

    Attributes:
        fingerprints: As ``SHA256:…``; several while a key is changed.
        file: Another place of known keys, as OpenSSH keeps them.
    """

    fingerprints: tuple[str, ...] = ()
    file: Path | None = None

    def kinds(self, host: str, port: int) -> list[str]:
        """The kinds of key that are known of a server, to ask for them."""
        return [*(self._known(host, port) or {})]

    def check(self, shown: Any, host: str, port: int) -> None:  # noqa: ANN401
        """Let nobody in who shows another key.

        Raises:
            RefusedError: ``partners.host_unknown`` or, where others are
                known, ``partners.host_changed``, both with what was shown.
        """
        known = self._known(host, port)
        said = shown.fingerprint
        if said in {text.rstrip("=") for text in self.fingerprints}:
            return
        if known and known.get(shown.get_name()) == shown:
            return
        code = "host_changed" if known or self.fingerprints else "host_unknown"
        raise RefusedError(f"partners.{code}", host=host, fingerprint=said)

    def _known(self, host: str, port: int) -> Any:  # noqa: ANN401
        if self.file is None:
            return None
        name = host if port == SSH_PORT else f"[{host}]:{port}"
        return read_known_hosts(self.file).lookup(name)


def read_known_hosts(path: Path) -> Any:  # noqa: ANN401 - paramiko's
    """The keys in a file of OpenSSH.

    Raises:
        ConfigError: ``partners.known_hosts``: it cannot be read.
    """
    try:
        return paramiko.HostKeys(str(path))
    except (OSError, UnicodeDecodeError, InvalidHostKey) as error:
        raise ConfigError("partners.known_hosts", value=str(path)) from error
