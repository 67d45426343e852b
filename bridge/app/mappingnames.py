"""Mappings the settings name, held against those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.config.faults import found_at
from bridge.config.loading import places_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator

    from bridge.config.settings import Settings
    from bridge.errors import Finding
    from bridge.mapping.book import Book

    Way = tuple[str | int, ...]


def unknown_mappings(settings: Settings, book: Book) -> Iterator[Finding]:
    """Names in the settings that no fitting mapping has, where they stand."""
    places = places_of(settings.workspace)
    for way, name, known in _named(settings, book):
        if name not in known:
            facts = {"known": ", ".join(sorted(known))}
            spot = places.value(way)
            yield found_at(spot, "config.no_mapping", way, name, **facts)
    yield from _no_way_out(settings, book)


def _named(
    settings: Settings, book: Book
) -> Iterator[tuple[Way, str, Collection[str]]]:
    """Where a mapping is named, its name, and those that fit there."""
    orders, written = writing(book, "Order"), _of_direction(book, "out")
    for number, box in enumerate(settings.outbox):
        for place, name in enumerate(box.mappings):
            way = ("outbox", number, "mappings", place)
            yield way, name, written
        if box.changes:
            yield ("outbox", number, "changes"), box.changes, orders
    for number, inbox in enumerate(settings.inbox):
        for pattern, name in inbox.files.items():
            yield ("inbox", number, "files", pattern), name, list(book.plans)
    for number, table in enumerate(settings.table):
        fitting = _of_direction(book, "out")
        yield ("table", number, "mapping"), table.mapping, fitting
    for number, asked in enumerate(settings.source):
        fitting = _of_direction(book, "in")
        yield ("source", number, "mapping"), asked.mapping, fitting


def _no_way_out(settings: Settings, book: Book) -> Iterator[Finding]:
    """Customers of orders need an outbox or a table."""
    if settings.customers.from_orders != "each":
        return
    wanted = set(writing(book, "Customer"))
    boxes = [name for box in settings.outbox for name in box.mappings]
    if wanted.isdisjoint([*boxes, *(t.mapping for t in settings.table)]):
        way = ("customers", "from_orders")
        spot = places_of(settings.workspace).value(way)
        facts = {"known": ", ".join(sorted(wanted))}
        yield found_at(spot, "config.no_way_out", way, "each", **facts)


def writing(book: Book, document: str) -> list[str]:
    """The mappings that write a kind of document."""
    return [
        name
        for name in _of_direction(book, "out")
        if book.plan(name).document == document
    ]


def _of_direction(book: Book, direction: str) -> list[str]:
    plans = book.plans.items()
    return [name for name, plan in plans if plan.direction == direction]
