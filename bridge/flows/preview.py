"""What a mapping would make of a file, without any side effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.formats.reading import detect
from bridge.formats.reading import open_file
from bridge.mapping.conditions import predicate
from bridge.mapping.generate_in import compile_in
from bridge.mapping.grouping import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan
    from bridge.model.record import Format


@dataclass(frozen=True)
class Seen:
    """One record as the mapping sees it.

    Attributes:
        line: Where it stands.
        document: The coded document, where one could be made.
        findings: What is wrong with the row.
        taken: Whether it would be accepted.
        filtered: Whether ``only`` or ``skip`` keeps it out.
    """

    line: int
    document: dict[str, Any]
    findings: tuple[Finding, ...]
    taken: bool
    filtered: bool


def preview(
    plan: Plan,
    path: Path,
    context: Mapping[str, str],
    kind: Format | None = None,
) -> Iterator[Seen]:
    """Each record of a file through a mapping, one after the other.

    Args:
        plan: A mapping of direction ``in``.
        path: The file.
        context: What mappings may ask.
        kind: Its format, if the extension does not say it.

    Raises:
        InputError: The file as a whole cannot be read.
    """
    profile = plan.profiles[kind or detect(path)]
    with open_file(path, profile) as reading:
        convert = compile_in(plan, profile, context=context, head=reading.head)
        only, skip = predicate(plan.only), predicate(plan.skip)
        for record in grouped(reading.records, plan, profile, path.name):
            values = record.values
            filtered = not only(values) or bool(plan.skip and skip(values))
            found = list(record.findings)
            document = {} if filtered else convert(record.line, values, found)
            refused = any(item.severity == "refuse" for item in found)
            yield Seen(
                record.line,
                document,
                tuple(found),
                taken=not refused and not filtered,
                filtered=filtered,
            )
