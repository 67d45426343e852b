"""Reading bridge.toml: all problems in one report."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any

from pydantic import ValidationError

from bridge.config import accounts
from bridge.config import mailing
from bridge.config.faults import found_at
from bridge.config.faults import problems
from bridge.config.partnership import House
from bridge.config.partnership import contradictions
from bridge.config.partnership import overlap
from bridge.config.places import Places
from bridge.config.settings import Settings
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.config.partners import Push

FILE = "bridge.toml"
#: Sections that share their names, each with the name it has by default.
NAMED: tuple[dict[str, str | None], ...] = (
    {"inbox": "sage", "partner": None},
    {"outbox": "sage"},
    {"table": None},
    {"source": None},
)
MARKETPLACES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("DE", "FR", "IT", "ES", "NL", "BE", "PL"), "eu"),
        **dict.fromkeys(("SE", "IE", "UK", "TR"), "eu"),
        **dict.fromkeys(("US", "CA", "MX"), "na"),
        **dict.fromkeys(("JP", "AU"), "fe"),
    }
)  # by region
LANGUAGES = ("de", "en")
SAID_LANGUAGE = re.compile(
    r"^[^#\n]*\blanguage[ \t]*=[ \t]*[\"'](\w+)[\"']", re.MULTILINE
)
#: How tomllib ends a sentence of its own.
TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end .*)\)$")
#: How its sentences begin, and the word of ours for that.
TOML_WORDS = {
    "Invalid value": "value",
    "Invalid date": "value",
    "Expected '='": "equals",
    "Cannot ": "twice",
    "Duplicate ": "twice",
    "Unterminated string": "quote",
    "Illegal character '\\n'": "quote",
    "Unclosed": "bracket",
    "Expected ']": "bracket",
    "Expected newline": "line_end",
    "Invalid statement": "statement",
    "Unescaped '\\'": "backslash",
    "Invalid hex value": "backslash",
}
SP_API_TRAP = "SP_API_DEFAULT_MARKETPLACE"


def places_of(workspace: Path) -> Places:
    """Where the settings of a workspace stand, which were read before."""
    return Places((workspace / FILE).read_bytes().decode("utf-8-sig"))


def find_workspace(given: Path | None, environment: Mapping[str, str]) -> Path:
    """The workspace: ``--workspace``, ``BRIDGE_WORKSPACE``, this folder."""
    return (given or Path(environment.get("BRIDGE_WORKSPACE", "."))).resolve()


def load(workspace: Path) -> Settings:
    """The settings of a workspace.

    Args:
        workspace: The folder that holds bridge.toml.

    Raises:
        ConfigError: With every problem, its place and what to write instead.
    """
    path = workspace / FILE
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError("config.no_file", workspace=str(workspace)) from None
    except UnicodeDecodeError:
        raise ConfigError("config.not_utf8", where=Where(FILE)) from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, str(error)) from None
    return _checked(workspace, Places(text), raw)


def language_of(workspace: Path) -> str:
    """The language a workspace asks for; German if it cannot be told.

    Settings with mistakes can still say in which language they want them,
    and so can a text that is not TOML yet.
    """
    try:
        text = (workspace / FILE).read_text("utf-8-sig", errors="replace")
    except OSError:
        return LANGUAGES[0]
    found = SAID_LANGUAGE.search(text)
    return found[1] if found and found[1] in LANGUAGES else LANGUAGES[0]


def _not_toml(text: str, said: str) -> ConfigError:
    """What the reader of TOML says, its place where places belong."""
    found = TOML_PLACE.search(said)
    problem = TOML_PLACE.sub("", said).rstrip(".")
    lines = text.splitlines() or [""]
    words = TOML_WORDS.items()
    said = next((w for start, w in words if said.startswith(start)), problem)
    line, column = found.groups() if found else (None, None)
    where = Where(
        FILE,
        int(line or len(lines)),
        column=int(column or len(lines[-1]) + 1),
    )
    return ConfigError("config.not_toml", where=where, toml=said)


def _checked(
    workspace: Path,
    places: Places,
    raw: dict[str, Any],
) -> Settings:
    found: list[Finding] = []
    raw.setdefault("inbox", [{"folder": "inbox"}])
    raw.setdefault("outbox", [{"folder": "outbox/sage"}])
    settings = None
    try:
        settings = Settings.model_validate({**raw, "workspace": workspace})
    except ValidationError as error:
        found += problems(places, error)
    found += _impossible(places, raw, workspace)
    if os.environ.get(SP_API_TRAP):
        found.append(Finding("config.trap", None, SP_API_TRAP))
    if found or settings is None:
        found.sort(key=lambda item: (item.line or 0, item.column or 0))
        raise ConfigError("config.broken", where=Where(FILE), findings=found)
    return _absolute(settings)


def _absolute(settings: Settings) -> Settings:
    base = settings.workspace
    return settings.model_copy(
        update={
            "media": settings.media.below(base),
            "inbox": tuple(
                box.model_copy(update={"folder": base / box.folder})
                for box in settings.inbox
            ),
            "outbox": tuple(
                box.model_copy(update={"folder": base / box.folder})
                for box in settings.outbox
            ),
            "partner": tuple(
                partner.model_copy(update={"push": _at(base, partner.push)})
                for partner in settings.partner
            ),
        }
    )


def _at(base: Path, pushes: Iterable[Push]) -> tuple[Push, ...]:
    return tuple(
        push.model_copy(update={"source": base / push.source})
        for push in pushes
    )


def _impossible(
    places: Places, raw: dict[str, Any], workspace: Path
) -> Iterator[Finding]:
    """What has the right shape and still cannot be.

    Asked of the raw settings, so that it is told together with what has
    the wrong shape: whoever corrects a file wants all of it at once.
    """
    amazon = raw.get("amazon")
    if isinstance(amazon, dict):
        yield from _markets(places, amazon, ("amazon",))
    yield from accounts.mistakes(places, raw, MARKETPLACES)
    yield from _collective(places, raw)
    for section in ("account", "price"):
        for number, table in enumerate(_tables(raw, section)):
            yield from _markets(places, table, (section, number))
    yield from _doubled_names(places, raw)
    inboxes = _folders(raw, "inbox", workspace).values()
    house = House(
        workspace,
        closed=(*inboxes, *_own(workspace)),
        outboxes=tuple(_folders(raw, "outbox", workspace).values()),
    )
    yield from contradictions(places, _tables(raw, "partner"), house)
    yield from _overlaps(places, raw, workspace)
    yield from _media(places, raw)
    yield from mailing.mistakes(places, raw)


def _collective(places: Places, raw: dict[str, Any]) -> Iterator[Finding]:
    """Collective accounts go by marketplace."""
    customers = raw.get("customers")
    said = customers.get("collective") if isinstance(customers, dict) else None
    for code in said if isinstance(said, dict) else ():
        if code not in MARKETPLACES:
            way = ("customers", "collective", code)
            known = ", ".join(sorted(MARKETPLACES))
            yield found_at(
                *(places.value(way), "config.unknown_marketplace", way, code),
                known=known,
            )


def _doubled_names(places: Places, raw: dict[str, Any]) -> Iterator[Finding]:
    """Files are known by the inbox or partner they came from.

    Folders are called by these names, and Windows has no upper case.
    """
    for group in NAMED:
        names = {
            (section, number, "name"): str(table.get("name", default))
            for section, default in group.items()
            for number, table in enumerate(_tables(raw, section))
            if table.get("name", default) is not None
        }
        alike = Counter(map(str.casefold, names.values()))
        for path, name in names.items():
            if alike[name.casefold()] > 1:
                spot, section = places.value(path), str(path[0])
                yield found_at(
                    *(spot, "config.doubled_name", path, name), section=section
                )


def _tables(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The tables of a repeated section; what is none counts as empty."""
    found = raw.get(name)
    many = found if isinstance(found, list) else []
    return [item if isinstance(item, dict) else {} for item in many]


