"""An ``out`` or ``amazon`` plan held against the document it reads."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from bridge.mapping import check_forms
from bridge.mapping import check_sense
from bridge.mapping.words import NOTHING
from bridge.mapping.words import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk
    from bridge.model.kinds import Field

TIMES = frozenset({"date", "datetime"})
PLAIN = frozenset({"text", "code", "integer", "decimal", "boolean"})
#: Which type of field may be written ``as`` what.
READS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(("text", "code"), PLAIN | TIMES),
        **dict.fromkeys(
            ("integer", "decimal", "money"), frozenset({"integer", "decimal"})
        ),
        "boolean": frozenset({"boolean"}),
        **dict.fromkeys(("date", "datetime"), TIMES),
        "list": frozenset({"list"}),
    }
)
#: What a constant word of the bridge may be written as, beside text.
CONTEXTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "now": TIMES,
        "mandant": frozenset({"integer", "decimal"}),
        "position": frozenset({"integer", "decimal"}),
    }
)
WHOLE = frozenset({"object", "measure", "offer", "each"})
FIELDS = frozenset({"from", "join", "text", "plain"})
#: Lists of which one holds the other.
DOUBLED = frozenset({"lines", "lines_and_parts"})
#: Sources of one field: its type, and what to say of another.
SINGLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "measure": ("measure", "mapping.not_a_measure"),
        "offer": ("parts", "mapping.not_offers"),
    }
)
#: Fields that are no single value.
COMPOSED: Mapping[str, str] = MappingProxyType(
    {
        "part": "mapping.whole_part",
        "parts": "mapping.whole_parts",
        "measure": "mapping.whole_measure",
    }
)
INSIDE = frozenset(
    {"from", "value", "join", "context", "template", "first", "count"}
)
LISTS = frozenset({"parts", "list"})
NESTED = frozenset({"object", "measure"})
AROUND = frozenset({"marketplace_id", "clear", "in_formats"})


@dataclass(frozen=True)
class Sight:
    """What a rule may read: its document, or a part and what is around."""

    fields: Mapping[str, Field]
    above: Mapping[str, Field] = field(default_factory=dict)

    def of(self, name: str) -> Field | None:
        """A field by name, ``a/b`` or ``../a``."""
        head, _, rest = name.partition("/")
        if head == "..":
            return Sight(self.above).of(rest)
        found = self.fields.get(head)
        if found is None or not rest:
            return found
        return found.part.get(rest) if found.type == "part" else None


def against_document(desk: Desk, plan: Plan) -> None:
    """Note every name the document lacks and every type that cannot fit."""
    sight = Sight(plan.kind.fields)
    for rule in plan.fields:
        _rule(desk, rule, sight, outer="")
    for rules in plan.heads.values():
        for rule in rules:
            _rule(desk, rule, Sight({}), outer="head")
    for rules in plan.facets.values():
        for rule in rules:
            _rule(desk, rule, sight, outer="")
    if plan.product_type is not None:
        _rule(desk, plan.product_type, sight, outer="product_type")


def chosen(desk: Desk, plan: Plan, words: Mapping[str, Node]) -> None:
    """Note every name that ``only`` and ``skip`` ask of no document."""
    sight = Sight(plan.kind.fields)
    for word, tests in (("only", plan.only), ("skip", plan.skip)):
        for test in tests:
            _known(desk, test.name, words[word].place, sight)


def _rule(desk: Desk, rule: Rule, sight: Sight, *, outer: str) -> None:
    """A rule and everything in it.

    Args:
        desk: Where mistakes are noted.
        rule: The rule.
        sight: What it may read.
        outer: The word it stands inside; empty at a field of its own.
    """
    _inside(desk, rule, outer)
    _conditions(desk, rule, sight)
    if rule.source == "each":
        _each(desk, rule, sight)
        return
    for name in rule.names:
        _known(desk, name, desk.at(rule.place, rule.source, name), sight)
    if rule.source == "count":
        _counted(desk, rule, sight)
    if rule.source == "template":
        place = desk.at(rule.place, "template")
        check_forms.template(desk, rule.constant, place, sight.fields)
    if rule.source in WHOLE:
        _whole(desk, rule, sight)
    else:
        _value(desk, rule, sight)
    for part in rule.rules:
        _rule(desk, part, sight, outer="first")
    for part in rule.fields:
        _rule(desk, part, sight, outer="object")


def _counted(desk: Desk, rule: Rule, sight: Sight) -> None:
    """Only lists have a number of items."""
    lists = [n for n, f in sight.fields.items() if f.type in LISTS]
    for name in rule.names:
        read = sight.of(name)
        if read is not None and read.type not in LISTS:
            place = desk.at(rule.place, "count")
            desk.unlike(name, place, lists, "mapping.not_a_list")


def _inside(desk: Desk, rule: Rule, outer: str) -> None:
    """Some sources make a whole attribute or list, never part of one."""
    if not outer:
        return
    may = INSIDE | NESTED if outer == "object" else INSIDE
    if rule.source not in may:
        place = desk.at(rule.place, rule.source)
        desk.mistake("mapping.not_inside", place, rule.source, outer=outer)
    check_sense.idle(desk, rule, AROUND, outer)


def _conditions(desk: Desk, rule: Rule, sight: Sight) -> None:
    for condition in rule.when:
        place = desk.at(rule.place, "when", condition.name)
        _known(desk, condition.name, place, sight)


def _known(desk: Desk, name: str, place: Place, sight: Sight) -> None:
    head, _, rest = name.partition("/")
    if not name or sight.of(name) is not None:
        return
    if head == "..":
        _known(desk, rest, place, Sight(sight.above))
        return
    found = sight.fields.get(head)
    known = found.part if found is not None else sight.fields
    last = rest if found is not None else name
    names = sorted(known)
    desk.mistake(
        "mapping.unknown_field",
        place,
        name,
        nearest=nearest(last, names),
        known=", ".join(names) or NOTHING,
    )


def _each(desk: Desk, rule: Rule, sight: Sight) -> None:
    """Every list of an ``each`` and the fields of its items."""
    to_amazon = desk.direction == "amazon"
    done = {"marketplace_id", "clear"} if to_amazon else {"required"}
    words = (check_sense.WORK | {"when"} | AROUND) - done - {"in_formats"}
    check_sense.idle(desk, rule, words, "each")
    own = {part.names[0]: part for part in rule.rules if part.names}
    _once(desk, rule)
    for name in rule.names:
        place = desk.at(rule.place, "each", name)
        read = sight.of(name)
        if read is None:
            _known(desk, name, place, sight)
        elif read.type != "parts":
            lists = [n for n, f in sight.fields.items() if f.type == "parts"]
            desk.unlike(name, place, lists, "mapping.not_a_list")
        else:
            inner = Sight(read.part, sight.fields)
            part = own.get(name)
            if part is not None:
                _conditions(desk, part, inner)
            fields = part.fields if part and part.fields else rule.fields
            for item in fields:  # to Amazon: the parts of an instance
                _rule(desk, item, inner, outer="object" if to_amazon else "")


def _once(desk: Desk, rule: Rule) -> None:
    """A list that holds another one is not read beside it."""
    both = [name for name in rule.names if name in DOUBLED]
    last = next((name for name in both if name != both[0]), "")
    if last:
        own = [one.place for one in rule.rules if one.names == (last,)]
        place = desk.at(rule.place, "each", last)
        place = desk.at(own[0], "from") if own else place
        desk.mistake("mapping.lines_twice", place, last, other=both[0])


def _whole(desk: Desk, rule: Rule, sight: Sight) -> None:
    """Sources that take no step: what they make is complete."""
    check_sense.idle(desk, rule, check_sense.WORK, rule.source)
    if rule.source not in SINGLE:
        return
    place = desk.at(rule.place, rule.source)
    if len(rule.names) > 1:
        desk.mistake("mapping.text_expected", place, rule.source)
    wanted, code = SINGLE[rule.source]
    fits = [n for n, f in sight.fields.items() if f.type == wanted]
    for name in rule.names[:1]:
        read = sight.of(name)
        if read is not None and read.type != wanted:
            desk.unlike(name, place, fits, code)


def _value(desk: Desk, rule: Rule, sight: Sight) -> None:
    types = _types(rule, sight)
    if rule.source in FIELDS:
        _fits(desk, rule, sight)
    elif rule.type and not types <= READS[rule.type]:
        place = desk.at(rule.place, "as")
        what = rule.constant if rule.source == "context" else rule.source
        desk.mistake(
            "mapping.cannot_be", place, rule.type, field=what, type="text"
        )
    kind = rule.type or (types.pop() if len(types) == 1 else "")
    check_sense.acts(desk, rule, kind, check_sense.SHAPES)
    if rule.table is None:
        check_sense.plausible(desk, rule, kind)


def _types(rule: Rule, sight: Sight) -> set[str]:
    """What a source may yield; empty if that cannot be known here."""
    if rule.source == "first":
        kinds = [{p.type} if p.type else _types(p, sight) for p in rule.rules]
        all_known = all(kinds)
        return set().union(*kinds) if all_known else set()
    if rule.source in FIELDS - {"join"}:
        known = [sight.of(name) for name in rule.names]
        return {item.type for item in known if item is not None}
    if rule.source in {"join", "template"}:
        return {"text"}
    if rule.source == "context":
        if rule.constant.startswith("setting."):
            return set()
        kinds_of = CONTEXTS.get(rule.constant, frozenset())
        return set(kinds_of & {rule.type}) or {"text"}
    return set()


def _fits(desk: Desk, rule: Rule, sight: Sight) -> None:
    for name in rule.names:
        read = sight.of(name)
        if read is None:
            continue
        place = desk.at(rule.place, rule.source, name)
        if read.type in COMPOSED:
            desk.mistake(COMPOSED[read.type], place, name)
        elif rule.type and read.type not in READS[rule.type]:
            desk.mistake(
                "mapping.cannot_be",
                desk.at(rule.place, "as"),
                rule.type,
                field=name,
                type=read.type,
            )
            return
        elif rule.source == "join" and read.type == "list":
            desk.mistake("mapping.whole_parts", place, name)
