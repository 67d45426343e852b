"""What a PDF holds and says of itself: text, the invoice inside, PDF/A."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bridge.einvoice.checking import parser

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names an invoice has inside a PDF (Factur-X 1.0, 6.2.4; ZUGFeRD before).
NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
RAM = (
    "{urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100}"
)
DOCUMENT = (
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}"
    "ExchangedDocument"
)
CLAIMS = re.compile(
    r"pdfaid:(part|conformance)(?:>|=[\"'])\s*(\w+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Held:
    """What a PDF holds.

    Attributes:
        pages: How many.
        claim: What it says to be: ``3B``; empty: no PDF/A.
        intent: Whether it says what its colours mean.
        naked: Fonts that are not inside the file.
        name: Of the invoice for machines; empty: there is none.
        xml: Its bytes.
    """

    pages: int
    claim: str
    intent: bool
    naked: tuple[str, ...]
    name: str
    xml: bytes


def held(content: bytes) -> Held | None:
    """What is inside a PDF; ``None``: it does not open.

    What the library thinks of it is not said: we say it ourselves.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            return None
        root: Any = reader.trailer["/Root"]
        name, xml = _invoice(reader)
        return Held(
            pages=len(reader.pages),
            claim=_claim(root),
            intent="/OutputIntents" in root,
            naked=tuple(sorted(set(_naked(reader)))),
            name=name,
            xml=xml,
        )
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError):
        return None


def number_of(xml: bytes) -> str:
    """The number of an invoice for machines; empty: it says none."""
    try:
        root = etree.fromstring(xml, parser())
    except etree.XMLSyntaxError:
        return ""
    found = root.find(f"{DOCUMENT}/{RAM}ID")
    return (found.text or "").strip() if found is not None else ""


def _claim(root: Any) -> str:  # noqa: ANN401 - the library's objects
    packet = root.get("/Metadata")
    if packet is None:
        return ""
    text = packet.get_object().get_data().decode("utf-8", "replace")
    said = {name.lower(): value for name, value in CLAIMS.findall(text)}
    return f"{said.get('part', '')}{said.get('conformance', '')}".upper()


def _invoice(reader: PdfReader) -> tuple[str, bytes]:
    files = reader.attachments
    for name in NAMES:
        if files.get(name):
            return name, bytes(files[name][0])
    return "", b""


def _naked(reader: PdfReader) -> Iterator[str]:
    """Fonts whose shapes a reader has to guess."""
    for page in reader.pages:
        fonts: Any = page.get("/Resources", {}).get("/Font", {})
        for key in fonts.get_object() if fonts else ():
            font = fonts[key].get_object()
            descriptor = font.get("/FontDescriptor")
            files = ("/FontFile", "/FontFile2", "/FontFile3")
            inner = descriptor.get_object() if descriptor else {}
            if not any(one in inner for one in files):
                yield str(font.get("/BaseFont", key))
