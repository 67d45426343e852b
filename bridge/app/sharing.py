"""Outboxes that share a folder: two files of one name cannot lie in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.app.mappingnames import writing
from bridge.config.faults import found_at
from bridge.config.loading import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.settings import Outbox
    from bridge.config.settings import Settings
    from bridge.errors import Finding
    from bridge.mapping.book import Book

    Way = tuple[str | int, ...]


def mistakes(settings: Settings, book: Book) -> Iterator[Finding]:
    """Mappings whose files would be called like those of another outbox.

    An account's orders have numbers of their own: two outboxes, each of
    another account, may share a folder.
    """
    places = places_of(settings.workspace)
    writers: dict[tuple[str, ...], list[Outbox]] = {}
    for number, box in enumerate(settings.outbox):
        folder = str(box.folder.resolve()).casefold()
        for way, name in _writing(book, number, box):
            plan = book.plans.get(name)
            if plan is None or plan.direction != "out":
                continue
            key = (folder, plan.file_name, box.format)
            others = writers.setdefault(key, [])
            clash = (one for one in others if _meet(one, box))
            if other := next(clash, None):
                spot, facts = places.value(way), {"other": other.name}
                yield found_at(spot, "config.same_file", way, name, **facts)
            others.append(box)


def _writing(
    book: Book, number: int, box: Outbox
) -> Iterator[tuple[Way, str]]:
    """What writes into an outbox; changes only where orders go."""
    orders = set(writing(book, "Order"))
    for place, name in enumerate(box.mappings):
        yield ("outbox", number, "mappings", place), name
    if box.changes and orders & set(box.mappings):
        yield ("outbox", number, "changes"), box.changes


def _meet(one: Outbox, other: Outbox) -> bool:
    """Whether both write for one account; within an outbox names differ."""
    if one is other:
        return False
    return "" in {one.account, other.account} or one.account == other.account
