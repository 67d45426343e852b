"""Recorded answers of the rehearsal: which message Amazon would refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

MATCHES = frozenset({"operation", "marketplace", "sku", "order", "times"})
ANSWERS = frozenset({"status", "http", "issues"})
TAKEN = frozenset({"ACCEPTED", "VALID", "DONE"})


class Recorded(NamedTuple):
    """One answer file."""

    name: str
    match: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class Answers:
    """The answers of ``rehearsal/answers/*.json``, first match by name.

    Attributes:
        folder: Where they lie; read anew at every question.
        used: How often each file has answered in this process.
    """

    folder: Path
    used: dict[str, int] = field(default_factory=dict)

    def read(self) -> list[Recorded]:
        """Every recorded answer, in the order of the files' names.

        Raises:
            ConfigError: An answer file is not of the form.
        """
        return [_read(path) for path in sorted(self.folder.glob("*.json"))]

    def find(
        self, recorded: Iterable[Recorded], **facts: str
    ) -> dict[str, Any] | None:
        """The answer to a question, or nothing: then Amazon agrees.

        Args:
            recorded: As they were read.
            facts: ``operation``, ``marketplace`` and ``sku`` or ``order``.
        """
        for item in recorded:
            times = item.match.get("times")
            spent = self.used.get(item.name, 0)
            if times is not None and spent >= int(times):
                continue
            if all(
                item.match[key] == facts.get(key)
                for key in item.match
                if key != "times"
            ):
                self.used[item.name] = spent + 1
                return item.answer
        return None


def mistakes(folder: Path) -> Iterator[Finding]:
    """What is wrong with the recorded answers, each file once."""
    for path in sorted(folder.glob("*.json")):
        try:
            _read(path)
        except ConfigError as error:
            facts = {key: str(value) for key, value in error.facts.items()}
            yield Finding(
                error.code, turn="operator", facts=facts, source=str(path)
            )


def _read(path: Path) -> Recorded:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
        found = Recorded(path.name, content["match"], content["answer"])
        strange = {*found.match} - MATCHES | {*found.answer} - ANSWERS
    except (KeyError, ValueError, TypeError) as error:
        raise _broken(path, str(error)) from error
    if strange:
        raise _broken(path, ", ".join(sorted(strange)))
    return found


def _broken(path: Path, problem: str) -> ConfigError:
    where = Where(path.name)
    return ConfigError(
        "amazon.bad_answer", where=where, file=path.name, problem=problem
    )
