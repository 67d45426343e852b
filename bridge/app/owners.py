"""Whose a table is: the ledger is ours alone, a table has one writer."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bridge.config.faults import found_at
from bridge.config.loading import places_of
from bridge.config.names import LONGEST_TABLE
from bridge.databases.connection import place_of
from bridge.errors import ConfigError
from bridge.mapping.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from bridge.config.places import Places
    from bridge.config.settings import Settings
    from bridge.config.settings import Source
    from bridge.config.settings import Table
    from bridge.errors import Finding
    from bridge.mapping.book import Book

    Address = Callable[[str], str]

#: Schemas that are meant where none is named.
USUAL = frozenset({"dbo", "main", "public"})


def mistakes(
    settings: Settings, book: Book, address: Address
) -> Iterator[Finding]:
    """Tables nobody but their owner may touch; nothing is connected.

    Args:
        settings: The sections ``[[table]]`` and ``[[source]]``.
        book: Has the mappings, whose lists are tables of their own.
        address: Follows ``env:`` and makes SQLite's path absolute.
    """
    if settings.table or settings.source:
        places = places_of(settings.workspace)
        yield from _of_the_ledger(settings, places, address)
        yield from _written_twice(settings, book, places, address)
        yield from _too_long(settings, book, places)


def _of_the_ledger(
    settings: Settings, places: Places, address: Address
) -> Iterator[Finding]:
    """Sections that lead into a database of the bridge itself."""
    own = settings.database
    ours = {_place(own.url, address), _place(own.jobs_url, address)} - {None}
    every: list[tuple[str, int, Table | Source]] = [
        *(("table", number, one) for number, one in enumerate(settings.table)),
        *(("source", place, one) for place, one in enumerate(settings.source)),
    ]
    for section, number, table in every:
        if _place(table.url, address) in ours:
            way = (section, number, "url")
            spot = places.value(way)
            yield found_at(spot, "databases.own_ledger", way, table.name)


def _written_twice(
    settings: Settings, book: Book, places: Places, address: Address
) -> Iterator[Finding]:
    """Two sections that would write over each other's rows.

    Each finds its rows by its own key and takes away what it did not write
    itself: two writers of one table never agree.
    """
    writers: dict[tuple[str, ...], str] = {}
    for number, table in enumerate(settings.table):
        place = _place(table.url, address)
        if place is None:
            continue
        for name in _names(table, book):
            schema, _, last = name.casefold().rpartition(".")
            key = (place, "" if schema in USUAL else schema, last)
            other = writers.setdefault(key, table.name)
            if other != table.name:
                way = ("table", number, "table")
                spot = places.value(way)
                code = "databases.same_table"
                yield found_at(spot, code, way, name, other=other)


def _too_long(
    settings: Settings, book: Book, places: Places
) -> Iterator[Finding]:
    """Names that only rehearsal or a list makes too long."""
    for number, table in enumerate(settings.table):
        for name in _names(table, book):
            last = settings.amazon.rehearsal_prefix + name.rpartition(".")[2]
            if len(last.encode()) > LONGEST_TABLE:
                way = ("table", number, "table")
                yield found_at(
                    places.value(way), "config.long_table", way, last
                )


def _names(table: Table, book: Book) -> list[str]:
    """The table and those of its lists."""
    plan = book.plans.get(table.mapping)
    if plan is None or plan.direction != "out":
        return [table.table]
    return [one.table for one in shape_of(plan, table.table, table.key).all()]


def _place(url: str, address: Address) -> str | None:
    """Where a URL leads; nothing if that is told elsewhere."""
    with suppress(ConfigError):
        return place_of(address(url))
    return None
