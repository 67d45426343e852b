"""One JSON line for each thing that happened: ids only, never a payload."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path
    from typing import TextIO

#: Loggers that would tell more than ids; they never get below this level.
FOREIGN = ("sp_api", "httpx", "httpcore", "dbos", "sqlalchemy", "alembic")
#: What a line may hold beside time, level and action.
ALLOWED = frozenset(
    {
        *("time", "level", "action", "delivery", "job", "submission"),
        *("order", "mapping", "code", "state", "records", "refused"),
        *("messages", "outbox", "request", "outcome", "sku", "article"),
        *("trace", "mode", "pid", "number"),
    }
)


class Both:
    """Writes each line to the log file and, if wanted, to a person."""

    def __init__(self, file: TextIO, echo: TextIO | None) -> None:
        self._file, self._echo = file, echo

    def write(self, text: str) -> int:
        """A line, or its end."""
        if self._echo is not None:
            self._echo.write(text)
        return self._file.write(text)

    def flush(self) -> None:
        """Now, so that a crash loses no line."""
        if self._echo is not None:
            self._echo.flush()
        self._file.flush()


def open_logbook(path: Path, echo: TextIO | None = None) -> tuple[Any, TextIO]:
    """The logger of this process, and the file it appends to.

    Args:
        path: The log file; older lines stay.
        echo: Where the lines are shown as well.
    """
    for name in FOREIGN:
        logging.getLogger(name).setLevel(logging.ERROR)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a", encoding="utf-8")
    logger = structlog.wrap_logger(
        structlog.PrintLogger(cast("TextIO", Both(file, echo))),
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.EventRenamer("action"),
            _only_ids,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    return logger, file


def _only_ids(
    _logger: Any,  # noqa: ANN401 - structlog's own
    _name: str,
    line: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Whatever is not on the list is left out: nothing personal gets by."""
    return {key: value for key, value in line.items() if key in ALLOWED}
