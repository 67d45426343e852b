"""A database of somebody else, and what its refusals mean."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import InterfaceError
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

WAIT_SECONDS = 10  # for a database that does not answer
LOOPBACK = frozenset({"127.0.0.1", "::1"})
#: Where a server listens that nobody moved.
PORTS = {"postgresql": 5432, "mssql": 1433, "mysql": 3306, "mariadb": 3306}
SQLSTATE = re.compile(r"[0-9A-Z]{5}")
#: SQLSTATE classes that mean: later it may work (PostgreSQL, appendix A).
PASSING = frozenset({"08", "40", "53", "55", "57", "58"})


def engine_for(name: str, url: str) -> Engine:
    """The engine of a URL; nothing is connected yet.

    Raises:
        ConfigError: ``databases.bad_url`` or ``databases.no_driver``.
    """
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=_patience(url),
        )
    except ArgumentError:
        raise ConfigError("databases.bad_url", table=name) from None
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            "databases.no_driver", table=name, problem=str(error)
        ) from None


def place_of(url: str) -> str | None:
    """The database a URL leads to, whatever the spelling.

    Returns:
        Equal for two URLs of one database; nothing if it has no place, or
        the URL cannot be read.
    """
    try:
        read = make_url(url)
    except ArgumentError:
        return None
    if read.get_backend_name() == "sqlite":
        path = (read.database or "").removeprefix("file:")
        if path in {"", ":memory:"}:
            return None
        return os.path.normcase(os.path.realpath(path))
    host = str(read.host or read.query.get("host") or "localhost").lower()
    host = "localhost" if host in LOOPBACK else host
    port = read.port or PORTS.get(read.get_backend_name(), 0)
    odbc = read.query.get("odbc_connect", "")
    return f"{read.get_backend_name()}:{host}:{port}:{read.database}:{odbc}"


def missing(engine: Engine) -> str:
    """The file of SQLite that is not there, which connecting would make.

    Returns:
        Its path; empty if it is there, or the database is no file.
    """
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return ""
    return "" if os.path.exists(path) else path  # noqa: PTH110 - a text


def _patience(url: str) -> dict[str, int]:
    """How long a driver may try, in the driver's own word."""
    if url.startswith("postgresql"):
        return {"connect_timeout": WAIT_SECONDS}
    return {"timeout": WAIT_SECONDS} if url.startswith("sqlite") else {}


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what a database says into what a person understands.

    A driver quotes the values it refuses; they may be personal, so only
    the code of the refusal is kept.

    Raises:
        TransientError: ``databases.away``: the same may work later.
        RefusedError: ``databases.refused``: it will never work like this.
    """
    try:
        yield
    except SQLAlchemyError as error:
        code = state_of(error)
        if _passes(error, code):
            raise TransientError(
                "databases.away", table=name, state=code
            ) from None
        raise RefusedError(
            "databases.refused", table=name, state=code
        ) from None


def state_of(error: SQLAlchemyError) -> str:
    """The refusal's code, else its class."""
    original = getattr(error, "orig", None)
    for name in ("sqlstate", "sqlite_errorname"):
        code = getattr(original, name, None)
        if code:
            return str(code)
    first = str(next(iter(getattr(original, "args", ())), ""))
    if SQLSTATE.fullmatch(first):  # as drivers of ODBC say it
        return first
    return type(original or error).__name__


def _passes(error: SQLAlchemyError, state: str) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if state[:2] in PASSING:
        return True
    missing = "no such" in str(getattr(error, "orig", ""))
    return isinstance(error, OperationalError | InterfaceError) and not missing
