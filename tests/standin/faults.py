"""What can go wrong between the bridge and Amazon."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Literal

Fault = Literal[
    "none",  # this one goes well
    "500",  # JSON as promised
    "503",  # a gateway's page of HTML
    "429",
    "401",  # the token is not known any more
    "403",
    "400",
    "404",
    "empty",  # 200 and nothing
    "list",  # 200 and another shape
    "errors",  # 400 and an empty list of errors
    "dropped",  # nothing was done, and the line is cut
    "lost",  # it was done, and the line is cut
]


@dataclass
class Faults:
    """Faults that are due, by operation; ``*`` is any."""

    due: dict[str, list[Fault]] = field(default_factory=dict)

    def plan(self, operation: str, *faults: Fault) -> None:
        """Have the next requests of an operation fail."""
        self.due.setdefault(operation, []).extend(faults)

    def next(self, operation: str) -> Fault | None:
        """The fault of this request, if there is one."""
        for name in (operation, "*"):
            if self.due.get(name):
                fault = self.due[name].pop(0)
                return None if fault == "none" else fault
        return None
