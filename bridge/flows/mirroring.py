"""What Amazon shows of every SKU is kept as its listings report has it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows.bodies import pieces_in
from bridge.flows.bodies import prices_in
from bridge.ledger import snapshots
from bridge.ledger.snapshots import Place
from bridge.ports.reports import Shown

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.reports import Report

ACTIVE = "active"
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


def mirror_rehearsed(parts: Parts, place: Place, report: int) -> None:
    """What a rehearsal has accepted counts as what its Amazon shows."""
    start = ""
    while True:
        with parts.ledger.write() as tx:
            lot = snapshots.accepted(tx, place, start, LOT)
            snapshots.keep(tx, place, report, map(_as_shown, lot))
            if len(lot) < LOT:
                snapshots.drop_others(tx, place, report)
                return
        start = lot[-1].sku


def _as_shown(row: Any) -> Shown:  # noqa: ANN401 - a row
    prices, pieces = prices_in(row.price), pieces_in(row.stock)
    price = prices[0] if prices else None
    return Shown(row.sku, None, price, pieces, ACTIVE, "MFN")
