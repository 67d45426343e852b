"""Elements of a xml, one after the other, safe to open and soon forgotten."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from lxml import etree

from bridge.formats import cells
from bridge.formats import xsd
from bridge.formats.source import DEEPEST
from bridge.formats.source import encoding_of
from bridge.formats.source import fault
from bridge.formats.xmllines import KNOWN
from bridge.formats.xmllines import element_lines
from bridge.formats.xmllines import is_plain

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator
    from collections.abc import Mapping
    from io import TextIOWrapper
    from pathlib import Path
    from typing import Self

    from bridge.errors import InputError
    from bridge.model.record import Profile

_PROLOG = 65536  # bytes searched for a DOCTYPE before anything is parsed
# Possessive: what was passed over is never cut up in another way.
_DOCTYPE = re.compile(rb"(?>[^<]+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
# The name of a DTD somewhere else; it is neither fetched nor missed.
_ELSEWHERE = re.compile(
    rb"""\s+[^\s<>\[]+\s*
    (?:(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s*(?:"[^"]*"|'[^']*')?\s*)?>""",
    re.VERBOSE,
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"'>]+)["']""")
# "text, line 1, column 2", or "line 1: b'text'" where a schema is checked
_REASON = re.compile(
    r"(?:line \d+: b')?(.*?)(?:'| ?,? line \d+, column \d+.*)?$"
)
_HEADER = 1 << 20  # bytes in which a catalogue's own head ends
_DECLARATION = 256  # bytes in which the declaration ends
_SAFE: Mapping[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_UNFINISHED = frozenset(
    {
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED,
        etree.ErrorTypes.ERR_CDATA_NOT_FINISHED,
    }
)


class Opening(NamedTuple):
    """What stands before the first record.

    Attributes:
        root: The root's element.
        encoding: How the file is encoded.
        doctype: Whether a DTD is named, whose entities nobody knows.
    """

    root: Any
    encoding: str
    doctype: bool


class Found(NamedTuple):
    """A record's element while it is there, and its line."""

    line: int
    element: Any


def opening(path: Path, profile: Profile) -> Opening:
    """The root's start tag, checked.

    Raises:
        InputError: It is not xml, declares entities or has another root.
    """
    with path.open("rb") as file:
        start = file.read(_PROLOG).replace(b"\0", b"")
        doctype = _DOCTYPE.match(start)
        if doctype and not _ELSEWHERE.match(start, doctype.end()):
            raise fault("formats.doctype", path, line=1)
        file.seek(0)
        try:
            events = etree.iterparse(file, events=("start",), **_SAFE)
            _, root = next(iter(events))
        except etree.XMLSyntaxError as error:
            raise _not_xml(error, path) from error
        dtd = root.getroottree().docinfo.internalDTD
        if dtd is not None and next(dtd.iterentities(), None) is not None:
            raise fault("formats.doctype", path, line=1)
        names, wanted = Names(profile.namespaces), steps_of(profile)[0]
        if names[root.tag] not in wanted:
            raise fault(
                "formats.root",
                path,
                line=root.sourceline,
                wanted=", ".join(sorted(wanted)),
                found=xsd.local(root.tag),
            )
        return Opening(root, _encoding(path), dtd is not None)


def leads_to(path: Path, profile: Profile) -> bool:
    """Whether a xml begins as one that holds such records.

    Root and what stands right below it decide, as far as ``_HEADER`` shows.
    """
    names, steps = Names(profile.namespaces), steps_of(profile)
    wanted = (steps[:-1] or steps)[:2]
    parser = etree.XMLPullParser(("start", "end"), **_SAFE)
    depth = 0
    try:
        with path.open("rb") as file:
            parser.feed(file.read(_HEADER))
        seen: Any = parser.read_events()
        for event, element in seen:
            if event == "end":
                depth -= 1
                continue
            on_the_way = names[element.tag] in wanted[min(depth, 1)]
            if depth == len(wanted) - 1 and on_the_way:
                return True
            if depth == 0 and not on_the_way:
                return False
            depth += 1
    except etree.XMLSyntaxError:
        return False
    return False


def _encoding(path: Path) -> str:
    """What the BOM or the declaration says, else UTF-8."""
    with path.open("rb") as file:
        start = file.read(_DECLARATION)
    if start.startswith((b"<\0", b"\0<")):
        return "utf-16-le" if start[1] == 0 else "utf-16-be"
    match = _DECLARED.match(start.removeprefix(BOM_UTF8))
    declared = match[1].decode("ascii", "replace") if match else "utf-8"
    return encoding_of(path, declared)[0]


def found(path: Path, profile: Profile) -> Generator[Found]:
    """Each record's element; it is emptied when the next is asked for.

    After the last comes the root, with line 0 and what was not emptied.

    Raises:
        InputError: The file is not well-formed or breaks its schema.
    """
    start = opening(path, profile)
    last = steps_of(profile)[-1]
    records = ["{*}" + name.rpartition(":")[2] for name in sorted(last)]
    options = {**_SAFE, "tag": (*records, start.root.tag)}
    if profile.xsd is not None:
        options["schema"] = xsd.compiled(profile.xsd)
        # With both, lxml 6 takes a file that is cut off for a whole one; and
        # no entity is declared.
        del options["resolve_entities"]
    with path.open("rb") as file:
        events = etree.iterparse(file, events=("end",), **options)
        try:
            yield from _elements(events, path, profile, start)
        except etree.XMLSyntaxError as error:
            _explain(events, path, profile)
            raise _not_xml(error, path) from error


class Names(dict[str, str]):
    """How elements and attributes are called: ``{uri}x`` is ``x``.

    Args:
        namespaces: Prefix to URI; names of these keep their prefix.
    """

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__()
        self._prefixes = {
            uri: f"{prefix}:" if prefix else ""
            for prefix, uri in namespaces.items()
        }

    def __missing__(self, tag: str) -> str:
        uri, _, local = tag.rpartition("}")
        name = self[tag] = self._prefixes.get(uri[1:], "") + local
        return name


def steps_of(profile: Profile) -> list[frozenset[str]]:
    """The names on the way from the root to a record; of each step, any."""
    steps = profile.record.strip("/").split("/")
    return [frozenset(step.split("|")) for step in steps]


def _elements(
    events: Any,  # noqa: ANN401 - lxml's stubs know no iterparse
    path: Path,
    profile: Profile,
    start: Opening,
) -> Iterator[Found]:
    """The elements on the record's path, with exact lines, and the root."""
    names, steps = Names(profile.namespaces), steps_of(profile)
    parent = root = None
    with _Lines(path, start.encoding) as lines:
        for number, (_, element) in enumerate(events):
            above = element.getparent()
            if above is None:
                root = element
            if above is not parent or names[element.tag] not in steps[-1]:
                if not _stands_at(element, steps, names):
                    continue
                parent = above
            if start.doctype:
                _know_entities(events, path)
            yield Found(lines.of(element, number), element)
            if above is not None:
                _free(element, above)
    if root is None:
        raise fault("formats.truncated", path)
    yield Found(0, root)


class _Lines:
    """Exact lines, from a second look at the file where it is long."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._encoding = encoding
        self._plain: bool | None = None
        self._file: TextIOWrapper | None = None
        self._lines: Iterator[tuple[int, int]] = iter(())

    def of(self, element: Any, number: int) -> int:  # noqa: ANN401 - lxml
        """The line of an element, the ``number``-th of its name to end."""
        line = int(element.sourceline)
        if line < KNOWN:
            return line
        if self._plain is None:
            self._plain = is_plain(self._path, self._encoding)
        if self._plain and (own := _by_its_text(element, line)):
            return own
        if self._file is None:
            self._file = self._path.open(
                encoding=self._encoding, newline="", errors="replace"
            )
            name = xsd.local(element.tag)
            self._lines = enumerate(element_lines(self._file, name))
        return next((own for at, own in self._lines if at == number), line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None:
            self._file.close()


def _know_entities(events: Any, path: Path) -> None:  # noqa: ANN401 - lxml
    """Refuse what stands for a text only the DTD knows: ``&uuml;``."""
    for entry in events.error_log:
        if entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY:
            name = entry.message.split("'")[1]
            raise fault("formats.entity", path, line=entry.line, name=name)


def _stands_at(
    element: Any,  # noqa: ANN401 - lxml
    steps: list[frozenset[str]],
    names: Names,
) -> bool:
    """Whether these are the names from the root down to the element."""
    for step in reversed(steps):
        if element is None or names[element.tag] not in step:
            return False
        element = element.getparent()
    return element is None


def _free(element: Any, parent: Any) -> None:  # noqa: ANN401 - lxml
    element.clear(keep_tail=True)
    while (before := element.getprevious()) is not None:
        parent.remove(before)


def _explain(
    events: Any,  # noqa: ANN401 - lxml's stubs know no iterparse
    path: Path,
    profile: Profile,
) -> None:
    """Raise what breaks the schema, if that is what went wrong."""
    domains = {entry.domain_name for entry in events.error_log}
    if profile.xsd is None or "PARSER" in domains or not domains:
        return
    try:
        findings = xsd.explain(path, profile.xsd)
    except etree.XMLSyntaxError as error:
        raise _not_xml(error, path) from error
    except OSError as error:  # lxml calls bytes of another encoding that
        reason = str(error).rpartition(": ")[2]
        raise fault("formats.not_xml", path, reason=reason) from error
    if findings:
        line = findings[0].line
        raise fault("formats.schema", path, line=line, findings=findings)


def _not_xml(
    error: Any,  # noqa: ANN401 - lxml's stubs know half of it
    path: Path,
) -> InputError:
    found = _REASON.match(" ".join((error.msg or "").split()))
    reason = cells.shorten(found[1] if found else "")
    line = error.lineno or None
    if "depth" in reason:
        return fault("formats.depth", path, line=line, most=DEEPEST)
    cut = error.code in _UNFINISHED
    code = "formats.truncated" if cut else "formats.not_xml"
    return fault(code, path, line=line, reason=reason)


def _by_its_text(element: Any, line: int) -> int:  # noqa: ANN401 - lxml
    """The line of an element, from the line where its first text ends.

    That is what libxml2 gives beyond line 65,535. 0 where it is not sure.
    """
    text = element.text
    if text is None:
        child = element[0] if len(element) else element
        text = "" if child.attrib else child.text or ""
        return 0 if len(child) or not text or "\n" in text else line
    return line - text.count("\n") if text.isspace() else 0


def near_line(element: Any) -> int:  # noqa: ANN401 - lxml
    """The line of an element within a record.

    Beyond line 65,535 libxml2 gives the line where the first text ends.
    """
    line = int(element.sourceline or 0)
    text = (element.text or "") if line >= KNOWN else ""
    return line if text.strip() else line - text.count("\n")
