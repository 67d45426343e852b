"""Draws the pictures of papers in ``docs/pictures``, as pages show them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from bridge.flows.lettering import TEMPLATES
from bridge.flows.lettering import written
from bridge.pdf.letters import drawn
from tests.papers.many import line
from tests.papers.many import paper
from tests.papers.many import study
from tests.papers.many import summed
from tests.papers.requests import reminder

FOLDER = Path(__file__).parent / "pictures"
SCALE = 1.2  # 86 dots an inch


def main() -> None:
    """Draw them all anew."""
    FOLDER.mkdir(exist_ok=True)
    lines = [
        line(1, "24.90", "4", 19, title="Pfeffermühle „Buche“ groß"),
        line(2, "5.49", "12", 7, title="Pfeffer schwarz gemahlen, 100 g"),
        line(3, "79.00", "1", 19, title="Mörser aus Granit", discount="10"),
        line(4, "6.90", "1", 19, title="Versand"),
    ]
    for kind, name in TEMPLATES.items():
        prepaid = "100.00" if kind == "partial_invoice" else None
        said = paper(kind, **summed(lines, gross=False), prepaid=prepaid)
        made = written(study(), said)
        if made.letter is not None:
            _draw(name, drawn(made.letter))
    _draw("mahnung", reminder())


def _draw(name: str, content: bytes) -> None:
    page = pypdfium2.PdfDocument(content)[0]
    picture = page.render(scale=SCALE, optimize_mode="lcd").to_pil()
    path = FOLDER / f"{name}.png"
    picture.convert("P", colors=64).save(path, optimize=True)


if __name__ == "__main__":
    main()
