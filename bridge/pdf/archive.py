"""A canvas whose document is PDF/A-3b: the same letter, the same bytes.

What reportlab leaves out is added to the catalogue: what the colours mean,
what the file says of itself, and the invoice for machines (ISO 19005-3, 6.2
to 6.8).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from typing import Any
from typing import ClassVar

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from bridge.pdf import faces
from bridge.pdf.metadata import PRODUCER
from bridge.pdf.metadata import xmp
from bridge.pdf.profile import NAME
from bridge.pdf.profile import srgb

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.papers.letter import Enclosure
    from bridge.papers.letter import Letter

LANGUAGES = {"de": "de-DE", "en": "en-GB"}
STREAM_END = b"endstream\n"


class _Catalog(pdfdoc.PDFCatalog):  # type: ignore[misc]
    """A catalogue that has room for what PDF/A-3 wants."""

    __NoDefault__: ClassVar = [
        *pdfdoc.PDFCatalog.__NoDefault__,
        *("AF", "OutputIntents"),
    ]
    __Refs__: ClassVar = __NoDefault__


def _with_line_end(
    format_: Callable[[Any, Any], bytes],
) -> Callable[[Any, Any], bytes]:
    """A stream's data ends with a line end of its own (6.1.7.1)."""

    def formatted(stream: object, document: object) -> bytes:
        made = format_(stream, document)
        return made.removesuffix(STREAM_END) + b"\n" + STREAM_END

    return formatted


pdfdoc.PDFStream.format = _with_line_end(pdfdoc.PDFStream.format)


def canvas_for(letter: Letter) -> tuple[Canvas, BytesIO]:
    """A canvas for one letter, and where its bytes will be."""
    faces.ready()
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=A4,
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        lang=LANGUAGES.get(letter.language, letter.language),
        initialFontName=faces.PLAIN,
    )
    document = canvas._doc  # noqa: SLF001 - reportlab has no other door
    faces.seed(document)
    _date(document, letter)
    canvas.setTitle(letter.title)
    canvas.setSubject(letter.subject)
    canvas.setAuthor(letter.head.company)
    canvas.setCreator(PRODUCER)
    canvas.setProducer(PRODUCER)
    _archive(document, letter)
    return canvas, out


def _date(document: Any, letter: Letter) -> None:  # noqa: ANN401
    """The file's day is the letter's; no clock is asked."""
    stamp, day = document._timeStamp, letter.issued  # noqa: SLF001
    stamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
    stamp.dhh, stamp.dmm = 0, 0


def _archive(document: Any, letter: Letter) -> None:  # noqa: ANN401
    catalog = document.Catalog
    catalog.__class__ = _Catalog
    catalog.OutputIntents = pdfdoc.PDFArray([_intent(document)])
    packet = _stream({"Type": "/Metadata", "Subtype": "/XML"}, xmp(letter))
    packet.filters = []
    catalog.Metadata = document.Reference(packet)
    catalog.ViewerPreferences = pdfdoc.PDFDictionary(
        {"DisplayDocTitle": "true"}
    )
    if letter.enclosure is not None:
        _enclose(document, letter, letter.enclosure)


def _intent(document: Any) -> Any:  # noqa: ANN401
    """What the colours mean: sRGB."""
    profile = document.Reference(_stream({"N": 3}, srgb()))
    return pdfdoc.PDFDictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": pdfdoc.PDFString(NAME.decode()),
            "Info": pdfdoc.PDFString(NAME.decode()),
            "DestOutputProfile": profile,
        }
    )


def _enclose(
    document: Any,  # noqa: ANN401
    letter: Letter,
    enclosure: Enclosure,
) -> None:
    """The invoice for machines, as an alternative of the whole letter."""
    day = f"D:{letter.issued:%Y%m%d}000000Z"
    said = pdfdoc.PDFDictionary(
        {"ModDate": pdfdoc.PDFString(day), "Size": len(enclosure.content)}
    )
    embedded = document.Reference(
        _stream(
            {
                "Type": "/EmbeddedFile",
                "Subtype": "/text#2Fxml",
                "Params": said,
            },
            enclosure.content,
        )
    )
    files = pdfdoc.PDFDictionary({"F": embedded, "UF": embedded})
    name = pdfdoc.PDFString(enclosure.name)
    place = document.Reference(
        pdfdoc.PDFDictionary(
            {
                "Type": "/Filespec",
                "F": name,
                "UF": name,
                "AFRelationship": "/Alternative",
                "Desc": pdfdoc.PDFString(enclosure.level),
                "EF": files,
            }
        )
    )
    tree = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([name, place])})
    document.Catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": tree})
    document.Catalog.AF = pdfdoc.PDFArray([place])


def _stream(said: dict[str, Any], content: bytes) -> Any:  # noqa: ANN401
    return pdfdoc.PDFStream(
        pdfdoc.PDFDictionary(said), content, [pdfdoc.PDFZCompress]
    )
