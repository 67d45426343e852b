"""What a file is: which mappings read it, its format and its age."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.ages import file_age
from bridge.formats.reading import detect
from bridge.formats.reading import fits

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.mapping.plan import Plan

PDF, EML = "pdf", "eml"  # formats of files that no mapping reads


def encloses(parts: Parts, delivery: Delivery) -> str:
    """The format of a file that is kept, not read; empty: it is read.

    The PDF of a paper, or a mail that came back. Those of partners are what
    their settings say, and nothing else.
    """
    own = any(box.name == delivery.inbox for box in parts.settings.inbox)
    ending = delivery.name.lower().rpartition(".")[2]
    return ending if own and ending in {PDF, EML} else ""


def mappings_of(
    parts: Parts, delivery: Delivery, path: Path
) -> tuple[list[str], list[Finding]]:
    """The mappings that read a file: one, or one of each kind.

    Returns:
        Their names, or why there are none.
    """
    box = parts.settings.box(delivery.inbox)
    names = parts.book.for_file(
        delivery.name, box.files, lambda plan: _fits(plan, path)
    )
    partner = parts.settings.with_area(delivery.inbox)
    if partner is not None:  # his files reach what he is allowed, no more
        names = [name for name in names if name in partner.mappings]
        if not names:
            found = Finding("partners.unexpected", value=delivery.name)
            return [], [found]
    if parts.book.together(names):
        return names, []
    code = "intake.two_mappings" if names else "intake.no_mapping"
    known = ", ".join(names or sorted(parts.book.plans))
    return [], [_problem(code, delivery.name, known=known)]


def _fits(plan: Plan, path: Path) -> bool:
    """Whether a file begins as one that a mapping reads."""
    try:
        profile = plan.profiles.get(detect(path))
    except InputError:
        return True  # told when the mapping is known
    return profile is None or fits(path, profile)


def identify(
    parts: Parts, delivery: Delivery, name: str | None, path: Path
) -> tuple[dict[str, Any], list[Finding]]:
    """Mapping, format and age of a file, or why there is none."""
    columns: dict[str, Any] = {"mapping": name, "format": None, "as_of": None}
    if name is None:
        return columns, []
    plan = parts.book.plan(name)
    try:
        columns["format"] = kind = detect(path)
    except InputError as error:
        return columns, [*error.findings, _of(error)]
    if kind not in plan.profiles:
        known = ", ".join(plan.profiles)
        code = "mapping.no_such_format"
        return columns, [
            _problem(
                code, delivery.name, name=plan.name, format=kind, known=known
            )
        ]
    columns["as_of"] = file_age(
        plan, path, plan.profiles[kind], delivery, parts
    )
    return columns, []


def _problem(code: str, value: str, **facts: str) -> Finding:
    return Finding(code, None, None, value, "refuse", "operator", facts)


def _of(error: BridgeError) -> Finding:
    line = None if error.where is None else error.where.line
    field = None if error.where is None else error.where.field
    said = {key: str(value) for key, value in error.facts.items()}
    return Finding(error.code, line, field, said.get("value"), facts=said)
