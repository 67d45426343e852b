"""What the engine needs of SQLite and an older one lacks.

On Python 3.12 and newer DBOS writes ``unixepoch('subsec')`` into its tables;
SQLite knows that word since 3.42 and gives NULL before (Debian 12 has 3.40).
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

KNOWS_SUBSEC = (3, 42, 0)


class OldConnection(sqlite3.Connection):
    """A connection whose ``unixepoch`` gives fractions of a second."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **named)
        self.create_function("unixepoch", 1, _seconds)


def _seconds(_modifier: str) -> float:
    return time.time()


def connect_args() -> dict[str, Any]:
    """What is to be said when the engine opens its SQLite file."""
    if sqlite3.sqlite_version_info >= KNOWS_SUBSEC:
        return {}
    return {"factory": OldConnection}
