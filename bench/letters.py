"""An invoice beside the bare page it is printed on.

``python bench/letters.py``: a five-line invoice as ZUGFeRD with its code to
pay with, judged by the schema, beside reportlab alone setting as many words
with an embedded font; and with the rules of EN 16931, which a process of its
own asks. ``--many N`` prints so many different ones and shows the memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from measure import rss
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bridge.flows.lettering import written  # noqa: E402
from bridge.pdf.letters import drawn  # noqa: E402
from tests.papers.many import line  # noqa: E402
from tests.papers.many import many  # noqa: E402
from tests.papers.many import paper  # noqa: E402
from tests.papers.many import study  # noqa: E402
from tests.papers.many import summed  # noqa: E402

BEST_OF, ROUNDS = 5, 40
FONT = ROOT / "bridge" / "pdf" / "fonts" / "LiberationSans-Regular.ttf"


def invoice() -> dict[str, Any]:
    """Five lines of two rates."""
    lines = [
        line(n, str(Decimal("9.90") + n), str(n), 19 if n % 2 else 7)
        for n in range(1, 6)
    ]
    return paper(**summed(lines, gross=True))


def floor(texts: list[str]) -> None:
    """A page with the same words and an embedded font, nothing else."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, initialFontName="Bare")
    canvas.setFont("Bare", 9.5)
    for number, text in enumerate(texts):
        x = 60 + number % 4 * 120
        canvas.drawString(x, 800 - number // 4 * 13, text)
    canvas.showPage()
    canvas.save()


def texts_of() -> list[str]:
    """Every word the letter sets, cell by cell."""
    letter = written(study(schematron=False), invoice()).letter
    if letter is None or letter.table is None:
        raise SystemExit("the sample is not printed")
    cells = [cell for row in letter.table.rows for cell in row.cells]
    sums = [text for one in letter.sums for text in (one.label, one.amount)]
    info = [text for pair in letter.info for text in pair]
    around = [*letter.head.contact, *sum(letter.head.footer, ())]
    words = [*letter.address, *letter.opening, *letter.closing, *letter.notes]
    return [*cells, *sums, *info, *around, *words]


def ours(*, rules: bool) -> None:
    """One invoice from its document to its bytes."""
    made = written(STUDIES[rules], invoice())
    if made.letter is None:
        raise SystemExit(f"the sample is not printed: {made.faults}")
    drawn(made.letter)


STUDIES = {rules: study(schematron=rules) for rules in (False, True)}


def _timed(what: Any, clock: Any, **said: Any) -> float:  # noqa: ANN401
    """Seconds of one, the best of some rounds."""
    best = float("inf")
    for _ in range(BEST_OF):
        begun = clock()
        for _ in range(ROUNDS):
            what(**said)
        best = min(best, (clock() - begun) / ROUNDS)
    return best


def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", type=int, default=0)
    number = parser.parse_args().many
    pdfmetrics.registerFont(TTFont("Bare", str(FONT)))
    texts = texts_of()
    floor(texts)
    ours(rules=False)
    said: dict[str, Any] = {
        "floor_ms": _timed(floor, time.process_time, texts=texts) * 1e3,
        "ours_ms": _timed(ours, time.process_time, rules=False) * 1e3,
    }
    said["ratio"] = said["ours_ms"] / said["floor_ms"]
    said["mib"] = rss()
    if number:
        for _, each in many(number):
            letter = written(STUDIES[False], each).letter
            if letter is not None:
                drawn(letter)
        said["mib_after_many"] = rss()
    ours(rules=True)
    said["with_rules_a_second"] = 1 / _timed(
        ours, time.perf_counter, rules=True
    )
    print(json.dumps(said, indent=2))


if __name__ == "__main__":
    main()
