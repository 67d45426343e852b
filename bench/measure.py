"""Time and memory of one thing done once in a process of its own."""

from __future__ import annotations

import json
import resource
import time
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Callable


def measured(work: Callable[[], dict[str, Any]]) -> None:
    """Do it, and print what it said with ``seconds`` and ``rss`` (MiB)."""
    begun, spent = time.perf_counter(), time.process_time()
    said = work()
    said["seconds"] = time.perf_counter() - begun
    said["cpu"] = time.process_time() - spent
    said["rss"] = rss()
    print(json.dumps(said))


def rss() -> float:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
