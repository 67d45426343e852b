"""Papers of Sage become files in ``outbox/documents``: each once.

1. the letter is written, judged and drawn; its bytes lie there hidden.
2. one commit: its name and digest are ready, or it is said why not.
3. the file appears.
4. one commit: it is drawn.

A crash after 1: it is drawn again, the same bytes. After 2: the hidden file
gets its name, or it has it already and was perhaps fetched. What Sage printed
itself is taken as it is.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.errors import DefectError
from bridge.flows import billing
from bridge.flows import lettering
from bridge.flows import mails
from bridge.flows import papering
from bridge.flows import papershelf
from bridge.flows import requesting
from bridge.flows.accounts import holding
from bridge.flows.enclosures import pdf_of
from bridge.flows.enclosures import present
from bridge.flows.papering import DOCUMENT
from bridge.flows.papering import ERRAND
from bridge.flows.papering import FIXED
from bridge.flows.shop import as_json
from bridge.formats.pdfdoc import pdf_fault
from bridge.ledger import deliveries
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import papers
from bridge.ledger.papers import DRAWN
from bridge.ledger.papers import READY
from bridge.ledger.papers import REFUSED
from bridge.ledger.papers import SAGES
from bridge.papers.bill import NO_XML
from bridge.papers.bill import XRECHNUNG
from bridge.papers.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.flows.lettering import Written
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.papers import Paper

LOT = 20  # papers that are looked up together
PATIENCE = timedelta(seconds=2)  # until the next look whether files are read
PDF, XML = ".pdf", ".xml"


def draw(parts: Parts, key: str, generation: int) -> None:
    """Print every paper that waits for it; twice is harmless.

    Raises:
        TransientError: The folder cannot be written; what is left stays due.
    """
    early: set[tuple[str, str]] = set()
    while True:
        with parts.ledger.read() as tx:
            found = papers.waiting(tx, parts.mandant, LOT + len(early))
        lot = [row for row in found if _id(row) not in early]
        if not lot:
            break
        for row in lot:
            if _is_early(parts, row):
                early.add(_id(row))
            else:
                _try(parts, row)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)
        if early:
            papering.raise_draw(parts, tx, later=PATIENCE)


def _id(row: Paper) -> tuple[str, str]:
    return row.document, row.key


def _is_early(parts: Parts, row: Paper) -> bool:
    """Whether a file that is being read may yet say what a paper needs.

    Sage writes papers and the requests to pay them at the same time; a
    request takes the address from its paper.
    """
    if row.document == DOCUMENT or row.state == READY:
        return False
    with parts.ledger.read() as tx:
        if not deliveries.any_open(tx):
            return False
        said = papering.said_of(parts, tx, row) or {}
        return papering.of_request(parts, tx, said) is None


def _try(parts: Parts, row: Paper) -> None:
    """Print a paper; one that cannot be is told, and hinders no other."""
    try:
        _print(parts, row)
    except DefectError as error:
        facts = {name: str(one) for name, one in error.facts.items()}
        _refuse(
            parts, row, [Fault(error.code, "number", row.name, facts=facts)]
        )


def _print(parts: Parts, row: Paper) -> None:
    """Bring one paper to its file, from wherever it stands."""
    if row.state != READY:
        ready = _ready(parts, row)
        if ready is None:
            return
        row = ready
    for name, digest in ((row.xml, row.xml_sha256), (row.file, row.sha256)):
        if name and digest:
            parts.paper_box.publish(name, digest)
    with parts.ledger.write() as tx:
        own = row.form == SAGES
        state = SAGES if own else DRAWN
        papers.change(tx, row, state=state, drawn_at=parts.clock.now())
        if row.order_id:
            billing.wake(holding(parts, tx, row.order_id), tx, [row.order_id])
        mails.owe_paper(parts, tx, row)
    parts.log.info("paper.drawn", paper=row.name)


def _ready(parts: Parts, row: Paper) -> Paper | None:
    """The paper with its hidden file; ``None``: it cannot be printed."""
    with parts.ledger.read() as tx:
        said = papering.said_of(parts, tx, row)
        pdf = present(tx, (said or {}).get("file"))
    if said is None:
        _refuse(parts, row, [Fault("papers.gone", "number", row.name)])
        return None
    if said.get("file") and pdf is not None:
        return _taken(parts, row, pdf_of(parts, pdf), str(said["number"]))
    try:
        made = written(parts, row.document, said)
    except ConfigError as error:  # a template has a mistake
        facts = {name: str(one) for name, one in error.facts.items()}
        value = "" if error.where is None else str(error.where)
        _refuse(parts, row, [Fault(error.code, "", value, facts=facts)])
        return None
    if made.letter is None:
        _refuse(parts, row, made.faults, made.form)
        return None
    return _drafted(parts, row, made)


def written(parts: Parts, document: str, said: Mapping[str, Any]) -> Written:
    """The letter of a coded document, or why there is none.

    Raises:
        ConfigError: A template has a mistake.
    """
    if document != DOCUMENT:
        return requesting.written(parts, said)
    return lettering.written(
        parts.study, said, papering.former_of(parts, said)
    )


def _taken(
    parts: Parts, row: Paper, content: bytes, number: str
) -> Paper | None:
    """What Sage printed is checked and taken, never altered."""
    if pdf_fault(content) is not None:
        _refuse(parts, row, [Fault("papers.broken_pdf", "file", row.name)])
        return None
    inside = _number_inside(content)
    if inside and number.lstrip("0") not in inside:
        facts = {"number": number}
        fault = Fault("papers.other_invoice", "file", inside, facts=facts)
        _refuse(parts, row, [fault])
        return None
    file = _file(row, content)
    papershelf.shelve(parts, row, file, content)
    digest = parts.paper_box.write_draft(file, [content])
    values = {"form": SAGES, "file": file, "sha256": digest}
    return _committed(parts, row, values, ())


def _number_inside(content: bytes) -> str:
    """The number of the invoice inside a PDF; empty: it holds none."""
    # What reads PDFs takes its time to load; few runs do.
    from bridge.einvoice.reading import held  # noqa: PLC0415
    from bridge.einvoice.reading import number_of  # noqa: PLC0415

    inside = held(content)
    return number_of(inside.xml) if inside is not None and inside.xml else ""


def files_of(name: str, made: Written) -> dict[str, bytes]:
    """The bytes of a letter's files, by name; the PDF is the last.

    Args:
        name: Of the PDF.
        made: With a letter.
    """
    if made.letter is None:
        return {}
    # What draws takes its time to load; few commands print.
    from bridge.pdf.letters import drawn  # noqa: PLC0415

    files = {name: drawn(made.letter)}
    if made.form == XRECHNUNG:
        return {f"{name.removesuffix(PDF)}{XML}": made.xml, **files}
    return files


def _drafted(parts: Parts, row: Paper, made: Written) -> Paper | None:
    """The hidden files of a paper, written down as ready."""
    *xml, pdf = files_of(row.name, made).values()
    file = _file(row, pdf)
    values: dict[str, Any] = {"form": made.form, "file": file}
    for content in xml:
        values["xml"] = f"{file.removesuffix(PDF)}{XML}"
        papershelf.shelve(parts, row, values["xml"], content)
        values["xml_sha256"] = parts.paper_box.write_draft(
            values["xml"], [content]
        )
    papershelf.shelve(parts, row, file, pdf)
    values["sha256"] = parts.paper_box.write_draft(file, [pdf])
    return _committed(parts, row, values, made.faults)


def _file(row: Paper, content: bytes) -> str:
    """The name of a paper's file; other bytes get another one.

    Nothing is ever printed over a file that somebody may have read.
    """
    if row.file is None or row.sha256 is None:
        return f"{row.name}{PDF}"
    if row.sha256 == hashlib.sha256(content).hexdigest():
        return row.file
    number = row.file.removeprefix(row.name).removesuffix(PDF).strip("_")
    return f"{row.name}_{int(number or 1) + 1}{PDF}"


def _committed(
    parts: Parts,
    row: Paper,
    values: dict[str, Any],
    faults: Iterable[Fault],
) -> Paper | None:
    """Write down that a paper is ready; it may have changed meanwhile."""
    found = papering.findings_of(parts, row, faults)
    issues = [as_json(item) for item in found] or None
    with parts.ledger.write() as tx:
        known = papers.get(tx, row.mandant, row.document, row.key)
        if known is None or known.hash != row.hash:
            return None  # the next look prints what is stated now
        papers.change(tx, row, state=READY, **{"issues": issues, **values})
        deliveries.note_once(tx, row.delivery_id, found)
        return papers.get(tx, row.mandant, row.document, row.key)


def _refuse(
    parts: Parts, row: Paper, faults: Iterable[Fault], form: str = NO_XML
) -> None:
    """Say at the row of a paper why it is not printed."""
    found = papering.findings_of(parts, row, faults)
    with parts.ledger.write() as tx:
        known = papers.get(tx, row.mandant, row.document, row.key)
        if known is None or known.hash != row.hash:
            return
        deliveries.note_once(tx, row.delivery_id, found)
        papers.change(
            tx,
            row,
            state=REFUSED,
            form=form,
            issues=[as_json(item) for item in found],
            drawn_at=parts.clock.now(),
        )
    parts.log.warning("paper.refused", paper=row.name)


def again(parts: Parts, tx: Transaction, name: str) -> bool:
    """Have a paper printed once more, as Sage states it now.

    An invoice that is printed keeps its file, which lies there again: its
    number was given once (UStG § 14c).
    """
    rows = papers.named(tx, parts.mandant, name)
    made = [
        _laid(parts, row)
        if row.there and row.kind in FIXED
        else _again(parts, tx, row)
        for row in rows
    ]
    return any(made)


def _laid(parts: Parts, row: Paper) -> bool:
    """Lay the files of a paper out again, the very bytes that were printed.

    Returns:
        Whether one of them was not there.
    """
    kept = [(row.file, row.sha256, papershelf.content_of)]
    kept += [(row.xml, row.xml_sha256, papershelf.xml_of)]
    missing = False
    try:
        for name, digest, content in kept:
            if name and digest and not parts.paper_box.holds(name):
                parts.paper_box.write_draft(name, [content(parts, row)])
                parts.paper_box.publish(name, digest)
                missing = True
    except BridgeError as error:  # it is not kept, or cannot be laid there
        parts.log.warning("paper.lost", paper=row.name, code=error.code)
    return missing


def _again(parts: Parts, tx: Transaction, row: Paper) -> bool:
    bodies = documents.stated(tx, row.mandant, row.document, row.key)
    if not bodies:
        return False
    last = max(bodies, key=lambda body: body.as_of)
    papers.change(
        tx,
        row,
        state=papers.WAITING,
        hash=papering.digest(papering.opened(parts, last)),
        delivery_id=last.delivery_id,
        line=last.line,
        issues=None,
    )
    papering.raise_draw(parts, tx)
    return True
