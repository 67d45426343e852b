"""The place where letters are written, from the settings and the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.flows.lettering import Study
from bridge.papers.billing import House
from bridge.papers.fault import Fault
from bridge.papers.units import read_units
from bridge.wording.judging import oddities
from bridge.wording.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.config.settings import Settings


NO_LOGO = "papers.no_logo"


def study_of(
    settings: Settings, mappings: tuple[Path, ...], templates: Path
) -> Study:
    """Where the letters of a workspace are written.

    Args:
        settings: With the letterhead.
        mappings: Folders with ``einheiten.csv``; earlier ones win.
        templates: The shipped templates.
    """
    logo = _logo(settings)
    fault = Fault(NO_LOGO, "letterhead.logo", str(settings.letterhead.logo))
    return Study(
        house=House(
            head=settings.letterhead,
            papers=settings.papers,
            units=read_units(mappings),
            number=settings.invoices.number,
            language=settings.bridge.language,
            terms={one.key: one for one in settings.terms},
        ),
        templates=Templates.of((settings.folder("templates"), templates)),
        logo=logo or b"",
        faults=() if logo is not None else (fault,),
    )


def mistakes(settings: Settings, templates: Path) -> Iterator[Finding]:
    """What of letters cannot be: a logo that is none, faulty templates."""
    if _logo(settings) is None:
        value = str(settings.letterhead.logo)
        yield Finding(NO_LOGO, None, "letterhead.logo", value)
    own = settings.folder("templates")
    yield from Templates.of((own, templates)).mistakes()
    yield from oddities(own, templates)


def _logo(settings: Settings) -> bytes | None:
    """The bytes of the logo; ``None``: there is none to be printed."""
    path = settings.letterhead.logo
    if path is None:
        return b""
    from bridge.pdf.pictures import opens  # noqa: PLC0415 - where there is one

    try:
        content = (settings.workspace / path).read_bytes()
    except OSError:
        return None
    return content if opens(content) else None
