"""``each`` and ``pick`` at the top of a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.mapping import check_when
from bridge.mapping import keywords
from bridge.mapping.plan import Pick
from bridge.mapping.sources import PARENT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Text
    from bridge.mapping.plan import Condition
    from bridge.mapping.plan import Rule
    from bridge.mapping.words import Desk


def picks(
    desk: Desk,
    node: Node | None,
    rules: Iterable[Rule],
    tests: Iterable[Condition],
) -> tuple[Pick, ...]:
    """The items that have names; one that nothing reads is a mistake.

    Args:
        desk: Where mistakes are noted.
        node: What stands right of ``pick``.
        rules: The fields of the mapping.
        tests: Its ``only`` and ``skip``.
    """
    table = desk.table(node, "pick")
    read = {name.removeprefix(PARENT) for name in _reads(rules)}
    read |= {test.name for test in tests}
    begun = {name.partition("/")[0] for name in read}
    made = [
        _pick(desk, k, node) for k, node in (table.entries if table else ())
    ]
    begun |= {name.partition("/")[0] for pick in made for name in pick.names}
    for key, _ in table.entries if table else ():
        if "/" in key.value or key.value not in begun:
            desk.unknown(key, begun, "mapping.unread_pick")
    if table is not None and not table.entries:
        desk.mistake("mapping.nothing_said", table.place, "pick")
    return tuple(made)


def _pick(desk: Desk, key: Text, node: Node) -> Pick:
    known = keywords.PICK
    words = desk.closed(node, key.value, known, "mapping.unknown_setting")
    if "from" not in words:
        desk.mistake("mapping.missing_key", node.place, "from")
    return Pick(
        key.value,
        desk.texts(words.get("from"), "from"),
        check_when.conditions(desk, words.get("where"), "where"),
    )


def _reads(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield from rule.reads()
        if rule.source == "each":
            yield from _reads(rule.fields)