def _markets(
    places: Places, section: dict[str, Any], path: Sequence[str | int]
) -> Iterator[Finding]:
    codes = section.get("marketplaces")
    for number, code in enumerate(codes if isinstance(codes, list) else ()):
        if isinstance(code, str) and code not in MARKETPLACES:
            yield found_at(
                places.value((*path, "marketplaces", number)),
                "config.unknown_marketplace",
                (*path, "marketplaces"),
                code,
                known=", ".join(sorted(MARKETPLACES)),
            )


def _overlaps(
    places: Places, raw: dict[str, Any], workspace: Path
) -> Iterator[Finding]:
    """A drop folder is writable by strangers: it must hold nothing else."""
    own = _own(workspace)
    inboxes = _folders(raw, "inbox", workspace)
    outboxes = _folders(raw, "outbox", workspace)
    for number, folder in inboxes.items():
        others = [
            *(box for other, box in inboxes.items() if other != number),
            *own,
            *outboxes.values(),
        ]
        for other in others:
            if folder == workspace or overlap(folder, other):
                path = ("inbox", number, "folder")
                yield found_at(
                    places.value(path), "config.overlap", path, str(other)
                )
                break


def _media(places: Places, raw: dict[str, Any]) -> Iterator[Finding]:
    """What is published comes out of a folder, and has an address."""
    said = raw.get("media")
    if isinstance(said, dict) and said.get("publish"):
        for name in ("folder", "base_url"):
            if not said.get(name):
                path = ("media", "publish")
                spot = places.key(path)
                yield found_at(spot, "config.half_media", path, name)


def _own(workspace: Path) -> list[Path]:
    names = ("archive", "quarantine", "state", "rehearsal", "mappings")
    return [workspace / name for name in names]


def _folders(
    raw: dict[str, Any], name: str, workspace: Path
) -> dict[int, Path]:
    return {
        number: workspace / box["folder"]
        for number, box in enumerate(_tables(raw, name))
        if isinstance(box.get("folder"), str)
    }
