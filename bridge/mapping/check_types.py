"""Files of several types of lines: from their words to fields and profiles."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.mapping import check_mark
from bridge.mapping import check_rule
from bridge.mapping import keywords
from bridge.mapping.check_mark import UNKNOWN
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.plan import Rule
from bridge.mapping.sources import PARENT
from bridge.model.record import Mark
from bridge.model.record import RecordType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.words import Desk
    from bridge.model.record import Format
    from bridge.model.record import Profile
    from bridge.model.record import Span
    from bridge.model.record import Trailer

SEVERAL = "record_types"
#: Words at the top that have no effect beside the types.
INSTEAD = ("fields", "group_by")
LINES = ("csv", "txt")


@dataclass(frozen=True)
class Types:
    """What was read of the types: the fields, and how the lines look."""

    fields: tuple[Rule, ...]
    node: Table
    types: Mapping[str, RecordType]
    mark: Mark
    trailer: Trailer | None

    def profiles(
        self, given: Mapping[Format, Profile]
    ) -> dict[Format, Profile]:
        """The profiles of files that hold such lines."""
        return {
            name: replace(
                profile,
                header=False,
                columns=(),
                types=self.types,
                mark=self.mark,
                trailer=self.trailer,
            )
            for name, profile in given.items()
            if name in LINES
        }


@dataclass(frozen=True)
class _Kind:
    """One type of lines as it is written."""

    key: Text
    columns: tuple[str, ...]
    spans: tuple[Span, ...]
    parent: str
    each: Text | None
    rules: tuple[Rule, ...]
    fields: Table | None


def types(
    desk: Desk, words: Mapping[str, Node], profiles: Iterable[Format]
) -> Types | None:
    """The types of lines a mapping knows; nothing if it knows but one."""
    _alone(desk, words)
    table = desk.table(words.get(SEVERAL), SEVERAL)
    if table is None:
        return None
    if not table.entries:
        desk.mistake("mapping.nothing_said", table.place, SEVERAL)
    layouts = _formats(desk, words, profiles)
    fixed = "fixed" in layouts
    made = {
        key.value: _kind(desk, key, node, fixed=fixed)
        for key, node in table.entries
    }
    root = _root(desk, made, table.place)
    columns = {name: kind.columns for name, kind in made.items()}
    mark = check_mark.mark(desk, words, columns, fixed=fixed)
    trailer, last = check_mark.trailer(desk, words, columns, fixed=fixed)
    made = {
        name: kind for name, kind in made.items() if _top(kind, made) == ""
    }
    if root is None:
        return None
    _columns(desk, made, mark)
    known = {name: _as_type(kind) for name, kind in made.items()}
    fields = _fields(made, root)
    _once(desk, fields)
    return Types(
        fields=fields,
        node=Table(tuple(_entries(made, root)), table.place),
        types=known | ({last.name: last} if last else {}),
        mark=mark,
        trailer=trailer,
    )


def _alone(desk: Desk, words: Mapping[str, Node]) -> None:
    """Words that need each other, or leave each other without effect."""
    if SEVERAL in words:
        if "record_type" not in words:
            place = words[SEVERAL].place
            desk.mistake("mapping.missing_key", place, "record_type")
        for word in INSTEAD:
            if word in words:
                place = words[word].place
                desk.mistake("mapping.idle", place, word, outer=SEVERAL)
        return
    for word in ("record_type", "trailer"):
        if word in words:
            place = words[word].place
            desk.mistake("mapping.needs_types", place, word)


def _formats(
    desk: Desk, words: Mapping[str, Node], profiles: Iterable[Format]
) -> set[str]:
    """The layouts of the blocks: one; only csv and txt have lines at all."""
    node = words.get("formats")
    layouts: set[str] = set()
    for key, block in node.entries if isinstance(node, Table) else ():
        if key.value in set(profiles) - {*LINES}:
            desk.mistake(
                "mapping.not_of_format",
                key.place,
                SEVERAL,
                format=key.value,
                known=", ".join(LINES),
            )
        for word in ("header", "columns"):
            said = block.get(word) if isinstance(block, Table) else None
            if said is not None:
                desk.mistake("mapping.idle", said.place, word, outer=SEVERAL)
        layout = block.get("layout") if isinstance(block, Table) else None
        layouts.add(layout.value if isinstance(layout, Text) else "delimited")
        if len(layouts) > 1:
            desk.mistake("mapping.one_layout", key.place, key.value)
    return layouts


def _kind(desk: Desk, key: Text, node: Node, *, fixed: bool) -> _Kind:
    known = keywords.RECORD_TYPES
    words = desk.closed(node, key.value, known, "mapping.unknown_setting")
    names, spans = check_mark.columns(desk, words, node.place, fixed=fixed)
    each = words.get("each")
    field = desk.said(each, "each")
    fields = words.get("fields")
    return _Kind(
        key=key,
        columns=names,
        spans=spans,
        parent=desk.said(words.get("parent"), "parent"),
        each=each if isinstance(each, Text) and field else None,
        rules=check_rule.rules(desk, fields, "fields"),
        fields=fields if isinstance(fields, Table) else None,
    )


def _root(desk: Desk, made: Mapping[str, _Kind], place: Place) -> _Kind | None:
    """The type that begins a document; all others stand below it."""
    roots = [kind for kind in made.values() if not kind.parent]
    for kind in roots[1:]:
        first = roots[0].key.value
        name = kind.key.value
        desk.mistake("mapping.two_roots", kind.key.place, name, first=first)
    for kind in roots[:1]:
        if kind.each is not None:
            desk.mistake("mapping.needs_parent", kind.each.place, "each")
    for kind in made.values():
        if kind.parent and kind.parent not in made:
            desk.unlike(kind.parent, kind.key.place, made, UNKNOWN)
        elif _top(kind, made) is None:
            name = kind.key.value
            desk.mistake("mapping.type_circle", kind.key.place, name)
    if not roots and made:
        desk.mistake("mapping.no_root_type", place, SEVERAL)
    return roots[0] if roots else None


def _top(kind: _Kind, made: Mapping[str, _Kind]) -> str | None:
    """Where the parents end: nowhere in a circle, else at no type at all.

    It is empty if that is how it should be.
    """
    seen: set[str] = set()
    while kind.parent in made:
        if kind.parent in seen:
            return None
        seen.add(kind.parent)
        kind = made[kind.parent]
    return kind.parent


def _columns(desk: Desk, made: Mapping[str, _Kind], mark: Mark) -> None:
    """What fields read must be a column of their lines."""
    for kind in made.values():
        known = _readable(kind, made)
        if kind.each is None and kind.parent in made:
            _doubled(desk, kind, made[kind.parent], mark)
        for rule in kind.rules:
            for name in rule.reads():
                if name and name not in known:
                    at = desk.at(rule.place, rule.source, name)
                    desk.unlike(name, at, known, "mapping.no_column")


def _doubled(desk: Desk, kind: _Kind, parent: _Kind, mark: Mark) -> None:
    """A part and its parent share their values: no two of one name.

    Only the cell of the type may be named alike.
    """
    if mark == Mark():
        return  # how a line tells its type is told to be wrong
    own = set(kind.columns[mark.column - 1 : mark.column])
    own |= {span.name for span in kind.spans if span.at == mark.at}
    for name in sorted(({*kind.columns} - own) & {*parent.columns}):
        desk.mistake("mapping.doubled_column", kind.key.place, name)


def _readable(kind: _Kind, made: Mapping[str, _Kind]) -> set[str]:
    """What fields of a type may read; a part reads what its parent does."""
    parent = made.get(kind.parent)
    if parent is None:
        return _reach(kind, made)
    if kind.each is None:
        return _readable(parent, made)
    above = _reach(parent, made)
    return _reach(kind, made) | {PARENT + name for name in above}


def _reach(kind: _Kind, made: Mapping[str, _Kind]) -> set[str]:
    """The columns of a type and of its parts."""
    names = set(kind.columns)
    for part in made.values():
        if part.parent == kind.key.value and part.each is None:
            names |= _reach(part, made) if part is not kind else set()
    return names


def _as_type(kind: _Kind) -> RecordType:
    return RecordType(
        name=kind.key.value,
        columns=kind.columns,
        spans=kind.spans,
        parent=kind.parent,
        many=kind.each is not None,
    )


def _below(made: Mapping[str, _Kind], above: _Kind) -> Iterator[_Kind]:
    name = above.key.value
    return (kind for kind in made.values() if kind.parent == name != "")


def _fields(made: Mapping[str, _Kind], kind: _Kind) -> tuple[Rule, ...]:
    """The fields of a type, of its parts, and a list for each other one."""
    rules = kind.rules
    for inner in _below(made, kind):
        fields = _fields(made, inner)
        if inner.each is None:
            rules += fields
            continue
        rules += (
            Rule(
                field=inner.each.value,
                place=inner.each.place,
                source="each",
                names=(inner.key.value,),
                fields=fields,
            ),
        )
    return rules


def _once(desk: Desk, rules: Iterable[Rule]) -> None:
    """A field is filled by one type of lines."""
    seen: set[str] = set()
    for rule in rules:
        if rule.field in seen:
            desk.mistake("mapping.filled_twice", rule.place, rule.field)
        seen.add(rule.field)


def _entries(
    made: Mapping[str, _Kind], kind: _Kind
) -> Iterator[tuple[Text, Node]]:
    """The fields as one table, for what looks at their names."""
    if kind.fields is not None:
        yield from kind.fields.entries
    for inner in _below(made, kind):
        if inner.each is None:
            yield from _entries(made, inner)
        else:
            yield inner.each, Table((), inner.each.place)
