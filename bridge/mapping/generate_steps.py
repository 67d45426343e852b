"""The steps of one rule on ``x``, written in the order of the language."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.mapping import shortening
from bridge.mapping import verbs
from bridge.mapping.checks import CHECKS
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from bridge.mapping.plan import Rule
    from bridge.mapping.script import Script
    from bridge.model.record import Profile

NUMBERS = frozenset({"decimal", "money"})
TEXTS = frozenset({"text", "code"})
_TRIMMED = frozenset({"from", "join"})  # sources whose texts are trimmed
# Cleaners short enough to stand in the program instead of a call.
_SPELLED = {"trim": "x.strip()", "collapse": "' '.join(x.split())"}
SHORTEST_QUOTE = 200  # characters of a value that a finding quotes


class Steps:
    """Writes what happens to a value that is not empty."""

    def __init__(
        self, script: Script, profile: Profile, zone: ZoneInfo
    ) -> None:
        self.script = script
        self.profile = profile
        self.texty = profile.format in {"csv", "txt", "xml"}
        self.sound: dict[object, Callable[[str], str]] = {}
        self.day = verbs.day(profile.date)
        self.instant = verbs.instant(profile.datetime, profile.date, zone)
        self.exact = {"date": verbs.day("")}  # of a mapping, not of a file
        self.exact["datetime"] = verbs.instant("", "", zone)

    def convert(self, rule: Rule, kind: str) -> None:
        """Everything from ``clean`` to the tests, for a kind of value."""
        if rule.clean or rule.take:
            self._as_text(kind, rule)
            self._clean(rule)
            with self.script.block("if x is not None:"):
                self._typed(rule, kind)
        else:
            self._typed(rule, kind)

    def _typed(self, rule: Rule, kind: str) -> None:
        if kind in NUMBERS:
            self._number(rule)
        elif kind in TEXTS:
            self._as_text(kind, rule)
            self._visible(rule)
            self._translate(rule)
            self._cut(rule)
            self._text_tests(rule)
        elif rule.table is not None:
            self._as_text("text", rule)
            self._translate(rule)
            with self.script.block("if x is not None:"):
                self._word(rule, kind)
        else:
            self._word(rule, kind)
        self.script.put("pass")

    def _word(self, rule: Rule, kind: str) -> None:
        """A truth, a whole number or a moment, as written or translated."""
        self._parsed(rule, kind)
        if kind == "integer":
            self._bounds(rule, whole=True)

    def bad(
        self,
        code: str,
        rule: Rule,
        value: str = "x",
        *,
        severity: str = "",
        facts: dict[str, str] | None = None,
    ) -> None:
        """Write the making of a finding; ``value`` is an expression."""
        name = rule.names[0] if rule.names else rule.field
        make = self.script.bind(
            _finder(code, name, severity or rule.severity, facts or {})
        )
        self.script.put(f"found.append({make}(line, {value}))")

    def constant(self, rule: Rule) -> Any:  # noqa: ANN401 - coded values
        """The text of ``else`` as the rule's own type."""
        text = rule.otherwise or ""
        if rule.type == "boolean":
            return verbs.boolean(text)
        if rule.type == "integer":
            return verbs.whole(text)
        if rule.type in NUMBERS:
            return canonical(Decimal(text))
        return [text] if rule.type == "list" else text

    def items(self, rule: Rule) -> None:
        """Each entry of a list by a table, and no more than so many."""
        if rule.table is not None:
            with self.script.block("if x is not None:"):
                self._each_by_table(rule, self.script.bind(dict(rule.table)))
        self._most(rule)

    def _each_by_table(self, rule: Rule, table: str) -> None:
        put = self.script.put
        if rule.missing == "keep":
            put(f"x = [{table}.get(one, one) for one in x]")
        elif rule.missing == "drop":
            put(f"x = [{table}[one] for one in x if one in {table}]")
        elif rule.missing is not None:
            default = self.script.bind(rule.missing)
            put(f"x = [{table}.get(one, {default}) for one in x]")
        else:
            known = ", ".join(sorted(rule.table or ())[:30])
            put(f"odd = [one for one in x if one not in {table}]")
            with self.script.block("if odd:"):
                facts = {"known": known}
                self.bad("mapping.not_in_table", rule, "odd[0]", facts=facts)
                put("break")
            put(f"x = [{table}[one] for one in x]")
        put("x = [one for one in x if one] or None")

    def _most(self, rule: Rule) -> None:
        """Keep so many entries of a list, with a warning."""
        if rule.most is None:
            return
        with self.script.block(f"if x is not None and len(x) > {rule.most}:"):
            facts = {"most": str(rule.most)}
            self.bad(
                "mapping.too_many",
                rule,
                "str(len(x))",
                severity="warn",
                facts=facts,
            )
            self.script.put(f"x = x[:{rule.most}]")

    def _fail(
        self, code: str, rule: Rule, value: str = "x", **facts: str
    ) -> None:
        """A failed test: refuse leaves the field, warn goes on."""
        self.bad(code, rule, value, facts=facts)
        if rule.severity == "refuse":
            self.script.put("break")

    def attempt(self, call: str, rule: Rule) -> None:
        """Write a call that yields ``x``, or a finding and no field."""
        with self.script.block("try:"):
            self.script.put(f"x = {call}")
        with self.script.block("except ValueError as error:"):
            names = self.script.bind(_finder_of(rule))
            self.script.put(f"found.append({names}(line, x, error))", "break")

    def _as_text(self, kind: str, rule: Rule) -> None:
        if self.texty:
            return
        with self.script.block("if x.__class__ is not str:"):
            if kind == "code" and self.profile.format == "xlsx":
                self._fail("mapping.code_is_number", rule)
            self.attempt(f"{self.script.bind(verbs.text)}(x)", rule)

    def _clean(self, rule: Rule) -> None:
        words = rule.clean
        if words[:1] == ("trim",) and rule.source in _TRIMMED:
            words = words[1:]
        for word in words:
            if word == "html_to_text":
                test = self.script.bind(verbs.has_html)
                with self.script.block(f"if '<' in x and {test}(x):"):
                    self.bad("mapping.html_reduced", rule, severity="warn")
            clean = self.script.bind(verbs.CLEANERS[word])
            self.script.put(f"x = {_SPELLED.get(word) or f'{clean}(x)'}")
        if rule.take:
            taken = self.script.bind(verbs.taken(rule.take))
            self.script.put(f"x = {taken}(x)")
        self.script.put("if not x: x = None")

    def _visible(self, rule: Rule) -> None:
        test = self.script.bind(verbs.has_control)
        with self.script.block(f"if not x.isprintable() and {test}(x):"):
            self.bad("mapping.control_signs", rule, severity="refuse")
            self.script.put("break")

    def _translate(self, rule: Rule) -> None:
        if rule.table is None:
            return
        table = self.script.bind(dict(rule.table))
        if rule.missing == "keep":
            self.script.put(f"x = {table}.get(x, x)")
        elif rule.missing == "drop":
            self.script.put(f"x = {table}.get(x)")
        elif rule.missing is not None:
            default = self.script.bind(rule.missing)
            self.script.put(f"x = {table}.get(x, {default})")
        else:
            known = ", ".join(sorted(rule.table)[:30])
            with self.script.block(f"if x not in {table}:"):
                self.bad("mapping.not_in_table", rule, facts={"known": known})
                self.script.put("break")
            self.script.put(f"x = {table}[x]")
        if "" in rule.table.values():
            self.script.put("if not x: x = None")

    def _cut(self, rule: Rule) -> None:
        if rule.cut is None:
            return
        cutter = self.script.bind(shortening.cut)
        with self.script.block(f"if x is not None and len(x) > {rule.cut}:"):
            facts = {"length": str(rule.cut)}
            self.bad("mapping.cut", rule, severity="warn", facts=facts)
            self.script.put(f"x = {cutter}(x, {rule.cut})")

    def _text_tests(self, rule: Rule) -> None:
        bind = self.script.bind
        tests = [
            (rule.min_length, "len(x) < {}", "mapping.too_short", "length"),
            (rule.max_length, "len(x) > {}", "mapping.too_long", "length"),
            (
                rule.one_of or None,
                "x not in {}",
                "mapping.not_one_of",
                "known",
            ),
            (rule.pattern, "not {}(x)", "mapping.not_like", "pattern"),
            (rule.check, "not {}(x)", f"mapping.{rule.check}", "check"),
        ]
        for value, form, code, fact in tests:
            if value is None:
                continue
            named = bind(_testable(fact, value))
            said = ", ".join(value) if isinstance(value, tuple) else str(value)
            condition = form.format(named)
            with self.script.block(f"if x is not None and {condition}:"):
                self._fail(code, rule, **{fact: said})

    def _number(self, rule: Rule) -> None:
        self.script.put("r = x  # as written, for findings")
        # a constant is written in the mapping, not in the file
        sign = "." if rule.source == "value" else rule.decimal
        parse = verbs.number_parser(self.profile, sign)
        if not self.texty:
            self._stepwise(
                f"{self.script.bind(verbs.number)}(x,"
                f" {self.script.bind(parse)})",
                rule,
            )
            return
        terms = (parse, rule.scale, rule.round, rule.min, rule.max)
        if terms not in self.sound:  # fields of one kind remember together
            self.sound[terms] = verbs.sound_number(*terms)
        sound = self.script.bind(self.sound[terms])
        with self.script.block("try:"):
            self.script.put(f"x = {sound}(x)")
        with self.script.block("except ValueError:"):
            self._stepwise(f"{self.script.bind(parse)}(x)", rule)

    def _stepwise(self, call: str, rule: Rule) -> None:
        """A number step by step, so that a finding names the very step."""
        self.attempt(call, rule)
        if rule.scale is not None:
            self.script.put(f"x = x * {self.script.bind(rule.scale)}")
        if rule.round is not None:
            rounded = self.script.bind(verbs.rounded)
            self.script.put(f"x = {rounded}(x, {rule.round})")
        self._bounds(rule)
        self.script.put(f"x = {self.script.bind(canonical)}(x)")

    def _bounds(self, rule: Rule, *, whole: bool = False) -> None:
        for value, sign, code in (
            (rule.min, "<", "mapping.below"),
            (rule.max, ">", "mapping.above"),
        ):
            if value is not None:
                same = whole and value == int(value)  # ints compare faster
                limit = self.script.bind(int(value) if same else value)
                with self.script.block(f"if x {sign} {limit}:"):
                    self._fail(code, rule, "r", limit=canonical(value))

    def _parsed(self, rule: Rule, kind: str) -> None:
        calls: dict[str, Callable[..., Any]] = {
            "integer": verbs.whole if self.texty else verbs.whole_typed,
            "boolean": verbs.boolean if self.texty else verbs.boolean_typed,
            "date": self.day,
            "datetime": self.instant,
        }
        if rule.source in {"value", "context"}:
            calls |= self.exact
        self.script.put("r = x  # as written, for findings")
        self.attempt(f"{self.script.bind(calls[kind])}(x)", rule)

    @staticmethod
    def is_said(rule: Rule) -> bool:
        """Whether a rule is a plain word of the mapping, with no step."""
        steps = (rule.when, rule.clean, rule.table, rule.cut, rule.type)
        tests = (rule.one_of, rule.pattern, rule.check)
        lengths = (rule.min_length, rule.max_length)
        return (
            rule.source == "value"
            and bool(rule.constant)
            and rule.constant.isprintable()
            and not any((*steps, *tests, *lengths))
        )


