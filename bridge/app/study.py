"""The place where letters are written, from the settings and the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.flows.lettering import Study
from bridge.papers.billing import House
from bridge.papers.units import read_units
from bridge.pdf.pictures import opens
from bridge.wording.templates import Templates

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.config.settings import Settings


def study_of(
    settings: Settings, mappings: tuple[Path, ...], templates: Path
) -> Study:
    """Where the letters of a workspace are written.

    Args:
        settings: With the letterhead.
        mappings: Folders with ``einheiten.csv``; earlier ones win.
        templates: The shipped templates.

    Raises:
        ConfigError: ``papers.no_logo``: the logo is no picture.
    """
    own = settings.folder("templates")
    return Study(
        house=House(
            head=settings.letterhead,
            papers=settings.papers,
            units=read_units(mappings),
            number=settings.invoices.number,
            language=settings.bridge.language,
        ),
        templates=Templates.of((own, templates)),
        logo=_logo(settings),
    )


def _logo(settings: Settings) -> bytes:
    path = settings.letterhead.logo
    if path is None:
        return b""
    place = settings.workspace / path
    try:
        content = place.read_bytes()
    except OSError:
        content = b""
    if not opens(content):
        found = [Finding("papers.no_logo", None, "letterhead.logo", str(path))]
        where = Where("bridge.toml")
        raise ConfigError("config.broken", where=where, findings=found)
    return content
