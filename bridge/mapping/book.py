"""All mappings of a workspace: its own files win over the shipped ones."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from dataclasses import field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.errors import Where
from bridge.mapping.check import load
from bridge.mapping.compile_out import OutMapping
from bridge.mapping.notation import Place
from bridge.mapping.notation import mistake
from bridge.mapping.words import nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan

ENDING = ".yaml"
TEST_ENDING = ".test.yaml"
#: Endings people and editors give a mapping, which are not seen.
_NEARLY = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)
_DROPPED_AGAIN = re.compile(r"^\d+_")  # as it lies in the quarantine


@dataclass(frozen=True)
class Book:
    """The mappings by name, and what is wrong with the broken ones.

    Attributes:
        plans: The good mappings.
        paths: Every mapping file by name, good or broken.
        problems: The mistakes of each broken mapping.
    """

    plans: Mapping[str, Plan] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)
    problems: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    _written: dict[tuple[str, str], OutMapping] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def together(self, names: list[str]) -> bool:
        """Whether mappings may read one file: each makes its own kind."""
        kinds = [self.plans[name].document for name in names]
        return bool(names) and len(set(kinds)) == len(kinds)

    def written_by(self, name: str, timezone: str) -> OutMapping:
        """A mapping of direction ``out``, ready to work.

        Raises:
            ConfigError: As ``plan``.
        """
        known = self._written.get((name, timezone))
        if known is None:
            known = OutMapping(self.plan(name), timezone)
            self._written[name, timezone] = known
        return known

    def plan(self, name: str) -> Plan:
        """A mapping by name.

        Raises:
            ConfigError: It does not exist or has mistakes; all are named.
        """
        if name in self.plans:
            return self.plans[name]
        if name in self.problems:
            where = Where(str(self.paths[name]))
            raise ConfigError(
                "mapping.broken",
                where=where,
                findings=self.problems[name],
                name=name,
            )
        raise ConfigError(
            "mapping.unknown_mapping",
            name=name,
            nearest=nearest(name, self.paths),
            known=", ".join(sorted(self.paths)),
        )

    def for_file(
        self,
        name: str,
        own: Mapping[str, str] | None = None,
        fits: Callable[[Plan], bool] = lambda _plan: True,
    ) -> list[str]:
        """The names of the mappings that claim a file, sorted.

        A pattern such as ``*.xml`` claims what no closer one does, and only
        what fits.

        Args:
            name: The file's name without folders.
            own: Patterns of the inbox and their mapping; they win.
            fits: Whether its content is what a mapping reads; of several
                that are claimed by name, these are meant.
        """
        plain = _DROPPED_AGAIN.sub("", _plain(name.rpartition("/")[2]))
        for pattern, mapping in (own or {}).items():
            if fnmatchcase(plain, _plain(pattern)):
                return [mapping]
        closer = self._claiming(plain, _is_close)
        meant = closer
        if len(closer) != 1:
            claimed = closer or self._claiming(plain, _is_any)
            meant = [plan for plan in claimed if fits(plan)] or closer
        return sorted(plan.name for plan in meant)

    def _claiming(self, name: str, which: Callable[[str], bool]) -> list[Plan]:
        """The mappings of which a pattern of some sort claims a name."""
        return [
            plan
            for plan in self.plans.values()
            if any(
                which(pattern) and fnmatchcase(name, _plain(pattern))
                for pattern in plan.files
            )
        ]


def _is_any(pattern: str) -> bool:
    """Whether a pattern says no more than an ending."""
    return pattern.startswith("*.")


def _is_close(pattern: str) -> bool:
    return not _is_any(pattern)


def open_book(folders: Iterable[Path]) -> Book:
    """Read every mapping of the folders; an earlier folder's file wins.

    A file that looks like a mapping but is called ``x.yml`` is a problem of
    its own, named with its ending.
    """
    searched = tuple(folders)
    paths: dict[str, Path] = {}
    plans: dict[str, Plan] = {}
    problems: dict[str, tuple[Finding, ...]] = {}
    for path in (path for folder in searched for path in _files(folder)):
        if not _is_misnamed(path):
            paths.setdefault(path.stem, path)
    for name, path in paths.items():
        plan, found = load(path, searched)
        if plan is None:
            problems[name] = tuple(found)
        else:
            plans[name] = plan
    for path in (path for folder in searched for path in _files(folder)):
        if _is_misnamed(path):
            paths[path.name] = path
            problems[path.name] = (_misnamed(path),)
    return Book(plans, paths, problems)


def _files(folder: Path) -> list[Path]:
    """Mappings of a folder, and what was meant to be one."""
    return sorted(
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if _NEARLY.search(path.name)
        and not path.name.startswith(".")
        and not path.name.endswith(TEST_ENDING)
        and path.is_file()
    )


def _is_misnamed(path: Path) -> bool:
    return not path.name.endswith(ENDING)


def _misnamed(path: Path) -> Finding:
    right = f"{_NEARLY.sub('', path.name)}{ENDING}"
    return mistake("mapping.ending", Place(1, 1), path.name, right=right)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
