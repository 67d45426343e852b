"""Personal data is stored locked; the key lies beside, not inside.

The key file holds one key a line. The first locks; those below it are of
earlier times and only unlock, until everything is locked anew and they are
dropped. A line ``prints:…`` keeps fingerprints the same over a change of
keys.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken

from bridge.errors import ConfigError
from bridge.errors import door

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ONLY = 0o600
PRINTS = b"prints:"


class KeySafe:
    """Locks with AES-128 (Fernet) under a key kept in one file.

    Args:
        path: The key file; made, readable by its owner only, when missing.

    Raises:
        ConfigError: ``ledger.bad_key``: something else is in the file.
        PlaceError: ``files.full``: there is no room for a new key.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read()

    @property
    def key_id(self) -> str:
        """A short name of the key that locks; it tells nothing about it."""
        return _id(self._keys[0])

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The names of all keys that unlock."""
        return tuple(map(_id, self._keys))

    def fingerprint(self, text: str) -> str:
        """A keyed digest: without the key nobody can try texts out."""
        return hmac.digest(self._prints, text.encode(), "sha256").hex()

    def lock(self, content: bytes) -> bytes:
        """The opaque blob; never the same twice."""
        return Fernet(self._keys[0]).encrypt(content)

    def unlock(self, blob: bytes, key_id: str) -> bytes:
        """What was locked.

        Raises:
            ConfigError: It was locked with another key.
        """
        if key_id not in self.key_ids:
            self._read()  # another process may have changed it
        for key in self._keys:
            if _id(key) == key_id:
                return self._opened(key, blob, key_id)
        raise self._other(key_id)

    def add_key(self) -> None:
        """Lock with a new key from now on; the old ones still unlock."""
        self._write([Fernet.generate_key(), *self._keys])

    def drop_old_keys(self) -> None:
        """Forget the keys of earlier times: nothing is locked with them."""
        self._write(self._keys[:1])

    def _opened(self, key: bytes, blob: bytes, key_id: str) -> bytes:
        try:
            return Fernet(key).decrypt(blob)
        except InvalidToken:
            raise self._other(key_id) from None

    def _other(self, key_id: str) -> ConfigError:
        return ConfigError(
            "ledger.other_key", wanted=key_id, found=self.key_id
        )

    def _read(self) -> None:
        lines = _content(self._path).split()
        self._keys = [line for line in lines if not line.startswith(PRINTS)]
        if not self._keys or not all(map(_is_key, self._keys)):
            raise ConfigError("ledger.bad_key", path=str(self._path))
        said = [line for line in lines if line.startswith(PRINTS)]
        own = sha256(PRINTS + self._keys[-1]).hexdigest().encode()
        self._prints = said[0].removeprefix(PRINTS) if said else own

    def _write(self, keys: list[bytes]) -> None:
        """Replace the key file, whole or not at all."""
        draft = self._path.with_name(f".{self._path.name}.part")
        with door(self._path):
            draft.unlink(missing_ok=True)
            _create(draft, b"\n".join([*keys, PRINTS + self._prints, b""]))
            draft.replace(self._path)
        self._read()


def _is_key(key: bytes) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _id(key: bytes) -> str:
    return sha256(key).hexdigest()[:16]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    key = Fernet.generate_key()
    with door(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path, key)
    return key


def _create(path: Path, content: bytes) -> None:
    """Write a new file; half a key would lock the next start out."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    handle = os.open(path, flags, OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise
