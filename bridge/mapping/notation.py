"""YAML as written: every scalar is text, everything knows its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.nodes import SequenceNode

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 32  # levels; no honest mapping comes near


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
    found: list[Finding] = []
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        return None, [_broken(error)]
    if root is None:
        return None, [Finding("mapping.empty_file", line=1, turn="mapping")]
    return _node(root, found, 0), found


def _broken(error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    return Finding(
        "mapping.not_yaml",
        line=mark.line + 1 if mark else 1,
        column=mark.column + 1 if mark else 1,
        turn="mapping",
        facts={"problem": error.problem or error.context or ""},
    )


def _place(node: Any) -> Place:  # noqa: ANN401 - ruamel is untyped
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _node(
    raw: Any,  # noqa: ANN401 - ruamel is untyped
    found: list[Finding],
    depth: int,
) -> Node:
    place = _place(raw)
    if depth > DEEPEST:
        found.append(mistake("mapping.too_deep", place))
        return Text("", place)
    if isinstance(raw, MappingNode):
        return _table(raw, found, depth)
    if isinstance(raw, SequenceNode):
        return Items(
            tuple(_node(item, found, depth + 1) for item in raw.value), place
        )
    if isinstance(raw, ScalarNode):
        return Text(raw.value, place, quoted=raw.style in {"'", '"'})
    found.append(mistake("mapping.not_yaml", place, problem=str(raw.tag)))
    return Text("", place)


def _table(raw: MappingNode, found: list[Finding], depth: int) -> Table:
    entries: dict[str, tuple[Text, Node]] = {}
    for key, value in raw.value:
        if not isinstance(key, ScalarNode):
            found.append(mistake("mapping.key_not_text", _place(key)))
            continue
        name = Text(key.value, _place(key))
        if name.value in entries:
            found.append(
                mistake("mapping.doubled_key", name.place, name.value)
            )
            continue
        entries[name.value] = (name, _node(value, found, depth + 1))
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
