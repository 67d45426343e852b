"""A database of somebody else, of each sort."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


class Other:
    """The other side: its address, and what its owner does in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = create_engine(url)

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.engine.connect() as connection:
            found = connection.execute(text(query)).mappings()
            return [dict(row) for row in found]


@pytest.fixture(params=["sqlite", "postgres"])
def other(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    postgres: Callable[[], str],
) -> Iterator[Other]:
    url = f"sqlite:///{tmp_path}/other.sqlite"
    made = Other(postgres() if request.param == "postgres" else url)
    yield made
    made.engine.dispose()
