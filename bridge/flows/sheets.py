"""Long lists for people: a csv in ``reports/``, written row by row."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bridge.errors import door
from bridge.flows.filing import defused
from bridge.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.flows.parts import Parts

FOLDER = "reports"


def sheet_path(parts: Parts, name: str, marketplace: str) -> Path:
    """Where a list of now is written.

    Args:
        parts: The pieces.
        name: Of the list, as the messages know it.
        marketplace: Country code.
    """
    stem = catalogue.term("file", name, parts.settings.bridge.language)
    zone = ZoneInfo(parts.settings.bridge.timezone)
    at = parts.clock.now().astimezone(zone)
    whose = f"{parts.side.account}_{marketplace}"
    file = f"{stem}_{whose}_{at:%Y%m%d_%H%M%S}.csv"
    return parts.settings.folder(FOLDER) / file


def save(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    language: str,
) -> int:
    """A list appears whole, for a spreadsheet; nothing in it is computed.

    Args:
        path: Replaced if it exists.
        columns: As the messages know them.
        rows: Taken one at a time.
        language: Of the columns' names.

    Returns:
        How many rows there were.
    """
    draft = path.with_name(f".{path.name}.part")
    number = 0
    with door(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8-sig", newline="") as text:
            sheet = csv.writer(text, delimiter=";", lineterminator="\r\n")
            heads = [catalogue.term("heading", c, language) for c in columns]
            sheet.writerow(heads)
            for row in rows:
                sheet.writerow([defused(cell or "") for cell in row])
                number += 1
        draft.replace(path)
    return number
