"""Items of lists: a document for each of them, or one by what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping.conditions import predicate
from bridge.mapping.sources import ITEMS
from bridge.mapping.sources import PARENT
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.mapping.plan import Pick
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule


def unfolded(records: Iterable[Record], plan: Plan) -> Iterator[Record]:
    """The records as the fields of a mapping see them.

    With ``each`` there is one for each item of a list; what stands around
    the item is called ``../name``. What ``pick`` names is found under
    ``pick/name``.
    """
    if plan.each:
        records = (
            item
            for record in records
            for path in plan.each
            for item in _items(record, path.split(ITEMS))
        )
    return map(_picker(plan), records) if plan.pick else iter(records)


def lists(plan: Plan) -> frozenset[str]:
    """The paths from a record of the file that may repeat."""
    names = [name for pick in plan.pick for name in pick.names]
    outer = [path.split(ITEMS) for path in plan.each]
    around = {"/".join(x[:n]) for x in outer for n in range(1, len(x) + 1)}
    return _whole(plan, (*names, *_repeated(plan.fields))) | around


def reads(plan: Plan) -> frozenset[str]:
    """The paths from a record of the file that anything looks at."""
    names = [test.name for test in (*plan.only, *plan.skip)]
    for pick in plan.pick:
        tests = [f"{pick.name}/{test.name}" for test in pick.where]
        names += (*pick.names, *tests)
    return _whole(plan, (*names, *_read(plan.fields)))


def _whole(plan: Plan, names: Iterable[str]) -> frozenset[str]:
    """Names as paths from the record, whatever they start from."""
    spelled = {it for name in names for it in _spelled(name, plan.pick)}
    return frozenset(
        _from_record(name, path.split(ITEMS) if path else [])
        for path in plan.each or ("",)
        for name in spelled
    )


def _read(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield from rule.reads()
        for inner in _read(rule.fields if rule.source == "each" else ()):
            yield from (f"{name}/{inner}" for name in rule.names)


def _spelled(name: str, picks: tuple[Pick, ...]) -> Iterator[str]:
    """A path with the lists that its picks are looked for in."""
    head, _, rest = name.partition("/")
    earlier = {pick.name: at for at, pick in enumerate(picks)}
    if head not in earlier or not rest:
        yield name
        return
    at = earlier[head]
    for path in picks[at].names:
        for whole in _spelled(path, picks[:at]):
            yield f"{whole}/{rest}"


def _repeated(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        if rule.source in {"each", "sum"} or rule.type == "list":
            for name in rule.names:
                yield name.partition(ITEMS)[0]
                for inner in _repeated(rule.fields):
                    yield f"{name}/{inner}"


def _from_record(name: str, levels: list[str]) -> str:
    """The path of a name an item knows, from the record it lies in."""
    while name.startswith(PARENT):
        name, levels = name.removeprefix(PARENT), levels[:-1]
    return "/".join((*levels, name))


def _items(record: Record, levels: list[str]) -> Iterator[Record]:
    """The items of a list, or of lists in its items."""
    head, *rest = levels
    items = record.values.get(head)
    around = {PARENT + name: it for name, it in record.values.items()}
    for item in items if isinstance(items, list) else ():
        inner = Record(item.line, around | item.values, record.findings)
        yield from _items(inner, rest) if rest else (inner,)


def _picker(plan: Plan) -> Callable[[Record], Record]:
    """A function that adds the values of picked items to a record's."""
    tests = [(x.name, x.names, predicate(x.where)) for x in plan.pick]

    def pick(record: Record) -> Record:
        values = dict(record.values)
        for name, paths, test in tests:
            found = _first(values, paths, test)
            for key, value in found.items():
                values[name if key == "." else f"{name}/{key}"] = value
        return record._replace(values=values)

    return pick


def _first(
    values: Mapping[str, Any],
    paths: tuple[str, ...],
    test: Callable[[Mapping[str, Any]], bool],
) -> Mapping[str, Any]:
    """The values of the first item that passes; empty if none does."""
    for path in paths:
        items = values.get(path)
        for item in items if isinstance(items, list) else ():
            if test(item.values):
                return dict(item.values)
    return {}
