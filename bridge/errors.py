"""What can go wrong, sorted by what to do about it.

* BridgeError
  - ConfigError      an operator edits a file; the bridge does not start
  - InputError       the file or row is wrong; set it aside, never retry
  - TransientError   the same call may work later; retry
    + ThrottledError   ... and the other side said how long to wait
    + PlaceError       ... when a disk has room, or a folder is back
  - RefusedError     the other side understood and said no; ask a human
  - DefectError      the bridge is wrong; park the job, wake a developer

A single fact about a row, a setting or a mapping is a Finding. Findings are
collected and returned; an error carries them where the whole thing fails.
Sentences live in ``bridge.messages``, never at the place that finds a fault.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING
from typing import ClassVar
from typing import Literal

from bridge.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import timedelta

Severity = Literal["refuse", "warn"]
Turn = Literal["sender", "mapping", "operator", "amazon", "partner", "nobody"]
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})  # as the system says it


@dataclass(frozen=True)
class Where:
    """The place a fact points at, as exact as it is known."""

    source: str
    """File name, mapping name or remote call."""
    line: int | None = None
    """1-based line or row number."""
    field: str | None = None
    column: int | None = None
    """1-based column of a text we own, such as a mapping file."""

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        column = "" if self.column is None else f":{self.column}"
        field = "" if self.field is None else f" [{self.field}]"
        return f"{self.source}{line}{column}{field}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact a person should know about: data, not prose.

    Attributes:
        code: Stable name; its sentences are in the message catalogues.
        line: Physical line (csv, txt: where the record begins; xlsx: the
            row; xml, json: the line of the element), counted from 1.
        field: The sender's own name of the column, element or setting.
        value: The offending value as it was written.
        severity: ``refuse`` keeps the row out, ``warn`` lets it pass.
        turn: Who acts next.
        facts: More placeholders of the sentence.
        column: 1-based column of a text we own, such as a mapping file.
        source: The file it is in, where several are reported together.
    """

    code: str
    line: int | None = None
    field: str | None = None
    value: str | None = None
    severity: Severity = "refuse"
    turn: Turn = "sender"
    facts: Mapping[str, str] = attribute(default_factory=dict)
    column: int | None = None
    source: str | None = None

    def message(self, language: str = "en") -> str:
        """The sentence that quotes the value."""
        return catalogue.sentence(self.code, self._known(), language)

    def hint(self, language: str = "en") -> str:
        """The next move; empty if there is none."""
        return catalogue.advice(self.code, self._known(), language)

    def told(self, source: str, language: str = "en") -> str:
        """One paragraph: place, sentence and, indented, the hint."""
        place = Where(
            self.source or source, self.line, self.field, self.column
        )
        advice = self.hint(language)
        tail = f"\n  {advice}" if advice else ""
        return f"{place}: {self.message(language)}{tail}"

    def _known(self) -> dict[str, object]:
        return {
            "line": self.line,
            "field": self.field,
            "value": self.value,
            **self.facts,
        }


class BridgeError(Exception):
    """Base of everything the bridge raises on purpose.

    Args:
        code: Stable name of what happened; the catalogue has the sentence.
        where: The place it happened.
        findings: All the single facts, where there are several.
        facts: The placeholders of the sentence.
    """

    family: ClassVar[str] = "bridge"
    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        code: str,
        *,
        where: Where | None = None,
        findings: Iterable[Finding] = (),
        **facts: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.findings = tuple(findings)
        self.facts = facts

    def message(self, language: str = "en") -> str:
        """What happened, in one sentence, with the offending value."""
        return catalogue.sentence(self.code, self.facts, language)

    def hint(self, language: str = "en") -> str:
        """What the reader can do next; empty if nothing."""
        return catalogue.advice(self.code, self.facts, language)

    def told(self, language: str = "en") -> str:
        """Everything a person should read, findings included."""
        place = "" if self.where is None else f"{self.where}: "
        advice = self.hint(language)
        lines = [f"{place}{self.message(language)}"]
        lines += [f"  {advice}"] if advice else []
        source = "" if self.where is None else self.where.source
        lines += [finding.told(source, language) for finding in self.findings]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.told()


class ConfigError(BridgeError):
    """A setting or mapping is wrong; the bridge refuses to start."""

    family = "config"
    exit_code = 2


class InputError(BridgeError):
    """A file or row is wrong; it is set aside and never retried."""

    family = "input"
    exit_code = 3


class TransientError(BridgeError):
    """The same call may work later; it is retried."""

    family = "transient"
    exit_code = 4


class ThrottledError(TransientError):
    """The other side asked us to wait.

    Args:
        code: Stable name of what happened.
        retry_after: How long the other side asked us to wait.
    """

    family = "throttled"

    def __init__(self, code: str, *, retry_after: timedelta) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class PlaceError(TransientError):
    """A disk is full or a folder away; waited for as long as it takes."""

    family = "place"

    @classmethod
    def of(cls, error: OSError, path: object) -> PlaceError:
        """What the system refused, with the place a person knows.

        Args:
            error: As it was caught.
            path: The file or folder to name.
        """
        full = error.errno in NO_ROOM
        return cls(
            "files.full" if full else "files.unreachable",
            where=Where(str(path)),
            path=path,
            reason=error.strerror or str(error),
        )


class RefusedError(BridgeError):
    """The other side understood and said no; a human decides."""

    family = "refused"
    exit_code = 5


class DefectError(BridgeError):
    """The bridge broke its own rule; the job is parked."""

    family = "defect"
    exit_code = 70


@contextmanager
def door(path: object) -> Iterator[None]:
    """Whatever the disk refuses inside becomes an error to retry.

    Args:
        path: The file or folder to name.

    Raises:
        PlaceError: ``files.full`` or ``files.unreachable``, with path and
            reason.
    """
    try:
        yield
    except OSError as error:
        raise PlaceError.of(error, path) from error
