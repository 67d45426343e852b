"""Invented data of a small shop, for ``bridge init --sample`` and ``demo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.samples.catalogue import write_catalogue
from bridge.samples.orders import write_orders

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def write_samples(inbox: Path, rehearsal: Path, now: datetime) -> list[Path]:
    """Write Sage's files and Amazon's recorded answers; all invented.

    The same ``now`` gives the same files; existing ones are replaced.

    Args:
        inbox: Where the bridge looks for files of Sage; must exist.
        rehearsal: Where it looks for recorded answers; ``orders/`` is made.
        now: Exports and orders lie in the hours before it.

    Returns:
        Every file, Sage's first.
    """
    return [
        *write_catalogue(inbox, now),
        *write_orders(rehearsal / "orders", now),
    ]
