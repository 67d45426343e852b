"""Recorded answers of the rehearsal: which message Amazon would refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import ConfigError
from bridge.errors import Where

if TYPE_CHECKING:
    from pathlib import Path

MATCHES = frozenset({"operation", "marketplace", "sku", "order", "times"})
ANSWERS = frozenset({"status", "http", "issues"})
TAKEN = frozenset({"ACCEPTED", "VALID", "DONE"})


@dataclass
class Answers:
    """The answers of ``rehearsal/answers/*.json``, first match by name.

    Attributes:
        folder: Where they lie; read anew at every question.
        used: How often each file has answered in this process.
    """

    folder: Path
    used: dict[str, int] = field(default_factory=dict)

    def find(self, **facts: str) -> dict[str, Any] | None:
        """The answer to a question, or nothing: then Amazon agrees.

        Args:
            facts: ``operation``, ``marketplace`` and ``sku`` or ``order``.

        Raises:
            ConfigError: An answer file is not of the form.
        """
        for path in sorted(self.folder.glob("*.json")):
            match, answer = _read(path)
            times = match.get("times")
            spent = self.used.get(path.name, 0)
            if times is not None and spent >= int(times):
                continue
            if all(
                match[key] == facts.get(key) for key in match if key != "times"
            ):
                self.used[path.name] = spent + 1
                return answer
        return None


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
        match, answer = content["match"], content["answer"]
        good = set(match) <= MATCHES and set(answer) <= ANSWERS
    except (ValueError, KeyError, TypeError):
        good, match, answer = False, {}, {}
    if not good:
        raise ConfigError("amazon.bad_answer", where=Where(path.name))
    return match, answer
