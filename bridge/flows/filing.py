"""A judged file goes to its place, with its report beside it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bridge.errors import door
from bridge.flows import lockedfiles
from bridge.flows.conversion import profile_of
from bridge.flows.identifying import EML
from bridge.flows.identifying import PDF
from bridge.formats.reading import open_file
from bridge.formats.selection import extract
from bridge.ledger import deliveries
from bridge.mapping.grouping import together

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.mapping.plan import Plan
    from bridge.model.record import Profile

COLUMNS = ("Zeile", "Feld", "Wert", "Meldung", "Hinweis", "Wer")
REASON = {"de": "Meldung", "en": "Message"}  # the column that says why
FORMULA = ("=", "+", "-", "@", "\t", "\r")
TURNS = {
    "de": {
        "sender": "Absender",
        "mapping": "Zuordnung",
        "operator": "Betreuer",
        "amazon": "Amazon",
        "partner": "Partner",
        "nobody": "niemand",
    }
}


def located(parts: Parts, delivery: Delivery) -> Path | None:
    """Where the file of a delivery lies now, claimed or put away."""
    owner = delivery.part_of or delivery.id
    claimed = parts.inbox(delivery.inbox).claimed(owner)
    if claimed is not None:
        return claimed
    archive = parts.settings.folder("archive")
    kept = [
        *archive.glob(f"[0-9]*/[0-9]*/{owner}_*"),
        *parts.settings.folder("quarantine").glob(f"{owner}_*"),
    ]
    return min(kept, key=lambda path: len(path.name), default=None)


def put_away(parts: Parts, delivery: Delivery) -> Path | None:
    """Move the file of a judged delivery; write what a person must read.

    Accepted and partly accepted files go to the archive, others to the
    quarantine. Twice is harmless: a file that is there is left there, a
    report has the same bytes. A part owns no file: it only reports.
    """
    if delivery.part_of:
        return _report_part(parts, delivery)
    inbox = parts.inbox(delivery.inbox)
    quarantine = parts.settings.folder("quarantine")
    if delivery.state in {"refused", "discarded"}:
        path = inbox.quarantine(delivery.id, quarantine)
        if delivery.state == "refused":
            _report(parts, delivery, path.name)
        return path
    zone = ZoneInfo(parts.settings.bridge.timezone)
    when = delivery.received_at.astimezone(zone).date()
    path = inbox.archive(delivery.id, when, parts.settings.folder("archive"))
    if path.name.endswith(lockedfiles.ENDING):
        return path  # all of this was done
    if delivery.state == "partly":
        _report(parts, delivery, path.name)
        _refused_rows(parts, delivery, path, path)
    return _locked(parts, delivery, path)


def _locked(parts: Parts, delivery: Delivery, path: Path) -> Path:
    """An archived original that names persons lies locked."""
    plan = parts.book.plans.get(str(delivery.mapping))
    if delivery.format in {PDF, EML} or (plan and plan.kind.names_people):
        return lockedfiles.lock(path, parts.safe)
    return path


def _report_part(parts: Parts, delivery: Delivery) -> Path | None:
    """What a further mapping of a file has to say of it."""
    path = located(parts, delivery)
    if path is None or delivery.state not in {"refused", "partly"}:
        return path
    name = path.name.removeprefix(f"{delivery.part_of}_")
    named = path.with_name(f"{delivery.id}_{name}")
    _report(parts, delivery, named.name)
    if delivery.state == "partly":
        _refused_rows(parts, delivery, path, named)
    return path


def _report(parts: Parts, delivery: Delivery, name: str) -> None:
    """``<id>_<name>.protokoll.csv``: every finding, one a row."""
    with parts.ledger.read() as tx:
        found = list(deliveries.findings(tx, delivery.id))
    path = parts.settings.folder("quarantine") / f"{name}.protokoll.csv"
    parts.desk.replace_whole(
        path, report(found, parts.settings.bridge.language)
    )


def report(found: Iterable[Finding], language: str) -> bytes:
    """Findings as a csv that opens well in a German spreadsheet."""
    turns = TURNS.get(language, {})
    rows = (
        (*said(item, language), turns.get(item.turn, item.turn))
        for item in found
    )
    return sheet(COLUMNS, rows)


def said(item: Finding, language: str) -> tuple[str, ...]:
    """A finding in cells: line, field, value, sentence and advice."""
    return (
        "" if item.line is None else str(item.line),
        item.field or "",
        item.value or "",
        item.message(language),
        item.hint(language),
    )


def sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Texts as a csv for people: nothing in it is computed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
    return text.getvalue().encode("windows-1252", errors="replace")


def defused(cell: str) -> str:
    """A cell a spreadsheet shows instead of computing it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _refused_rows(
    parts: Parts, delivery: Delivery, path: Path, named: Path
) -> None:
    """``<id>_<name>.zeilen.<ext>``: only the refused rows, as they were."""
    with parts.ledger.read() as tx:
        lines = deliveries.refused_lines(tx, delivery.id)
    if not lines:
        return
    target = (
        parts.settings.folder("quarantine")
        / f"{named.stem}.zeilen{named.suffix}"
    )
    if target.exists():
        return  # a person may be correcting it already
    plan = parts.book.plan(str(delivery.mapping))
    profile = profile_of(parts, delivery, plan)
    lines = _whole_groups(path, profile, plan, lines)
    draft = target.with_name(f".{target.name}.part")
    reasons = _reasons(parts, delivery)
    with door(target):
        extract(path, profile, lines, draft, reasons=reasons)
        draft.replace(target)


def _reasons(parts: Parts, delivery: Delivery) -> dict[int, str]:
    """Why rows were refused, by line; at 0 the name of the column."""
    language = parts.settings.bridge.language
    said: dict[int, list[str]] = {}
    with parts.ledger.read() as tx:
        for item in deliveries.findings(tx, delivery.id):
            if item.line is not None and item.severity == "refuse":
                field = f"{item.field}: " if item.field else ""
                told = f"{field}{item.message(language)}"
                said.setdefault(item.line, []).append(told)
    reasons = {line: " ".join(texts) for line, texts in said.items()}
    return {0: REASON[language], **reasons}


def _whole_groups(
    path: Path, profile: Profile, plan: Plan, lines: frozenset[int]
) -> frozenset[int]:
    """Every row of a document of which one row was refused."""
    with open_file(path, profile) as reading:
        documents = together(reading.records, plan, profile, path.name)
        if documents is None:
            return lines
        whole = (own for own in documents if own & lines)
        return frozenset().union(*whole)
