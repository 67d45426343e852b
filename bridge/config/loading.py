"""Reading bridge.toml: all problems in one report."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from pydantic import ValidationError

from bridge.config.places import line_of
from bridge.config.settings import Settings
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

FILE = "bridge.toml"
LATER = frozenset({"partner", "table", "mail", "letterhead", "retention"})
MARKETPLACES = frozenset(
    [
        "DE",
        "FR",
        "IT",
        "ES",
        "NL",
        "BE",
        "PL",
        "SE",
        "IE",
        "UK",
        "TR",
        "US",
        "CA",
        "MX",
        "JP",
        "AU",
    ]
)
SP_API_TRAP = "SP_API_DEFAULT_MARKETPLACE"


def find_workspace(given: Path | None, environment: Mapping[str, str]) -> Path:
    """The workspace: ``--workspace``, ``BRIDGE_WORKSPACE``, this folder."""
    return (given or Path(environment.get("BRIDGE_WORKSPACE", "."))).resolve()


def load(workspace: Path) -> Settings:
    """The settings of a workspace.

    Args:
        workspace: The folder that holds bridge.toml.

    Raises:
        ConfigError: With every problem, its line and what to write instead.
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
        raise ConfigError(
            "config.not_toml", where=Where(FILE), problem=str(error)
        ) from None
    later = [
        Finding("config.later", line_of(text, (name,)), name, turn="operator")
        for name in sorted(LATER & set(raw))
    ]
    known = {name: part for name, part in raw.items() if name not in LATER}
    return _checked(workspace, text, known, later)


def _checked(
    workspace: Path, text: str, raw: dict[str, Any], found: list[Finding]
) -> Settings:
    raw.setdefault("inbox", [{"folder": "inbox"}])
    raw.setdefault("outbox", [{"folder": "outbox/sage"}])
    settings = None
    try:
        settings = Settings.model_validate({**raw, "workspace": workspace})
    except ValidationError as error:
        found += _problems(text, error)
    if settings is not None:
        settings = _absolute(settings)
        found += _impossible(text, settings)
    if os.environ.get(SP_API_TRAP):
        found.append(Finding("config.trap", None, SP_API_TRAP))
    if found or settings is None:
        raise ConfigError("config.broken", where=Where(FILE), findings=found)
    return settings


def _problems(text: str, error: ValidationError) -> Iterator[Finding]:
    for problem in error.errors(include_url=False):
        path = problem["loc"]
        name = ".".join(str(part) for part in path)
        line = line_of(text, path)
        yield _problem(dict(problem), name, line)


def _problem(problem: dict[str, Any], name: str, line: int | None) -> Finding:
    value = problem["input"]
    shown = value if isinstance(value, str | int | float) else None
    facts = {"expected": problem["msg"], "nearest": "", "known": ""}
    if problem["type"] == "extra_forbidden":
        known = _siblings(name)
        near = get_close_matches(name.rpartition(".")[2], known, n=1)
        facts |= {
            "nearest": near[0] if near else "",
            "known": ", ".join(known),
        }
        return Finding(
            "config.unknown_key",
            line,
            name,
            None,
            turn="operator",
            facts=facts,
        )
    if problem["type"] == "missing":
        return Finding("config.missing", line, name, turn="operator")
    own = str(problem.get("ctx", {}).get("error", ""))
    code = own if own.startswith("config.") else "config.wrong_value"
    said = None if "secret" in name or "token" in name else shown
    return Finding(
        code,
        line,
        name,
        None if said is None else str(said),
        turn="operator",
        facts=facts,
    )


def _siblings(name: str) -> list[str]:
    """The keys that could have been meant, by the model of the section."""
    parts = [part for part in name.split(".")[:-1] if not part.isdigit()]
    model: Any = Settings
    for part in parts:
        field = model.model_fields.get(part)
        if field is None:
            return []
        kind = field.annotation
        model = getattr(kind, "__args__", (kind,))[0]
    fields = getattr(model, "model_fields", {})
    return sorted(set(fields) - {"workspace"})


def _absolute(settings: Settings) -> Settings:
    base = settings.workspace
    return settings.model_copy(
        update={
            "inbox": tuple(
                box.model_copy(update={"folder": base / box.folder})
                for box in settings.inbox
            ),
            "outbox": tuple(
                box.model_copy(update={"folder": base / box.folder})
                for box in settings.outbox
            ),
        }
    )


def _impossible(text: str, settings: Settings) -> Iterator[Finding]:
    for code in settings.amazon.marketplaces:
        if code not in MARKETPLACES:
            yield Finding(
                "config.unknown_marketplace",
                line_of(text, ("amazon", "marketplaces")),
                "amazon.marketplaces",
                code,
                turn="operator",
                facts={"known": ", ".join(sorted(MARKETPLACES))},
            )
    names = [box.name for box in settings.inbox]
    for number, box in enumerate(settings.inbox):
        if names.count(box.name) > 1:
            yield _at(text, "config.doubled_name", number, box.name)
    yield from _overlaps(text, settings)


def _overlaps(text: str, settings: Settings) -> Iterator[Finding]:
    """A drop folder is writable by strangers: it must hold nothing else."""
    own = [
        settings.workspace / name
        for name in ("archive", "quarantine", "state", "rehearsal", "mappings")
    ]
    inboxes = [box.folder for box in settings.inbox]
    for number, box in enumerate(settings.inbox):
        others = [
            *inboxes[:number],
            *inboxes[number + 1 :],
            *own,
            *(out.folder for out in settings.outbox),
        ]
        for other in others:
            if box.folder == settings.workspace or _overlap(box.folder, other):
                yield _at(text, "config.overlap", number, str(other))
                break


def _overlap(one: Path, two: Path) -> bool:
    return one == two or one in two.parents or two in one.parents


def _at(text: str, code: str, number: int, value: str) -> Finding:
    return Finding(
        code,
        line_of(text, ("inbox", number, "folder")),
        f"inbox.{number}",
        value,
        turn="operator",
    )
