"""The papers of a file are printed on trial: nothing is kept or sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.drawing import files_of
from bridge.flows.drawing import written
from bridge.flows.papering import DOCUMENT
from bridge.flows.papering import PRINTED
from bridge.flows.papering import finding
from bridge.flows.papering import name_of
from bridge.flows.preview import preview
from bridge.papers.bill import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.flows.preview import Seen
    from bridge.mapping.plan import Plan


@dataclass(frozen=True)
class TrialPrint:
    """One paper of the file.

    Attributes:
        files: Their bytes by name; empty: it cannot be printed.
    """

    name: str
    files: dict[str, bytes]
    findings: list[Finding]


def trial_prints(parts: Parts, path: Path) -> Iterator[TrialPrint]:
    """Every paper of a file of Sage's, one after the other.

    Raises:
        InputError: ``papers.no_papers``: no mapping of papers reads it.
    """
    named = map(parts.book.plan, parts.book.for_file(path.name))
    plans = [plan for plan in named if plan.document in PRINTED]
    if not plans:
        raise InputError("papers.no_papers", value=path.name)
    for plan in plans:
        for seen in preview(plan, path, parts.context()):
            said = seen.document
            if seen.taken and _is_printed(plan, said):
                yield _printed(parts, plan, seen)
            elif seen.findings:
                yield TrialPrint("", {}, list(seen.findings))


def _is_printed(plan: Plan, said: dict[str, object]) -> bool:
    return plan.document != DOCUMENT or said.get("kind") in SHORT


def _printed(parts: Parts, plan: Plan, seen: Seen) -> TrialPrint:
    name = name_of(plan.document, seen.document)
    found = list(seen.findings)
    try:
        made = written(parts, plan.document, seen.document)
    except ConfigError as error:
        found.append(Finding(error.code, seen.line, facts=_texts(error)))
        return TrialPrint(name, {}, found)
    found += [finding(plan, seen.line, fault) for fault in made.faults]
    files = {} if made.letter is None else files_of(f"{name}.pdf", made)
    return TrialPrint(name, files, found)


def _texts(error: ConfigError) -> dict[str, str]:
    return {name: str(one) for name, one in error.facts.items()}
