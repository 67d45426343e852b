"""What in ``[[partner]]`` has the right shape and still cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING
from typing import Any

from bridge.config.faults import found_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.config.places import Places
    from bridge.errors import Finding

    Table = dict[str, Any]
    Way = tuple[str | int, ...]


ANY_OF = re.compile(r"\[[^]]*]")  # of these signs: taken for any sign


def overlap(one: Path, two: Path) -> bool:
    """Whether two folders share a file."""
    return one == two or one in two.parents or two in one.parents


@dataclass(frozen=True)
class House:
    """The folders on this side.

    Attributes:
        workspace: Where relative folders begin.
        closed: Folders nothing may be brought from: inboxes, and the
            house's own.
        outboxes: May lie elsewhere, and be brought from all the same.
    """

    workspace: Path
    closed: tuple[Path, ...]
    outboxes: tuple[Path, ...]


def contradictions(
    places: Places, partners: Sequence[Table], house: House
) -> Iterator[Finding]:
    """Every mistake that only two settings together make.

    Args:
        places: Where in bridge.toml they stand.
        partners: The raw tables; what else is wrong with them is told
            elsewhere.
        house: The folders they share.
    """
    for number, partner in enumerate(partners):
        here = ("partner", number)
        if not (partner.get("key") or partner.get("password")):
            yield found_at(places.key(here), "config.no_login", here)
        if partner.get("pull") and not partner.get("mappings"):
            way = (*here, "mappings")
            yield found_at(places.value(way), "config.no_mappings", way)
        if not (partner.get("pull") or partner.get("push")):
            spot, name = places.key(here), str(partner.get("name", ""))
            yield found_at(spot, "config.nothing_to_do", here, name)
    yield from _fetched_twice(places, partners)
    yield from _brought_twice(places, partners, house.workspace)
    yield from _not_ours_to_bring(places, partners, house)


def _entries(
    partners: Sequence[Table], name: str
) -> Iterator[tuple[Way, Table]]:
    for number, partner in enumerate(partners):
        found = partner.get(name)
        for place, entry in enumerate(
            found if isinstance(found, list) else ()
        ):
            if isinstance(entry, dict):
                yield ("partner", number, name, place), entry


def _fetched_twice(
    places: Places, partners: Sequence[Table]
) -> Iterator[Finding]:
    """Two entries of one partner that would fetch the same file."""
    for (way, one), (other, two) in combinations(
        _entries(partners, "pull"), 2
    ):
        same = way[1] == other[1] and one.get("folder") == two.get("folder")
        if same and (clash := _clash(one, two)):
            yield _doubled(places, other, clash)


def _brought_twice(
    places: Places, partners: Sequence[Table], workspace: Path
) -> Iterator[Finding]:
    """Two entries that would take the same file away from each other."""
    for (_, one), (other, two) in combinations(_entries(partners, "push"), 2):
        folders = one.get("from"), two.get("from")
        if all(isinstance(folder, str) for folder in folders):
            same = workspace / str(folders[0]) == workspace / str(folders[1])
            if same and (clash := _clash(one, two)):
                yield _doubled(places, other, clash)


def _not_ours_to_bring(
    places: Places, partners: Sequence[Table], house: House
) -> Iterator[Finding]:
    """A file that comes in must not go out again by itself.

    Nor does one that was never meant for a partner: what is brought is
    taken out of its folder.
    """
    for way, entry in _entries(partners, "push"):
        if isinstance(entry.get("from"), str):
            path, folder = (*way, "from"), house.workspace / entry["from"]
            spot = places.value(path)
            clash = [one for one in house.closed if overlap(folder, one)]
            if _foreign(folder, house):
                said = entry["from"]
                yield found_at(spot, "config.foreign_folder", path, said)
            elif clash:
                yield found_at(spot, "config.overlap", path, str(clash[0]))


def _foreign(folder: Path, house: House) -> bool:
    """Whether a folder is neither in the workspace nor an outbox."""
    inside = folder == house.workspace or house.workspace in folder.parents
    return folder not in house.outboxes and (
        ".." in folder.parts or not inside
    )


def _doubled(places: Places, way: Way, clash: tuple[str, str]) -> Finding:
    path = (*way, "patterns")
    return found_at(
        places.value(path), "config.same_files", path, clash[1], other=clash[0]
    )


def _clash(one: Table, two: Table) -> tuple[str, str] | None:
    """Two patterns that a single name can match."""
    for left in _patterns(one):
        for right in _patterns(two):
            if _meet(left.casefold(), right.casefold()):
                return left, right
    return None


def _patterns(entry: Table) -> list[str]:
    found = entry.get("patterns", ["*"])
    named = found if isinstance(found, list) else ()
    return [ANY_OF.sub("?", p) for p in named if isinstance(p, str)]


@cache
def _meet(one: str, two: str) -> bool:
    """Whether some name matches both patterns."""
    if not one and not two:
        return True
    if one.startswith("*"):
        return _meet(one[1:], two) or (bool(two) and _meet(one, two[1:]))
    if two.startswith("*"):
        return _meet(two, one)
    if not one or not two:
        return False
    alike = one[0] == two[0] or "?" in {one[0], two[0]}
    return alike and _meet(one[1:], two[1:])
