"""The page of bridge.toml, from the models that read it."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import get_args
from typing import get_origin

from paper import MEANINGS
from paper import deep
from paper import same
from paper import shipped
from paper import table

from bridge.config import settings
from bridge.config.faults import REPEATED
from bridge.config.partners import Pull
from bridge.config.partners import Push
from bridge.config.settings import Settings
from bridge.mapping import vocabulary

WHOLE = re.compile(r"\bint\b")
NAMES = ("name", "type", "default", "meaning")
#: Lists of small tables inside a section.
INSIDE = {"partner": {"pull": Pull, "push": Push}}


def settings_page() -> list[str]:
    """The page of bridge.toml."""
    lines = [
        "# Settings: bridge.toml",
        "",
        "A folder with a `bridge.toml` is a workspace. Every setting has a",
        "default; an unknown key, a wrong value or a folder that overlaps",
        "another is reported with its line, all at once. Durations are",
        "written `2s`, `3m`, `4h`, `14d`; secrets `env:NAME`, `file:PATH` or",
        "`keyring:SERVICE/NAME`, never plain text. `[[name]]` sections may",
        "stand several times.",
    ]
    same("settings", set(MEANINGS["settings"]), _sections())
    same("inside", set(MEANINGS["inside"]), set(INSIDE))
    for name in MEANINGS["settings"]:
        lines += _section(name)
        for word, model in INSIDE.get(name, {}).items():
            lines += _inside(name, word, model)
    lines += ["", "## [values]", "", *_values()]
    return lines


def _values() -> list[str]:
    used: dict[str, list[str]] = {}
    for name, plan in sorted(shipped().plans.items()):
        for rule in deep(plan.fields):
            if rule.source == "context" and rule.constant.startswith(
                vocabulary.SETTING
            ):
                key = rule.constant.removeprefix(vocabulary.SETTING)
                used.setdefault(key, []).append(name)
    rows = [
        (f"`{key}`", ", ".join(f"`{n}`" for n in sorted(set(names))))
        for key, names in sorted(used.items())
    ]
    return [
        "Texts of this installation that mappings read with",
        "`context: setting.NAME`. The shipped mappings read:",
        "",
        *table(("name", "mapping"), rows),
    ]


def _sections() -> set[str]:
    return set(Settings.model_fields) - {"workspace", "values"}


def _model(name: str) -> Any:  # noqa: ANN401 - a pydantic model
    return getattr(settings, name.capitalize())


def _section(name: str) -> list[str]:
    head = f"[[{name}]]" if name in REPEATED else f"[{name}]"
    said = _said(_model(name))
    meanings = MEANINGS["settings"][name]
    rows = _rows(name, _model(name), meanings)
    return ["", f"## {head}", "", said, "", *table(NAMES, rows)]


def _inside(section: str, word: str, model: Any) -> list[str]:  # noqa: ANN401
    """The small tables a list in a section holds."""
    meanings = MEANINGS["inside"][section][word]
    rows = _rows(word, model, meanings)
    head = f"### {word} of [[{section}]]"
    return ["", head, "", _said(model), "", *table(NAMES, rows)]


def _said(model: Any) -> str:  # noqa: ANN401
    first = (inspect.getdoc(model) or "").split("\n")[0]
    said = first.partition(": ")[2]
    return said[:1].upper() + said[1:]


def _rows(
    what: str,
    model: Any,  # noqa: ANN401
    meanings: dict[str, str],
) -> list[tuple[str, ...]]:
    fields = {
        field.alias or name: field
        for name, field in model.model_fields.items()
    }
    same(what, set(meanings), set(fields))
    return [
        (
            f"`{key}`",
            _setting_type(field),
            "needed" if field.is_required() else _setting(field),
            meanings[key],
        )
        for key, field in fields.items()
    ]


def _setting_type(field: Any) -> str:  # noqa: ANN401 - pydantic's FieldInfo
    kind = field.annotation
    choices = get_args(kind)
    if choices and all(isinstance(item, str) for item in choices):
        return " | ".join(f"`{item}`" for item in choices)
    if any("secret" in repr(part) for part in field.metadata):
        return "secret"
    if get_origin(kind) is tuple or "tuple" in str(kind):
        return "list of numbers" if WHOLE.search(str(kind)) else "list"
    if get_origin(kind) is dict:
        return "table"
    names = {
        timedelta: "duration",
        Decimal: "share 0-1",
        Path: "folder",
        Path | None: "folder",
        bool: "true/false",
        int: "number",
        int | None: "number",
        str: "text",
    }
    return names[kind]


def _setting(field: Any) -> str:  # noqa: ANN401
    value = field.get_default(call_default_factory=True)
    if value in ("", (), {}, None):
        return ""
    if isinstance(value, timedelta):
        return f"`{_duration(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{item}"' for item in value) + "]`"
    return f"`{value}`"


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds > size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
