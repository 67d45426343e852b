"""Our conversion of a file, to bodies, without any ledger.

``python bench/convert.py stock-csv FILE`` prints seconds, counts, memory.
``stock-xsd`` is ``stock-xml`` with its schema, as we always read it.
"""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import orjson
from floor import stock_body
from measure import measured

from bridge.flows.ages import row_age
from bridge.formats.reading import open_file
from bridge.mapping.book import open_book
from bridge.mapping.generate_in import compile_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan

    Document = dict[str, Any]

CONTEXT = {"mandant": "1", "timezone": "Europe/Berlin"}
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
MAPPINGS = {"stock": "bestand", "article": "artikelstamm"}
BODIES = {"stock": stock_body, "article": orjson.dumps}
CHUNK = 1_000  # the collector rests meanwhile, as in the intake


def plan_of(case: str) -> Plan:
    book = open_book([Path(__file__).parents[1] / "mappings"])
    return book.plan(MAPPINGS[case.partition("-")[0]])


def documents(
    plan: Plan, kind: str, path: str, *, schema: bool = True
) -> Iterator[Document | None]:
    """Each record's document with its age; ``None`` if it is refused."""
    profile = plan.profiles[kind]  # type: ignore[index]
    if not schema:
        profile = replace(profile, xsd=None)
    with open_file(Path(path), profile) as reading:
        convert = compile_in(
            plan,
            profile,
            context=CONTEXT,
            head=reading.head,
            columns=reading.columns,
        )
        age = row_age(plan, profile, CONTEXT["timezone"], NEVER)
        records = iter(reading.records)
        while chunk := list(islice(records, CHUNK)):
            gc.disable()
            for line, values, odd, _ in chunk:
                found = list(odd)
                document = convert(line, values, found)
                at = age(values)
                if found and any(f.severity == "refuse" for f in found):
                    yield None
                    continue
                if "Stand" in values:
                    document["as_of"] = at
                yield document
            gc.enable()


def run(plan: Plan, case: str, path: str) -> dict[str, int]:
    """The whole file to bodies; what was made of it."""
    what, _, kind = case.partition("-")
    body = BODIES[what]
    made = faults = size = 0
    schema, kind = kind == "xsd", kind.replace("xsd", "xml")
    for document in documents(plan, kind, path, schema=schema):
        if document is None:
            faults += 1
        else:
            made += 1
            size += len(body(document))
    return {"made": made, "faults": faults, "bytes": size}


if __name__ == "__main__":
    known = plan_of(sys.argv[1])
    measured(lambda: run(known, *sys.argv[1:]))
