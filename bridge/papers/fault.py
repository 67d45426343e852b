"""What is wrong with a paper, by field; where it stands others know."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.errors import Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """One fact that a person should know of a paper.

    Attributes:
        code: Of the finding.
        field: Of the document, below ``lines`` where it is a line's; below
            ``letterhead`` where it is a setting.
        value: As it was written.
        severity: ``refuse``: the paper is not printed.
        facts: More placeholders of the sentence.
    """

    code: str
    field: str
    value: str = ""
    severity: Severity = "refuse"
    facts: Mapping[str, str] = attribute(default_factory=dict)
