"""What a rule's words can do to the kind of value it makes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bridge.mapping import check_forms
from bridge.mapping import verbs
from bridge.mapping import vocabulary
from bridge.mapping.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk

NUMBERS = frozenset({"decimal", "money"})
TEXTS = frozenset({"text", "code"})
BOUNDED = NUMBERS | {"integer"}
NUMBER_WORDS = frozenset({"scale", "round", "min", "max"})
#: The kinds of values a step or test acts on in an ``in`` mapping.
ACTS_ON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(("split", "most"), frozenset({"list"})),
        "take": TEXTS | BOUNDED | {"boolean", "date", "datetime"},
        **dict.fromkeys(("decimal", "scale", "round"), NUMBERS),
        **dict.fromkeys(("min", "max"), BOUNDED),
        **dict.fromkeys(
            ("map", "lookup", "missing"),
            TEXTS | {"integer", "boolean", "date", "datetime", "list"},
        ),
        **dict.fromkeys(("cut", "min_length", "max_length"), TEXTS),
        **dict.fromkeys(("pattern", "one_of", "check"), TEXTS),
    }
)
#: The same for what is read from a document.
SHAPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "most": frozenset({"list"}),
        **dict.fromkeys(("cut", "cut_bytes"), TEXTS | {"list", ""}),
        **dict.fromkeys(("scale", "round"), BOUNDED),
    }
)
#: Words of a rule that do nothing without another one.
NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "with": "join",
        "fields": "each",
        "element": "each",
        "units": "measure",
    }
)
CONSTANTS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "boolean": verbs.boolean,
        "integer": verbs.whole,
        "decimal": verbs.point,
        "money": verbs.point,
        "date": verbs.day(""),
        "datetime": verbs.instant("", "", ZoneInfo("UTC")),
    }
)
LEFT = frozenset({"keep", "drop"})  # words of ``missing`` that are no text
WORK = frozenset({*vocabulary.STEPS, *vocabulary.TESTS})


def in_sense(desk: Desk, rule: Rule, kind: str) -> None:
    """Note the words of an ``in`` rule that do nothing to a kind."""
    if rule.source == "each":
        idle(desk, rule, WORK - {"required"}, "each")
        return
    if rule.source == "first" and kind not in TEXTS:
        idle(
            desk,
            rule,
            WORK - {"as", "unit", "currency", "else", "required"},
            "first",
        )
    else:
        acts(desk, rule, kind, ACTS_ON)
    if rule.source == "sum" and kind not in NUMBERS:
        place = desk.at(rule.place, "sum")
        known = ", ".join(sorted(NUMBERS))
        desk.mistake(
            "mapping.needs_number", place, "sum", type=kind, known=known
        )
    if kind == "list" and rule.source != "from":
        place = desk.at(rule.place, rule.source)
        desk.mistake("mapping.list_from", place, rule.source)
    plausible(desk, rule, kind)


def acts(
    desk: Desk, rule: Rule, kind: str, on: Mapping[str, frozenset[str]]
) -> None:
    """Note every step and test that does not act on the kind."""
    words = desk.rules.get(rule.place, {})
    for word, kinds in on.items():
        if word not in words or kind in kinds:
            continue
        number = word in NUMBER_WORDS and kind not in BOUNDED
        desk.mistake(
            "mapping.needs_number" if number else "mapping.no_effect",
            desk.at(rule.place, word),
            word,
            type=kind or "text",
            known=", ".join(sorted(kinds - {""})),
        )


def idle(desk: Desk, rule: Rule, words: Iterable[str], outer: str) -> None:
    """Note the words of a rule that its source never asks for."""
    given = desk.rules.get(rule.place, {})
    for word in given:
        if word in words:
            place = desk.at(rule.place, word)
            desk.mistake("mapping.idle", place, word, outer=outer)


def plausible(desk: Desk, rule: Rule, kind: str) -> None:
    """A constant its own type cannot read fails now, not in each row."""
    read = CONSTANTS.get(kind)
    if read is None:
        return
    constants = [("else", rule.otherwise)]
    if rule.source == "value":
        constants.append(("value", rule.constant))
    if rule.table is not None and kind not in {"date", "datetime"}:
        word = "map" if "map" in desk.rules.get(rule.place, {}) else "lookup"
        constants += [(word, text) for text in sorted({*rule.table.values()})]
        if rule.missing not in LEFT:
            constants.append(("missing", rule.missing))
    for word, text in constants:
        if not text:
            continue
        try:
            read(text)
        except ValueError:
            place = desk.at(rule.place, word)
            desk.mistake("mapping.bad_constant", place, text, type=kind)


def alone(desk: Desk, rule: Rule) -> None:
    """Combinations that cannot work, whatever the kind of the value."""
    words = desk.rules[rule.place]
    for word, wanted in NEEDS.items():
        if word in words and rule.source != wanted:
            place = desk.at(rule.place, word)
            desk.mistake("mapping.alone", place, word, wanted=wanted)
    if rule.missing is not None and rule.table is None:
        place = desk.at(rule.place, "missing")
        desk.mistake("mapping.missing_alone", place, "missing")
    if "map" in words and "lookup" in words:
        place = desk.at(rule.place, "lookup")
        desk.mistake("mapping.two_tables", place, "lookup")
    if rule.currency is not None and rule.type != "money":
        place = desk.at(rule.place, "currency")
        desk.mistake("mapping.currency_alone", place, "currency")
    if rule.source == "join" and "with" not in words:
        desk.mistake("mapping.join_without_with", rule.place, rule.field)
    _not_nothing(desk, rule)
    _ordered(desk, rule)
    _known_words(desk, rule)


def _not_nothing(desk: Desk, rule: Rule) -> None:
    """Steps that would leave nothing of any value."""
    empty = {"cut": rule.cut == 0, "most": rule.most == 0}
    empty |= {"split": rule.split == "", "scale": rule.scale == 0}
    empty |= {"cut_bytes": rule.cut_bytes == 0}
    empty |= {"max_length": rule.max_length == 0}
    for word, nothing in empty.items():
        if nothing:
            place = desk.at(rule.place, word)
            desk.mistake("mapping.not_zero", place, word)


def _ordered(desk: Desk, rule: Rule) -> None:
    """Bounds that no value can keep."""
    for word, low, high in (
        ("max", rule.min, rule.max),
        ("max_length", rule.min_length, rule.max_length),
    ):
        if low is not None and high is not None and high < low:
            place = desk.at(rule.place, word)
            desk.mistake("mapping.crossed", place, word, low=str(low))


def _known_words(desk: Desk, rule: Rule) -> None:
    """Units and currencies are words everyone must know alike."""
    places = [
        (text, desk.at(rule.place, "units", text)) for text in rule.units
    ]
    if rule.unit is not None:
        places += [
            (text, desk.at(rule.unit.place, word))
            for word, text in _constants(desk, rule.unit)
        ]
    for text, place in places:
        if text not in vocabulary.UNITS:
            known = vocabulary.UNITS
            desk.unlike(text, place, known, "mapping.unknown_unit")
    given = rule.currency and _constants(desk, rule.currency)
    for word, text in given or ():
        if rule.currency and not CHECKS["currency"](text):
            place = desk.at(rule.currency.place, word)
            desk.mistake("mapping.currency", place, text)


def _constants(desk: Desk, rule: Rule) -> list[tuple[str, str]]:
    """Every text a rule may yield by itself, with the word it stands at."""
    given = [("else", rule.otherwise)]
    given += [("value", rule.constant)] if rule.source == "value" else []
    given += [("missing", rule.missing)] if rule.missing not in LEFT else []
    if rule.table is not None:
        word = "map" if "map" in desk.rules.get(rule.place, {}) else "lookup"
        given += [(word, text) for text in sorted({*rule.table.values()})]
    inner = [pair for part in rule.rules for pair in _constants(desk, part)]
    return [(word, text) for word, text in given if text] + inner


def context(desk: Desk, rule: Rule) -> None:
    """What ``context`` asks for must be known in this direction."""
    name = rule.constant
    own = name.removeprefix(vocabulary.SETTING) != name and name[-1] != "."
    if rule.source != "context" or not name or own:
        return
    known = check_forms.contexts(desk.direction)
    if name in known:
        return
    place = desk.at(rule.place, "context")
    if name in vocabulary.CONTEXTS:
        desk.mistake(
            "mapping.not_in_direction", place, name, direction=desk.direction
        )
    else:
        desk.unlike(name, place, known, "mapping.unknown_choice")
