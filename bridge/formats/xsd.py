"""What a schema says about a xml, in findings a clerk can follow."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.formats.cells import shorten
from bridge.ports.turns import COMPILING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

MOST_FINDINGS = 200  # nobody corrects more at a time
# Explained by xmlschema, 50 times slower than libxml2 but in plainer words.
PLAIN_SIZE = 8 * 1024**2
SMALL = 256 * 1024  # bytes whose tree may be in memory
_XS = "{http://www.w3.org/2001/XMLSchema}"


def explain(path: Path, xsd: Path) -> list[Finding]:
    """Every place a file breaks its schema, at most ``MOST_FINDINGS``."""
    tree = etree.parse(str(path), _parser())
    if path.stat().st_size > PLAIN_SIZE:
        return _quick(tree, xsd)
    return _plain(tree, xsd)


def validate_bytes(data: bytes, xsd: Path) -> list[Finding]:
    """Every place a xml we wrote breaks its schema; empty if none."""
    return validate(BytesIO(data), xsd)


def validate(stream: BinaryIO, xsd: Path) -> list[Finding]:
    """Every place a xml we wrote breaks its schema; empty if none.

    A good one is never held in memory as a whole.
    """
    try:
        if _holds(stream, compiled(xsd)):
            return []
    except etree.XMLSyntaxError:
        pass
    stream.seek(0)
    tree = etree.parse(stream, _parser())
    large = stream.tell() > PLAIN_SIZE
    return _quick(tree, xsd) if large else _plain(tree, xsd)


def _holds(stream: BinaryIO, schema: Any) -> bool:  # noqa: ANN401 - lxml
    """Whether a schema holds; a small xml is asked in one go.

    Raises:
        XMLSyntaxError: A large one breaks it.
    """
    start = stream.read(SMALL + 1)
    if len(start) <= SMALL:
        return bool(schema.validate(etree.fromstring(start, _parser())))
    stream.seek(0)
    seen = etree.iterparse(
        stream, schema=schema, resolve_entities=False, no_network=True
    )
    for _, element in seen:
        _let_go(element)
    return True


def _let_go(element: Any) -> None:  # noqa: ANN401 - lxml
    """Forget an element that was validated, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


@cache
def compiled(xsd: Path) -> Any:  # noqa: ANN401 - lxml's stubs are partial
    """The schema as libxml2 takes it.

    Raises:
        ConfigError: It is not a schema.
    """
    try:
        with COMPILING:
            return etree.XMLSchema(etree.parse(str(xsd), _parser()))
    except (etree.LxmlError, OSError) as error:
        raise _not_schema(xsd, error) from error


@cache
def names(xsd: Path) -> frozenset[str]:
    """The local names of all elements and attributes a schema knows."""
    root = etree.parse(str(xsd), _parser()).getroot()
    own = {
        item.get("name", "")
        for item in root.iter(f"{_XS}element", f"{_XS}attribute")
    }
    others = [
        names(xsd.parent / item.get("schemaLocation", ""))
        for item in root.iter(f"{_XS}include", f"{_XS}import")
        if item.get("schemaLocation")
    ]
    return frozenset(own).union(*others)


def local(tag: str) -> str:
    """A name without its namespace; libxml2 lets by more than is a name."""
    return tag.rpartition("}")[2]


def _parser() -> Any:  # noqa: ANN401 - lxml's stubs are partial
    return etree.XMLParser(resolve_entities=False, no_network=True)


@cache
def _schema(xsd: Path) -> Any:  # noqa: ANN401 - xmlschema has no stubs here
    import xmlschema  # noqa: PLC0415 - 15 MiB for what only an error needs

    try:
        return xmlschema.XMLSchema(str(xsd), allow="local")
    except (xmlschema.XMLSchemaException, OSError) as error:
        raise _not_schema(xsd, error) from error


def _not_schema(xsd: Path, error: Exception) -> ConfigError:
    reason = str(error).strip().partition("\n")[0]
    where = Where(xsd.name)
    return ConfigError("formats.not_schema", where=where, reason=reason)


def _plain(tree: Any, xsd: Path) -> list[Finding]:  # noqa: ANN401 - lxml
    errors = _schema(xsd).iter_errors(tree)
    return [_finding(error) for error in islice(errors, MOST_FINDINGS)]


def _quick(tree: Any, xsd: Path) -> list[Finding]:  # noqa: ANN401 - lxml
    schema = compiled(xsd)
    schema.validate(tree)
    entries = islice(schema.error_log, MOST_FINDINGS)
    return [
        Finding(
            "formats.schema_rule", entry.line, facts=_reason(entry.message)
        )
        for entry in entries
    ]


def _finding(error: Any) -> Finding:  # noqa: ANN401 - xmlschema
    """One error of xmlschema, sorted by what a person must do."""
    element, line, path = error.elem, error.sourceline, error.path or ""
    wrong = getattr(error, "invalid_child", None)
    if wrong is not None:
        name = local(wrong.tag)
        facts = {"path": path, "expected": _expected(error)}
        return Finding(
            "formats.schema_element", wrong.sourceline, name, facts=facts
        )
    own = None if element is None else local(element.tag)
    if getattr(error, "expected", None) or "not complete" in error.reason:
        facts = {"path": path, "expected": _expected(error)}
        return Finding("formats.schema_missing", line, own, facts=facts)
    shown = "" if element is None else (element.text or "").strip()
    facts = {"path": path, **_reason(error.reason)}
    if not shown or len(element):
        return Finding("formats.schema_rule", line, own, facts=facts)
    return Finding(
        "formats.schema_value", line, own, shorten(shown), facts=facts
    )


def _expected(error: Any) -> str:  # noqa: ANN401 - xmlschema
    expected = getattr(error, "expected", None) or ()
    if isinstance(expected, str):
        return expected
    known = [getattr(item, "local_name", None) for item in expected]
    return ", ".join(name for name in known if name) or "-"


def _reason(text: str | None) -> dict[str, str]:
    return {"reason": " ".join((text or "").split())}
