"""An ``in`` plan and a profile become one straight Python function.

The program holds, for each field, a loop that runs once: ``break`` leaves
the field unset (its column is missing, or a finding was made). Rules inside
rules are functions of their own, written first. What depends on one text
alone (a condition, a number with its bounds) is remembered by that text.

Where the columns of a file are known, the program takes cells for granted:
no field asks whether its column is there, which is a third of all the work.
A row that has not every column is left to the program without columns.
"""

from __future__ import annotations

from functools import cache
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.mapping import sources
from bridge.mapping.conditions import predicate
from bridge.mapping.generate_steps import TEXTS
from bridge.mapping.generate_steps import Steps
from bridge.mapping.script import Script
from bridge.mapping.sources import MISSING
from bridge.mapping.verbs import REMEMBERED
from bridge.mapping.verbs import number_parser
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import TypeAlias

    from bridge.errors import Finding
    from bridge.mapping.plan import Condition
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.model.kinds import Field
    from bridge.model.record import Profile

    Convert: TypeAlias = Callable[
        [int, Mapping[str, Any], list[Finding]], dict[str, Any]
    ]

CELLS = frozenset({"csv", "txt"})  # a full row has a text for each column
_FROM_CELLS = frozenset({"from", "join"})


def compile_in(
    plan: Plan,
    profile: Profile,
    *,
    context: Mapping[str, str],
    head: Mapping[str, Any],
    columns: Iterable[str] | None = None,
) -> Convert:
    """A function from raw values to a coded document.

    Args:
        plan: A checked plan of direction ``in``.
        profile: How the file at hand is written.
        context: What the bridge knows: ``mandant``, ``file_name``, ``now``,
            ``timezone``, ``setting.NAME`` …
        head: What the file says of itself; columns a record lacks.
        columns: csv and txt: what the header of the file at hand names; the
            values of its records stand in that order.

    Returns:
        ``convert(line, values, found)``: the fields the mapping names and
        the record gave, coded; findings are appended to ``found``. If one of
        them refuses, the document is not to be used. Of a record without
        values that has findings already nothing more is said.
    """

    @cache
    def general() -> Convert:
        return _program(plan, _Writer(profile, context, head))

    if columns is None or profile.format not in CELLS or plan.group_by:
        return general()
    writer = _Writer(profile, context, head)
    writer.columns = tuple(dict.fromkeys(columns))
    return _program(plan, writer, general)


def _program(
    plan: Plan, writer: _Writer, general: Callable[[], Convert] | None = None
) -> Convert:
    fields = plan.kind.fields
    for rule in plan.fields:
        writer.prepare(rule, fields[rule.field])
    with writer.script.block("def convert(line, v, found):"):
        if general is not None:
            writer.only_whole_rows(general)
            writer.cells(plan.reads())
        else:  # no more is said of what could not be read at all
            writer.script.put("if found and not v: return {}")
        writer.body(plan.fields, fields, frozenset(plan.kind.key))
    title = f"mapping {plan.name} for {writer.profile.format}"
    convert: Convert = writer.script.run(title)["convert"]
    return convert


