"""A table or view is read like a file that was dropped.

What changed since the last reading is written as a file into an inbox of
its own and claimed there; from then on it is a delivery like any other. Then
the new mark is kept. A crash before reads the same rows again, and they
change nothing.
"""

from __future__ import annotations

import hashlib
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from bridge.config.settings import SOURCE
from bridge.config.settings import named
from bridge.flows import arrivals
from bridge.formats import writing
from bridge.ledger import dues
from bridge.ledger import facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.config.settings import Source as SourceSettings
    from bridge.flows.parts import Parts
    from bridge.mapping.plan import Plan
    from bridge.model.record import Format
    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.ports import Source

ERRAND = "source"
DRAFT = ".reading.part"  # hidden from the scan; the next reading replaces it
#: What a reading is written as.
FORMS: tuple[Format, ...] = ("csv", "txt", "json")


def read_source(parts: Parts, key: str, generation: int) -> None:
    """Read what changed in a table; twice is harmless."""
    settings = named(parts.settings.source, key)
    box = SOURCE + key
    arrivals.receive(parts, only=box, patient=False)  # a crash left it
    mark, digest = _mark(parts, key)
    source = parts.sources[key]
    path, content = _written(parts, settings, source, mark)
    if path is not None and content != digest:
        arrivals.receive(parts, only=box, patient=False)
    elif path is not None:
        path.unlink()
    with parts.ledger.write() as tx:
        if source.last is not None:
            facts.know(tx, f"source:{key}:mark", source.last)
        facts.know(tx, f"source:{key}:sha256", content)
        dues.done(tx, ERRAND, key, generation)


def _mark(parts: Parts, key: str) -> tuple[str | None, str | None]:
    with parts.ledger.read() as tx:
        return (
            facts.known(tx, f"source:{key}:mark"),
            facts.known(tx, f"source:{key}:sha256"),
        )


def _written(
    parts: Parts, settings: SourceSettings, source: Source, mark: str | None
) -> tuple[Path | None, str]:
    """The rows as a file that may be claimed, and its sha256."""
    plan = parts.book.plan(settings.mapping)
    profile = profile_of(plan)
    folder = parts.settings.folder("state") / "source" / settings.name
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{parts.clock.now():%Y%m%d_%H%M%S_%f}"
    path = folder / f"{file_stem(settings)}_{stamp}.{profile.format}"
    draft = folder / DRAFT
    counted = _Counted(source.rows(mark))
    with draft.open("wb") as file:
        writing.write(file, counted, profile, {})
    if not counted.number:
        draft.unlink()
        return None, ""
    with draft.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    draft.rename(path)
    return path, digest


def file_stem(settings: SourceSettings) -> str:
    """How the file of a reading begins.

    What holds only changes says so in its name, as Sage's own files do.
    """
    tail = "_geaendert" if settings.changed else ""
    return f"{settings.name}{tail}"


def is_complete(plan: Plan, settings: SourceSettings) -> bool:
    """Whether the mapping takes a reading for the complete set."""
    name = file_stem(settings) + "_"
    spared = plan.complete_unless
    return plan.complete and not (spared and fnmatch(name, spared))


def profile_of(plan: Plan) -> Profile:
    """How a mapping's readings are written; it reads them the same way."""
    return next(plan.profiles[form] for form in FORMS if form in plan.profiles)


class _Counted:
    """Rows as they pass, counted."""

    def __init__(self, rows: Iterator[Record]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Record]:
        for row in self._rows:
            self.number += 1
            yield row
