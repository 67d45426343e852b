"""What pydantic says of bridge.toml, in words of our own."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING
from typing import Any

from bridge.config.partners import nearest_then
from bridge.config.settings import Settings
from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from pydantic import ValidationError

    from bridge.config.places import Places
    from bridge.config.places import Spot

LONGEST = 60  # signs of a value that are shown
#: The type of a pydantic error and what a person is told.
CODES = {
    "missing": "config.missing",
    "extra_forbidden": "config.unknown_key",
    "string_type": "config.text_expected",
    "path_type": "config.text_expected",
    "int_type": "config.whole_expected",
    "int_parsing": "config.whole_expected",
    "int_from_float": "config.whole_expected",
    "int_parsing_size": "config.whole_expected",
    "bool_type": "config.flag_expected",
    "bool_parsing": "config.flag_expected",
    "literal_error": "config.not_one_of",
    "greater_than_equal": "config.too_small",
    "less_than_equal": "config.too_large",
    "tuple_type": "config.list_expected",
    "dict_type": "config.table_expected",
    "model_type": "config.table_expected",
    "too_short": "config.nothing_there",
    "string_too_short": "config.nothing_there",
    "string_too_long": "config.long_text",
    "string_pattern_mismatch": "config.not_a_name",
}
#: Sections that stand in double brackets, because there may be several.
REPEATED = frozenset(
    {
        *("account", "inbox", "outbox", "stock", "price"),
        *("partner", "table", "source", "terms"),
    }
)
SECRETS = ("secret", "token", "pass", "url")


def problems(places: Places, error: ValidationError) -> Iterator[Finding]:
    """Each mistake with its place and sentence."""
    for problem in error.errors(include_url=False):
        yield _problem(places, dict(problem))


def found_at(
    spot: Spot | None,
    code: str,
    path: Sequence[str | int] | str,
    value: str | None = None,
    **facts: str,
) -> Finding:
    """A finding for whoever looks after bridge.toml."""
    name = path if isinstance(path, str) else ".".join(map(str, path))
    return Finding(
        code,
        None if spot is None else spot.line,
        name,
        value,
        turn="operator",
        facts=facts,
        column=None if spot is None else spot.column,
    )


def _problem(places: Places, problem: dict[str, Any]) -> Finding:
    path = problem["loc"]
    code = _code(problem)
    if code in {"config.missing", "config.unknown_key"}:
        known = _siblings(path) if code == "config.unknown_key" else []
        near = get_close_matches(str(path[-1]), known, n=1)
        facts = {"nearest": near[0] if near else "", "known": _row(known)}
        misspelt = code == "config.unknown_key"
        spot = places.key(path) if misspelt else places.value(path)
        return found_at(spot, code, path, **facts)
    name = str(path[-1])
    hidden = name == "key" or any(word in name for word in SECRETS)
    shown = "…" if hidden else _shown(problem["input"])
    return found_at(
        places.value(path), code, path, shown, **_facts(code, problem)
    )


def _code(problem: dict[str, Any]) -> str:
    """The code of our own sentence, if a validator of ours named one."""
    own = str(problem.get("ctx", {}).get("error", ""))
    if own.startswith("config."):
        return own
    code = CODES.get(problem["type"], "config.wrong_value")
    repeated = len(problem["loc"]) == 1 and problem["loc"][0] in REPEATED
    if repeated and code == "config.list_expected":
        return "config.double_brackets"
    return code


def _facts(code: str, problem: dict[str, Any]) -> dict[str, str]:
    context = problem.get("ctx", {})
    if code == "config.not_one_of":
        words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return {"known": _row(words)}
    if code == "config.unknown_then":
        return {"nearest": nearest_then(str(problem["input"]))}
    facts = {
        "config.too_small": ("least", context.get("ge")),
        "config.too_large": ("most", context.get("le")),
        "config.long_text": ("most", context.get("max_length")),
        "config.double_brackets": ("section", problem["loc"][0]),
        "config.wrong_value": ("expected", problem["msg"]),
    }
    name, fact = facts.get(code, ("", None))
    return {name: str(fact)} if name else {}


def _row(words: list[str]) -> str:
    return ", ".join(words)


def _shown(value: object) -> str:
    """A value as bridge.toml would write it, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, dict):
        return "{…}"
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _siblings(path: Sequence[str | int]) -> list[str]:
    """The keys that could have been meant, by the model of the section."""
    model: Any = Settings
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            return []
        kind = field.annotation
        model = getattr(kind, "__args__", (kind,))[0]
    fields = getattr(model, "model_fields", {})
    names = {name: field.alias or name for name, field in fields.items()}
    return sorted(set(names.values()) - {"workspace"})
