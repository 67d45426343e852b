"""The page of the mapping language, from the tables the checker uses."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING
from typing import Any

from paper import MEANINGS
from paper import deep
from paper import same
from paper import shipped
from paper import table

from bridge.mapping import keywords
from bridge.mapping import vocabulary
from bridge.mapping.check import FACETS
from bridge.mapping.check_format import HOUSE
from bridge.model import kinds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.mapping.plan import Rule
    from bridge.mapping.vocabulary import Verb
    from bridge.model.kinds import Field


def mapping() -> list[str]:
    """The page of the mapping language."""
    lines = [
        "# The mapping language, version 1",
        "",
        "How to use it: [write a mapping](../how-to/write-a-mapping.md).",
        "`bridge mapping schema` prints the same tables as a JSON Schema for",
        "editors.",
        "",
        "## Directions",
        "",
        *_words("directions", vocabulary.DIRECTIONS),
    ]
    for title, said, words in (
        ("At the top of the file", "", keywords.TOP),
        ("Sources", "A rule has exactly one.", vocabulary.SOURCES),
        (
            "Steps",
            "Applied in this order, whatever the order in the file.",
            vocabulary.STEPS,
        ),
        ("Tests", "Asked after the steps.", vocabulary.TESTS),
        ("Frame", "Other words of a rule.", vocabulary.FRAME),
        ("Formats", "Words of a block under `formats`.", keywords.FORMAT),
        ("Picks", "Words of each entry of `pick`.", keywords.PICK),
        (
            "Record types",
            "Words under `record_type`: how a line tells its type.",
            keywords.RECORD_TYPE,
        ),
        (
            "One record type",
            "Words of each entry of `record_types`.",
            keywords.RECORD_TYPES,
        ),
        ("Trailer", "Words under `trailer`.", keywords.TRAILER),
    ):
        lines += ["", f"## {title}", "", *([said, ""] if said else [])]
        lines += _verbs(words)
    return [*lines, *_house(), *_closed_words(), *_conditions(), *_kinds()]


def _verbs(words: Mapping[str, Verb]) -> list[str]:
    rows = [
        (
            f"`{name}`",
            verb.directions.replace(" ", ", "),
            verb.says + _choices(verb),
            "<br>".join(f"`{x}`" for x in verb.example.split("\n")),
        )
        for name, verb in words.items()
    ]
    return table(("word", "directions", "says", "example"), rows)


def _choices(verb: Verb) -> str:
    if not verb.choices:
        return ""
    return " One of: " + ", ".join(f"`{word}`" for word in verb.choices) + "."


def _house() -> list[str]:
    rows = [
        (
            f"`{name}`",
            profile.encoding if name in {"csv", "txt"} else "",
            {"\t": "tab", ";": "`;`"}[profile.delimiter]
            if name in {"csv", "txt"}
            else "",
            f"`{profile.decimal}`",
            f"`{profile.date or 'ISO 8601'}`",
            profile.boolean,
        )
        for name, profile in HOUSE.items()
    ]
    names = ("format", "encoding", "delimiter", "decimal", "date", "boolean")
    return [
        "",
        "### What a format is without a word",
        "",
        "As Sage writes it; a block states only what differs. Without",
        "`formats` a mapping reads csv, txt and xlsx; xml and json need at",
        "least `record`. A BOM at the start of a file wins over `encoding`.",
        "",
        *table(names, rows),
    ]


def _closed_words() -> list[str]:
    lines = []
    for title, name, known in (
        ("Types (`as`)", "types", vocabulary.TYPES),
        ("Cleaners (`clean`)", "cleaners", vocabulary.CLEANERS),
        ("Checks (`check`)", "checks", vocabulary.CHECKS),
        ("Context (`context`)", "contexts", vocabulary.CONTEXTS),
        ("Facets of an `amazon` mapping", "facets", FACETS),
    ):
        lines += ["", f"## {title}", "", *_words(name, known)]
    return lines


def _words(name: str, known: Iterable[str]) -> list[str]:
    said = MEANINGS[name]
    same(name, set(said), set(known))
    rows = [(f"`{word}`", said[word]) for word in known]
    return table(("word", "meaning"), rows)


def _conditions() -> list[str]:
    return [
        "",
        "## Conditions (`only`, `skip`, `when`)",
        "",
        "A table of source field and what it must be; all must hold.",
        "",
        *table(
            ("form", "holds if"),
            [
                ("`{Feld: x}`", "the field is x"),
                ("`{Feld: [x, y]}`", "it is one of these"),
                ("`{Feld: true}`", "it means yes, however that is written"),
                ("`{Feld: {not: x}}`", "it is not x"),
                ("`{Feld: {empty: true}}`", "it is empty or not given"),
                ("`{Feld: {as: decimal, not: 0}}`", "as a number it is not 0"),
            ],
        ),
    ]


def _kinds() -> list[str]:
    same("kinds", set(MEANINGS["kinds"]), set(kinds.KINDS))
    lines = ["", "## Documents and their fields", ""]
    lines += [
        "Fields in bold are needed, those marked with a key tell two",
        "documents apart. The last column is what the shipped mapping of the",
        "document reads or writes.",
    ]
    for name, kind in kinds.KINDS.items():
        lines += ["", f"### {name}", "", MEANINGS["kinds"][name], ""]
        lines += _fields(kind.fields, kind.key, _shipped(name), name)
    for name in kinds.PARTS:
        fields = _part(name)
        lines += ["", f"### {name} (part)", "", _first(kinds.PARTS[name])]
        lines += ["", *_fields(fields, (), {}, name)]
    return lines


def _part(name: str) -> Mapping[str, Field]:
    for kind in kinds.KINDS.values():
        for field in _all_fields(kind.fields.values()):
            if set(field.part) == set(kinds.PARTS[name].__dataclass_fields__):
                return field.part
    raise LookupError(name)


def _all_fields(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all_fields(field.part.values())


def _fields(
    fields: Mapping[str, Field],
    key: tuple[str, ...],
    shipped: Mapping[str, list[str]],
    model: str,
) -> list[str]:
    said = _attributes(_model_of(model))
    rows = []
    for name, field in fields.items():
        shown = f"**`{name}`**" if field.needed else f"`{name}`"
        mark = " (key)" if name in key else ""
        rows.append(
            (
                shown + mark,
                field.type,
                said.get(name, ""),
                ", ".join(f"`{word}`" for word in shipped.get(name, [])),
            )
        )
    return table(("field", "type", "meaning", "shipped mapping"), rows)


def _model_of(name: str) -> type[Any]:
    if name in kinds.PARTS:
        return kinds.PARTS[name]
    found = next(vars(kinds)[name] for known in kinds.KINDS if known == name)
    made: type[Any] = found
    return made


def _first(model: type[Any]) -> str:
    return (inspect.getdoc(model) or "").split("\n")[0]


def _attributes(model: type[Any]) -> dict[str, str]:
    """The meanings a docstring gives under ``Attributes:``."""
    text = (inspect.getdoc(model) or "").partition("Attributes:\n")[2]
    found = re.findall(r"^    (\w+): (.*(?:\n      +.*)*)", text, re.MULTILINE)
    return {
        name: " ".join(said.replace("``", "`").split()) for name, said in found
    }


def _shipped(kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for plan in shipped().plans.values():
        if plan.document != kind:
            continue
        rules = (
            *plan.fields,
            *(rule for facet in plan.facets.values() for rule in facet),
        )
        for rule in rules:
            for field, word in _pairs(rule, reads=plan.direction != "in"):
                words = found.setdefault(field, [])
                words += [word] if word not in words else []
    return found


def _pairs(rule: Rule, *, reads: bool) -> Iterator[tuple[str, str]]:
    """Document field and the word on the other side, of one rule."""
    for inner in deep((rule,), parts=not reads):
        for name in inner.names:
            if reads:
                yield name.partition("/")[0], rule.field
            else:
                yield rule.field, name
