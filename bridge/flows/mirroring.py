"""What Amazon shows of every SKU is kept as its listings report has it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bridge.ledger import snapshots
from bridge.ledger.snapshots import Place

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.reports import Report

LOT = 2_000  # rows of a commit


def mirror(parts: Parts, report: Report, path: Path, encoding: str) -> int:
    """Keep the rows of a listings report, lot by lot; twice is harmless.

    What it does not speak of goes with the last commit: until then a SKU
    that is gone is still shown, never the other way round.
    """
    place = Place(parts.side, report.marketplace)
    rows = parts.readings.listings(path, encoding)
    number = 0
    while lot := list(islice(rows, LOT)):
        with parts.ledger.write() as tx:
            number += snapshots.keep(tx, place, report.id, lot)
    with parts.ledger.write() as tx:
        snapshots.drop_others(tx, place, report.id)
    return number
