"""Opening the ledger: SQLite beside the workspace, or PostgreSQL."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError

from bridge.errors import ConfigError
from bridge.errors import PlaceError
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

Transaction: TypeAlias = Connection

BUSY_MS = 60_000  # a writer waits so long for others of a long run
PAGE = 16_384  # bytes; a content facet fits into one
CACHE_KIB = 8_192  # of each connection
CHECKPOINT = 4_096  # pages: the log is put away every 64 MiB
DISK_FULL = "53100"  # PostgreSQL's SQLSTATE disk_full
#: SQLite cannot grow the database, its log, or the log's index.
SQLITE_FULL = frozenset(
    {
        *("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"),
        *("SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP"),
    }
)
MIGRATIONS = Path(__file__).parent / "migrations"


class Ledger:
    """The one database of business state.

    Args:
        url: An SQLAlchemy URL; SQLite or PostgreSQL by psycopg.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = _engine(url)
        # SQLite has one writer; who waits here is woken at once.
        self._turn = threading.RLock() if self.embedded else nullcontext()

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite: one process, one writer."""
        return self._engine.dialect.name == "sqlite"

    def migrate(self) -> None:
        """Bring the tables up to date; harmless when they are.

        Raises:
            ConfigError: The database does not answer.
            PlaceError: ``ledger.full``.
        """
        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.write() as tx:
                settings.attributes["connection"] = tx
                command.upgrade(settings, "head")
        except OperationalError as error:
            raise ConfigError(
                "config.no_database", problem=str(error.orig)
            ) from error

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One transaction that may write; all of it or nothing.

        Raises:
            PlaceError: ``ledger.full``: nothing was written.
        """
        with self._turn, room(self.url), self._engine.connect() as connection:
            if self.embedded:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def dry(self) -> Iterator[Transaction]:
        """A transaction that may write and is taken back."""
        with self._turn, room(self.url), self._engine.connect() as connection:
            if self.embedded:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent look; never writes.

        Raises:
            PlaceError: ``ledger.full``: even reading takes a little room.
        """
        with room(self.url), self._engine.connect() as connection:
            if self.embedded:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def close(self) -> None:
        """Let every connection go."""
        self._engine.dispose()


@contextmanager
def room(url: str) -> Iterator[None]:
    """Whatever a database has no room for becomes an error to retry.

    Args:
        url: The database, to be named without its password.

    Raises:
        PlaceError: ``ledger.full``.
    """
    try:
        yield
    except DBAPIError as error:
        if not _is_full(error.orig):
            raise
        place = make_url(url).database or ""
        raise PlaceError("ledger.full", where=Where(place)) from error


def _is_full(error: BaseException | None) -> bool:
    """Whether SQLite or PostgreSQL found no room to write."""
    name = getattr(error, "sqlite_errorname", "")
    return name in SQLITE_FULL or getattr(error, "sqlstate", "") == DISK_FULL


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(raw: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    raw.isolation_level = None  # the driver begins nothing by itself
    for pragma in (
        f"page_size={PAGE}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MS}",
        f"cache_size=-{CACHE_KIB}",
        f"wal_autocheckpoint={CHECKPOINT}",
        "foreign_keys=ON",
    ):
        raw.execute(f"PRAGMA {pragma}")
