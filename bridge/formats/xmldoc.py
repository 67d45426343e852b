"""xml: an element for each record, read without keeping the tree."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.formats import cells
from bridge.formats import xmlstream
from bridge.formats import xsd
from bridge.formats.source import DEEPEST
from bridge.formats.source import Reading
from bridge.formats.source import check_file
from bridge.formats.source import fault
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.model.record import Profile
    from bridge.model.record import Value

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def read(path: Path, profile: Profile) -> Reading:
    """Open a xml; it is read up to its first record.

    Raises:
        InputError: It is not xml, has a DOCTYPE or another root.
    """
    check_file(path)
    with ExitStack() as stack:
        reader = _Reader(path, profile)
        elements = xmlstream.found(path, profile)
        stack.callback(elements.close)
        records = reader.records(elements)
        first = list(islice(records, 1))
        release = stack.pop_all().close
    return Reading(
        reader.head, None, chain(first, records), reader.findings, release
    )


class _Reader:
    """Turns elements into records and keeps what the file says."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self.head: dict[str, Value] = {}
        self.findings: list[Finding] = []
        self._path = path
        self._profile = profile
        self._names = xmlstream.Names(profile.namespaces)
        self._steps = xmlstream.steps_of(profile)
        self._lists = profile.lists
        self._empty = {
            path.rpartition("/")[0]: path
            for path in profile.lists
            if "/" in path
        }
        self._told: set[str] = set()
        self._unread: set[str] = set()
        self._known = None if profile.xsd is None else xsd.names(profile.xsd)

    def records(self, elements: Iterator[xmlstream.Found]) -> Iterator[Record]:
        """The records; the head is complete after the last."""
        new, flat, join = tuple.__new__, self._flat, "".join
        suspicious, known = cells.suspicious, self._known
        for count, (line, element) in enumerate(elements):
            if not line:
                self._finish(element, count)
                return
            before = element.getprevious()
            if not count or (before is not None and before.tag != element.tag):
                self._note(element.getroottree().getroot())
            values = flat(element)
            if values is None:
                yield self._deep(element, line)
                continue
            if known is not None and not known.issuperset(values):
                known = self._unknown(known, values, line)
            text = join(values.values())
            if suspicious(text):
                found = cells.check(line, values)
                yield Record(line, values, found)
            else:
                yield new(Record, (line, values, (), None))

    def _deep(self, element: Any, line: int) -> Record:  # noqa: ANN401
        """A record with attributes, lists or anything below its children."""
        values: dict[str, Value] = {}
        self._attributes(values, element, "")
        self._fill(values, element, "", "")
        if self._known is not None and not self._known.issuperset(values):
            self._unknown(self._known, values, line)
        return Record(line, values, cells.check(line, values))

    def _flat(self, element: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """The values of a record that is nothing but texts, as most are.

        Nothing if it has attributes, lists or anything below its children,
        or names one twice: ``_fill`` looks at all that, and takes twice as
        long.
        """
        names, number = self._names, 0
        values: dict[str, Any] = {}
        if element.keys():
            return None
        for child in element:
            text = child.text
            if not text or len(child) or child.keys():
                return None
            values[names[child.tag]] = text
            number += 1
        same = number == len(values) and self._lists.isdisjoint(values)
        return values if same else None

    def _fill(
        self,
        values: dict[str, Value],
        element: Any,  # noqa: ANN401 - lxml
        near: str,
        far: str,
    ) -> None:
        """Add what is below an element.

        Args:
            values: By path from the record or list item.
            element: Whose children are read.
            near: Its path from the record or list item.
            far: Its path from the record.
        """
        names, lists, met = self._names, self._lists, set()
        for child in element:
            name = names[child.tag]
            key = near + name
            if far + name in lists:
                items = values.setdefault(key, [])
                if isinstance(items, list):
                    items.append(self._item(child, far + name))
            elif key in values or name in met:
                self._repeated(key, far + name, child)
            elif len(child):
                met.add(name)
                self._deeper(child, far + name)
                self._attributes(values, child, f"{key}/")
                self._fill(values, child, f"{key}/", f"{far}{name}/")
            elif child.keys():
                self._leaf(values, child, key)
            elif child.text is None and far + name in self._empty:
                values[near + self._empty[far + name][len(far) :]] = []
            else:
                values[key] = child.text or ""

    def _item(self, element: Any, far: str) -> Record:  # noqa: ANN401 - lxml
        values: dict[str, Value] = {}
        self._deeper(element, far)
        if len(element):
            self._attributes(values, element, "")
            self._fill(values, element, "", f"{far}/")
        else:
            self._leaf(values, element, ".")
        return Record(xmlstream.near_line(element), values)

    def _leaf(
        self,
        values: dict[str, Value],
        element: Any,  # noqa: ANN401 - lxml
        key: str,
    ) -> None:
        nil = element.get(f"{_XSI}nil") in {"true", "1"}
        values[key] = None if nil else element.text or ""
        self._attributes(values, element, "" if key == "." else f"{key}/")

    def _attributes(
        self,
        values: dict[str, Value],
        element: Any,  # noqa: ANN401 - lxml
        prefix: str,
    ) -> None:
        for name, value in element.items():
            if not name.startswith(_XSI):
                values[f"{prefix}@{self._names[name]}"] = value

    def _deeper(self, element: Any, far: str) -> None:  # noqa: ANN401 - lxml
        if len(self._steps) + far.count("/") + 2 > DEEPEST:
            line = xmlstream.near_line(element)
            raise fault("formats.depth", self._path, line=line, most=DEEPEST)

    def _repeated(
        self,
        key: str,
        far: str,
        element: Any,  # noqa: ANN401 - lxml
    ) -> None:
        """Tell of an element that stands again, if anybody reads it."""
        if far in self._unread:
            return
        reads = self._profile.reads
        if reads and not any(f"{x}/".startswith(f"{far}/") for x in reads):
            self._unread.add(far)
            return
        self._tell("formats.repeated", key, element)

    def _tell(
        self,
        code: str,
        key: str,
        element: Any,  # noqa: ANN401 - lxml
    ) -> None:
        if key in self._told:
            return
        self._told.add(key)
        line = xmlstream.near_line(element)
        text = cells.shorten(element.text or "")
        self.findings.append(Finding(code, line, key, text, severity="warn"))

    def _unknown(
        self, known: frozenset[str], values: Mapping[str, Value], line: int
    ) -> frozenset[str]:
        """Warn once of each name the schema does not have."""
        for key in values:
            parts = {part.lstrip("@") for part in key.split("/")}
            if not known.issuperset(parts):
                finding = Finding(
                    "formats.unknown_element", line, key, severity="warn"
                )
                self.findings.append(finding)
        self._known = known.union(values)
        return self._known

    def _note(self, root: Any) -> None:  # noqa: ANN401 - lxml
        """Keep what the root and the head's elements say."""
        for name, value in root.items():
            if not name.startswith(_XSI):
                self.head.setdefault(self._names[name], value)
        for name, path in self._profile.head.items():
            value = self._text(root, path.strip("/").split("/"))
            if value is not None:
                self.head[name] = value
        if root.xpath(f"boolean(.//*[count(ancestor::*) >= {DEEPEST}])"):
            raise fault("formats.depth", self._path, most=DEEPEST)

    def _text(
        self,
        element: Any,  # noqa: ANN401 - lxml
        steps: list[str],
    ) -> str | None:
        step, *rest = steps
        if step.startswith("@"):
            pairs = element.items()
            texts = [v for k, v in pairs if self._names[k] == step[1:]]
            return texts[0] if texts else None
        for child in element:
            if self._names[child.tag] in step.split("|"):
                return self._text(child, rest) if rest else child.text or ""
        return None

    def _finish(self, root: Any, count: int) -> None:  # noqa: ANN401 - lxml
        self._note(root)
        if count:
            return
        heads = {
            p.strip("/").split("/")[0] for p in self._profile.head.values()
        }
        others = {self._names[child.tag] for child in root} - heads
        if others.difference(*self._steps[1:2]):
            record, names = self._profile.record, ", ".join(sorted(others))
            raise fault(
                "formats.no_records", self._path, record=record, found=names
            )
