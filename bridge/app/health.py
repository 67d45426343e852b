"""What ``bridge check`` looks at beyond the settings' own form."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bridge.amazon.answers import mistakes
from bridge.app import credentials
from bridge.app import databases
from bridge.app import mail
from bridge.app import owners
from bridge.app import sharing
from bridge.app import study
from bridge.app.disks import network_state
from bridge.app.mappingnames import unknown_mappings
from bridge.app.wiring import database_url
from bridge.app.wiring import defaults
from bridge.app.wiring import mapping_mistakes
from bridge.config.faults import found_at
from bridge.config.loading import places_of
from bridge.errors import Finding
from bridge.files.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bridge.config.settings import Outbox as OutboxSettings
    from bridge.config.settings import Settings
    from bridge.mapping.book import Book


def problems(settings: Settings, book: Book) -> Iterator[Finding]:
    """Every reason why this workspace could not run."""
    yield from mapping_mistakes(book)
    yield from unknown_mappings(settings, book)
    for section, folder in _folders(settings):
        if not _writable(folder):
            yield Finding(
                "config.no_folder",
                None,
                section,
                str(folder),
                turn="operator",
            )
    address = partial(database_url, settings)
    yield from owners.mistakes(settings, book, address)
    yield from databases.problems(settings, book, address)
    yield from credentials.missing(settings)
    yield from mail.missing(settings)
    if settings.partner:
        from bridge.app import partnercheck  # noqa: PLC0415 - paramiko: 10 MiB

        yield from partnercheck.everything(settings, book)
    yield from study.mistakes(settings, defaults("templates"))
    yield from sharing.mistakes(settings, book)
    yield from _written_twice(settings, book)
    yield from _changes_as_orders(settings)
    yield from network_state(settings)
    for drawer in map(settings.drawer, settings.accounts):
        yield from mistakes(settings.folder("rehearsal") / drawer / "answers")


def _written_twice(settings: Settings, book: Book) -> Iterator[Finding]:
    """Outboxes that get the same files: Sage would read them twice.

    Two mappings of one kind may be meant for two readers; one mapping in two
    outboxes hardly is, unless each is one account's.
    """
    places = places_of(settings.workspace)
    seen: dict[str, list[OutboxSettings]] = {}
    for number, box in enumerate(settings.outbox):
        for place, name in enumerate(box.mappings):
            for other in seen.setdefault(name, []):
                if {box.account, other.account} & {""} or (
                    box.account == other.account
                ):
                    way = ("outbox", number, "mappings", place)
                    found = found_at(
                        *(places.value(way), "config.written_twice", way),
                        name,
                        other=other.name,
                    )
                    yield replace(found, severity="warn")
            if name in book.plans:
                seen[name].append(box)


def _changes_as_orders(settings: Settings) -> Iterator[Finding]:
    """Outboxes whose mapping of changes would also write every new order."""
    places = places_of(settings.workspace)
    for number, box in enumerate(settings.outbox):
        for place, name in enumerate(box.mappings):
            if name == box.changes:
                way = ("outbox", number, "mappings", place)
                where = places.value(way)
                yield found_at(where, "config.changes_as_orders", way, name)


def _folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    for number, box in enumerate(settings.inbox):
        yield f"inbox.{number}.folder", box.folder
    for number, out in enumerate(settings.outbox):
        yield f"outbox.{number}.folder", out.folder


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def unfetched(settings: Settings, now: datetime) -> list[str]:
    """Files in the outboxes that nobody fetched in time."""
    return [
        f"{box.name}: {name} ({age})"
        for box in settings.outbox
        for name, age in Outbox(box.folder).waiting(box.pick_up_within, now)
    ]
