"""Flat files: several rows are one document.

Adjacent rows with equal keys, or lines of several types one below another.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.mapping.families import families
from bridge.mapping.items import unfolded
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan
    from bridge.model.record import Format
    from bridge.model.record import Profile

FLAT: frozenset[Format] = frozenset({"csv", "txt", "xlsx"})


def grouped(
    records: Iterable[Record], plan: Plan, profile: Profile, name: str = ""
) -> Iterator[Record]:
    """One record a document: the first row's values and every list of rows.

    Files that nest their lists, and mappings without groups, are passed on
    as they are; then items are taken apart or picked.

    Args:
        records: The rows of a file.
        plan: The mapping.
        profile: How the file is written.
        name: The name of the file.

    Raises:
        InputError: The trailer of the file says something else than its
            lines; comes while iterating.
    """
    if profile.types:
        whole = families(records, profile, name)
        records = (family.record() for family in whole)
    elif plan.group_by and profile.format in FLAT:
        records = _grouped(records, plan)
    return unfolded(records, plan)


def together(
    records: Iterable[Record], plan: Plan, profile: Profile, name: str = ""
) -> Iterator[set[int]] | None:
    """The lines of each document; nothing where each is one record."""
    if profile.types:
        return ({*item.lines} for item in families(records, profile, name))
    if plan.each:
        return (
            {record.line, *(item.line for item in unfolded([record], plan))}
            for record in records
        )
    if plan.group_by and profile.format in FLAT:
        rows = groups(records, plan.group_by)
        return ({row.line for row in own} for _, own in rows)
    return None


def _grouped(records: Iterable[Record], plan: Plan) -> Iterator[Record]:
    """Groups of rows with equal keys.

    A group that comes again after another one is refused, and told at both
    places: it would be half a document. So is a row that contradicts the
    first of its group; a cell that is left empty there says nothing.
    """
    names = plan.group_by
    lists = [
        name
        for rule in plan.fields
        if rule.source == "each"
        for name in rule.names
    ]
    heads = sorted(
        {
            name
            for rule in plan.fields
            if rule.source != "each"
            for name in rule.reads()
        }
    )
    seen: dict[tuple[object, ...], int] = {}
    for key, members in groups(records, names):
        first = members[0]
        found = [item for row in members for item in row.findings]
        if key in seen:
            found += _torn(key, names, seen[key], first.line)
        seen[key] = first.line
        found += _contradictions(members, heads)
        values = {**first.values, **dict.fromkeys(lists, members)}
        yield Record(first.line, values, tuple(found))


def _torn(
    key: tuple[object, ...], names: tuple[str, ...], *lines: int
) -> Iterator[Finding]:
    """What is said of each piece of a document that stands in pieces."""
    facts = {"columns": ", ".join(names)}
    value = " ".join(str(part) for part in key)
    for line in lines:
        yield Finding(
            "mapping.group_again", line, names[0], value, facts=facts
        )


def groups(
    records: Iterable[Record], names: tuple[str, ...]
) -> Iterator[tuple[tuple[object, ...], list[Record]]]:
    """Adjacent rows that have the same values in some columns."""
    for key, rows in groupby(
        records, lambda r: tuple(r.values.get(name) for name in names)
    ):
        yield key, list(rows)


def _contradictions(
    members: list[Record], heads: list[str]
) -> Iterator[Finding]:
    """Rows that say of their document what its first row does not."""
    first, *others = members
    for row in others:
        for name in heads:
            value, said = row.values.get(name), first.values.get(name)
            if value in {None, ""} or value == said:
                continue
            facts = {"first": str(first.line)}
            yield Finding(
                "mapping.group_differs",
                row.line,
                name,
                str(value),
                facts=facts,
            )
