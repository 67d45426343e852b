"""Reports as they are rehearsed: from a folder, made at once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.amazon.reports import ENCODINGS
from bridge.amazon.reports import encoding_of
from bridge.errors import door
from bridge.ports.reports import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.ports.reports import Wanted


@dataclass(frozen=True)
class RehearsedReports:
    """The port Reports without any network.

    Attributes:
        recorded: ``rehearsal/reports``: documents as Amazon makes them, by
            type and marketplace, such as
            ``GET_MERCHANT_LISTINGS_ALL_DATA_DE.txt``.
    """

    recorded: Path

    def request(self, wanted: Wanted) -> str:
        """The name the document has; twice is the same."""
        return f"{wanted.type}_{wanted.marketplace}"

    def find(self, wanted: Wanted, since: datetime) -> Sequence[str]:
        """The names of all that are recorded, the last one first."""
        del since
        files = self.recorded.glob(f"{self.request(wanted)}*.*")
        return sorted((path.stem for path in files), reverse=True)

    def schedule(self, wanted: Wanted) -> None:
        """What is recorded is there."""

    def standing(self, receipt: str) -> Standing:
        """Made when the file was, or without data where there is none."""
        for path in sorted(self.recorded.glob(f"{receipt}.*")):
            with door(path):
                at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            return Standing("done", path.name, at)
        return Standing("none", None)

    def fetch(self, wanted: Wanted, document: str, target: Path) -> str:
        """Copy the document; how it is encoded."""
        source = self.recorded / document
        with door(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        return encoding_of("", target, ENCODINGS[wanted.type])
