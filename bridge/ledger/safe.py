"""Personal data is stored locked; the key lies beside, not inside."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken

from bridge.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ONLY = 0o600


class KeySafe:
    """Locks with AES-128 (Fernet) under a key kept in one file.

    Args:
        path: The key file; made, readable by its owner only, when missing.
    """

    def __init__(self, path: Path) -> None:
        self._key = _key(path)
        self._fernet = Fernet(self._key)

    @property
    def key_id(self) -> str:
        """A short name of the key that tells nothing about it."""
        return sha256(self._key).hexdigest()[:16]

    def lock(self, content: bytes) -> bytes:
        """The opaque blob; never the same twice."""
        return self._fernet.encrypt(content)

    def unlock(self, blob: bytes, key_id: str) -> bytes:
        """What was locked.

        Raises:
            ConfigError: It was locked with another key.
        """
        try:
            return self._fernet.decrypt(blob)
        except InvalidToken:
            raise ConfigError(
                "ledger.other_key", wanted=key_id, found=self.key_id
            ) from None


def _key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    handle = os.open(path, flags, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        key = Fernet.generate_key()
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