def _testable(fact: str, value: Any) -> Any:  # noqa: ANN401 - by fact
    if fact == "pattern":
        return verbs.like(value)
    if fact == "check":
        return CHECKS[value]
    return frozenset(value) if isinstance(value, tuple) else value


def quoted(value: object) -> str:
    """A value as a finding quotes it: short, on one line."""
    if isinstance(value, list):
        return f"[{len(value)}]"
    text = value if isinstance(value, str) else verbs.text(value) or ""
    short = text[:SHORTEST_QUOTE] + ("…" if len(text) > SHORTEST_QUOTE else "")
    return " ".join(short.split())


def _finder(
    code: str,
    name: str,
    severity: Any,  # noqa: ANN401 - refuse or warn, as the rule says
    facts: dict[str, str],
) -> Callable[[int, object], Finding]:
    turn = "mapping" if code == "mapping.not_in_table" else "sender"

    def make(line: int, value: object) -> Finding:
        shown = None if value is None else quoted(value)
        return Finding(code, line, name, shown, severity, turn, facts)  # type: ignore[arg-type]

    return make


def _finder_of(rule: Rule) -> Callable[[int, object, ValueError], Finding]:
    name = rule.names[0] if rule.names else rule.field

    def make(line: int, value: object, error: ValueError) -> Finding:
        code, *own = error.args  # a sum names the one that is no number
        shown = quoted(own[0] if own else value)
        return Finding(str(code), line, name, shown, rule.severity)

    return make
