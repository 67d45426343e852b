"""The engine: durable workflows of DBOS, and nothing else of it.

A workflow has the id of a due thing (errand, key, generation); starting one
twice is harmless. Its only arguments are ids: the engine stores them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from dbos import DBOS
from dbos import SetEnqueueOptions
from dbos import SetWorkflowID

from bridge.jobs import oldsqlite
from bridge.ledger.engine import room

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dbos import DBOSConfig

NAME = "bridge"
VERSION = "1"  # pinned: a new one would strand what is pending
QUEUE = "lanes"
POLL_SECONDS = 0.1
AT_ONCE = 500  # workflows that are dropped together
ENDED = frozenset({"SUCCESS", "ERROR", "CANCELLED"})
QUIET = logging.CRITICAL  # its log lines could carry what they should not


@dataclass(frozen=True)
class Running:
    """A workflow as the engine sees it.

    Attributes:
        state: ``PENDING``, ``ENQUEUED``, ``SUCCESS``, ``ERROR`` …
        executor: The worker that has it.
    """

    state: str
    executor: str


_handler: Callable[[str, str, int], None] | None = None


@DBOS.workflow(name="errand", max_recovery_attempts=1_000_000)
def errand(name: str, key: str, generation: int) -> None:
    """One due thing, run as one durable step; it asks the ledger itself."""
    DBOS.run_step({"name": name}, _run, name, key, generation)


def _run(name: str, key: str, generation: int) -> None:
    if _handler is not None:
        _handler(name, key, generation)


class Engine:
    """The running engine of this process.

    Args:
        url: SQLAlchemy URL of the engine's own database.
        executor: Stable name of this worker: what it left pending comes back
            when the same name starts again.
        handler: Does one due thing; must not raise.
    """

    def __init__(
        self,
        url: str,
        *,
        executor: str,
        handler: Callable[[str, str, int], None],
    ) -> None:
        self._url = url
        self._shared = not url.startswith("sqlite")
        self._config: DBOSConfig = {
            "name": NAME,
            "system_database_url": url,
            "application_version": VERSION,
            "executor_id": executor,
            "log_level": "CRITICAL",
            "notification_listener_polling_interval_sec": POLL_SECONDS,
        }
        if not self._shared:
            known = {"connect_args": oldsqlite.connect_args()}
            self._config["db_engine_kwargs"] = known
        self._run = handler
        self.executor = executor

    def start(self) -> None:
        """Launch; what this executor left pending begins again.

        Raises:
            PlaceError: ``ledger.full``, as everything here may.
        """
        global _handler  # noqa: PLW0603 - DBOS knows functions by module
        _handler = self._run
        DBOS(config=self._config)
        logging.getLogger("dbos").setLevel(QUIET)
        with room(self._url):
            DBOS.launch()
            if self._shared:
                DBOS.register_queue(
                    QUEUE,
                    partition_concurrency=1,
                    polling_interval_sec=POLL_SECONDS,
                )

    def stop(self) -> None:
        """Let everything go; the caller has waited for what runs."""
        global _handler  # noqa: PLW0603 - DBOS knows functions by module
        DBOS.destroy(workflow_completion_timeout_sec=0)
        _handler = None

    def begin(self, workflow: str, lane: str, *arguments: Any) -> None:  # noqa: ANN401
        """Start a workflow; one of a lane at a time over all workers."""
        with room(self._url), SetWorkflowID(workflow):
            if self._shared:
                with SetEnqueueOptions(queue_partition_key=lane):
                    DBOS.enqueue_workflow(QUEUE, errand, *arguments)
            else:
                DBOS.start_workflow(errand, *arguments)

    def state(self, workflow: str) -> Running | None:
        """What the engine knows of a workflow, if anything."""
        with room(self._url):
            status = DBOS.get_workflow_status(workflow)
        if status is None:
            return None
        return Running(str(status.status), status.executor_id or "")

    def forget(self, before: datetime) -> int:
        """Drop what ended before an instant; the ledger never asks for it.

        Returns:
            How many workflows were dropped.
        """
        number = 0
        while ended := DBOS.list_workflows(
            status=sorted(ENDED),
            completed_before=before.isoformat(),
            limit=AT_ONCE,
            load_input=False,
            load_output=False,
        ):
            DBOS.delete_workflows([item.workflow_id for item in ended])
            number += len(ended)
        return number

    def take_over(self, workflow: str) -> None:
        """Run a workflow whose worker died."""
        DBOS.resume_workflow(workflow)
