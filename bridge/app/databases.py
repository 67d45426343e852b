"""Tables of other databases: made from the settings, and looked at."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bridge.config.faults import found_at
from bridge.config.loading import places_of
from bridge.databases.sink import TableSink
from bridge.databases.source import TableSource
from bridge.errors import BridgeError
from bridge.flows.sources import FORMS
from bridge.flows.sources import is_complete
from bridge.mapping.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from bridge.config.places import Spot
    from bridge.config.settings import Settings
    from bridge.config.settings import Source
    from bridge.config.settings import Table
    from bridge.errors import Finding
    from bridge.mapping.book import Book

    Address = Callable[[str], str]


def sink(
    settings: Settings, book: Book, table: Table, address: Address
) -> TableSink:
    """The table of a section; in rehearsal one beside the real one.

    Args:
        settings: For mode and prefix.
        book: Has the mapping.
        table: The section.
        address: Follows ``env:`` and makes SQLite's path absolute.
    """
    amazon = settings.amazon
    prefix = amazon.rehearsal_prefix if amazon.mode == "rehearsal" else ""
    schema, dot, name = table.table.rpartition(".")
    plan = book.plan(table.mapping)
    shape = shape_of(plan, f"{schema}{dot}{prefix}{name}", table.key)
    return TableSink(
        table.name, address(table.url), shape, create=table.create
    )


def source(settings: Settings, asked: Source, address: Address) -> TableSource:
    """The table or view of a section."""
    return TableSource(
        asked.name,
        address(asked.url),
        asked.table,
        asked.changed,
        overlap=asked.overlap,
        timezone=settings.bridge.timezone,
    )


def problems(
    settings: Settings, book: Book, address: Address
) -> Iterator[Finding]:
    """Why tables could not be written or read; every one is asked.

    What a database says stands at the section it is about.
    """
    places = places_of(settings.workspace)
    for number, table in enumerate(settings.table):
        if table.mapping in book.plans:
            spot = places.value(("table", number, "table"))
            into = partial(sink, settings, book, table, address)
            yield from _asked(spot, f"table.{number}", into)
    for number, asked in enumerate(settings.source):
        if asked.mapping in book.plans:
            way = ("source", number, "mapping")
            yield from _unreadable(book, asked, places.value(way), way)
            spot = places.value(("source", number, "table"))
            out_of = partial(source, settings, asked, address)
            yield from _asked(spot, f"source.{number}", out_of)


def _asked(
    spot: Spot | None,
    section: str,
    connect: Callable[[], TableSink | TableSource],
) -> Iterator[Finding]:
    """What a database says; one that does not answer says that."""
    try:
        with closing(connect()) as table:
            for item in table.mismatches():
                yield _at(item, spot)
    except BridgeError as error:
        facts = {name: str(value) for name, value in error.facts.items()}
        yield found_at(spot, error.code, section, **facts)


def _at(item: Finding, spot: Spot | None) -> Finding:
    if spot is None:
        return item
    return replace(item, line=spot.line, column=spot.column)


def _unreadable(
    book: Book, asked: Source, spot: Spot | None, way: tuple[str | int, ...]
) -> Iterator[Finding]:
    """A mapping that would misunderstand what is read."""
    plan, name = book.plan(asked.mapping), asked.mapping
    if not any(form in plan.profiles for form in FORMS):
        yield found_at(spot, "databases.no_format", way, name)
    if asked.changed and is_complete(plan, asked):
        yield found_at(spot, "databases.complete", way, name)