class _Writer:
    """Writes the program; one method for one thought of the language."""

    def __init__(
        self,
        profile: Profile,
        context: Mapping[str, str],
        head: Mapping[str, Any],
    ) -> None:
        self.script = Script()
        self.profile = profile
        self.columns: tuple[str, ...] | None = None
        self.stripped: dict[str, str] = {}
        self.texty = profile.format in {"csv", "txt", "xml"}
        self.context = context
        self.head = head
        zone = ZoneInfo(context["timezone"])
        self.steps = Steps(self.script, profile, zone)
        self.missing = self.script.bind(MISSING)
        self.functions: dict[int, str] = {}
        self.remembered: dict[int, tuple[str, ...]] = {}

    def only_whole_rows(self, general: Callable[[], Convert]) -> None:
        """Leave a row to another program unless it has every column."""
        width, other = len(self.columns or ()), self.script.bind(general)
        with self.script.block(f"if len(v) != {width}:"):
            self.script.put(f"return {other}()(line, v, found)")

    def cells(self, read: Iterable[str]) -> None:
        """All cells without outer blanks, if most of them are read.

        One ``map`` takes half the time of a look-up and a call for each.
        """
        columns = self.columns or ()
        if 2 * len(set(read).intersection(columns)) < len(columns):
            return
        self.stripped = {
            name: f"a{place}" for place, name in enumerate(columns)
        }
        names = ", ".join(self.stripped.values())
        strip = self.script.bind(str.strip)
        self.script.put(f"{names}, = map({strip}, v.values())")

    def cell(self, name: str) -> str:
        """A cell's text without outer blanks, as an expression."""
        local = self.stripped.get(name)
        return local or f"v[{self.script.bind(name)}].strip()"

    def body(
        self,
        rules: Iterable[Rule],
        fields: Mapping[str, Field],
        keys: frozenset[str] = frozenset(),
    ) -> None:
        """The inside of a function that makes a dictionary of fields."""
        self.script.put("d = {}")
        for rule in rules:
            field = fields[rule.field]
            must = rule.required or (field.needed and field.name in keys)
            if not must and self._is_never_given(rule, field):
                continue
            if id(rule) in self.remembered:
                self._remembered(rule)
                continue
            with self.script.block("while True:  # runs once"):
                self._value(rule, field.type, must=must)
                self.script.put(f"d[{self.script.bind(rule.field)}] = x")
                self.script.put("break")
        self.script.put("return d")

    def _is_never_given(self, rule: Rule, field: Field) -> bool:
        """Whether the file has no column for a rule."""
        if self.columns is None or rule.source not in _FROM_CELLS:
            return False
        known = set(self.columns)
        if (rule.type or field.type) != "list":
            known |= self.head.keys()
        return known.isdisjoint(rule.names)

    def prepare(self, rule: Rule, field: Field) -> None:
        """Functions for what is inside a rule, before they are called."""
        if rule.source == "each":
            self._prepare_records(rule, field)
            return
        inner = [(part, field.type) for part in rule.rules]
        inner += [(p, "text") for p in (rule.unit, rule.currency) if p]
        for part, kind in inner:
            self.prepare(part, field)
            self._function(part, kind)
        read = tuple(dict.fromkeys(rule.reads()))
        if rule.unit and self.columns and set(read) <= set(self.columns):
            self._function(rule, field.type)
            self.remembered[id(rule)] = read

    def _remembered(self, rule: Rule) -> None:
        """A measure by the cells it is made of: most are met again.

        What led to a finding is not remembered, so that it is told again.
        """
        put, bind = self.script.put, self.script.bind
        cells = ", ".join(f"v[{bind(n)}]" for n in self.remembered[id(rule)])
        known, unmet = bind({}), bind(object())
        put(f"k = ({cells},)", f"x = {known}.get(k, {unmet})")
        with self.script.block(f"if x is {unmet}:"):
            put("n = len(found)")
            put(f"x = {self.functions[id(rule)]}(line, v, found)")
            put(f"if len(found) == n and len({known}) < {REMEMBERED}:")
            put(f"    {known}[k] = x")
        put(f"if x is not {self.missing}: d[{bind(rule.field)}] = x")

    def _prepare_records(self, rule: Rule, field: Field) -> None:
        columns, self.columns = self.columns, None  # an item has its own
        for part in rule.fields:
            self.prepare(part, field.part[part.field])
        self.functions[id(rule)] = name = self.script.fresh()
        with self.script.block(f"def {name}(line, v, found):"):
            self.body(rule.fields, field.part)
        self.columns = columns

    def _function(self, rule: Rule, kind: str) -> None:
        self.functions[id(rule)] = name = self.script.fresh()
        with self.script.block(f"def {name}(line, v, found):"):
            with self.script.block("while True:  # runs once"):
                self._value(rule, kind, must=rule.required)
                self.script.put("return x")
            self.script.put(f"return {self.missing}")

    def _value(self, rule: Rule, kind: str, *, must: bool) -> None:
        """Leaves the rule's value in ``x``, or breaks."""
        if rule.when:
            self._when(rule.when)
        if rule.source == "each":
            self._records(rule)
        elif (rule.type or kind) == "list":
            self._list(rule)
        else:
            self._source(rule, must=must)
            with self.script.block("if x is not None:"):
                plain = "decimal" if kind == "measure" else kind
                self._converted(rule, rule.type or plain)
                self._pair(rule)
        self._empty(rule, must=must)

    def _when(self, conditions: tuple[Condition, ...]) -> None:
        """Breaks unless all hold; the verdict on one text is remembered."""
        put, bind = self.script.put, self.script.bind
        test = predicate(conditions)
        if len(conditions) > 1:
            put(f"if not {bind(test)}(v): break")
            return
        name = conditions[0].name
        known = bind(
            lru_cache(maxsize=REMEMBERED)(lambda text: test({name: text}))
        )
        if self.columns is not None and name in self.columns:
            put(f"if not {known}(v[{bind(name)}]): break")
            return
        put(f"x = v.get({bind(name)})")
        verdict = f"{known}(x) if x.__class__ is str else {bind(test)}(v)"
        put(f"if not ({verdict}): break")

    def _converted(self, rule: Rule, kind: str) -> None:
        if rule.source == "first" and kind not in TEXTS:
            self.script.put("pass")  # what a part yields is typed already
        else:
            self.steps.convert(rule, kind)

    def _source(self, rule: Rule, *, must: bool) -> None:
        put, bind = self.script.put, self.script.bind
        if cells := self._cells(rule):
            self._of_cells(rule, cells)
        elif rule.source == "from" and len(rule.names) == 1:
            self._one(rule, must=must)
        elif rule.source in {"from", "join"}:
            read = sources.first if rule.source == "from" else sources.joined
            put("x = None")
            self.steps.attempt(
                f"{bind(read)}(v, {bind(rule.names)}, {bind(self.head)},"
                f" {bind(rule.joiner)})",
                rule,
            )
            self._or_break(rule, must=must)
        elif rule.source == "sum":
            self._sum(rule, must=must)
        elif rule.source == "first":
            put("x = None")
            for part in rule.rules:
                call = f"{self.functions[id(part)]}(line, v, found)"
                put(f"if x is None or x is {self.missing}: x = {call}")
            self._or_break(rule, must=must)
        else:
            known = self.context.get(rule.constant, "")
            value = known if rule.source == "context" else rule.constant
            put(f"x = {bind(value)} or None")

    def _sum(self, rule: Rule, *, must: bool) -> None:
        """A number, written as the format would, for the steps behind."""
        parse = number_parser(self.profile, rule.decimal)
        sign = "," if (rule.decimal or self.profile.decimal) == "," else "."
        bind = self.script.bind
        self.script.put("x = None")
        self.steps.attempt(
            f"{bind(sources.summed)}(v, {bind(rule.names)}, {bind(parse)})",
            rule,
        )
        self._or_break(rule, must=must)
        text = f"{bind(canonical)}(x).replace('.', {sign!r})"
        self.script.put(f"if x is not None: x = {text}")

    def _cells(self, rule: Rule) -> list[str]:
        """The columns of a rule that wants nothing but cells of a row."""
        if self.columns is None or rule.source not in _FROM_CELLS:
            return []
        given = [name for name in rule.names if name in self.columns]
        others = set(rule.names).difference(given)
        return [] if others & self.head.keys() else given

    def _of_cells(self, rule: Rule, names: list[str]) -> None:
        """As ``sources.first`` and ``joined`` do, without a call."""
        bind = self.script.bind
        texts = [self.cell(name) for name in names]
        if rule.source == "from" or len(texts) == 1:
            self.script.put(f"x = {' or '.join(texts)} or None")
        else:
            given = f"filter(None, ({', '.join(texts)}))"
            self.script.put(f"x = {bind(rule.joiner)}.join({given}) or None")

    def _one(self, rule: Rule, *, must: bool) -> None:
        put, bind = self.script.put, self.script.bind
        name = rule.names[0]
        known = name in self.head
        fallback = bind(self.head[name]) if known else self.missing
        put(f"x = v.get({bind(name)}, {fallback})")
        self._or_break(rule, must=must)
        if name in self.profile.lists:  # another field takes all of it
            put(f"x = {bind(sources.single)}(x)")
        if self.texty:
            put("x = x.strip() or None if x.__class__ is str else None")
        else:
            put("if x.__class__ is str: x = x.strip() or None")

    def _or_break(self, rule: Rule, *, must: bool) -> None:
        with self.script.block(f"if x is {self.missing}:"):
            if must:
                self.steps.bad("mapping.required", rule, "None")
            self.script.put("break")

    def _pair(self, rule: Rule) -> None:
        """A number with its unit or currency."""
        part = rule.unit or rule.currency
        if part is None:
            return
        names = ("value", "unit") if rule.unit else ("amount", "currency")
        pair = f"x = {{{names[0]!r}: x, {names[1]!r}: u}}"
        if self.steps.is_said(part):
            self.script.put(f"u = {self.script.bind(part.constant)}", pair)
            return
        self.script.put("n = len(found)  # a wrong unit has been told then")
        self.script.put(f"u = {self.functions[id(part)]}(line, v, found)")
        with self.script.block(f"if u is {self.missing} or u is None:"):
            with self.script.block("if len(found) == n:"):
                written = "x" if rule.source == "first" else "r"
                self.steps.bad("mapping.unit_missing", rule, written)
            self.script.put("break")
        self.script.put(pair)

    def _records(self, rule: Rule) -> None:
        bind = self.script.bind
        function = self.functions[id(rule)]
        self.script.put(
            f"x = {bind(sources.records)}(v, {bind(rule.names)}, {function},"
            " found)"
        )
        self.script.put(f"if x is {self.missing}: break")

    def _list(self, rule: Rule) -> None:
        bind = self.script.bind
        self.script.put(
            f"x = {bind(sources.listed)}(v, {bind(rule.names)},"
            f" {bind(rule.split)}, {bind(rule.clean)})"
        )
        self.script.put(f"if x is {self.missing}: break")
        self.steps.items(rule)

    def _empty(self, rule: Rule, *, must: bool) -> None:
        if rule.otherwise is not None:
            value = self.script.bind(self.steps.constant(rule))
            self.script.put(f"if x is None: x = {value}")
        elif must:
            with self.script.block("if x is None:"):
                self.steps.bad("mapping.required", rule, "None")
                self.script.put("break")
