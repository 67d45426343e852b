"""``[[partner]]``: SFTP areas of forwarders, agencies, suppliers."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field

from bridge.config.durations import duration
from bridge.config.names import Encoding
from bridge.config.names import Host
from bridge.config.secrets import Secret

DELETE, KEEP, MOVE = "delete", "keep", "move:"
FILE = "file:"
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")


def _then(text: str) -> str:
    if text in {DELETE, KEEP} or (
        text.startswith(MOVE) and _below(text.removeprefix(MOVE))
    ):
        return text
    raise ValueError("config.unknown_then")


def nearest_then(text: str) -> str:
    """The word of ``then`` that was probably meant; empty if none."""
    word, _, folder = text.partition(":")
    moving = f"{MOVE}{folder.strip() or 'Verarbeitet'}"
    words = {"move": moving, DELETE: DELETE, KEEP: KEEP}
    near = get_close_matches(word.strip().lower(), words, n=1)
    return words[near[0]] if near else ""


def _folder(text: str) -> str:
    if not _below(text):
        raise ValueError("config.remote_folder")
    return text


def _below(folder: str) -> bool:
    """Whether a folder of the other side says where it is, plainly."""
    return bool(folder) and not re.search(
        r"\\|[\x00-\x1f]|(^|/)\.\.(/|$)", folder
    )


def _fingerprint(text: str) -> str:
    if text and not _FINGERPRINT.fullmatch(text):
        raise ValueError("config.not_a_fingerprint")
    return text


def _file(text: str) -> str:
    if text and not text.startswith(FILE):
        raise ValueError("config.file_expected")
    return text


def _some_time(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("config.no_time")
    return value


def _many(value: object) -> object:
    """One fingerprint, or a list of them while a key is changed."""
    return (value,) if isinstance(value, str) else value


Time = Annotated[
    timedelta, BeforeValidator(duration), AfterValidator(_some_time)
]
RemoteFolder = Annotated[str, AfterValidator(_folder)]
KeyFile = Annotated[str, AfterValidator(_file)]
Fingerprint = Annotated[str, AfterValidator(_fingerprint)]


class _Table(BaseModel):
    """Closed and frozen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True
    )


class Pull(_Table):
    """``pull``: what is fetched from a folder of the partner."""

    folder: RemoteFolder
    patterns: tuple[str, ...] = Field(default=("*",), min_length=1)
    then: Annotated[str, AfterValidator(_then)] = KEEP


class Push(_Table):
    """``push``: what is brought into a folder of the partner."""

    folder: RemoteFolder
    source: Path = Field(alias="from")
    patterns: tuple[str, ...] = Field(default=("*",), min_length=1)


class Partner(_Table):
    """``[[partner]]``: an SFTP area files are fetched from and brought to."""

    name: str = Field(pattern=r"^[A-Za-z][\w-]*$", max_length=40)
    host: Host
    port: int = Field(default=22, ge=1, le=65_535)
    user: str = Field(min_length=1)
    key: KeyFile = ""
    passphrase: Secret = ""
    password: Secret = ""
    host_key: Annotated[tuple[Fingerprint, ...], BeforeValidator(_many)] = ()
    known_hosts: KeyFile = ""
    every: Time = timedelta(minutes=5)
    settle: Annotated[timedelta, BeforeValidator(duration)] = timedelta(
        seconds=2
    )
    connect_within: Time = timedelta(seconds=15)
    answer_within: Time = timedelta(seconds=60)
    parallel: int = Field(default=1, ge=1, le=16)
    receipts: bool = False
    receipt_folder: str = ""
    mappings: tuple[str, ...] = ()
    encoding: Encoding = ""
    pull: tuple[Pull, ...] = ()
    push: tuple[Push, ...] = ()
