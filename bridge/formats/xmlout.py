"""Writes xml: what stands at the top, then an element for each record."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from bridge.errors import ConfigError
from bridge.formats.rendering import NOT_XML
from bridge.formats.rendering import lost
from bridge.formats.rendering import writer_of
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import BinaryIO

    from bridge.errors import Finding
    from bridge.model.record import Profile
    from bridge.model.record import Value

_INDENT = "  "


def write(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    head: Mapping[str, Value],
) -> list[Finding]:
    """Write a xml with the head as attributes and elements of its root.

    Names of the head with a ``/`` are elements, others attributes. Where
    the root itself is the record, the first is written and no other.

    Raises:
        ConfigError: A field's name cannot be an element's.
    """
    maker = _Maker(profile)
    root = maker.root(head)
    if not maker.steps:
        for record in islice(records, 1):
            maker.fill(root, record, "")
    with etree.xmlfile(stream, encoding=profile.encoding) as file:
        file.write_declaration()
        if maker.steps:
            _open(file, maker, root, records, 0)
        else:
            etree.indent(root, _INDENT)
            file.write(root)
    stream.write("\n".encode(profile.encoding))
    return maker.findings


def _open(
    file: Any,  # noqa: ANN401 - lxml's stubs know no xmlfile
    maker: _Maker,
    element: Any,  # noqa: ANN401 - lxml
    records: Iterable[Record],
    level: int,
) -> None:
    """Write an element around the records, and each record once made."""
    *between, name = maker.steps[level:]
    inner = maker.below(element, between[0]) if between else None
    spaces = None if level else element.nsmap
    with file.element(element.tag, dict(element.attrib), nsmap=spaces):
        for child in element:
            if child is not inner:
                _put(file, child, level + 1)
        empty = not len(element)
        if inner is not None:
            file.write(_line(level + 1))
            _open(file, maker, inner, records, level + 1)
        for record in records if inner is None else ():
            made = etree.SubElement(element, maker.qualified(name))
            maker.fill(made, record, "")
            _put(file, made, level + 1)
            element.remove(made)
            empty = False
        if not empty:
            file.write(_line(level))


def _line(level: int) -> str:
    return "\n" + _INDENT * level


def _put(file: Any, element: Any, level: int) -> None:  # noqa: ANN401 - lxml
    """Write an element on a line of its own."""
    etree.indent(element, _INDENT, level=level)
    element.tail = None
    file.write(_line(level))
    file.write(element)


class _Maker:
    """Makes elements of values and keeps what had to be left out.

    Attributes:
        findings: A warning for each text that could not be written whole.
        steps: The names from below the root down to a record's.
    """

    def __init__(self, profile: Profile) -> None:
        self.findings: list[Finding] = []
        first, *below = profile.record.strip("/").split("/")
        self._root = profile.root or first
        self.steps = [first, *below] if self._root != first else below
        self._spaces = profile.namespaces
        self._tags: dict[str, str] = {}
        # xml has one way to write dates, numbers and truth.
        plain = replace(
            profile, decimal=".", date="", datetime="", boolean="json"
        )
        self._text = writer_of(plain)

    def root(self, head: Mapping[str, Value]) -> Any:  # noqa: ANN401 - lxml
        spaces: Any = {
            prefix or None: uri for prefix, uri in self._spaces.items()
        }
        element = etree.Element(self.qualified(self._root), nsmap=spaces)
        for name, value in head.items():
            text = self._clean(self._text(value), 1, name)
            if text and "/" not in name:
                self._name(element, name, text)
        below = {n: value for n, value in head.items() if "/" in n}
        self.fill(element, Record(1, below), "")
        return element

    def below(self, element: Any, name: str) -> Any:  # noqa: ANN401 - lxml
        """The last element of a name below another, made if there is none."""
        found = element.findall(self.qualified(name))
        if found:
            return found[-1]
        return etree.SubElement(element, self.qualified(name))

    def fill(
        self,
        element: Any,  # noqa: ANN401 - lxml
        record: Record,
        above: str,
    ) -> None:
        """Add the values of a record, in their order, below an element."""
        made = {"": element}
        for key, value in record.values.items():
            if value is None or value in ("", []):
                continue
            if isinstance(value, list):
                self._list(made, key, value, above)
                continue
            text = self._clean(self._text(value), record.line, above + key)
            path, _, last = key.rpartition("/")
            if last.startswith("@"):
                self._name(self._place(made, path), last[1:], text)
            else:
                self._place(made, "" if key == "." else key).text = text

    def qualified(self, name: str) -> str:
        """The name as lxml takes it: ``{uri}local``; ``A[2]`` is ``A``."""
        if name not in self._tags:
            self._tags[name] = self._qualify(name.partition("[")[0])
        return self._tags[name]

    def _qualify(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        uri = self._spaces.get(prefix)
        tag = f"{{{uri}}}{local}" if uri else name
        try:
            etree.QName(tag)
        except ValueError as error:
            raise ConfigError("formats.element_name", name=name) from error
        return tag

    def _list(
        self, made: dict[str, Any], key: str, items: list[Record], above: str
    ) -> None:
        path, _, last = key.rpartition("/")
        parent = self._place(made, path)
        for item in items:
            child = etree.SubElement(parent, self.qualified(last))
            self.fill(child, item, f"{above}{key}/")

    def _place(self, made: dict[str, Any], path: str) -> Any:  # noqa: ANN401
        """The element at a path, made where it is not there yet."""
        if path not in made:
            above, _, name = path.rpartition("/")
            parent = self._place(made, above)
            made[path] = etree.SubElement(parent, self.qualified(name))
        return made[path]

    def _name(
        self,
        element: Any,  # noqa: ANN401 - lxml
        name: str,
        text: str,
    ) -> None:
        prefix = name.rpartition(":")[0]  # an attribute has no default space
        tag = self.qualified(name) if prefix else name
        try:
            element.set(tag, text)
        except ValueError as error:
            raise ConfigError("formats.element_name", name=name) from error

    def _clean(self, text: str, line: int, name: str) -> str:
        kept = NOT_XML.sub("", text)
        if kept != text:
            self.findings.append(lost(line, name, text, kept))
        return kept
