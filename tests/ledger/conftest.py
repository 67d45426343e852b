"""A migrated ledger on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.ledger.engine import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    postgres: Callable[[], str],
) -> Iterator[Ledger]:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    made = Ledger(postgres() if request.param == "postgres" else url)
    made.migrate()
    yield made
    made.close()
