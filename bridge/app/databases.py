"""Tables of other databases: made from the settings, and looked at."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from bridge.databases.sink import TableSink
from bridge.databases.source import TableSource
from bridge.errors import BridgeError
from bridge.errors import Finding
from bridge.flows.sources import FORMS
from bridge.flows.sources import is_complete
from bridge.mapping.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from bridge.config.settings import Settings
    from bridge.config.settings import Source
    from bridge.config.settings import Table
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
    """Why tables could not be written or read; every one is asked."""
    for number, table in enumerate(settings.table):
        if table.mapping in book.plans:
            yield from _asked(
                f"table.{number}",
                partial(sink, settings, book, table, address),
            )
    for number, asked in enumerate(settings.source):
        if asked.mapping in book.plans:
            yield from _unreadable(book, asked, f"source.{number}.mapping")
            yield from _asked(
                f"source.{number}",
                partial(source, settings, asked, address),
            )


def _asked(
    section: str, connect: Callable[[], TableSink | TableSource]
) -> Iterator[Finding]:
    """What a database says; one that does not answer says that."""
    try:
        with closing(connect()) as table:
            yield from table.mismatches()
    except BridgeError as error:
        facts = {name: str(value) for name, value in error.facts.items()}
        yield Finding(
            error.code, None, section, None, turn="operator", facts=facts
        )


def _unreadable(book: Book, asked: Source, field: str) -> Iterator[Finding]:
    """A mapping that would misunderstand what is read."""
    plan = book.plan(asked.mapping)
    facts = {"mapping": asked.mapping, "known": ", ".join(FORMS)}
    if not any(form in plan.profiles for form in FORMS):
        yield Finding(
            "databases.no_format", None, field, asked.mapping,
            turn="operator", facts=facts,
        )  # fmt: skip
    if asked.changed and is_complete(plan, asked):
        yield Finding(
            "databases.complete", None, field, asked.mapping,
            turn="operator", facts=facts,
        )  # fmt: skip
