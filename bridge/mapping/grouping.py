"""Flat files: adjacent rows with equal keys are one document."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan


def grouped(records: Iterable[Record], plan: Plan) -> Iterator[Record]:
    """One record a group: the first row's values and every list of rows.

    A group that comes again after another one is refused: it would be two
    documents with one key.
    """
    names = plan.group_by
    lists = [
        name
        for rule in plan.fields
        if rule.source == "each"
        for name in rule.names
    ]
    seen: set[tuple[object, ...]] = set()
    for key, rows in groupby(
        records, lambda r: tuple(r.values.get(name) for name in names)
    ):
        members = list(rows)
        first = members[0]
        found = [item for row in members for item in row.findings]
        if key in seen:
            facts = {"columns": ", ".join(names)}
            value = " ".join(str(part) for part in key)
            found.append(
                Finding(
                    "mapping.group_again",
                    first.line,
                    names[0],
                    value,
                    facts=facts,
                )
            )
        seen.add(key)
        values = {**first.values, **dict.fromkeys(lists, members)}
        yield Record(first.line, values, tuple(found))
