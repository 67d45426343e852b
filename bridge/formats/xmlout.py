"""Writes xml: attributes of the root, then an element for each record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from bridge.errors import ConfigError
from bridge.formats.rendering import NOT_XML
from bridge.formats.rendering import lost
from bridge.formats.rendering import writer_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import BinaryIO

    from bridge.errors import Finding
    from bridge.model.record import Profile
    from bridge.model.record import Record
    from bridge.model.record import Value

_INDENT = "  "


def write(
    stream: BinaryIO,
    records: Iterable[Record],
    profile: Profile,
    head: Mapping[str, Value],
) -> list[Finding]:
    """Write a xml with the head as attributes of its root.

    Raises:
        ConfigError: A field's name cannot be an element's.
    """
    maker = _Maker(profile)
    name = profile.record.rpartition("/")[2]
    root = maker.root(head)
    empty = True
    with etree.xmlfile(stream, encoding=profile.encoding) as file:
        file.write_declaration()
        with file.element(root.tag, dict(root.attrib), nsmap=root.nsmap):
            for record in records:
                element = etree.SubElement(root, maker.qualified(name))
                maker.fill(element, record, "")
                etree.indent(element, _INDENT, level=1)
                file.write(f"\n{_INDENT}")
                file.write(element)
                root.remove(element)
                empty = False
            if not empty:
                file.write("\n")
    stream.write("\n".encode(profile.encoding))
    return maker.findings


class _Maker:
    """Makes elements of values and keeps what had to be left out."""

    def __init__(self, profile: Profile) -> None:
        self.findings: list[Finding] = []
        self._root = profile.root or profile.record.strip("/").split("/")[0]
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
            if text:
                self._name(element, name, text)
        return element

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
        """The name as lxml takes it: ``{uri}local``."""
        if name not in self._tags:
            self._tags[name] = self._qualify(name)
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
