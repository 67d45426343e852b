"""A JSON schema for editors, made from the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping import keywords
from bridge.mapping import vocabulary
from bridge.mapping.check import FACETS
from bridge.messages.catalogue import LANGUAGES
from bridge.model.kinds import KINDS
from bridge.model.record import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.mapping.vocabulary import Verb

TEXT = {"type": ["string", "number", "boolean"]}
TAKES: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "note": {
        "anyOf": [
            TEXT,
            {
                "type": "object",
                "properties": dict.fromkeys(LANGUAGES, TEXT),
                "required": [*LANGUAGES],
                "additionalProperties": False,
            },
        ]
    },
    "texts": {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
    "table": {"type": "object"},
    "rule": {"anyOf": [TEXT, {"$ref": "#/$defs/rule"}]},
    "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
    "fields": {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/rule"},
    },
    "number": {"type": ["number", "string"]},
    "whole": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "anything": {},
}


def editor_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a mapping file."""
    top = _words(keywords.TOP)
    top["document"] = {**top["document"], "enum": sorted(KINDS)}
    top["formats"]["properties"] = {
        name: _closed(_words(keywords.FORMAT)) for name in FORMATS
    }
    for word, inner in (
        ("record_types", keywords.RECORD_TYPES),
        ("pick", keywords.PICK),
    ):
        top[word]["additionalProperties"] = _closed(_words(inner))
    top["record_type"] |= _closed(_words(keywords.RECORD_TYPE))
    top["trailer"] |= _closed(_words(keywords.TRAILER))
    top["facets"]["properties"] = dict.fromkeys(FACETS, TAKES["fields"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mapping of the bridge, version 1",
        **_closed(top),
        "required": ["mapping", "title", "direction", "document"],
        "$defs": {"rule": _closed(_words(vocabulary.VERBS))},
    }


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _words(verbs: Mapping[str, Verb]) -> dict[str, Any]:
    return {name: _word(verb) for name, verb in verbs.items()}


def _word(verb: Verb) -> dict[str, Any]:
    about = f"{verb.says}\n\n{verb.example}"
    if verb.takes == "one_of":
        return {"enum": list(verb.choices), "description": about}
    if verb.takes == "any_of":
        item = {"enum": list(verb.choices)}
        return {
            "anyOf": [item, {"type": "array", "items": item}],
            "description": about,
        }
    return {**TAKES[verb.takes], "description": about}
