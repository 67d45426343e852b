"""What can be wrong with a partner: here, and at his door."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from bridge.app.partners import partner_of
from bridge.app.partners import path_of
from bridge.config.faults import found_at
from bridge.config.loading import places_of
from bridge.config.secrets import secret
from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.partners.keys import load_key
from bridge.partners.keys import read_known_hosts

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.partners import Partner
    from bridge.config.places import Places
    from bridge.config.settings import Settings
    from bridge.errors import Finding
    from bridge.mapping.book import Book

    Way = tuple[str | int, ...]


def everything(settings: Settings, book: Book) -> list[Finding]:
    """All that ``bridge check`` has to say of partners, line by line."""
    found = [
        *partner_mistakes(settings, book),
        *_unknown_servers(settings),
        *_missing_folders(settings),
    ]
    return sorted(found, key=lambda item: (item.line or 0, item.column or 0))


def partner_mistakes(settings: Settings, book: Book) -> Iterator[Finding]:
    """Every reason, on this side, why a partner cannot be reached.

    Secrets are read, and never shown.
    """
    places = places_of(settings.workspace)
    for number, partner in enumerate(settings.partner):
        way = ("partner", number)
        yield from _mappings(places, way, partner, book)
        yield from _ways_in(places, way, partner, settings)


def _unknown_servers(settings: Settings) -> Iterator[Finding]:
    """Partners whose server is not known; a visit tells its key."""
    for number, partner in enumerate(settings.partner):
        if not (partner.host_key or partner.known_hosts):
            path = ("partner", number, "host_key")
            spot = places_of(settings.workspace).value(path)
            yield found_at(spot, "config.no_host_key", path, partner.name)


def _missing_folders(settings: Settings) -> Iterator[Finding]:
    """Folders files are to be brought from, and that are not there."""
    for number, partner in enumerate(settings.partner):
        for place, entry in enumerate(partner.push):
            if not entry.source.is_dir():
                path = ("partner", number, "push", place, "from")
                spot = places_of(settings.workspace).value(path)
                folder = str(entry.source)
                yield found_at(spot, "config.no_folder", path, folder)


def _mappings(
    places: Places, way: Way, partner: Partner, book: Book
) -> Iterator[Finding]:
    """What does not exist, or writes instead of reading."""
    known = sorted(n for n, p in book.plans.items() if p.direction == "in")
    for place, name in enumerate(partner.mappings):
        if name not in known:
            path = (*way, "mappings", place)
            yield found_at(
                *(places.value(path), "config.no_mapping", path, name),
                known=", ".join(known),
            )


def _ways_in(
    places: Places, way: Way, partner: Partner, settings: Settings
) -> Iterator[Finding]:
    """Secrets that are not there, keys that cannot be read."""
    for name, read in _readings(partner, settings):
        try:
            read()
        except ConfigError as error:
            path = (*way, name)
            value = str(error.facts.get("value", ""))
            yield found_at(places.value(path), error.code, path, value)


def _readings(
    partner: Partner, settings: Settings
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is read of a partner's settings; a locked key once it opens."""
    base, opening = settings.workspace, ""
    for name in ("passphrase", "password"):
        if reference := getattr(partner, name):
            yield name, partial(secret, reference, base)
    with suppress(ConfigError):
        if partner.passphrase:
            opening = secret(partner.passphrase, base)
    if partner.key and (opening or not partner.passphrase):
        path = path_of(settings, partner.key)
        yield "key", partial(load_key, path, opening)
    if partner.known_hosts:
        path = path_of(settings, partner.known_hosts)
        yield "known_hosts", partial(read_known_hosts, path)


@dataclass(frozen=True)
class Visit:
    """What was found at a partner's door.

    Attributes:
        name: The partner.
        fingerprint: The key his server showed; empty if none was seen.
        folders: How many files lie in each folder of the settings.
        errors: What went wrong.
    """

    name: str
    fingerprint: str = ""
    folders: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[BridgeError, ...] = ()


def visit(settings: Settings, partner: Partner) -> Visit:
    """Connect to a partner and look into his folders; nothing changes."""
    wanted = [entry.folder for entry in partner.pull]
    wanted += [entry.folder for entry in partner.push]
    folders: dict[str, int] = {}
    errors: list[BridgeError] = []
    try:
        with partner_of(settings, partner).connect() as area:
            for folder in dict.fromkeys(wanted):
                try:
                    folders[folder] = len(area.look(folder))
                except RefusedError as error:
                    errors.append(error)
            shown = area.fingerprint
    except BridgeError as error:
        shown = str(error.facts.get("fingerprint", ""))
        errors.append(error)
    return Visit(partner.name, shown, folders, tuple(errors))
