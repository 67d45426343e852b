"""Secrets stand elsewhere; bridge.toml only says where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from typing import Annotated

from pydantic import AfterValidator

from bridge.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

ENV, FILE, KEYRING = "env:", "file:", "keyring:"
FORMS = (ENV, FILE, KEYRING)


def _secret_place(text: str) -> str:
    if text and not text.startswith(FORMS):
        raise ValueError("config.plain_secret")
    return text


Secret = Annotated[str, AfterValidator(_secret_place)]


def secret(reference: str, workspace: Path) -> str:
    """What a reference stands for.

    Args:
        reference: ``env:NAME``, ``file:PATH`` or ``keyring:SERVICE/NAME``.
        workspace: Where a relative path begins.

    Raises:
        ConfigError: ``config.no_secret``: nothing stands there.
    """
    if reference.startswith(ENV):
        found = os.environ.get(reference.removeprefix(ENV))
    elif reference.startswith(FILE):
        found = _from_file(workspace / reference.removeprefix(FILE))
    else:
        found = _from_keyring(reference.removeprefix(KEYRING))
    if not found:
        raise ConfigError("config.no_secret", value=reference)
    return found


def _from_file(path: Path) -> str | None:
    """The first line: editors end a file with a line break."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return lines[0] if lines else None


def _from_keyring(place: str) -> str | None:
    import keyring  # noqa: PLC0415 - a tenth of a second, for few

    service, _, name = place.rpartition("/")
    try:
        return keyring.get_password(service, name)
    except keyring.errors.KeyringError:
        return None
