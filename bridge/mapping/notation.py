"""YAML as written: every scalar is text, everything knows its place."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.error import ReusedAnchorWarning
from ruamel.yaml.reader import ReaderError

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

DEEPEST = 32  # levels; no honest mapping comes near
SCALAR, MAPPING = "scalar", "mapping"  # as both libraries call nodes
MOST_NODES = 100_000  # anchors counted wherever they are used
_WRONG_START = re.compile(r"found character '(.+)' that cannot start")
_ODD = frozenset("\t\x85\u2028\u2029\ufeff")
_MARKS = "tag", "anchor"
_TAB = "\\t"  # as ruamel spells it


@dataclass(frozen=True, slots=True)
class Place:
    """1-based line and column in the file."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, exactly as written: ``010`` stays ``010``."""

    value: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and their values, in file order."""

    entries: tuple[tuple[Text, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of a key, ``None`` if it is not there."""
        for name, node in self.entries:
            if name.value == key:
                return node
        return None

    def keys(self) -> Iterator[str]:
        """The keys in file order."""
        return (name.value for name, _ in self.entries)


Node: TypeAlias = Text | Items | Table


def read(text: str) -> tuple[Node | None, list[Finding]]:
    """The tree of a YAML text and every mistake of its spelling.

    Args:
        text: The file's content.

    Returns:
        The tree (``None`` if the text is no YAML or empty) and findings.
    """
    plain = _is_plain(text)
    try:
        root = _quickly(text) if plain else _composed(text)
    except MarkedYAMLError as error:
        return None, [_broken(error)]
    except ReaderError as error:
        return None, [_strange_sign(text, error)]
    except RecursionError:
        return None, [mistake("mapping.too_deep", Place(1, 1))]
    if root is None:
        return None, [Finding("mapping.empty_file", line=1, turn="mapping")]
    tree = _Tree([] if plain else _tags(text))
    return tree.node(root, 0), tree.found


def _composed(text: str) -> Any:  # noqa: ANN401 - ruamel is untyped
    with warnings.catch_warnings():
        # the later one counts from there on, as YAML says
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        return YAML(typ="rt", pure=True).compose(text)


def _quickly(text: str) -> Any:  # noqa: ANN401 - PyYAML is untyped
    return yaml.compose(text, Loader=yaml.CBaseLoader)


def _is_plain(text: str) -> bool:
    """Whether libyaml reads a text as ruamel does, twenty times faster.

    What it refuses, what is deep, tagged or has an anchor, and signs that
    YAML 1.1 takes for others are left to ruamel, which says what is wrong.
    """
    if not yaml.__with_libyaml__ or not _ODD.isdisjoint(text):
        return False
    try:
        events = yaml.parse(text, Loader=yaml.CBaseLoader)
        return _are_plain(events)
    except yaml.YAMLError:
        return False


def _are_plain(events: Iterable[Any]) -> bool:
    depth = documents = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        marked = any(getattr(event, name, None) for name in _MARKS)
        if marked or depth > DEEPEST or documents > 1:
            return False
    return True


def _broken(error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    problem = error.problem or error.context or ""
    sign = _WRONG_START.match(problem)
    if sign and sign.group(1) == _TAB:
        return mistake("mapping.tab", place)
    if sign:
        return mistake("mapping.unquoted", place, sign.group(1))
    return mistake("mapping.not_yaml", place, problem=problem)


def _strange_sign(text: str, error: ReaderError) -> Finding:
    before = text[: error.position]
    column = error.position - (before.rfind("\n") + 1) + 1
    place = Place(before.count("\n") + 1, column)
    return mistake("mapping.strange_sign", place, ascii(error.character))


def _tags(text: str) -> list[Finding]:
    """A mistake for each tag: every value of a mapping is a plain text."""
    if "!" not in text:
        return []
    return [
        mistake("mapping.tagged", _place(event), str(event.tag))
        for event in YAML(typ="rt", pure=True).parse(text)
        if getattr(event, "tag", None) is not None
    ]


def _place(node: Any) -> Place:  # noqa: ANN401 - ruamel is untyped
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


class _Tree:
    """Takes over ruamel's nodes, one by one, and counts them."""

    def __init__(self, found: list[Finding]) -> None:
        self.found = found
        self._count = 0
        self._above: list[int] = []

    def node(
        self,
        raw: Any,  # noqa: ANN401 - ruamel is untyped
        depth: int,
    ) -> Node:
        """A node and everything below it."""
        place = _place(raw)
        self._count += 1
        code = self._why_not(raw, depth)
        if code:
            if code not in {item.code for item in self.found}:
                self.found.append(mistake(code, place))
            return Text("", place)
        if raw.id == SCALAR:
            return Text(raw.value, place, quoted=raw.style in {"'", '"'})
        self._above.append(id(raw))
        made = (
            self._table(raw, depth)
            if raw.id == MAPPING
            else Items(
                tuple(self.node(item, depth + 1) for item in raw.value), place
            )
        )
        self._above.pop()
        return made

    def _why_not(self, raw: object, depth: int) -> str:
        if id(raw) in self._above:
            return "mapping.circle"
        if self._count > MOST_NODES:
            return "mapping.too_much"
        return "mapping.too_deep" if depth > DEEPEST else ""

    def _table(
        self,
        raw: Any,  # noqa: ANN401 - as above
        depth: int,
    ) -> Table:
        entries: dict[str, tuple[Text, Node]] = {}
        for key, value in raw.value:
            if key.id != SCALAR:
                self.found.append(mistake("mapping.key_not_text", _place(key)))
                continue
            name = Text(key.value, _place(key))
            if name.value in entries:
                self.found.append(
                    mistake("mapping.doubled_key", name.place, name.value)
                )
                continue
            node = self.node(value, depth + 1)
            if isinstance(node, Text) and not (node.value or node.quoted):
                node = Text("", name.place)  # its own is on the next line
            entries[name.value] = (name, node)
        return Table(tuple(entries.values()), _place(raw))


def mistake(
    code: str, place: Place, value: str | None = None, **facts: str
) -> Finding:
    """A finding about a mapping file: the consultant's turn."""
    return Finding(
        code,
        line=place.line,
        column=place.column,
        value=value,
        turn="mapping",
        facts=facts,
    )
