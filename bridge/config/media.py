"""``[media]``: where the pictures and papers of articles lie."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator

from bridge.config.section import Duration
from bridge.config.section import Section

#: What Amazon fetches from (amazon.md, attribute table: Images).
_PUBLIC = re.compile(r"(https?|s3)://[^\s/?#]+[^\s?#]*")


def _public(text: str) -> str:
    if text and not _PUBLIC.fullmatch(text):
        raise ValueError("config.no_public_address")
    return text


class Media(Section):
    """``[media]``: the files that articles name, and where Amazon sees them.

    Attributes:
        publish: A folder of a web server; without it what lies in
            ``folder`` is what ``base_url`` shows.
    """

    folder: Path | None = None
    base_url: Annotated[str, AfterValidator(_public)] = ""
    publish: Path | None = None
    every: Duration = timedelta(minutes=15)

    def address(self, name: str) -> str:
        """Where Amazon fetches the file of a name."""
        return f"{self.base_url.rstrip('/')}/{quote(name)}"

    def below(self, base: Path) -> Media:
        """The same, its folders absolute."""
        folders = {
            name: base / path
            for name, path in (
                ("folder", self.folder),
                ("publish", self.publish),
            )
            if path is not None
        }
        return self.model_copy(update=folders)
