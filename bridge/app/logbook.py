"""One JSON line for each thing that happened: ids only, never a payload."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import MutableMapping
    from typing import TextIO

#: Loggers that would tell more than ids; they never get below this level.
FOREIGN = (
    *("sp_api", "httpx", "httpcore", "dbos", "sqlalchemy", "alembic"),
    *("paramiko", "keyring"),
)
FULL_BYTES = 10_000_000  # some 60,000 lines
OLDER_FILES = 9  # so that the log never needs more than 100 MB
ASIDE = ".full"  # ends the name while older files move up
#: What a line may hold beside time, level and action.
ALLOWED = frozenset(
    {
        *("time", "level", "action", "delivery", "job", "submission"),
        *("order", "mapping", "code", "state", "records", "refused"),
        *("messages", "outbox", "request", "outcome", "sku", "article"),
        *("trace", "mode", "pid", "number", "partner", "operation"),
    }
)


class LogFile(RotatingFileHandler):
    """The log file of a workspace; the oldest lines are let go.

    A full file becomes ``bridge.log.jsonl.1``, an older one ``.2``, and so
    on. Several workers may write the same log: who finds that another has
    renamed the file goes on in the new one, and where the system does not
    let it be renamed, because another holds it, writing goes on as it was.
    """

    terminator = ""

    def doRollover(self) -> None:  # noqa: N802 - the library calls it so
        """Begin a new file, unless that is done or cannot be done."""
        ours = self._is_ours()
        if self.stream is not None:
            self.stream.close()
        if ours and self._moved():
            super().doRollover()
        else:
            self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A line that finds no room on the disk is let go: work goes on."""

    def close(self) -> None:
        """Close it, even where its last lines find no room."""
        with suppress(OSError):
            super().close()

    def _is_ours(self) -> bool:
        """Whether the open file still has the name of the log."""
        if self.stream is None:
            return False
        try:
            named = Path(self.baseFilename).stat()
        except OSError:
            return False
        return os.path.samestat(os.fstat(self.stream.fileno()), named)

    def _moved(self) -> bool:
        """Whether the full file could be put aside; older ones wait."""
        full = Path(self.baseFilename)
        try:
            full.replace(f"{full}{ASIDE}")
        except OSError:
            return False
        return True

    def rotate(self, source: str, dest: str) -> None:
        """Give the full file its next name; it lies aside by now."""
        super().rotate(f"{source}{ASIDE}", dest)


class Both:
    """Writes each line to the log file and, if wanted, to a person."""

    def __init__(self, file: LogFile, echo: TextIO | None) -> None:
        self._file, self._echo = file, echo

    def write(self, text: str) -> int:
        """A line with its end."""
        if self._echo is not None:
            self._echo.write(text)
        self._file.handle(logging.makeLogRecord({"msg": text}))
        return len(text)

    def flush(self) -> None:
        """Now, so that a crash loses no line."""
        if self._echo is not None:
            self._echo.flush()


def open_logbook(
    path: Path, echo: TextIO | None = None
) -> tuple[Any, Callable[[], None]]:
    """The logger of this process, and what closes its file.

    Args:
        path: The log file; older lines stay until it is full.
        echo: Where the lines are shown as well.
    """
    for name in FOREIGN:
        logging.getLogger(name).setLevel(logging.ERROR)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = LogFile(
        path, maxBytes=FULL_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
    )
    logger = structlog.wrap_logger(
        structlog.WriteLogger(cast("TextIO", Both(file, echo))),
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.EventRenamer("action"),
            _only_ids,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    return logger, file.close


def silent() -> Any:  # noqa: ANN401 - structlog's bound logger
    """A logger that keeps nothing: for a question beside a running bridge."""
    return structlog.wrap_logger(
        structlog.ReturnLogger(), processors=[lambda _l, _n, _e: ""]
    )


def _only_ids(
    _logger: Any,  # noqa: ANN401 - structlog's own
    _name: str,
    line: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Whatever is not on the list is left out: nothing personal gets by."""
    return {key: value for key, value in line.items() if key in ALLOWED}
